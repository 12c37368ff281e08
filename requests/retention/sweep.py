"""What must go: mistakes after ten seconds, what was abandoned after four hours, unreleased records at the day's end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor, Log
from ani_portal.live.notify import announce, force_topic

from ..actions import UNDO
from ..enums import Event, State, Wish

SWEEPER = Actor("process", "sweep")
ALIAS = "worker"
# A district is named on an information line only where this many pharmacies take part, so that a line points to none.
MANY = 5


@dataclass(frozen=True)
class Swept:
    """How many of each there were."""

    mistakes: int
    abandoned: int
    lines: int


def sweep(*, now: datetime) -> Swept:
    """Do what is due at `now`. A day's lines are written once that day is over here."""
    with using_role(ALIAS), scoped(Scope(Kind.WORKER)) as log:
        _wipe_names(now)
        return Swept(_forget_mistakes(now, log), _destroy_abandoned(now, log), _write_lines(now, log))


def _wipe_names(now: datetime) -> None:
    """A typed name whose turn nobody ended, and searches that no limit counts any more."""
    _run("update pharmacies_sitting set sealed_name = null where touched_at < %s", [now - timedelta(hours=12)])
    _run("delete from requests_phonesearch where at < %s", [now - timedelta(days=2)])


def _forget_mistakes(now: datetime, log: Log) -> int:
    gone = _ids(
        "select id from requests_codewordrequest where mistaken_at < %s and released_at is null for update skip locked",
        [now - UNDO],
    )
    for record in gone:
        _run("select ani.destroy_words(%s)", [record])
        _run("delete from requests_codewordrequest where id = %s and released_at is null", [record])
        log.note(Event.MISTAKE, by=SWEEPER, force=None)
    return len(gone)


def _destroy_abandoned(now: datetime, log: Log) -> int:
    """An entry that nobody finished and that released nothing: what was typed is destroyed, the count remains."""
    gone = _ids(
        "select r.id from requests_codewordrequest r join pharmacies_forcesettings s on s.force_id = r.force_id"
        " where r.state = %s and r.mistaken_at is null and r.started_at < %s - s.finish_unreleased_after"
        " for update of r skip locked",
        [State.DRAFT, now],
    )
    for record in gone:
        _run("select ani.destroy_words(%s)", [record])
        _run(
            "update requests_codewordrequest set state = %s, wish = case wish when '' then %s else wish end,"
            " finished_at = now() where id = %s",
            [State.SETTLED, Wish.COULD_NOT_ASK, record],
        )
        log.note(Event.DESTROYED, by=SWEEPER, force=None, on=("record", record))
    return len(gone)


def _write_lines(now: datetime, log: Log) -> int:
    """Turn the settled records of past days into lines without a key, a time or an order, and delete the records.

    All of a day at once, when its last unfinished entry is settled too (four hours after midnight): a line that
    came later than the others would tell when its person was at the pharmacy.
    """
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "delete from requests_codewordrequest r using pharmacies_pharmacy p"
            " left join pharmacies_district d on d.code = p.district_id"
            ", pharmacies_forcesettings s"
            " where r.state = %s and r.released_at is null and p.id = r.pharmacy_id and s.force_id = r.force_id"
            " and r.started_at < date_trunc('day', %s::timestamptz - s.finish_unreleased_after, 'Europe/London')"
            " returning r.force_id, (r.started_at at time zone 'Europe/London')::date, r.wish, r.is_drill,"
            " case when (select count(*) from pharmacies_pharmacy n where n.district_id = p.district_id"
            " and n.participation = 'on_board') >= %s then coalesce(d.name, '') else '' end",
            [State.SETTLED, now, MANY],
        )
        settled = cursor.fetchall()
        # In the order of their random ids, so that not even the place on disk tells who came first.
        for key, (force, day, wish, drill, district) in sorted((uuid4(), row) for row in settled):
            cursor.execute(
                "insert into requests_informationline (id, force_id, day, wanted, district_name, is_drill)"
                " values (%s, %s, %s, %s, %s, %s)",
                [key, force, day, wish or Wish.COULD_NOT_ASK, district, drill],
            )
    by_force: dict[int, int] = {}
    for force, *_rest in settled:
        by_force[force] = by_force.get(force, 0) + 1
    for force, count in by_force.items():
        log.note(Event.LINES, by=SWEEPER, force=force, count=count)
        announce(force_topic(force))
    return len(settled)


def _ids(query: str, values: list[Any]) -> list[UUID]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def _run(query: str, values: list[Any]) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(query, values)
