"""Opening restricted words without being named for them: possible, never quietly."""

from uuid import UUID, uuid4

from ani_portal.access.principals import Principal

from ..enums import EntryKind, Event
from ..models import CodewordRequest, GlassBroken
from .counter import add_entry
from .phones import remember_again
from .shared import locked, note, tell


def break_glass(*, by: Principal, record: CodewordRequest, reason: str) -> None:
    """Open the restricted words of `record` to `by` for an hour; the reason is sealed with them, the desk is told.

    Gone if it left one's sight meanwhile.
    """
    record = locked(record)
    GlassBroken.objects.create(record=record, force_id=record.force_id, officer_id=UUID(by.actor.id))
    note(Event.GLASS_BROKEN, record, by)
    add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.NOTE, value={"text": reason})
    if record.helps_id is not None or record.force_id != record.origin_force_id:
        remember_again(by=by, record=record)
    tell(record)
