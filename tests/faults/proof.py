"""What tablets and officers were told, and the proof that it is so: there, once, readable, in the right force, logged."""

from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.audit.verify import verify
from ani_portal.sealing.seal import seal_of
from requests.models import Entry


@dataclass
class Told:
    """Promises made."""

    tried: set[str] = field(default_factory=set)  # keys of alerts
    accepted: dict[str, str] = field(default_factory=dict)  # those that a tablet was told are received: their force
    claimed: set[str] = field(default_factory=set)  # records that an officer was told they hold
    closed: set[str] = field(default_factory=set)  # records that an officer was told are closed
    noted: dict[str, tuple[str, str]] = field(default_factory=dict)  # keys of notes: their record and text

    def check(self, superuser: str) -> int:
        """Every promise, exactly once; nothing that nobody sent; each with its row of a log that verifies. Its rows."""
        with psycopg.connect(superuser) as owner:
            self._check_alerts(owner)
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
        self._check_notes()
        connections["verify"].close()
        found = verify("verify")
        assert found.broken == []
        assert found.rows >= len(self.accepted)
        return found.rows

    def _check_alerts(self, owner: "psycopg.Connection") -> None:
        rows = owner.execute(
            "select r.key::text, lower(f.short_name), count(*), bool_and(r.alerted_at is not null), max(lower(o.short_name))"
            " from requests_codewordrequest r join pharmacies_policeforce f on f.id = r.force_id"
            " join pharmacies_policeforce o on o.id = r.origin_force_id group by 1, 2"
        ).fetchall()
        there = {key: (force, count, alerted, origin) for key, force, count, alerted, origin in rows}
        lost = [key for key in self.accepted if key not in there]
        assert lost == [], f"{len(lost)} of {len(self.accepted)} accepted alerts are lost"
        assert [key for key, force in self.accepted.items() if there[key] != (force, 1, True, force)] == []
        assert set(there) <= self.tried, "there is a record that nobody sent"
        unlogged = owner.execute(
            "select count(*) from requests_codewordrequest r where (select count(*) from audit_auditentry a"
            " where a.object_id = r.id::text and a.event = 'record.alerted') <> 1"
        ).fetchone()
        assert unlogged == (0,)

    def _check_notes(self) -> None:
        """Each note is there once, in its record, and opens to what was typed."""
        connections["owner"].close()
        with using_role("owner"):
            found: dict[str, list[Entry]] = {}
            for entry in Entry.objects.filter(kind="note").order_by("at"):
                found.setdefault(str(entry.key), []).append(entry)
            for key, (record, text) in self.noted.items():
                (entry,) = found[key]
                assert str(entry.record_id) == record
                opened = seal_of(UUID(record)).open(bytes(entry.sealed), field=entry.field)
                assert opened["text"] == text
