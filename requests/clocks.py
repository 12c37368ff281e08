"""What the worker does when a clock runs out: claims lapse, offers come back, supervisors and the duty contact are told.

Overdue itself is computed on reading (attention.py): if this never ran, the queue would show the same. One clock per
record, from its release, day and night, never paused and never reset. Safe to run twice, and to miss for a while.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor, Log
from ani_portal.live.notify import announce, force_topic, tablet_topic
from pharmacies.models import ForceSettings

from .enums import AttemptState, Clockwork, Event, NoticeKind, Reach, State
from .watch import settle, should_be_watched

CLOCKS = Actor("process", "clocks")
ALIAS = "worker"


@dataclass(frozen=True)
class Alarm:
    """A clock that ran out: which, of what, for which time."""

    kind: Clockwork
    force: int
    record: UUID | None
    turn: str
    duty: bool = False  # the duty contact is told too


def run(*, now: datetime) -> int:
    """Do what is due at `now`; how many attempts to reach somebody were newly made. They are sent by mail.py."""
    with using_role(ALIAS), scoped(Scope(Kind.WORKER)) as log:
        alarms = _lapse_claims(now, log) + _time_out_offers(now, log)
        for settings in ForceSettings.objects.filter(force__active=True).order_by("force_id"):
            alarms += _watch(settings, now, log)
        alarms += _unread(now) + _targets(now)
        return sum(_raise(alarm, now, log) for alarm in alarms)


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
        " for update of r skip locked",
        State.CLAIMED,
        now,
        now,
    )
    alarms = []
    for record, force, pharmacy, officer, claimed_at in found:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "update requests_codewordrequest set state = %s, claimed_at = null, claimed_by_id = null where id = %s",
                [State.READ, record],
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


def _watch(settings: ForceSettings, now: datetime, log: Log) -> list[Alarm]:
    """Notice that nobody watches any more; and, whenever nobody does, that something waits."""
    force = settings.force_id
    became = settle(force)
    if became != "same":
        log.note(Event.WATCHED if became == "watched" else Event.UNWATCHED, by=CLOCKS, force=force)
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


def _raise(alarm: Alarm, now: datetime, log: Log) -> int:
    """Make the attempts of an alarm: each supervisor on screen and by mail, and the duty contact; each once."""
    people: list[tuple[Reach, UUID | None]] = [
        (channel, officer)
        for (officer,) in _rows(
            "select id from pharmacies_officer where force_id = %s and role = 'supervisor'"
            " and (ended_at is null or ended_at > %s)",
            alarm.force,
            now,
        )
        for channel in (Reach.SCREEN, Reach.MAIL)
    ]
    if alarm.duty:
        people.append((Reach.MAIL, None))
    made = 0
    for channel, officer in people:
        key = ":".join((alarm.kind, str(alarm.record or ""), alarm.turn, channel, str(officer or "duty")))[:120]
        state = AttemptState.SENT if channel == Reach.SCREEN else AttemptState.DUE
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "insert into requests_attempt (id, force_id, record_id, kind, key, channel, officer_id, state, problem, at)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, '', %s) on conflict do nothing",
                [uuid4(), alarm.force, alarm.record, alarm.kind, key, channel, officer, state, now],
            )
            made += cursor.rowcount
    if made:
        on = ("record", alarm.record) if alarm.record else ("", "")
        log.note(Event.ESCALATED, by=CLOCKS, force=alarm.force, on=on, clock=str(alarm.kind), attempts=made)
        announce(force_topic(alarm.force))
    return made
