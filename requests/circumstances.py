"""What must not be overlooked about a record, from its plain columns: nothing that a person said."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from .enums import Left, Rung
from .models import CodewordRequest


def circumstances(record: CodewordRequest) -> list[str]:
    """Short marks for a row of the queue and the head of a record."""
    found = []
    if record.reported_mistake_at is not None:
        if (sure := record.made_sure_at) is not None and sure >= record.reported_mistake_at:
            found.append(_("reported as a mistake, made sure of %(time)s") % {"time": _at(sure)})
        else:
            found.append(_("reported as a mistake %(time)s: make sure") % {"time": _at(record.reported_mistake_at)})
    if record.alerted_at is not None and record.helps_id is None and record.rung in ("", Rung.NOT_YET):
        found.append(_("999 not yet rung"))
    elif record.rung not in ("", Rung.NOT_YET):
        found.append(_("999 rung"))
    if record.left_at is not None:
        found.append(
            _("left %(time)s: %(how)s") % {"time": _at(record.left_at), "how": Left(record.left_how).label.lower()}
        )
    if record.other_back_at is not None:
        found.append(_("the other person is back, %(time)s") % {"time": _at(record.other_back_at)})
    if record.restricted_at is not None:
        found.append(_("restricted"))
    if record.elsewhere:
        found.append(_("NOT at this pharmacy: at %(postcode)s, staff say") % {"postcode": record.elsewhere})
    if record.paper_serial and record.happened_at is not None:
        moment = timezone.localtime(record.happened_at)
        found.append(_("from paper, happened %(moment)s") % {"moment": moment.strftime("%d/%m %H:%M")})
    if record.one_of_many:
        found.append(_("one of many from this tablet within a minute"))
    return found


def _at(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")
