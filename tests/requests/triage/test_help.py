"""Asking another force for help: a record of its own there, with what was chosen and nothing else."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError
from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.audit.models import AuditEntry
from ani_portal.sealing.models import RecordKey
from pharmacies.models import Officer
from requests import actions
from requests.clocks import run
from requests.enums import Connected, Danger, EntryKind, OfferReason, State, Wish
from requests.models import CodewordRequest, Entry, HelpAsked
from requests.triage.entries import entries
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything, agreed, said, started, wished

from .desk_steps import armed, claimed, closed, finished, opened
from .test_at_once import at_once, within
from .test_desk_pages import at, browser

MORE = "PLANTED-MORE-4713 a scar on the left hand"


def words_in(by: Principal, record: CodewordRequest, text: str) -> UUID:
    """The entry that says `text`."""
    with scoped(by.scope):
        return next(key for key, line in entries(record).sendable if text in line)


def asked(by: Principal, record: CodewordRequest, to_force: int, *chosen: UUID, key: UUID | None = None) -> UUID:
    """Help was asked for, and with what; the id of the record that it made there."""
    with scoped(by.scope):
        actions.ask_help(
            by=by, record=record, to_force=to_force, reason=OfferReason.OTHER_THERE, chosen=list(chosen),
            key=key or uuid4(),
        )  # fmt: skip
        made = HelpAsked.objects.filter(record=record).order_by("-at")[0].other_id
        assert made is not None
        return made


def two_things_said(cast: Cast) -> CodewordRequest:
    """A record that Norfolk holds, with two things in the person's own words; the person is still there."""
    record = a_record_with_everything(cast, "norfolk")
    said(cast.recorder("norfolk"), record, MORE)
    return claimed(cast.officer("norfolk"), record)


def test_the_other_force_gets_what_was_chosen_and_nothing_else(cast: Cast) -> None:
    """Its own record, waiting on its own clock, sealed under a key of its own; each force sees only its own of the two."""
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    record = two_things_said(cast)
    made_id = asked(ours, record, theirs.force_id, words_in(ours, record, MORE))
    with scoped(ours.scope):
        assert not CodewordRequest.objects.filter(pk=made_id).exists()
        assert not RecordKey.objects.filter(record_id=made_id).exists()
        (one,) = actions.help_asked(record)
        assert one.says == "nobody there has read it yet"
    with scoped(theirs.scope):
        assert not CodewordRequest.objects.filter(pk=record.pk).exists()
        assert not Entry.objects.filter(record=record).exists()
        made = CodewordRequest.objects.get(pk=made_id)
        assert (made.state, made.helps_id, made.origin_force_id) == (State.WAITING, ours.force_id, theirs.force_id)
        assert made.released_at is not None and record.released_at is not None and made.released_at > record.released_at
        assert made.rung == "" and made.left_at is None and made.finished_at is not None
        read = entries(made)
        assert [(one.text, one.who) for one in read.shown] == [(MORE, "Made-up Staff AB")] and not read.police
        assert read.safe_contact is None and not read.rationales
        provenance = actions.asked_by(made)
        assert provenance is not None and provenance.from_force_id == ours.force_id
        assert provenance.reference == record.reference
        assert not actions.help_asked(made)
    with using_role("owner"):
        assert {
            (entry.chain, entry.event)
            for entry in AuditEntry.objects.filter(object_id__in=[str(record.pk), str(made_id)])
            if "help" in entry.event
        } == {(ours.force_id, "record.help_asked"), (theirs.force_id, "record.help_came")}
    opened(theirs, made)
    with scoped(ours.scope):
        assert actions.help_asked(record)[0].says == "read there, nobody has it"


def test_the_tablet_stays_with_the_first_force(cast: Cast) -> None:
    """No tablet sees the other record; what the other force does there changes nothing that the tablet shows."""
    ours, theirs, recorder = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    record = two_things_said(cast)
    made_id = asked(ours, record, theirs.force_id)
    for by in (recorder, cast.covered("norfolk"), cast.covered("cheshire"), cast.recorder("cheshire")):
        with scoped(by.scope):
            assert not CodewordRequest.objects.filter(pk=made_id).exists()
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
    claimed(theirs, made)
    with scoped(recorder.scope):
        still = CodewordRequest.objects.get(pk=record.pk)
        assert (still.state, still.force_id, still.claimed_by_id) == (State.CLAIMED, ours.force_id, UUID(ours.actor.id))
    said(recorder, record, "PLANTED-LATER-4714")
    with scoped(theirs.scope):
        assert not Entry.objects.filter(record=made).exists()
        assert "PLANTED" not in " ".join(one.text for one in entries(made).shown)


def test_asked_twice_with_one_button_is_once_and_its_clock_alarms_there(cast: Cast) -> None:
    """A repeated submission is the same record; unread past the limit it alarms the other force's supervisor."""
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    record, key = two_things_said(cast), uuid4()
    armed(ours)
    armed(theirs)
    first = asked(ours, record, theirs.force_id, key=key)
    assert asked(ours, record, theirs.force_id, key=key) == first
    both = at_once(*[within(ours, lambda: actions.ask_help(
        by=ours, record=record, to_force=theirs.force_id, reason=OfferReason.LIVES_THERE, chosen=[], key=first
    ))] * 2)  # fmt: skip
    assert both == [None, None]
    with using_role("owner"):
        assert HelpAsked.objects.filter(record=record).count() == 2
    run(now=timezone.now() + timedelta(minutes=3))
    with using_role("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("select distinct force_id from requests_attempt where kind = 'unread'")
        assert cursor.fetchall() == [(theirs.force_id,)]


def test_only_the_holder_asks_and_only_for_what_they_may_read(cast: Cast) -> None:
    """Not a colleague, not the other force, not entries of another record, not a grade's reason; nothing is written."""
    ours, colleague, theirs = cast.officer("norfolk"), cast.officer("norfolk", 2), cast.officer("cheshire")
    record, other = two_things_said(cast), a_record_with_everything(cast, "norfolk")
    opened(ours, other)
    elsewhere = words_in(ours, other, WORDS)
    for by, force, chosen in (
        (colleague, theirs.force_id, []),
        (theirs, ours.force_id, []),
        (ours, ours.force_id, []),
        (ours, theirs.force_id, [elsewhere]),
        (ours, theirs.force_id, [uuid4()]),
    ):
        with pytest.raises(actions.NotPossible):
            asked(by, record, force, *chosen)
    with using_role("owner"):
        made = CodewordRequest.objects.filter(helps__isnull=False).count()
        assert (HelpAsked.objects.count(), made) == (0, 0)
    for statement in (
        "insert into requests_helpasked (id) values (gen_random_uuid())",
        "update requests_helpasked set to_force_id = 1",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), scoped(ours.scope):
            with connection.cursor() as cursor:
                cursor.execute(statement)


def test_restricted_words_stay_with_named_officers_in_both_forces(cast: Cast) -> None:
    """Who is not named for them cannot send them; in the other force only its own named officers read them."""
    ours, theirs, recorder = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    record = two_things_said(cast)
    chosen = words_in(ours, record, MORE)
    with scoped(recorder.scope):
        actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
    with pytest.raises(actions.NotPossible, match="may not be sent"):
        asked(ours, record, theirs.force_id, chosen)
    with scoped(ours.scope), connection.cursor() as cursor:
        # Past our own code: the database refuses the same.
        cursor.execute(
            "select ani.ask_help(%s, %s, 'lives_there', gen_random_uuid(), gen_random_uuid(), 'MAD-EUP', 'x', 'x', %s, %s, %s)",
            [record.pk, theirs.force_id, [chosen], [uuid4()], [b"x"]],
        )
        assert cursor.fetchone() == ("entries",)
    named(ours)
    made_id = asked(ours, record, theirs.force_id, chosen)
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
        assert made.restricted_at is not None and not Entry.objects.filter(record=made).exists()
    named(theirs)
    with scoped(theirs.scope):
        assert [one.text for one in entries(made).shown] == [MORE]


def named(by: Principal) -> None:
    """The officer is named for restricted words."""
    with using_role("owner"):
        Officer.objects.filter(pk=by.actor.id).update(conflict=True)


def test_a_later_no_reaches_whoever_was_asked(cast: Cast) -> None:
    """It marks their record too and withholds the words there."""
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    record = two_things_said(cast)
    made_id = asked(ours, record, theirs.force_id, words_in(ours, record, MORE))
    wished(cast.recorder("norfolk"), record, Wish.SUPPORT)
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
        assert made.declined_police and not made.words_released
        assert not Entry.objects.filter(record=made).exists()


def test_on_the_pages(cast: Cast) -> None:
    """Refused to pass while the person is there, asked for help instead; each page says what it must and no more."""
    record = two_things_said(cast)
    ours, theirs = browser(cast), browser(cast, "officer1", "cheshire")
    page = ours.get(at(record)).content.decode()
    assert f"In their own words · {timezone.localtime(record.started_at):%H:}" in page
    wanted = {"help-to_force": str(cast.force("cheshire").pk), "help-key": str(uuid4())}
    refused = ours.post(at(record, "help/"), wanted)
    assert refused.status_code == 422 and "Choose why." in refused.content.decode()
    chosen = words_in(cast.officer("norfolk"), record, MORE)
    wanted |= {"help-reason": "other_there", "help-entries": str(chosen)}
    assert ours.post(at(record, "help/"), wanted).status_code == 302
    text = ours.get(at(record)).content.decode()
    assert "Cheshire was asked for help" in text and "nobody there has read it yet" in text
    assert "Another force was asked for help: The other person is there" in text
    queue = theirs.get("/triage/").content.decode()
    assert "Norfolk asks for help" in queue and "PLANTED" not in queue
    assert "999 not yet rung" not in queue  # nobody there knows; saying so would be a guess
    with using_role("owner"):
        made = CodewordRequest.objects.get(helps__isnull=False)
    assert theirs.post(at(made, "open/")).status_code == 302
    text = theirs.get(at(made)).content.decode()
    assert MORE in text and WORDS not in text and "Norfolk asks for help" in text and record.reference in text
    assert "Boots" in text and "ask them" in text and "To the tablet" not in text
    assert theirs.get(at(record)).status_code == 404 and ours.get(at(made)).status_code == 404
    paper = theirs.post(at(made, "ask-print/"), follow=True).content.decode()
    assert "Norfolk asks for help" in paper


def test_help_asked_for_is_worked_there_to_its_end(cast: Cast) -> None:
    """Graded, numbered and closed there; the first record is neither held up nor closed by it."""
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    record = two_things_said(cast)
    made_id = asked(ours, record, theirs.force_id)
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
    claimed(theirs, made)
    with scoped(theirs.scope):
        actions.add_note(by=theirs, record=made, text="made up", key=uuid4())
    closed(theirs, made)
    with scoped(ours.scope):
        assert actions.help_asked(record)[0].says == "they have finished with it"
        assert CodewordRequest.objects.get(pk=record.pk).state == State.CLAIMED
    finished(cast, "norfolk", record)
    closed(ours, record)


def test_words_taken_back_are_taken_back_there_too(cast: Cast) -> None:
    """Given words of somebody else that were passed on at once; when staff take them back; then no force can read them."""
    ours, theirs, staff = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    record = claimed(ours, a_record_with_everything(cast, "norfolk"))
    said(staff, record, MORE)
    entry = words_in(ours, record, MORE)
    made_id = asked(ours, record, theirs.force_id, entry)
    with scoped(staff.scope):
        actions.take_back(by=staff, record=record, entry=entry)
    with scoped(theirs.scope):
        (copy,) = Entry.objects.filter(record=made_id)
        assert bytes(copy.sealed) == b"" and copy.taken_back_at is not None
        assert MORE not in str(entries(CodewordRequest.objects.get(pk=made_id)))


def test_danger_that_is_said_later_reaches_whoever_was_asked(cast: Cast) -> None:
    """Given help asked for before there was danger; when the alarm is raised, and reported as a mistake; then there too."""
    ours, theirs, staff = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    record = agreed(staff, wished(staff, started(staff), Wish.POLICE_LATER))
    record = claimed(ours, record)
    made_id = asked(ours, record, theirs.force_id)
    with scoped(staff.scope):
        actions.raise_alert(by=staff, record=record)
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
        assert made.alerted_at is not None and made.danger == Danger.YES
    with scoped(staff.scope):
        actions.report_mistake(by=staff, record=record, key=uuid4())
    with scoped(theirs.scope):
        assert CodewordRequest.objects.get(pk=made_id).reported_mistake_at is not None


def test_what_follows_stands_in_the_log_of_both(cast: Cast) -> None:
    """A later no, danger and a mistake reach the other force's record: its own log says so too, and only of its own."""
    ours, theirs, staff = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    record = agreed(staff, wished(staff, started(staff), Wish.POLICE_LATER))
    said(staff, record, MORE)
    record = claimed(ours, record)
    entry = words_in(ours, record, MORE)
    made_id, bare_id = asked(ours, record, theirs.force_id, entry), asked(ours, record, theirs.force_id)
    with scoped(staff.scope):
        actions.take_back(by=staff, record=record, entry=entry)
        actions.raise_alert(by=staff, record=record)
        actions.report_mistake(by=staff, record=record, key=uuid4())
        actions.answer_connected(by=staff, record=record, key=uuid4(), connected=Connected.POLICE)
        actions.answer_wish(by=staff, record=record, wish=Wish.SUPPORT)
    there = cast.force("cheshire").pk
    follows = [
        f"record.{one}" for one in ("entry_taken_back", "alerted", "reported_mistake", "restricted", "withdrawn")
    ]
    assert logged_of(record.force_id, record.pk, follows) == logged_of(there, made_id, follows) == follows
    assert logged_of(there, bare_id, follows) == follows[1:]  # it holds no copy of what was taken back
    assert not logged_of(there, record.pk, follows) and not logged_of(record.force_id, made_id, follows)


def logged_of(force: int, record: UUID, events: list[str]) -> list[str]:
    """Those events of a record in a force's chain, in order."""
    with using_role("owner"):
        found = AuditEntry.objects.filter(chain=force, object_id=str(record), event__in=events).order_by("seq")
        return list(found.values_list("event", flat=True))


def test_a_number_that_was_sent_is_found_there(cast: Cast) -> None:
    """Given safe contact with a number among what was chosen; when their officer opens it; then it suggests a duplicate."""
    ours, theirs, staff = cast.officer("norfolk"), cast.officer("cheshire"), cast.recorder("norfolk")
    old = a_record_with_everything(cast, "cheshire")
    recorder = cast.recorder("cheshire")
    with scoped(recorder.scope):
        actions.remember_phone(by=recorder, record=old, number="+44 1632 960001")
    record = claimed(ours, a_record_with_everything(cast, "norfolk"))
    value = {"number": "01632 960 001", "ring": "safe"}
    with scoped(staff.scope):
        number = actions.add_entry(by=staff, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value=value)
        actions.remember_phone(by=staff, record=record, number="01632 960 001")
    made_id = asked(ours, record, theirs.force_id, number.pk)
    with scoped(theirs.scope):
        made = CodewordRequest.objects.get(pk=made_id)
        assert not actions.suggestions(made)
    opened(theirs, made)
    with scoped(theirs.scope):
        (one,) = actions.suggestions(made)
        assert (one.other.pk, one.why) == (old.pk, "the same phone number")
        assert actions.records_with_phone(by=theirs, number="01632 960 001") == [old.pk, made_id]
