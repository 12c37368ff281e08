"""Figures for the monitoring system: for its token alone, and without a trace of any record."""

import json
import os
import re
from pathlib import Path

import httpx
import pytest
from django.db import connection, connections

from ani_portal.access.counts import count, counted
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from requests.enums import Danger
from requests.reports.metrics import FIGURES, as_text
from tests.cast import Cast
from tests.e2e.server import ROOT, Server
from tests.requests.steps import started


def test_figures_for_the_token_alone(cast: Cast, urls: dict[str, str], tmp_path: Path) -> None:
    """Right token: the figures. A wrong one, none, or none set: not found. A record changes no figure but the log's."""
    os.environ["METRICS_TOKEN"] = "a token of the tests"
    server = Server(urls, log=tmp_path / "log").start()
    try:
        address = f"{server.base_url}/metrics"
        right = {"Authorization": "Bearer a token of the tests"}
        before = httpx.get(address, headers=right)
        started(cast.recorder("norfolk"), Danger.YES)
        after = httpx.get(address, headers=right)
        assert [httpx.get(address, headers=wrong).status_code for wrong in ({}, {"Authorization": "Bearer x"})] == [
            404,
            404,
        ]
    finally:
        server.stop()
        del os.environ["METRICS_TOKEN"]
    assert before.status_code == after.status_code == 200
    figures = [dict(re.findall(r"^ani_(\w+) (\S+)$", answer.text, re.MULTILINE)) for answer in (before, after)]
    assert {"tablets", "forces_active", "listener_up", "log_rows"} <= set(figures[0])
    assert figures[0]["listener_up"] == "1.0"
    changed = {name for name in figures[0] if figures[0][name] != figures[1][name]}
    assert changed <= {"log_rows", "database_seconds", "answers_total", "connections"}


def test_what_is_not_known_is_left_out() -> None:
    """A worker that never ran has no age."""
    assert "worker_silent" not in as_text({"worker_silent_seconds": None, "tablets": 3})


@pytest.mark.parametrize("name", re.findall(r"ani_(\w+)", (ROOT / "deploy/prometheus/rules.yml").read_text()))
def test_every_alarm_speaks_of_a_figure(name: str) -> None:
    """No rule for a figure that does not exist."""
    assert name in FIGURES


def test_every_alarm_has_its_page_of_the_runbook() -> None:
    """Nobody is woken by an alarm that nothing explains."""
    rules = (ROOT / "deploy/prometheus/rules.yml").read_text()
    operations = (ROOT / "docs/operations.md").read_text()
    for name in re.findall(r"alert: (\w+)", rules):
        assert f"### {name}\n" in operations
        assert f"#{name.lower()}" in rules


TOKEN = {"METRICS_TOKEN": "a token of the tests"}
SHOWN = {"Authorization": "Bearer a token of the tests"}


def figures_of(server: Server) -> dict[str, float]:
    """What the monitoring system reads, from whichever process answers."""
    said = httpx.get(f"{server.base_url}/metrics", headers=SHOWN, timeout=20).text
    return {name: float(value) for name, value in re.findall(r"^ani_(\w+) (\S+)$", said, re.MULTILINE)}


def test_answers_are_counted_over_all_processes(cast: Cast, urls: dict[str, str], tmp_path: Path) -> None:
    """Given two processes; when people ask, some in vain and one into a fault; then each process says the same of all."""
    server = Server(urls, workers=2, log=tmp_path / "log", more=TOKEN).start()
    try:
        before = figures_of(server)
        with using_role("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("revoke execute on function ani.enter_tablet from ani_app")
        statuses = [
            httpx.post(
                f"{server.base_url}/counter/heartbeat/", cookies={"device": "norfolk tablet"}, timeout=20,
                headers={"Sec-Fetch-Site": "same-origin"},
            ).status_code
            for _one in range(6)
        ]  # fmt: skip
        found = [httpx.get(f"{server.base_url}/nowhere", timeout=20).status_code for _one in range(6)]
        after = [figures_of(server) for _one in range(12)]
    finally:
        server.stop()
    assert set(statuses) == {500} and set(found) == {404}
    for one in after:
        assert one["answers_total"] == before["answers_total"] + 12
        assert one["answers_failed_total"] == before["answers_failed_total"] + 6


def test_what_is_slow_is_counted() -> None:
    """An answer after more than a second is slow; one after less is not."""
    before = counted()
    count(200, 0.9)
    count(200, 1.1)
    after = counted()
    assert {name: after[name] - before[name] for name in after} == {"": 2, "_failed": 0, "_slow": 1}


@pytest.mark.usefixtures("database")
def test_the_age_of_the_last_backup_is_known_once_there_is_one() -> None:
    """None made: no figure, for which there is an alarm. One made: seconds."""

    def figures() -> dict[str, float]:
        with connection.cursor() as cursor:
            cursor.execute("select ani.metrics()")
            (found,) = cursor.fetchone()
        return dict(found if isinstance(found, dict) else json.loads(found))

    assert figures()["backup_age_seconds"] is None
    with scoped(Scope(Kind.WORKER)) as log:
        log.note("backup.made", by=Actor("process", "backup"), force=None, on=("backup", "made up"), removed=0)
    after = figures()
    assert 0 <= after["backup_age_seconds"] < 60
    assert 0 < after["connections"] <= after["connections_allowed"]
