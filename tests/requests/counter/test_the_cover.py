"""What anybody at the counter can see, and what a home screen keeps of it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from ani_portal.access.roles import using_role
from pharmacies.models import Pharmacy
from pharmacies.readiness.board import DRILL_EVERY
from tests.cast import Cast
from tests.visitors import tablet

from .screen_steps import words_of

TELLING = ("ani", "abuse", "police", "domestic", "danger", "help", "alarm", "victim", "999")


@pytest.mark.parametrize(
    ("days", "due"), [(None, True), (1, False), (DRILL_EVERY.days - 8, False), (DRILL_EVERY.days - 6, True)]
)
def test_the_cover_says_when_a_drill_is_due(cast: Cast, days: int | None, due: bool) -> None:
    """Given a last drill so many days ago; when it is a week until the next; then the cover says so."""
    with using_role("owner"):
        proven = None if days is None else timezone.now() - timedelta(days=days)
        Pharmacy.objects.filter(pk=cast.pharmacy("norfolk").pk).update(proven_at=proven)
    assert ("Drill due this week" in words_of(tablet(cast, "norfolk").get("/counter/"))) is due


def test_the_home_screen_bears_a_neutral_name() -> None:
    """Given the page installed on a home screen; then its name, its short name and its address tell nothing."""
    kept = json.loads((Path(__file__).parents[3] / "static" / "manifest.webmanifest").read_text())
    said = " ".join(
        [kept["name"], kept["short_name"], kept["start_url"], *(one["src"] for one in kept["icons"])]
    ).lower()
    assert not any(word in said for word in TELLING)
    assert kept["display"] == "standalone" and kept["start_url"] == kept["scope"] == "/counter/"
