"""Pausing: the tablet leads to 999, 101 and support; what is open stays with its force."""

import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db.utils import ProgrammingError
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.enums import Participation
from pharmacies.models import ForceSettings, Invitation, Officer, Pharmacy
from requests.actions import start_record
from requests.actions.counter import Start
from requests.actions.desk import read
from requests.enums import Danger
from requests.models import CodewordRequest, Watch
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


def test_a_suspended_pharmacys_tablet_says_so(cast: Cast) -> None:
    """With 999, 101 and support, on every page; nobody is told to set it up anew. When it is resumed it works as before."""
    with using_role("owner"):
        site = Pharmacy.objects.filter(pk=cast.pharmacy("norfolk").pk)
        site.update(participation=Participation.SUSPENDED)
    client = tablet(cast, "norfolk")
    for answer in (client.get("/counter/"), client.post("/counter/send/", {"key": str(uuid4())})):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Police have paused this pharmacy" in page and "999" in page and "101" in page
        assert "National Domestic Abuse Helpline" in page
        assert "not set up" not in page and "for a code" not in page
    assert "Who is using this?" in tablet(cast, "cheshire").get("/counter/").content.decode()
    with using_role("owner"):
        assert not CodewordRequest.objects.exists()
        site.update(participation=Participation.ON_BOARD)
    assert "Who is using this?" in client.get("/counter/").content.decode()


def test_an_open_record_stays_owned_and_on_the_cover(cast: Cast) -> None:
    """The tablet that has one keeps its cover, and an officer still finds the record."""
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.YES)
    assert desk(cast, "norfolk", "coordinator").post("/onboarding/force/stage/", {"stage": "paused"}).status_code == 302
    assert "Who is using this?" in tablet(cast, "norfolk").get("/counter/").content.decode()
    assert str(record.pk) in desk(cast, "norfolk").get("/triage/").content.decode()


def test_a_drill_that_an_officer_answers_proves_everything_on_its_way(cast: Cast) -> None:
    """The pharmacy, this tablet and no other, whose turn it was, and the officer: the readiness board says when."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.YES, start=Start(drill=True))
    with scoped(officer.scope):
        read(by=officer, record=record)
    assert cast.pharmacy("norfolk").proven_at is not None
    assert cast.tablet("norfolk").proven_at is not None and cast.tablet("norfolk", "Room").proven_at is None
    assert cast.staff("norfolk").proven_at is not None and cast.staff("norfolk", "CD").proven_at is None
    with using_role("owner"):
        assert [one.display_name for one in Officer.objects.filter(proven_at__isnull=False)] == ["Officer 1"]
    page = desk(cast, "norfolk", "coordinator").get("/onboarding/readiness/").content.decode()
    assert "last proven" in page and "alarm proven" in page and "alarm never proven" in page
    assert "last answered a drill" in page


@pytest.mark.parametrize("drill", [False, True])
def test_an_import_holds_up_no_alert(cast: Cast, urls: dict[str, str], *, drill: bool) -> None:
    """While one holds every pharmacy and has changed them: an alert, or a drill's start, answers within two seconds."""
    by = cast.recorder("norfolk")
    with psycopg.connect(urls["DATABASE_IMPORT_URL"]) as importing:
        importing.execute("select id from pharmacies_pharmacy order by id for no key update")
        importing.execute("update pharmacies_pharmacy set address = address || ' (changed)'")
        began = time.monotonic()
        if drill:
            with scoped(by.scope):
                start_record(by=by, key=uuid4(), danger=Danger.YES, start=Start(drill=True))
        else:
            assert tablet(cast, "norfolk").post("/counter/send/", {"key": str(uuid4())}).status_code == 200
        assert time.monotonic() - began < 2
    with using_role("owner"):
        assert CodewordRequest.objects.get().is_drill is drill


def test_a_real_record_proves_nothing(cast: Cast) -> None:
    """Or the board would tell administrators that somebody asked."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.YES)
    with scoped(officer.scope):
        read(by=officer, record=record)
    assert cast.pharmacy("norfolk").proven_at is None and cast.tablet("norfolk").proven_at is None
    assert cast.staff("norfolk").proven_at is None


def test_the_board_says_when_the_desks_alarm_and_the_mail_were_last_proven(cast: Cast) -> None:
    """Armed by an officer; mails that fail in red; conflict officers counted. Only for the force's coordinator."""
    client = desk(cast, "norfolk", "coordinator")
    before = client.get("/onboarding/readiness/").content.decode()
    assert "never switched on" in before and "nobody watches now" in before and "none has left yet" in before
    with using_role("owner"):
        norfolk = cast.force("norfolk")
        for officer in Officer.objects.filter(force=norfolk)[:2]:
            Watch.objects.create(id=uuid4(), force=norfolk, officer=officer)
            Officer.objects.filter(pk=officer.pk).update(conflict=True)
        Invitation.objects.create(
            force=norfolk, kind="auditor", name="x", email="x@example.org", token_hash=b"x" * 32, made_by="-",
            expires_at=timezone.now() + timedelta(days=1), mail_tries=2,
        )  # fmt: skip
    after = client.get("/onboarding/readiness/").content.decode()
    assert "last switched on and heard" in after and "watched now" in after
    assert "1 invitation does not leave" in after and "Name two" not in after
    other = desk(cast, "cheshire", "coordinator").get("/onboarding/readiness/").content.decode()
    assert "never switched on" in other and "none waits" in other


def test_an_officer_sets_nothing_but_a_pause(cast: Cast) -> None:
    """The database refuses it, whatever the code does."""
    scope = cast.officer("norfolk").scope
    with pytest.raises(ProgrammingError, match="sets nothing else"), scoped(scope):
        ForceSettings.objects.filter(pk=scope.force).update(codeword="OTHER")
    with scoped(scope):
        assert ForceSettings.objects.filter(pk=scope.force).update(desk_paused_until=None) == 1
