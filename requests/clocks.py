"""What the worker does when a clock runs out: claims lapse, offers come back, supervisors and the duty contact are told.

Overdue itself is computed on reading (attention.py): if this never ran, the queue would show the same. One clock per
record, from its release, day and night, never paused and never reset. Safe to run twice, and to miss for a while.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Log
from ani_portal.live.notify import announce, force_topic, tablet_topic
from pharmacies.models import ForceSettings

from .enums import Clockwork, Event, NoticeKind, State
from .telling import ALIAS, CLOCKS, Alarm, tell
from .watch import settle, should_be_watched

TOGETHER = 200  # alarms told of in one transaction


def run(*, now: datetime) -> int:
    """Do what is due at `now`; how many attempts to reach somebody were newly made. They are sent by mail.py.

    Many short transactions: with thousands of records waiting, nobody may wait for one that tells of all of them.
    """
    with _as_worker() as log:
        # What ended here is not found again: its alarms are in the same transaction.
        made = tell(_lapse_claims(now, log) + _time_out_offers(now, log), now, log)
    with _as_worker():
        settings = list(ForceSettings.objects.filter(force__active=True).order_by("force_id"))
    for one in settings:
        with _as_worker() as log:
            _settle(one.force_id, log)
    with _as_worker():
        alarms = [alarm for one in settings for alarm in _watch(one, now)] + _unread(now) + _targets(now)
    for start in range(0, len(alarms), TOGETHER):
        with _as_worker() as log:
            made += tell(alarms[start : start + TOGETHER], now, log)
    return made


@contextmanager
def _as_worker() -> Iterator[Log]:
    with using_role(ALIAS), scoped(Scope(Kind.WORKER)) as log:
        yield log


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def _lapse_claims(now: datetime, log: Log) -> list[Alarm]:
    found = _rows(
        "select r.id, r.force_id, r.pharmacy_id, r.claimed_by_id, r.claimed_at from requests_codewordrequest r"
        " join pharmacies_forcesettings s on s.force_id = r.force_id"
        " left join pharmacies_officer o on o.id = r.claimed_by_id"
        " where r.state = %s and (o.ended_at <= %s or %s > case when r.acted_at is null or r.acted_at <= r.claimed_at"
        " then r.claimed_at + s.claim_limit else r.acted_at + greatest(s.hold_limit, s.claim_limit) end)"
        " for no key update of r skip locked",
        State.CLAIMED,
        now,
        now,
    )
    alarms = []
    for record, force, pharmacy, officer, claimed_at in found:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "update requests_codewordrequest set state = %s, claimed_at = null, claimed_by_id = null, acted_at = %s"
                " where id = %s",
                [State.READ, now, record],
            )
        log.note(Event.LAPSED, by=CLOCKS, force=force, on=("record", record))
        _notice(record, force, officer, NoticeKind.LAPSED, now)
        announce(force_topic(force), tablet_topic(pharmacy))
        alarms.append(Alarm(Clockwork.LAPSED, force, record, claimed_at.isoformat()))
    return alarms


def _time_out_offers(now: datetime, log: Log) -> list[Alarm]:
    alarms = []
    for offer, record, sender, receiver, officer in _rows("select * from ani.time_out_offers()"):
        for force in (sender, receiver):
            log.note(Event.OFFER_ENDED, by=CLOCKS, force=force, on=("record", record), how="timed_out")
        _notice(record, sender, officer, NoticeKind.TIMED_OUT, now)
        announce(force_topic(sender), force_topic(receiver))
        alarms.append(Alarm(Clockwork.OFFER, sender, record, str(offer)))
    return alarms


def _notice(record: UUID, force: int, officer: UUID, kind: NoticeKind, now: datetime) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "insert into requests_notice (id, record_id, force_id, at, officer_id, kind) values (%s, %s, %s, %s, %s, %s)",
            [uuid4(), record, force, now, officer, kind],
        )


def _settle(force: int, log: Log) -> None:
    """Notice that nobody watches any more, or somebody again. Officers settle the same row: it is held for a moment only."""
    became = settle(force)
    if became != "same":
        log.note(Event.WATCHED if became == "watched" else Event.UNWATCHED, by=CLOCKS, force=force)


def _watch(settings: ForceSettings, now: datetime) -> list[Alarm]:
    """Whenever nobody watches: that somebody should, and that something waits."""
    force = settings.force_id
    ((watched, since),) = _rows("select watched, since from requests_deskstate where force_id = %s", force)
    if watched:
        return []
    alarms = []
    if should_be_watched(settings, now):
        alarms.append(Alarm(Clockwork.UNWATCHED, force, None, since.isoformat(), duty=True))
    waiting = _rows(
        "select id from requests_codewordrequest where force_id = %s and state = %s and released_at is not null",
        force,
        State.WAITING,
    )
    alarms += [Alarm(Clockwork.NEW, force, record, since.isoformat(), duty=True) for (record,) in waiting]
    return alarms


def _unread(now: datetime) -> list[Alarm]:
    """Not read within the force's limit: told once in each further limit."""
    found = _rows(
        "select r.id, r.force_id, floor(extract(epoch from %s - r.released_at) / extract(epoch from s.unread_limit))::int"
        " from requests_codewordrequest r join pharmacies_forcesettings s on s.force_id = r.force_id"
        " where r.state = %s and r.released_at < %s - s.unread_limit",
        now,
        State.WAITING,
        now,
    )
    return [Alarm(Clockwork.UNREAD, force, record, str(turn), duty=True) for record, force, turn in found]


def _targets(now: datetime) -> list[Alarm]:
    """The last grade's target has passed and no officers were sent."""
    found = _rows(
        "select r.id, r.force_id, a.id, floor(extract(epoch from %s - r.released_at) / extract(epoch from a.target))::int"
        " from requests_codewordrequest r join lateral (select id, target from requests_assessment"
        " where record_id = r.id order by at desc limit 1) a on true"
        " where r.state in ('read', 'claimed') and a.target > interval '0' and r.released_at + a.target < %s"
        " and not exists (select from requests_policestep p where p.record_id = r.id and p.kind = 'officers_sent')",
        now,
        now,
    )
    return [Alarm(Clockwork.TARGET, force, record, f"{grade}:{turn}") for record, force, grade, turn in found]
