"""A force's settings: two at once lose nothing, history, the checklist that is found out, live, and a force from nothing."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import Operator, User
from pharmacies.models import (
    CannedLine,
    Coordinator,
    ForceSettings,
    Officer,
    Pharmacy,
    PoliceForce,
    ResponseGrade,
    SettingsChange,
)
from pharmacies.onboarding.forms.force import SettingsForm
from tests.cast import PASSWORD, Cast
from tests.sign_in import session_of
from tests.visitors import desk, tablet

SETTINGS = "/onboarding/force/settings/"


def boxes(client: Client, path: str) -> dict[str, Any]:
    """What the form at `path` would send if nobody touched it."""
    form = client.get(path).context["form"]
    sent = {}
    for box in form:
        value = box.field.widget.format_value(box.value())
        if value not in (None, "", False):
            sent[box.name] = "on" if value is True else value
    return sent


def now_set(cast: Cast) -> ForceSettings:
    """As it stands."""
    with using_role("owner"):
        return ForceSettings.objects.get(force=cast.force("norfolk"))


def test_two_who_set_at_once_lose_nothing(cast: Cast) -> None:
    """The second is told, sees what the first did, keeps what they typed, and takes nothing of the first's back."""
    first, second = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "coordinator")
    one, two = boxes(first, SETTINGS), boxes(second, SETTINGS)
    assert first.post(SETTINGS, one | {"duty_email": "duty@example.org", "unread_limit": "3"}).status_code == 302
    told = second.post(SETTINGS, two | {"escalation": "Made-up sergeant", "unread_limit": "5"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "Yours are not saved yet" in page and "Duty mailbox: – → duty@example.org" in page
    assert "yours stands: Minutes until an unread record is late" in page
    assert now_set(cast).escalation == ""
    again = {box.name: box.value() for box in told.context["form"] if box.value() not in (None, "", False)}
    assert second.post(SETTINGS, again).status_code == 302
    found = now_set(cast)
    assert (found.duty_email, found.escalation) == ("duty@example.org", "Made-up sergeant")
    assert found.unread_limit == timedelta(minutes=5)
    history = first.get("/onboarding/force/").content.decode()
    assert "is late: 3 min → 5 min" in history and "is late: 2 min → 3 min" in history


def test_two_who_edit_a_pharmacy_at_once_lose_nothing(cast: Cast) -> None:
    """The same at a pharmacy's details."""
    path = f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/details/"
    first, second = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "coordinator")
    one, two = boxes(first, path), boxes(second, path)
    assert first.post(path, one | {"phone": "01603 000009"}).status_code == 302
    told = second.post(path, two | {"name": "Second"})
    assert told.status_code == 409
    again = {box.name: box.value() for box in told.context["form"] if box.value()}
    assert second.post(path, again).status_code == 302
    found = cast.pharmacy("norfolk")
    assert (found.name, found.phone) == ("Second", "01603 000009")


def test_a_grade_or_line_is_not_changed_on_top_of_somebody_elses(cast: Cast) -> None:
    """The second is told, and the first's stands, with its history."""
    client = desk(cast, "norfolk", "coordinator")
    version = str(now_set(cast).version)
    grade = {"code": "C", "name": "Grade C", "target": "120", "version": version}
    assert client.post("/onboarding/force/grades/", grade).status_code == 302
    assert client.post("/onboarding/force/grades/", grade | {"name": "Other"}).status_code == 409
    for target in ("9" * 12, "9" * 400):  # no time that a duration can hold
        assert client.post("/onboarding/force/grades/", grade | {"target": target}).status_code == 422
    line = {"code": "delayed", "text": "Made-up words.", "active": "on", "version": version}
    assert client.post("/onboarding/force/lines/", line).status_code == 409
    assert client.post("/onboarding/force/lines/", line | {"version": str(now_set(cast).version)}).status_code == 302
    with using_role("owner"):
        assert ResponseGrade.objects.get(force=cast.force("norfolk"), code="C").name == "Grade C"
    assert "line delayed: Officers are delayed." in client.get("/onboarding/force/").content.decode()


def test_every_setting_of_a_force_is_on_its_page_and_does_what_it_says(cast: Cast) -> None:
    """Cover times and what is said aloud reach the tablet."""
    client = desk(cast, "norfolk", "coordinator")
    more = {
        "cover_after": "45",
        "said_aloud": "Made-up words to be said aloud.",
        "hold_limit": "30",
        "offer_limit": "15",
    }
    assert client.post(SETTINGS, boxes(client, SETTINGS) | more).status_code == 302
    page = tablet(cast, "norfolk").get("/counter/").content.decode()
    assert 'data-cover-after="45"' in page
    asked = tablet(cast, "norfolk", "AB").post(
        "/counter/answer/", {"step": "danger", "danger": "no", "key": cast.pharmacy("norfolk").pk}
    )
    assert "Made-up words to be said aloud." in asked.content.decode()
    assert now_set(cast).hold_limit == timedelta(minutes=30)
    for name, value in (
        ("cover_after", "5"),
        ("finish_unreleased_after", "5"),
        ("unread_limit", "0"),
        ("touch_limit", "61"),
        ("claim_limit", "61"),
        ("hold_limit", "241"),
        ("incident_pattern", "(a+)+"),
    ):
        assert client.post(SETTINGS, boxes(client, SETTINGS) | {name: value}).status_code == 422, name


@pytest.mark.parametrize("limit", ["touch_limit", "claim_limit", "unread_limit", "hold_limit", "offer_limit"])
def test_no_force_may_seem_watched_for_a_day(cast: Cast, urls: dict[str, str], limit: str) -> None:
    """Whatever one coordinator sets: who is told that police watch, or hold it, is told the truth within hours."""
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(f"update pharmacies_forcesettings set {limit} = interval '1 day'")


# What each named setting is changed to; a setting that is not here fails the test below.
OTHERWISE = {
    "codeword": "MADEUP", "codeword_stands_for": "Made-up words", "said_aloud": "Made-up, aloud.",
    "scheme_status": "Made-up status.", "scheme_from": "2026-01-01", "scheme_until": "2027-01-01",
    "screen_title": "Made-up", "cover_after": "60", "unread_limit": "4", "claim_limit": "11", "hold_limit": "50",
    "touch_limit": "20", "offer_limit": "25", "duty_email": "duty@example.org", "escalation": "Made-up sergeant, 101",
    "desk_opens": "08:00", "desk_closes": "20:00", "reason_to_look": "", "incident_pattern": "XX-{digits}",
    "finish_unreleased_after": "3", "disposal_wait": "9", "log_keep_months": "30", "data_protection_contact": "Made-up",
}  # fmt: skip


def test_each_setting_is_the_coordinators_and_leaves_its_line_in_the_history(cast: Cast) -> None:
    """All of the form, a grade, a line, the stage, retention: who, when, from what, to what; in nobody else's history."""
    assert set(OTHERWISE) == set(SettingsForm.Meta.fields)
    client = desk(cast, "norfolk", "coordinator")
    assert client.post(SETTINGS, boxes(client, SETTINGS) | OTHERWISE).status_code == 302
    for path, said in (
        ("grades/", {"code": "C", "name": "Grade C", "target": "120"}),
        ("lines/", {"code": "made-up", "text": "Made-up line.", "active": "on"}),
    ):
        said |= {"version": str(now_set(cast).version)}
        assert client.post(f"/onboarding/force/{path}", said).status_code == 302, path
    assert client.post("/onboarding/force/stage/", {"stage": "paused"}).status_code == 302
    line = {"outcome": "attended", "keep_months": "84", "review_on": str(timezone.localdate() + timedelta(days=300))}
    assert client.post("/onboarding/force/retention/", line | {"seen": "72"}).status_code == 302
    with using_role("owner"):
        changes = {one.setting: one for one in SettingsChange.objects.filter(force=cast.force("norfolk"))}
    more = {"grade C", "line made-up", "stage", "retention: Officers attended"}
    assert set(changes) == set(OTHERWISE) | more
    for name, one in changes.items():
        assert one.by_name and one.by and timezone.now() - one.at < timedelta(minutes=5), name
        assert one.before != one.after, name
    page = client.get("/onboarding/force/").content.decode()
    assert page.count(changes["stage"].by_name) >= len(changes)
    with using_role("owner"):
        assert not SettingsChange.objects.filter(force=cast.force("cheshire")).exists()


# A force from nothing ------------------------------------------------------------------------------------------------


@pytest.fixture
def suffolk(cast: Cast) -> Client:
    """Its first coordinator, brought on by the operator through the page."""
    with using_role("owner"):
        operator = User.objects.create_user("operator@example.org", PASSWORD, name="Operator")
        Operator.objects.create(user=operator)
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session_of("operator@example.org")
    said = {"name": "Made-up Coordinator", "email": "suffolk@example.org"}
    assert client.post("/operator/forces/E23000025/begin/", said).status_code == 200
    theirs = Client()
    theirs.cookies[django_settings.SESSION_COOKIE_NAME] = session_of("suffolk@example.org")
    return theirs


def force() -> PoliceForce:
    """Suffolk."""
    with using_role("owner"):
        return PoliceForce.objects.get(ons_code="E23000025")


def test_live_needs_the_whole_checklist_and_two_items_are_found_out(cast: Cast, suffolk: Client) -> None:
    """Ticks are not enough: a drill answered by an officer, and two officers named."""
    assert suffolk.post("/onboarding/force/begin/").status_code == 302
    assert (
        "Data protection impact assessment"
        in suffolk.post("/onboarding/force/stage/", {"stage": "live"}).content.decode()
    )
    for item in ("dpia", "agreements", "policy", "notice", "hours", "fallback"):
        with using_role("owner"):
            version = ForceSettings.objects.get(force=force()).version
        said = {"evidence": "folder 7", "version": version}
        assert suffolk.post(f"/onboarding/force/checks/{item}/", said).status_code == 302
    for item in ("conflict", "drill"):
        assert suffolk.post(f"/onboarding/force/checks/{item}/", {"evidence": "I say so"}).status_code == 404
    with using_role("owner"):
        for n in (1, 2):
            user = User.objects.create_user(f"suffolk{n}@example.org", PASSWORD, name=f"Made-up {n}")
            Officer.objects.create(user=user, force=force(), display_name=f"Officer {n}", conflict=True)
    refused = suffolk.post("/onboarding/force/stage/", {"stage": "live"})
    assert refused.status_code == 409
    missing = re.findall(r"<li>([^<]+)</li>", refused.content.decode().split("Still to be done")[1].split("</ul>")[0])
    assert missing == ["A drill from a tablet, answered by a person"]
    with using_role("owner"):
        Pharmacy.objects.create(
            ods_code="FZZ35", name="Made-up", address="Bungay", postcode="NR35 1AX", force=force(),
            force_source="postcode", proven_at=timezone.now(),
        )  # fmt: skip
    assert suffolk.post("/onboarding/force/stage/", {"stage": "live"}).status_code == 302
    with using_role("owner"):
        assert ForceSettings.objects.get(force=force()).stage == "live"
        assert CannedLine.objects.filter(force=force()).count() == 6
    assert "Stage: preparing → live" in suffolk.get("/onboarding/force/").content.decode()


def test_a_force_that_gets_ready_takes_drills_and_no_records(cast: Cast) -> None:
    """Its tablets lead to 999, 101 and support, and offer to practise."""
    with using_role("owner"):
        ForceSettings.objects.filter(force=cast.force("norfolk")).update(stage="preparing")
    client = tablet(cast, "norfolk")
    page = client.get("/counter/").content.decode()
    assert "No records are taken here now" in page and "Practise" in page
    assert (
        "Every screen says that it is a drill" in client.post("/counter/who/", {"staff": "practise"}).content.decode()
    )


def test_only_the_operator_begins_a_force(cast: Cast, suffolk: Client) -> None:
    """Once; and its coordinator is no coordinator of another."""
    with using_role("owner"):
        assert Coordinator.objects.filter(force=force()).count() == 1
    assert suffolk.get(f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/").status_code == 404
    assert suffolk.get("/operator/").status_code in (302, 403)
