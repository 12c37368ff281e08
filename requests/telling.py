"""Alarms of the clocks, turned into attempts to reach somebody: each person and channel once for each alarm."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from ani_portal.audit.log import Actor, Log
from ani_portal.live.notify import announce, force_topic

from .enums import AttemptState, Clockwork, Event, Reach

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

    def key(self, channel: Reach, officer: UUID | None) -> str:
        """What makes an attempt the same as one made before."""
        return ":".join((self.kind, str(self.record or ""), self.turn, channel, str(officer or "duty")))[:120]


def tell(alarms: Sequence[Alarm], now: datetime, log: Log) -> int:
    """Make the attempts: each supervisor on screen and by mail, and the duty contact; how many are new. One statement."""
    if not alarms:
        return 0
    supervisors = _supervisors({alarm.force for alarm in alarms}, now)
    rows: dict[tuple[int, str], tuple[Alarm, Reach, UUID | None]] = {}
    for alarm in alarms:
        people: list[tuple[Reach, UUID | None]] = [
            (channel, officer) for officer in supervisors.get(alarm.force, []) for channel in (Reach.SCREEN, Reach.MAIL)
        ]
        if alarm.duty:
            people.append((Reach.MAIL, None))
        for channel, officer in people:
            rows[alarm.force, alarm.key(channel, officer)] = (alarm, channel, officer)
    made = Counter(rows[force, key][0] for force, key in _insert(rows, now))
    for alarm, attempts in made.items():
        on = ("record", alarm.record) if alarm.record else ("", "")
        log.note(Event.ESCALATED, by=CLOCKS, force=alarm.force, on=on, clock=str(alarm.kind), attempts=attempts)
    for force in sorted({alarm.force for alarm in made}):
        announce(force_topic(force))
    return sum(made.values())


def _supervisors(forces: set[int], now: datetime) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = {}
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select force_id, id from pharmacies_officer where force_id = any(%s) and role = 'supervisor'"
            " and (ended_at is null or ended_at > %s)",
            [sorted(forces), now],
        )
        for force, officer in cursor.fetchall():
            found.setdefault(force, []).append(officer)
    return found


def _insert(rows: dict[tuple[int, str], tuple[Alarm, Reach, UUID | None]], now: datetime) -> list[tuple[int, str]]:
    """The force and key of each attempt that was not there yet."""
    columns: list[Any] = [
        [uuid4() for _row in rows],
        [force for force, _key in rows],
        [key for _force, key in rows],
        [alarm.record for alarm, _channel, _officer in rows.values()],
        [str(alarm.kind) for alarm, _channel, _officer in rows.values()],
        [str(channel) for _alarm, channel, _officer in rows.values()],
        [officer for _alarm, _channel, officer in rows.values()],
        [str(AttemptState.SENT if channel == Reach.SCREEN else AttemptState.DUE) for _a, channel, _o in rows.values()],
    ]
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "insert into requests_attempt (id, force_id, key, record_id, kind, channel, officer_id, state, problem, at)"
            " select id, force, key, record, kind, channel, officer, state, '', %s from unnest(%s::uuid[], %s::bigint[],"
            " %s::text[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[])"
            " made (id, force, key, record, kind, channel, officer, state)"
            " on conflict do nothing returning force_id, key",
            [now, *columns],
        )
        return [(force, key) for force, key in cursor.fetchall()]
