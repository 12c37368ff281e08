"""Lines from police to the tablet."""

from uuid import UUID

from ani_portal.access.principals import Principal
from pharmacies.models import CannedLine

from ..enums import Event, State
from ..models import CodewordRequest, Message
from .shared import acted, check_still_there, locked, note, tell


def send_line(*, by: Principal, record: CodewordRequest, line: CannedLine) -> Message:
    """Send one of the force's ready-made lines to the tablet. Refused once nobody there would see it."""
    record = locked(record)
    check_still_there(record)
    message = Message.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), text=line.text
    )
    note(Event.LINE_SENT, record, by, line=line.code)
    if record.state == State.CLAIMED and str(record.claimed_by_id) == by.actor.id:
        acted(record)
    tell(record)
    return message
