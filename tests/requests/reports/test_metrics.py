"""Figures for the monitoring system: for its token alone, and without a trace of any record."""

import os
import re
from pathlib import Path

import httpx
import pytest

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
    assert changed <= {"log_rows", "database_seconds"}


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
