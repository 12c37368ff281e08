"""Clocks that run out: computed on reading, and told by the worker to people through real mail."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connections
from django.utils import timezone

from ani_portal.access.scope import scoped
from requests import actions, tasks
from requests.attention import alarming, clock
from requests.clocks import run
from requests.counter.words import states
from requests.enums import Danger, NoticeKind, State
from requests.mail import deliver
from requests.models import Attempt, CodewordRequest, Notice
from requests.policies import force_of
from requests.triage.rows import row
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything, started
from tests.smtp import Post, post_office

from .desk_steps import armed, claimed, graded, opened
from .test_watch import as_owner


@pytest.fixture
def post(settings: LazySettings, cast: Cast) -> Iterator[Post]:
    """A real mail server, and a duty contact at Norfolk."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    as_owner("update pharmacies_forcesettings set duty_email = 'duty@example.org'")
    with post_office() as office:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", office.port, False
        yield office


def test_unread_tells_the_supervisor_again_at_each_limit_and_says_nothing(cast: Cast, post: Post) -> None:
    """On screen and by mail, once for each further limit; no mail holds anything of the record."""
    armed(cast.officer("norfolk"))
    armed(cast.officer("cheshire"))
    record = a_record_with_everything(cast, "norfolk")
    now = timezone.now()
    assert run(now=now) == 0
    assert run(now=now + timedelta(minutes=2, seconds=30)) == 3  # screen, mail, duty
    assert run(now=now + timedelta(minutes=2, seconds=40)) == 0
    assert deliver(now=now) == 2
    assert run(now=now + timedelta(minutes=4, seconds=30)) == 3
    assert deliver(now=now) == 2
    assert deliver(now=now) == 0
    assert {to for to, _text in post.mails} == {"duty@example.org", "norfolk.officer3@example.org"}
    for _to, text in post.mails:
        for planted in (record.reference, str(record.pk), "Boots", "London Street", WORDS, "ANI", "abuse", "danger"):
            assert planted.lower() not in text.lower().split("\nmessage-id")[0].replace("@", " "), planted


def test_what_is_due_at_once_is_one_mail_to_each_person(cast: Cast, post: Post) -> None:
    """Given ten unread records that nobody was told of; then supervisor and duty contact get one mail each, for all of them."""
    armed(cast.officer("norfolk"))
    armed(cast.officer("cheshire"))
    records = [a_record_with_everything(cast, "norfolk") for _one in range(10)]
    run(now=timezone.now() + timedelta(minutes=3))
    assert deliver(now=timezone.now()) == 2
    assert sorted(to for to, _text in post.mails) == ["duty@example.org", "norfolk.officer3@example.org"]
    by = cast.officer("norfolk", 3)
    with scoped(by.scope):
        for record in records:
            told = Attempt.objects.filter(record=record, channel="mail", kind="unread")
            assert {(one.state, one.officer_id is None) for one in told} == {("sent", True), ("sent", False)}
    assert deliver(now=timezone.now()) == 0


def test_what_could_not_be_sent_is_a_red_row(cast: Cast, post: Post) -> None:
    """Refused, or nobody to send to: failed, with the kind of error and not its words."""
    post.refuse = True
    record = a_record_with_everything(cast, "norfolk")
    armed(cast.officer("norfolk"))
    run(now=timezone.now() + timedelta(minutes=3))
    assert deliver(now=timezone.now()) == 0
    by = cast.officer("norfolk", 3)
    with scoped(by.scope):
        failed = list(Attempt.objects.filter(record=record, state="failed"))
        assert {attempt.problem for attempt in failed} == {"SMTPRecipientsRefused"}
        actions.acknowledge_attempts(by=by, attempts=[attempt.pk for attempt in failed])
        assert not Attempt.objects.filter(record=record, state="failed", acknowledged_at__isnull=True).exists()


def test_a_mail_server_that_hangs_holds_up_no_clock(cast: Cast, settings: LazySettings) -> None:
    """One mail waits for it and nothing else does: neither the clocks nor the next job for mail."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    a_record_with_everything(cast, "norfolk")
    assert run(now=timezone.now() + timedelta(minutes=3)) > 1
    as_owner(
        "update requests_codewordrequest set claimed_at = now() - interval '1 hour', acted_at = null where id = %s",
        record.pk,
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 120
        sending = threading.Thread(target=_as_a_job, args=(tasks.mail_every_ten_seconds,))
        sending.start()
        caller, _address = silent.accept()  # it rang, and hears nothing
        tasks.clocks_every_ten_seconds(0)
        assert deliver(now=timezone.now()) == 0
        assert sending.is_alive()
        by = cast.officer("norfolk")
        with scoped(by.scope):
            assert CodewordRequest.objects.get(pk=record.pk).state == State.READ  # the claim lapsed meanwhile
    caller.close()
    sending.join(60)
    assert settings.PROCRASTINATE_WORKER_DEFAULTS["concurrency"] > 1


def _as_a_job(task: Callable[[int], None]) -> None:
    try:
        task(0)
    finally:
        for alias in connections:
            connections[alias].close()


def test_an_unwatched_queue_tells_the_duty_contact_at_once(cast: Cast, post: Post) -> None:
    """When the last page goes, and when something arrives while nobody watches; not again and again."""
    by, page = cast.officer("norfolk"), uuid4()
    armed(cast.officer("cheshire"))
    with scoped(by.scope):
        actions.arm(by=by, page=page)
    now = timezone.now()
    assert run(now=now) == 0
    as_owner("update requests_watch set beat_at = now() - interval '1 minute' where force_id = %s", by.force_id)
    assert run(now=now) == 3
    assert deliver(now=now) == 2
    assert run(now=now) == 0
    started(cast.recorder("norfolk"), Danger.YES)
    assert run(now=now) == 3
    assert deliver(now=now) == 2
    assert [to for to, _text in post.mails].count("duty@example.org") == 2


def test_outside_its_hours_only_what_waits_alarms(cast: Cast, post: Post) -> None:
    """A desk that is closed is not watched, and that is no news; a record that waits there is."""
    as_owner("update pharmacies_forcesettings set desk_paused_until = now() + interval '1 hour'")
    now = timezone.now()
    assert run(now=now) == 0
    started(cast.recorder("norfolk"), Danger.YES)
    assert run(now=now) == 3


def test_a_claim_without_action_lapses_on_reading_and_by_the_worker(cast: Cast) -> None:
    """The holder is told, the tablet too, and it alarms again; an action keeps a claim for longer."""
    by = cast.officer("norfolk")
    armed(by)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    later = timezone.now() + timedelta(minutes=11)
    with scoped(by.scope):
        settings = force_of(by).settings
        assert not clock(record, settings, timezone.now()).overdue
        assert clock(record, settings, later).overdue  # before any job ran
    assert run(now=later) > 0
    with scoped(by.scope):
        now_read = CodewordRequest.objects.get(pk=record.pk)
        assert (now_read.state, now_read.claimed_by_id) == (State.READ, None)
        assert [notice.kind for notice in Notice.objects.filter(record=record)] == [NoticeKind.LAPSED]
    acting = claimed(by, record)
    graded(by, acting)
    run(now=later)
    with scoped(by.scope):
        assert CodewordRequest.objects.get(pk=record.pk).state == State.CLAIMED
    run(now=timezone.now() + timedelta(minutes=61))
    with scoped(by.scope):
        assert CodewordRequest.objects.get(pk=record.pk).state == State.READ


def test_a_lapsed_claim_is_anybodys_before_the_worker_notices(cast: Cast) -> None:
    """No stopped job keeps a record with somebody who went home; the first officer is told."""
    first, second = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(first, a_record_with_everything(cast, "norfolk"))
    with scoped(second.scope):
        assert not actions.claim(by=second, record=record).won
    as_owner("update requests_codewordrequest set claimed_at = now() - interval '11 minutes'")
    with scoped(second.scope):
        assert actions.claim(by=second, record=record).won
    with scoped(first.scope):
        assert [notice.kind for notice in Notice.objects.filter(officer_id=first.actor.id)] == [NoticeKind.TAKEN_OVER]


def test_a_claim_given_up_is_heard_at_once_until_somebody_claims_it(cast: Cast) -> None:
    """As one that lapsed: on the desk and on the tablet, before any limit from its reading; and quiet with the next claim."""
    first, second = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(first, a_record_with_everything(cast, "norfolk"))

    def heard() -> tuple[bool, bool, bool]:
        """By the queue of the database, by the row, on the tablet."""
        now = timezone.now()
        with scoped(second.scope):
            settings, found = force_of(second).settings, CodewordRequest.objects.get(pk=record.pk)
            listed = CodewordRequest.objects.filter(alarming(settings, now), pk=record.pk).exists()
            said = states(found, settings, now, watched=True)[-1]
            shown = row(found, settings, now)
        assert ("No officer has it now" in said.text) == ("nobody holds it" in shown.held_by)
        return listed, shown.alarming, said.late

    assert heard() == (False, False, False)
    with scoped(first.scope):
        actions.unclaim(by=first, record=record)
    assert heard() == (True, True, True)
    claimed(second, record)
    assert heard() == (False, False, False)
    with scoped(first.scope):
        actions.take_over(by=first, record=record)
    assert heard() == (False, False, False)  # from hand to hand is no alarm


def test_a_targets_passing_tells_the_supervisor(cast: Cast) -> None:
    """One clock from the release: a grade given late has less time left, not a fresh clock."""
    by = cast.officer("norfolk")
    armed(by)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    graded(by, record)
    run(now=timezone.now() + timedelta(minutes=59))
    assert "target" not in attempted()
    run(now=timezone.now() + timedelta(minutes=61))
    assert "target" in attempted()


def attempted() -> list[str]:
    """The clocks of every attempt, as the owner sees them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select kind from requests_attempt")
        return [kind for (kind,) in cursor.fetchall()]


def test_reading_stops_the_unread_clock(cast: Cast) -> None:
    """Only an officer's opening does."""
    by = cast.officer("norfolk")
    armed(by)
    record = a_record_with_everything(cast, "norfolk")
    opened(by, record)
    run(now=timezone.now() + timedelta(minutes=10))
    assert "unread" not in attempted()
