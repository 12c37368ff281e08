"""The pages under /triage/retention/: they work, refuse politely, and never show words where they should not."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from ani_portal.access.scope import scoped
from requests import actions
from requests.models import CodewordRequest
from requests.retention.access import open_access
from tests.cast import Cast
from tests.requests.steps import WORDS

from .steps import aged, asked, closed

HOME = "/triage/retention/"
SOON = (timezone.localdate() + timedelta(days=90)).isoformat()


def at_desk(cast: Cast, part: str, force: str = "norfolk") -> Client:
    """Somebody's browser, signed in."""
    client = Client(raise_request_exception=True)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = cast.session(force, part)
    return client


@pytest.fixture
def record(cast: Cast) -> CodewordRequest:
    """Closed long ago."""
    return aged(closed(cast))


def test_from_due_to_gone(cast: Cast, record: CodewordRequest) -> None:
    """The supervisor asks, cannot approve; the officer of data protection does; the worker is told."""
    supervisor, dpo = at_desk(cast, "officer3"), at_desk(cast, "officer4")
    page = supervisor.get(HOME).content.decode()
    assert record.reference in page and WORDS not in page
    assert "Ask for its disposal" in supervisor.get(f"{HOME}records/{record.pk}/").content.decode()
    assert supervisor.post(f"{HOME}records/{record.pk}/ask/").status_code == 302
    page = supervisor.get(HOME).content.decode()
    assert "Waits for somebody else’s approval." in page and ">Approve<" not in page
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id from requests_disposal")
        ((disposal,),) = cursor.fetchall()
    refused = supervisor.post(f"{HOME}disposals/{disposal}/approve/")
    assert (refused.status_code, "Somebody else must approve it." in refused.content.decode()) == (409, True)
    assert dpo.post(f"{HOME}disposals/{disposal}/approve/").status_code == 302
    assert "Dispose now" not in dpo.get(HOME).content.decode()
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table requests_disposal disable trigger guard")
        cursor.execute("update requests_disposal set approved_at = approved_at - interval '8 days'")
    assert "Dispose now" in dpo.get(HOME).content.decode()
    assert dpo.post(f"{HOME}disposals/{disposal}/now/").status_code == 200
    assert dpo.post(f"{HOME}disposals/{disposal}/now/").status_code == 200
    with connections["owner"].cursor() as cursor:
        cursor.execute("select task_name, args::text from procrastinate_jobs")
        assert cursor.fetchall() == [("requests.tasks.dispose_when_asked", "{}")] * 2
    assert dpo.post(f"{HOME}disposals/{disposal}/cancel/").status_code == 302
    assert dpo.post(f"{HOME}disposals/{disposal}/cancel/").status_code == 404


def test_hold_and_lift(cast: Cast, record: CodewordRequest) -> None:
    """With its reason and a day for its review; wrong input keeps what was chosen."""
    desk, place = at_desk(cast, "officer3"), f"{HOME}records/{record.pk}/"
    for wrong in ({}, {"reason": "other", "review_on": SOON}, {"reason": "complaint", "review_on": "2020-01-01"}):
        answer = desk.post(f"{place}hold/", wrong)
        assert answer.status_code == 422
    assert 'value="complaint" checked' in answer.content.decode()
    assert desk.post(f"{place}hold/", {"reason": "complaint", "review_on": SOON}).status_code == 302
    page = desk.get(place).content.decode()
    assert "Lift this hold" in page and "Ask for its disposal" not in page
    assert desk.post(f"{place}ask/").status_code == 409
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id from requests_hold")
        ((hold,),) = cursor.fetchall()
    assert desk.post(f"{HOME}holds/{hold}/lift/").status_code == 302
    assert desk.post(f"{place}ask/").status_code == 302


def test_find_by_number_and_reference(cast: Cast, record: CodewordRequest) -> None:
    """In one's own force; what was typed is in no log and no address; past the limit it says to wait."""
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        actions.remember_phone(by=dpo, record=record, number="01632 960 001")
    desk, other = at_desk(cast, "officer1"), at_desk(cast, "officer1", "cheshire")
    for wanted in ("+44 1632 960001", record.reference, record.reference.lower().replace("-", " ")):
        answer = desk.post(f"{HOME}find/", {"wanted": wanted})
        assert f"/triage/records/{record.pk}/" in answer.content.decode(), wanted
        assert str(record.pk) not in other.post(f"{HOME}find/", {"wanted": wanted}).content.decode()
    for _try in range(9):
        desk.post(f"{HOME}find/", {"wanted": "01632 960 002"})
    late = desk.post(f"{HOME}find/", {"wanted": "01632 960 003"})
    assert (late.status_code, "most searches" in late.content.decode()) == (422, True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select detail from audit_auditentry where event = 'record.searched'")
        logged = [json.loads(detail) for (detail,) in cursor.fetchall()]
    assert {(line["what"], line["found"]) for line in logged} == {
        (what, found) for what in ("phone", "reference") for found in (0, 1)
    }
    assert all(set(line) <= {"what", "found", "correlation"} for line in logged)


def test_a_copy_from_review_to_release(cast: Cast, record: CodewordRequest) -> None:
    """The flag blocks it until the data protection officer clears it, and each taking out is logged."""
    supervisor, dpo = at_desk(cast, "officer3"), at_desk(cast, "officer4")
    begun = supervisor.post(f"{HOME}records/{record.pk}/access/")
    place = begun.headers["Location"]
    page = supervisor.get(place).content.decode()
    assert WORDS in page and "Do not release without the data protection officer." in page
    assert "Take the copy out" not in page and "Clear for release" not in page
    refused = supervisor.post(f"{place}copy/")
    assert (refused.status_code, "Content-Disposition" in refused.headers) == (409, False)
    assert supervisor.post(f"{place}clear/").status_code == 403
    assert dpo.post(f"{place}clear/").status_code == 409
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id, kind from requests_entry where record_id = %s", [record.pk])
        entries = cursor.fetchall()
    for entry, kind in entries:
        wrong = supervisor.post(f"{place}entries/{entry}/", {f"{entry}-marked": "something else"})
        assert wrong.status_code == 422 and "something else" in wrong.content.decode()
        if kind == "own_words":
            data = {f"{entry}-marked": WORDS.replace("he has", "[[he has]]")}
        else:
            data = {f"{entry}-left_out": "on"}
        assert supervisor.post(f"{place}entries/{entry}/", data).status_code == 302
    assert dpo.post(f"{place}clear/").status_code == 302
    taken = supervisor.post(f"{place}copy/")
    text = taken.content.decode()
    assert "█████ taken my keys" in text and "he has" not in text
    assert taken.headers["Content-Disposition"] == 'attachment; filename="document.txt"'
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from audit_auditentry where event = 'access.exported'")
        assert cursor.fetchone() == (1,)
    assert supervisor.post(f"{place}close/").status_code == 302
    assert supervisor.get(place).status_code == 404


def test_who_may_not(cast: Cast, record: CodewordRequest) -> None:
    """An officer 403, another force 404, a wrong id 404, a wrong method 405, nobody signed in away."""
    disposal = asked(cast, record)
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        access = open_access(by=dpo, record=record)
    posts = [
        f"records/{record.pk}/ask/", f"records/{record.pk}/hold/", f"disposals/{disposal.pk}/approve/",
        f"disposals/{disposal.pk}/cancel/", f"disposals/{disposal.pk}/now/", f"records/{record.pk}/access/",
        f"access/{access.pk}/copy/", f"access/{access.pk}/close/", f"access/{access.pk}/entries/{uuid4()}/",
    ]  # fmt: skip
    gets = ["", "schedule/", f"records/{record.pk}/", f"access/{access.pk}/"]
    officer, cheshire = at_desk(cast, "officer1"), at_desk(cast, "officer4", "cheshire")
    for path in posts:
        assert officer.post(HOME + path).status_code == 403, path
        assert cheshire.post(HOME + path).status_code == 404, path
        assert at_desk(cast, "officer4").get(HOME + path).status_code == 405, path
        assert Client().post(HOME + path).status_code == 403, path
    for path in gets:
        assert officer.get(HOME + path).status_code == 403, path
        assert Client().get(HOME + path).status_code == 302, path
    for path in gets[2:]:
        assert cheshire.get(HOME + path).status_code == 404, path
    assert officer.get(f"{HOME}find/").status_code == 200
    assert record.reference not in cheshire.get(HOME).content.decode()
