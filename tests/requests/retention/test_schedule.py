"""The schedule of a force: by its coordinator and its desk, longer by one person, shorter by two, never below the floor."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from pharmacies.models import Coordinator, SettingsChange
from requests.actions import NotPossible
from requests.models import RetentionProposal, RetentionRule
from requests.retention import lines
from requests.retention.schedule import default_months, least_months, outcomes
from tests.cast import Cast
from tests.visitors import desk, raw

from .steps import aged, closed

COORDINATORS, DESK = "/onboarding/force/retention/", "/triage/retention/schedule/"
SOON = timezone.localdate() + timedelta(days=300)


def said(outcome: str = "attended", months: int = 84, **more: Any) -> dict[str, Any]:
    """What is filled in."""
    return {"outcome": outcome, "keep_months": str(months), "review_on": str(SOON)} | more


def held(cast: Cast, outcome: str = "attended", short: str = "norfolk") -> int | None:
    """The months that a force has set, if it has."""
    with using_role("owner"):
        found = RetentionRule.objects.filter(force=cast.force(short), outcome=outcome).first()
    return found.keep_months if found else None


def waiting(cast: Cast) -> RetentionProposal:
    """The shorter time that somebody asked for."""
    with using_role("owner"):
        return RetentionProposal.objects.get(force=cast.force("norfolk"), decided_at__isnull=True)


def history(cast: Cast) -> list[tuple[str, str, str, str]]:
    """Who changed what, from what, to what."""
    with using_role("owner"):
        rows = SettingsChange.objects.filter(force=cast.force("norfolk"), setting__startswith="retention")
        return list(rows.order_by("pk").values_list("by_name", "setting", "before", "after"))


@pytest.mark.parametrize(("part", "page"), [("coordinator", COORDINATORS), ("officer4", DESK)])
def test_longer_is_set_by_one_person_who_saw_what_it_means(cast: Cast, part: str, page: str) -> None:
    """First shown and not set; then it holds, with its line in the history, for this force alone."""
    client = desk(cast, "norfolk", part)
    shown = client.post(page, said())
    assert (shown.status_code, held(cast)) == (200, None)
    assert "72 → 84 months" in shown.content.decode() and "Kept longer" in shown.content.decode()
    assert client.post(page, said(seen=72)).status_code == 302
    assert (held(cast), held(cast, short="cheshire")) == (84, None)
    ((by, setting, before, after),) = history(cast)
    assert by and (setting, before, after) == ("retention: Officers attended", "72 months", "84 months")
    assert "72 months → 84 months" in desk(cast, "norfolk", "coordinator").get("/onboarding/force/").content.decode()
    assert "retention: " not in desk(cast, "cheshire", "coordinator").get("/onboarding/force/").content.decode()


def test_shorter_waits_for_somebody_at_the_desk(cast: Cast) -> None:
    """The coordinator asks and is told no number; the desk is, agrees, and only then it holds."""
    aged(closed(cast), days=800)
    coordinator, dpo = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "officer4")
    shown = coordinator.post(COORDINATORS, said(months=24)).content.decode()
    assert "Kept shorter" in shown and "more than now" not in shown
    assert "1 record more than now" in dpo.post(DESK, said(months=24)).content.decode()
    assert coordinator.post(COORDINATORS, said(months=24, seen=72)).status_code == 302
    assert held(cast) is None
    page = coordinator.get(COORDINATORS).content.decode()
    assert "Waits for a supervisor" in page and "would be due at once" not in page and ">Agree<" not in page
    assert "1 record more would be due at once" in dpo.get(DESK).content.decode()
    asked = waiting(cast)
    assert coordinator.post(f"{DESK}{asked.pk}/agree/").status_code in (302, 403)
    assert held(cast) is None
    assert desk(cast, "cheshire", "officer4").post(f"{DESK}{asked.pk}/agree/").status_code == 404
    assert dpo.post(f"{DESK}{asked.pk}/agree/").status_code == 302
    assert held(cast) == 24
    assert [(row[1], row[2], row[3]) for row in history(cast)] == [
        ("retention, asked for: Officers attended", "72 months", "24 months"),
        ("retention: Officers attended", "72 months", "24 months"),
    ]
    assert len({row[0] for row in history(cast)}) == 2
    assert dpo.post(f"{DESK}{asked.pk}/agree/").status_code == 404


def test_who_asked_cannot_agree_and_takes_back(cast: Cast) -> None:
    """At the desk as well; a colleague's is not theirs to take back through the coordinator's page."""
    dpo, supervisor = desk(cast, "norfolk", "officer4"), desk(cast, "norfolk", "officer3")
    dpo.post(DESK, said(months=24, seen=72))
    refused = dpo.post(f"{DESK}{waiting(cast).pk}/agree/")
    assert (refused.status_code, "Somebody else must agree" in refused.content.decode()) == (409, True)
    coordinator = desk(cast, "norfolk", "coordinator")
    assert coordinator.post(f"{COORDINATORS}{waiting(cast).pk}/take-back/").status_code == 404
    assert supervisor.post(f"{DESK}{waiting(cast).pk}/decline/").status_code == 302
    coordinator.post(COORDINATORS, said(months=24, seen=72))
    again = supervisor.post(DESK, said(months=30, seen=72))
    assert again.status_code == 409 and "asked for already" in again.content.decode()
    assert coordinator.post(f"{COORDINATORS}{waiting(cast).pk}/take-back/").status_code == 302
    assert held(cast) is None
    assert [row[1].split(":")[0] for row in history(cast)] == [
        "retention, asked for", "retention, declined", "retention, asked for", "retention, taken back",
    ]  # fmt: skip


def test_the_second_of_two_is_told(cast: Cast) -> None:
    """What one changed between the other's two looks is shown; an agreement to what does not hold any more is refused."""
    first, second = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "officer3")
    second.post(DESK, said(months=80))
    first.post(COORDINATORS, said(months=84, seen=72))
    told = second.post(DESK, said(months=90, seen=72))
    assert (told.status_code, "84 → 90 months" in told.content.decode()) == (409, True)
    first.post(COORDINATORS, said(months=36, seen=84))
    second.post(DESK, said(months=96, seen=84))
    refused = second.post(f"{DESK}{waiting(cast).pk}/agree/")
    assert (refused.status_code, held(cast)) == (409, 96)


def test_two_longer_times_at_the_same_moment_tell_the_second(cast: Cast, urls: dict[str, str]) -> None:
    """Both saw 72 months: whichever comes second is told what holds now, also when its own time would be shorter by then."""
    first, second = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "officer4")
    answers: list[Any] = []

    def send(client: Client, page: str, months: int) -> None:
        try:
            answers.append((months, client.post(page, said(months=months, seen=72))))
        finally:
            for alias in connections:
                connections[alias].close()

    # Both are held back before they consider the line, so that they meet.
    key = lines._TURN + cast.force("norfolk").pk
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as holder:
        holder.execute("select pg_advisory_xact_lock(%s, hashtext('attended'))", [key])
        threads = [Thread(target=send, args=each) for each in ((first, COORDINATORS, 96), (second, DESK, 84))]
        for thread in threads:
            thread.start()
        waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        for _turn in range(200):
            if holder.execute(waits).fetchone() == (2,):
                break
            time.sleep(0.05)
        else:
            raise AssertionError("they did not meet")
    for thread in threads:
        thread.join(30)
    done, told = sorted(answers, key=lambda answer: answer[1].status_code)
    assert (done[1].status_code, told[1].status_code) == (302, 409)
    assert held(cast) == done[0]
    assert f"{done[0]} → {told[0]} months" in told[1].content.decode()


def test_floors_and_faults_stand_beside_their_field(cast: Cast) -> None:
    """Eleven months are too few for anything but a drill; nothing typed is lost."""
    client = desk(cast, "norfolk", "coordinator")
    refused = client.post(COORDINATORS, said(months=11))
    assert refused.status_code == 422 and "At least 12" in refused.content.decode() and "11" in refused.content.decode()
    for wrong in ({"keep_months": "x"}, {"review_on": "yesterday"}, {"outcome": "nothing"}, {"keep_months": "1201"}):
        assert client.post(COORDINATORS, said() | wrong).status_code == 422, wrong
    assert client.post(COORDINATORS, said("drill", 6)).status_code == 200


def test_the_database_says_the_same_as_the_code(cast: Cast, urls: dict[str, str]) -> None:
    """Defaults and floors stand in both."""
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        for outcome, _label in outcomes():
            found = owner.execute("select ani.default_months(%s), ani.least_months(%s)", [outcome, outcome]).fetchone()
            assert found == (default_months(outcome), least_months(outcome)), outcome


def test_the_database_itself_refuses_one_person_and_too_little(cast: Cast, urls: dict[str, str]) -> None:
    """Whatever the code forgets: a shorter time, less than the floor, an agreement of one's own or of long ago."""
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        lines.set_rule(by=dpo, outcome="attended", keep_months=84, review_on=date(2027, 6, 1))
        asked = lines.ask_shorter(by=dpo, outcome="attended", keep_months=24, review_on=date(2027, 6, 1))
    own = "update requests_retentionproposal set agreed = true, decided_at = now(), decided_by_id = %s where id = %s"
    tries: list[Callable[[psycopg.Connection], Any]] = [
        lambda app: app.execute("update requests_retentionrule set keep_months = 24"),
        lambda app: app.execute("update requests_retentionrule set keep_months = 11"),
        lambda app: app.execute("update requests_retentionrule set set_by_id = null"),
        lambda app: app.execute(own, [dpo.scope.person, asked.pk]),
    ]
    for wrong in tries:
        with raw(urls, dpo.scope) as app, pytest.raises(psycopg.errors.CheckViolation):
            wrong(app)
    coordinator = cast.scope("norfolk", Kind.COORDINATOR)
    with raw(urls, coordinator) as app:
        done = app.execute(own, [dpo.scope.person, asked.pk])
        assert done.rowcount == 0  # another's proposal is no coordinator's to decide


def test_one_person_with_two_parts_is_one_person(cast: Cast) -> None:
    """Who is coordinator and officer does not agree with themselves."""
    dpo = cast.officer("norfolk", 4)
    assert dpo.scope.person is not None
    with using_role("owner"):
        part = Coordinator.objects.create(user_id=dpo.scope.person, force=cast.force("norfolk"))
    scope = Scope(Kind.COORDINATOR, force=dpo.force_id, person=dpo.scope.person)
    coordinator = Principal(Role.COORDINATOR, scope, Actor("coordinator", str(part.pk)), "Made-up")
    with scoped(coordinator.scope):
        asked = lines.ask_shorter(by=coordinator, outcome="attended", keep_months=24, review_on=SOON)
    with scoped(dpo.scope), pytest.raises(NotPossible, match="Somebody else must agree"):
        lines.agree(by=dpo, proposal=asked)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("disposal_wait", "0 days"), ("finish_unreleased_after", "5 hours"), ("finish_unreleased_after", "1 minute")],
)
def test_promises_are_no_settings(cast: Cast, urls: dict[str, str], column: str, wrong: str) -> None:
    """What people are told about how long something is kept cannot be set away, whatever a form would let through."""
    with (
        raw(urls, cast.scope("norfolk", Kind.COORDINATOR)) as app,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        app.execute(f"update pharmacies_forcesettings set {column} = %s::interval", [wrong])


def test_a_page_of_anybody_else_refuses(cast: Cast) -> None:
    """An officer without the part, an auditor, nobody."""
    assert desk(cast, "norfolk", "officer1").post(DESK, said(seen=72)).status_code == 403
    assert desk(cast, "norfolk", "officer3").post(COORDINATORS, said(seen=72)).status_code in (302, 403)
    assert Client().post(COORDINATORS, said(seen=72)).status_code == 403
    assert held(cast) is None
