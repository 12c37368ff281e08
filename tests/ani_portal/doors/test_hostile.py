"""Hostile input at every address, parameter, header and cookie: no fault of ours, no trace, nothing of another force."""

import io
import logging
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as strategy_settings
from hypothesis import strategies as st

from tests.ani_portal.test_every_address import ROUTES, Route, _address, _posted
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything
from tests.visitors import desk, tablet

NAMES = (
    "record", "key", "step", "wish", "to", "outcome", "staff", "pin", "name", "line", "code", "reason", "told", "danger",
    "rung", "next", "login", "password", "credential", "event", "who", "what", "since", "until", "before", "q", "email",
    "new_password1", "text", "own_words", "observed", "grade", "number", "file", "c:x",
)  # fmt: skip
NASTY = ["\x00", "☠" * 50, "' or 1=1 --", "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>", "-1", "9" * 400,
         "\ud83d", "٣", "%00", "a" * 70_000, '{"a":' * 200, "NaN", "2026-13-45", "[]"]  # fmt: skip
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
FORM = st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=10)), TEXT, max_size=8)
HEADERS = st.dictionaries(
    st.sampled_from(["X-Sitting", "HX-Request", "Accept", "Referer", "Accept-Language", "X-Forwarded-For", "Range",
                     "Content-Type", "If-Modified-Since", "X-Request-Id", "Sec-Fetch-Site", "Origin"]),
    st.one_of(
        st.sampled_from(["true", "x" * 3000, "'", "bytes=0-"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    ),
    max_size=3,
)  # fmt: skip
COOKIES = st.dictionaries(
    st.sampled_from(["session", "form", "device", "known", "sessionid"]),
    st.text(st.characters(min_codepoint=48, max_codepoint=122), max_size=60), max_size=2,
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE"])


def _walk(cast: Cast, examples: int) -> None:
    record = a_record_with_everything(cast, "norfolk")
    addresses: list[tuple[Route, str]] = [(route, _address(cast, route)) for route in ROUTES]
    good = {name: str(value) for name, value in _posted(cast, record).items()}
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(logging.getLogger().handlers[0].filters[0]) if logging.getLogger().handlers else None
    logging.getLogger().addHandler(handler)

    def visitors() -> list[Client]:
        return [Client(), desk(cast, "cheshire"), desk(cast, "cheshire", "coordinator"), tablet(cast, "cheshire", "AB")]

    @strategy_settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.integers(0, 3), METHODS, FORM, HEADERS, COOKIES)
    def one(
        data: Any, who: int, method: str, form: dict[str, str], headers: dict[str, str], cookies: dict[str, str]
    ) -> None:
        _route, address = data.draw(st.sampled_from(addresses))
        if data.draw(st.booleans()):
            form = good | form
        client = visitors()[who]
        client.raise_request_exception = False
        for name, value in cookies.items():
            client.cookies[name] = value
        clean = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
        extra = {"headers": {name: value for name, value in headers.items() if name != "Content-Type"}}
        if method == "GET":
            answer = client.get(address, clean, **extra)  # type: ignore[arg-type]
        elif method == "POST":
            answer = client.post(address, clean, **extra)  # type: ignore[arg-type]
        else:
            answer = client.generic(method, address, b"\xff\xfe{", headers.get("Content-Type", "text/plain"))
        text = answer.content.decode(errors="replace")
        assert answer.status_code < 500, (method, address, clean, headers, cookies)
        assert "Traceback" not in text and "psycopg" not in text
        assert WORDS not in text and record.reference not in text

    try:
        one()
    finally:
        logging.getLogger().removeHandler(handler)
    assert WORDS not in heard.getvalue() and "PLANTED" not in heard.getvalue()


def test_hostile_input(cast: Cast) -> None:
    """The short form."""
    _walk(cast, 150)


@pytest.mark.long
def test_hostile_input_a_hundred_thousand_times(cast: Cast) -> None:
    """The long one."""
    _walk(cast, 100_000)
