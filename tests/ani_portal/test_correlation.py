"""One id finds a request's log line, its rows of the log and its answer; none of them says more than it must."""

import json
import logging
import os
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from ani_portal.access.correlation import CorrelationMiddleware
from tests.cast import Cast
from tests.e2e.server import Server


def test_one_id_in_answer_log_line_and_audit_row(cast: Cast, urls: dict[str, str], tmp_path: Path) -> None:
    """Given JSON logs; when an alarm comes; then the id is in all three, and the line names the route and no id."""
    os.environ["LOG_FORMAT"] = "json"
    server = Server(urls, log=tmp_path / "log").start()
    try:
        headers = {"Cookie": "device=norfolk tablet", "Sec-Fetch-Site": "same-origin"}
        answer = httpx.post(f"{server.base_url}/counter/send/", data={"key": str(uuid4())}, headers=headers)
        missing = httpx.get(f"{server.base_url}/nothing/PLANTED/?q=PLANTED", headers={"X-Correlation-Id": "PLANTED"})
    finally:
        server.stop()
        del os.environ["LOG_FORMAT"]
    found = answer.headers["X-Correlation-Id"]
    assert answer.status_code == 200
    with connections["owner"].cursor() as cursor:
        cursor.execute("select detail from audit_auditentry where event = 'record.alerted'")
        (detail,) = cursor.fetchone() or ("{}",)
    assert json.loads(detail)["correlation"] == found
    # What a browser sends as an id is taken only in the shape of one.
    assert missing.headers["X-Correlation-Id"] != "PLANTED"
    log = (tmp_path / "log").read_text()
    assert "PLANTED" not in log
    for line in log.splitlines():
        assert {"at", "level", "logger", "message"} <= set(json.loads(line))


def test_a_line_names_the_route_and_no_id(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    """Method, route and status; an address that holds an id is written as its pattern."""
    request = rf.get(f"/triage/records/{uuid4()}/?q=PLANTED")
    request.resolver_match = resolve("/triage/records/00000000-0000-4000-8000-000000000000/")
    with caplog.at_level(logging.INFO, logger="ani_portal.requests"):
        CorrelationMiddleware(lambda _request: HttpResponse("ok"))(request)
    (line,) = caplog.records
    assert line.getMessage() == "GET /triage/records/<uuid:record>/ 200"
    assert line.milliseconds >= 0  # type: ignore[attr-defined]
