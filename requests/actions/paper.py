"""Paper forms: printed with a serial number, keyed in within a day, shredded."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log

from ..enums import Danger, Event
from ..models import CodewordRequest, PaperForm
from ..references import new_reference
from .counter import Start, start_record
from .shared import NotPossible


def print_form(*, by: Principal, key: UUID) -> PaperForm:
    """A form with the next serial number of its own; the same `key` again is the same form."""
    while True:
        if known := PaperForm.objects.filter(key=key).first():
            return known
        try:
            with transaction.atomic():
                form = PaperForm.objects.create(pharmacy_id=by.pharmacy_id, serial=f"P-{new_reference()}", key=key)
        except IntegrityError:
            continue
        current_log().note(Event.PAPER_MADE, by=by.actor, force=by.force_id, on=("paper", form.serial))
        return form


def key_in(*, by: Principal, key: UUID, serial: str, happened_at: datetime, drill: bool = False) -> CodewordRequest:
    """A record from a paper form: when it happened is kept apart from when it is recorded. Never danger now."""
    form = PaperForm.objects.select_for_update(no_key=True).filter(serial=serial).first()
    if form is None:
        raise NotPossible(_("No form of this pharmacy has that serial number. Look at its top right corner."))
    start = Start(drill=drill, paper_serial=form.serial, happened_at=happened_at)
    if form.returned_at is not None:
        if known := CodewordRequest.objects.filter(tablet_id=by.tablet_id, key=key).first():
            return known
        raise NotPossible(_("That form was keyed in before, or shredded."))
    record = start_record(by=by, key=key, danger=Danger.NOT_SURE, start=start)
    give_back(by=by, form=form)
    return record


def give_back(*, by: Principal, form: PaperForm) -> None:
    """The form is back: keyed in, or shredded unused. Which of the two is nowhere to be seen."""
    if form.returned_at is None:
        form.returned_at = timezone.now()
        form.save(update_fields=["returned_at"])
        current_log().note(Event.PAPER_BACK, by=by.actor, force=by.force_id, on=("paper", form.serial))
