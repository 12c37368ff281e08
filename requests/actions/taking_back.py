"""Words typed into the wrong record: taken back within five minutes by who typed them; afterwards only corrected."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal

from ..enums import EntryKind, Event
from ..models import CodewordRequest
from .shared import NotPossible, call, note_both, tell


@dataclass(frozen=True)
class JustTyped:
    """An entry that may still be taken back: its id, kind and time, never its words."""

    id: UUID
    kind: EntryKind
    at: datetime

    @property
    def label(self) -> str:
        """What kind of entry it is, for people."""
        return str(self.kind.label)


def just_typed(*, by: Principal, record: CodewordRequest) -> list[JustTyped]:
    """What this turn at the tablet typed into the record within the last five minutes, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("select entry, kind, at from ani.just_typed(%s)", [record.pk])
        return [JustTyped(entry, EntryKind(kind), at) for entry, kind, at in cursor.fetchall()]


def take_back(*, by: Principal, record: CodewordRequest, entry: UUID) -> None:
    """Destroy the content of an entry that was typed into the wrong record. Police may have read it: they are told."""
    if call("take_back", entry) != record.pk:
        raise NotPossible(_("That can no longer be taken back. Add a correction instead: it stands below the first."))
    note_both(Event.TAKEN_BACK, record, by, entry=entry)
    tell(record)
