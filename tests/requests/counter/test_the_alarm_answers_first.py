"""Nothing that could be slow or fail stands between the second tap and the police queue."""

from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.visitors import tablet

from .screen_steps import newest, words_of


def test_the_alarm_is_three_statements_in_one_transaction(cast: Cast) -> None:
    """Given the second tap; when it is sent; then who, the record, its log with the wake-up, and the commit."""
    client = tablet(cast, "norfolk")
    asked: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql.split()[0])
        return execute(sql, params, many, context)

    with CaptureQueriesContext(connection) as done, connection.execute_wrapper(listen):
        shown = client.post("/counter/send/", {"key": uuid4()})
    assert "In the police queue" in words_of(shown) and "Ring 999 now" in words_of(shown)
    assert asked == ["select", "insert", "select"] and len(done.captured_queries) == len(["begin", *asked, "commit"])
    assert newest().released_at is not None and newest().step == "rung"
