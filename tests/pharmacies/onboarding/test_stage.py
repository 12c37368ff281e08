"""Pausing: the tablet leads to 999, 101 and support; what is open stays with its force."""

import pytest
from django.db.utils import ProgrammingError

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import ForceSettings, Pharmacy
from requests.actions import start_record
from requests.actions.counter import Start
from requests.actions.desk import read
from requests.enums import Danger
from tests.cast import Cast
from tests.visitors import desk, tablet


@pytest.mark.parametrize("stage", ["paused", "left"])
def test_a_paused_force_shows_help_and_no_tiles(cast: Cast, stage: str) -> None:
    """And the other force goes on."""
    client = desk(cast, "norfolk", "coordinator")
    assert client.post("/onboarding/force/stage/", {"stage": stage}).status_code == 302
    page = tablet(cast, "norfolk").get("/counter/").content.decode()
    assert "No records are taken here now" in page and "999" in page and "101" in page
    assert "Who is using this?" not in page
    assert "Who is using this?" in tablet(cast, "cheshire").get("/counter/").content.decode()


def test_an_open_record_stays_owned_and_on_the_cover(cast: Cast) -> None:
    """The tablet that has one keeps its cover, and an officer still finds the record."""
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.YES)
    assert desk(cast, "norfolk", "coordinator").post("/onboarding/force/stage/", {"stage": "paused"}).status_code == 302
    assert "Who is using this?" in tablet(cast, "norfolk").get("/counter/").content.decode()
    assert str(record.pk) in desk(cast, "norfolk").get("/triage/").content.decode()


def test_a_drill_that_an_officer_answers_proves_the_pharmacy(cast: Cast) -> None:
    """And the readiness board says when."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.YES, start=Start(drill=True))
    with scoped(officer.scope):
        read(by=officer, record=record)
    with using_role("owner"):
        assert Pharmacy.objects.get(pk=cast.pharmacy("norfolk").pk).proven_at is not None
    assert "last proven" in desk(cast, "norfolk", "coordinator").get("/onboarding/readiness/").content.decode()


def test_an_officer_sets_nothing_but_a_pause(cast: Cast) -> None:
    """The database refuses it, whatever the code does."""
    scope = cast.officer("norfolk").scope
    with pytest.raises(ProgrammingError, match="sets nothing else"), scoped(scope):
        ForceSettings.objects.filter(pk=scope.force).update(codeword="OTHER")
    with scoped(scope):
        assert ForceSettings.objects.filter(pk=scope.force).update(desk_paused_until=None) == 1
