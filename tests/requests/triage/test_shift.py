"""The end of a shift: what was written for the next one is read there, and nobody leaves with a record."""

from datetime import timedelta
from uuid import uuid4

from django.db import connections
from django.test import Client
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.audit.models import AuditEntry
from pharmacies.models import Officer
from requests import actions
from requests.clocks import run
from requests.enums import Connected, EntryKind, NoticeKind, State
from requests.models import Attempt, CodewordRequest, Entry, Notice
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .desk_steps import armed, claimed
from .test_desk_pages import at, browser

NOTE = "PLANTED-NOTE-4715 her sister fetches the children at three"


def test_notes_stand_on_the_sheet_with_author_and_time(cast: Cast) -> None:
    """Sealed, each a row of the log; reading the sheet is one too; a restricted record's note is for named officers."""
    by, colleague, recorder = cast.officer("norfolk"), cast.officer("norfolk", 2), cast.recorder("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    first, second = browser(cast), browser(cast, "officer2")
    for text in (NOTE, "PLANTED-NOTE-4716 and the second"):
        assert (
            first.post(at(record, "hand-over-note/"), {"next-text": text, "next-key": str(uuid4())}).status_code == 302
        )
    page = second.get("/triage/hand-over/").content.decode()
    time = timezone.localtime().strftime("%-d %B, %H:")
    assert "Claimed," in page
    assert NOTE in page and page.index(NOTE) < page.index("4716") and f"Officer 1, {time}" in page
    with using_role("owner"):
        noted = AuditEntry.objects.filter(object_id=str(record.pk), event="record.added", detail__contains="hand_over")
        assert noted.count() == 2
        assert AuditEntry.objects.filter(event="desk.sheet_seen", actor_id=colleague.actor.id).count() == 1
        assert NOTE.encode() not in b"".join(
            bytes(one.sealed) for one in Entry.objects.filter(record=record, kind=EntryKind.HAND_OVER)
        )
    with scoped(recorder.scope):
        actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
    page = second.get("/triage/hand-over/").content.decode()
    assert "PLANTED" not in page and "restricted" in page
    # It counts as written all the same, for whoever wrote it and for who signs.
    assert first.post("/triage/hand-over/prepare/").status_code == 302
    sign = second.get("/triage/hand-over/").content.decode().split('action="/triage/hand-over/')[1].split('"')[0]
    assert second.post(f"/triage/hand-over/{sign}").status_code == 302
    assert browser(cast, force="cheshire").post(f"/triage/hand-over/{sign}").status_code == 404


def test_a_note_that_is_refused_is_still_in_its_box(cast: Cast) -> None:
    """Too long, or the record is a colleague's by now: what was typed comes back, and the others' notes are untouched."""
    by, colleague = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    long = {"next-text": NOTE + " x" * 3000, "next-key": str(uuid4())}
    page = desk.post(at(record, "hand-over-note/"), long)
    assert page.status_code == 422 and NOTE in page.content.decode()
    with scoped(colleague.scope):
        actions.take_over(by=colleague, record=record)
    page = desk.post(at(record, "hand-over-note/"), {"next-text": NOTE, "next-key": str(uuid4())})
    assert page.status_code == 409 and NOTE in page.content.decode() and "Officer 2 holds it" in page.content.decode()


def signed_in(desk: Client) -> bool:
    return desk.get("/triage/").status_code == 200


def test_signing_out_leads_past_the_hand_over(cast: Cast) -> None:
    """Who holds nothing is out at once; who holds something is led to the sheet, and is never kept in."""
    nothing = browser(cast, "officer2")
    assert 'action="/triage/sign-out/"' in nothing.get("/triage/").content.decode()
    answer = nothing.post("/triage/sign-out/")
    assert (answer.status_code, answer["Location"]) == (307, "/sign-out/")
    nothing.post("/sign-out/")
    assert not signed_in(nothing)

    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    holder = browser(cast)
    led = holder.post("/triage/sign-out/", follow=True).content.decode()
    assert "Before you sign out" in led and record.reference in led and signed_in(holder)
    assert "Before you sign out" not in holder.get("/triage/hand-over/").content.decode()
    assert holder.post("/triage/sign-out/", {"all_the_same": "yes"}).status_code == 307


def test_signing_out_all_the_same_alarms(cast: Cast) -> None:
    """At once on every queue of the force; the worker lets it go, tells supervisors and the officer; the log says who."""
    by, colleague = cast.officer("norfolk"), browser(cast, "officer2")
    armed(cast.officer("norfolk", 2))
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    with scoped(by.scope):
        actions.add_note(by=by, record=record, text="made up", key=uuid4())  # a claim that was acted on lasts an hour
    assert 'data-loud=""' in colleague.get("/triage/rows/").content.decode()
    assert browser(cast).post("/triage/sign-out/", {"all_the_same": "yes"}).status_code == 307
    assert f'data-loud="{record.pk}"' in colleague.get("/triage/rows/").content.decode()
    run(now=timezone.now())
    # Read a moment ago, and heard all the same: until somebody claims it.
    assert f'data-loud="{record.pk}"' in colleague.get("/triage/rows/").content.decode()
    with using_role("owner"):
        now = CodewordRequest.objects.get(pk=record.pk)
        assert (now.state, now.claimed_by_id) == (State.READ, None)
        assert set(Attempt.objects.filter(record=record).values_list("kind", "channel")) == {
            ("lapsed", "screen"), ("lapsed", "mail"),
        }  # fmt: skip
        assert list(Notice.objects.filter(record=record).values_list("kind", flat=True)) == [NoticeKind.LAPSED]
        assert AuditEntry.objects.filter(event="record.let_go", object_id=str(record.pk), actor_id=by.actor.id).exists()


def test_who_left_the_force_owns_nothing(cast: Cast) -> None:
    """Their claim lapses with the next turn of the clocks, however fresh it is."""
    by = cast.officer("norfolk")
    armed(cast.officer("norfolk", 2))
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    run(now=timezone.now())
    with using_role("owner"), connections["owner"].cursor():
        assert CodewordRequest.objects.get(pk=record.pk).state == State.CLAIMED
        Officer.objects.filter(pk=by.actor.id).update(ended_at=timezone.now())
    run(now=timezone.now() + timedelta(seconds=1))
    with using_role("owner"):
        assert CodewordRequest.objects.get(pk=record.pk).state == State.READ
    colleague = browser(cast, "officer2")
    assert f'data-loud="{record.pk}"' in colleague.get("/triage/rows/").content.decode()
    assert colleague.post(at(record, "claim/")).status_code == 302
    assert 'data-loud=""' in colleague.get("/triage/rows/").content.decode()
