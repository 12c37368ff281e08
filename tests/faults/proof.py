"""What tablets and officers were told, and the proof that it is so: there, once, readable, in the right force, logged."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID, uuid5

import psycopg
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.audit.verify import verify
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import seal_of
from requests.enums import EntryKind
from requests.models import Entry

# By this the tablet's page knows the alarm's answer, and puts its line where the button was (templates/counter/sent.html).
RECEIVED = "data-sent"
_RECORD = re.compile(r'name="record" value="([0-9a-f-]{36})"')


class Shown(NamedTuple):
    """What came back for an alert: the record that the page would show as received, or nothing."""

    key: str
    status: int
    record: str | None


class Said(NamedTuple):
    """Words that a tablet was told are kept: the screen's key, what the person said, what staff saw."""

    key: str
    own_words: str
    observed: str


@dataclass
class Told:
    """Promises made."""

    tried: dict[str, str] = field(default_factory=dict)  # keys of alerts: the tablet's force
    accepted: dict[str, str] = field(default_factory=dict)  # those that a tablet was told are received: their force
    shown: list[Shown] = field(default_factory=list)  # every answer to an alert that came whole
    said: dict[str, Said] = field(default_factory=dict)  # by the record
    claimed: set[str] = field(default_factory=set)  # records that an officer was told they hold
    closed: set[str] = field(default_factory=set)  # records that an officer was told are closed
    noted: dict[str, tuple[str, str]] = field(default_factory=dict)  # keys of notes: their record and text

    def heard(self, key: str, status: int, body: str) -> str | None:
        """An answer to the alert `key`, whatever it was; the record in it, if the tablet would show it as received."""
        record = None
        if RECEIVED in body:
            found = _RECORD.search(body)
            record = found[1] if found else ""
        self.shown.append(Shown(key, status, record))
        if status == 200:
            self.accepted[key] = self.tried[key]
        return record

    def check(self, superuser: str) -> int:
        """Every promise, exactly once; nothing that nobody sent; each with its row of a log that verifies. Its rows."""
        with psycopg.connect(superuser) as owner:
            self._check_alerts(owner)
            self._check_shown(owner)
            held = {
                record
                for (record,) in owner.execute(
                    "select id::text from requests_codewordrequest where claimed_by_id is not null"
                    # What ended since then ended by a rule, and the log says by which.
                    " union select object_id from audit_auditentry where event in ('record.claim_lapsed', 'record.closed')"
                )
            }
            shut = {
                record
                for (record,) in owner.execute("select id::text from requests_codewordrequest where state = 'closed'")
            }
            assert self.closed <= shut, "an officer was told of a closing that is not there"
            assert self.claimed <= held, "an officer was told of a claim that is not there"
        connections["owner"].close()
        with using_role("owner"):
            self._check_notes()
            self._check_words()
        connections["verify"].close()
        found = verify("verify")
        assert found.broken == [], f"the log is broken: {found.broken}"
        assert found.rows >= len(self.accepted), "the log is too short"
        return found.rows

    def _check_alerts(self, owner: "psycopg.Connection") -> None:
        # By the key alone: the database lets another tablet, of whichever force, use the same one.
        rows = owner.execute(
            "select r.key::text, array_agg(lower(f.short_name)), array_agg(lower(o.short_name)),"
            " bool_and(r.alerted_at is not null)"
            " from requests_codewordrequest r join pharmacies_policeforce f on f.id = r.force_id"
            " join pharmacies_policeforce o on o.id = r.origin_force_id group by r.key"
        ).fetchall()
        there = {key: (forces, origins, alerted) for key, forces, origins, alerted in rows}
        lost = [key for key in self.accepted if key not in there]
        assert lost == [], f"{len(lost)} of {len(self.accepted)} accepted alerts are lost"
        assert set(there) <= set(self.tried), "there is a record that nobody sent"
        twice = [key for key, (forces, _origins, _alerted) in there.items() if len(forces) != 1]
        assert twice == [], f"{len(twice)} alerts are there more than once"
        wrong = [key for key, (forces, origins, _alerted) in there.items() if {*forces, *origins} != {self.tried[key]}]
        assert wrong == [], f"{len(wrong)} alerts are in a wrong force"
        assert all(alerted for _forces, _origins, alerted in there.values()), "a record is no alert"
        unlogged = owner.execute(
            "select count(*) from requests_codewordrequest r where (select count(*) from audit_auditentry a"
            " where a.object_id = r.id::text and a.event = 'record.alerted') <> 1"
        ).fetchone()
        assert unlogged == (0,), "an alert is not in the log, or twice"

    def _check_shown(self, owner: "psycopg.Connection") -> None:
        """A tablet shows an alert as received if and only if it was accepted, and the record it was given is there."""
        there: dict[str, str] = dict(
            owner.execute("select id::text, key::text from requests_codewordrequest").fetchall()
        )
        untrue = [one for one in self.shown if (one.record is not None) != (one.status == 200)]
        untrue += [one for one in self.shown if one.record is not None and there.get(one.record) != one.key]
        assert untrue == [], f"{len(untrue)} answers show what is not so: {untrue[:3]}"

    def _check_notes(self) -> None:
        """Each note is there once, in its record, and opens to what was typed."""
        found: dict[str, list[Entry]] = {}
        for entry in Entry.objects.filter(kind=EntryKind.NOTE):
            found.setdefault(str(entry.key), []).append(entry)
        for key, (record, text) in self.noted.items():
            some = found.get(key, [])
            assert [str(entry.record_id) for entry in some] == [record], "a note is not there once, in its record"
            assert _text(some[0]) == text, "a note opens to something else"

    def _check_words(self) -> None:
        """A record's words are there once, each kind apart, and open to what was typed."""
        for kind in (EntryKind.OWN_WORDS, EntryKind.OBSERVED):
            found: dict[str, list[Entry]] = {}
            for entry in Entry.objects.filter(kind=kind):
                found.setdefault(str(entry.record_id), []).append(entry)
            for record, said in self.said.items():
                some = found.get(record, [])
                assert [entry.key for entry in some] == [uuid5(UUID(said.key), kind)], "words are not there once"
                assert _text(some[0]) == getattr(said, kind), "words open to something else"


def _text(entry: Entry) -> str:
    """What an entry opens to."""
    try:
        return str(seal_of(entry.record_id).open(bytes(entry.sealed), field=entry.field)["text"])
    except SealBroken as broken:
        raise AssertionError(f"an entry cannot be read: {broken}") from broken
