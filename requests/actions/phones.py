"""Phone numbers: remembered as keyed fingerprints, so that a number can be looked for and none can be read.

The number itself stands only in the sealed entry (SAFE_CONTACT) that was typed.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.models import PhoneMark
from ani_portal.sealing.phones import fingerprint
from ani_portal.sealing.seal import seal_of

from ..enums import EntryKind, Event
from ..models import CodewordRequest, Entry, PhoneSearch
from .shared import NotPossible, note_found

# Enough for a call that comes in, far too few to try numbers out: there are a thousand million mobile numbers.
SEARCHES = 10
SEARCHES_WITHIN = timedelta(minutes=10)
SEARCHES_OF_FORCE = 200
SEARCHES_OF_FORCE_WITHIN = timedelta(days=1)


def remember_phone(*, by: Principal, record: CodewordRequest, number: str) -> bool:
    """Keep the fingerprint of a number that was given; whether it was a phone number. Call it beside `add_entry`.

    Under the key of the force that `by` acts for. Nothing is logged: the entry that holds the number is.
    """
    mark = fingerprint(by.force_id, number)
    if mark is None:
        return False
    PhoneMark.objects.bulk_create(
        [PhoneMark(record_id=record.pk, force_id=by.force_id, mark=mark)], ignore_conflicts=True
    )
    return True


def remember_again(*, by: Principal, record: CodewordRequest) -> None:
    """After a record passed to this officer's force: fingerprints under its key, so that a number is found here too.

    Only of what this officer may read. Restricted words wait for the first officer who may: it is called again then.
    """
    if PhoneMark.objects.filter(record_id=record.pk).exists():
        return
    given = Entry.objects.filter(record=record, kind=EntryKind.SAFE_CONTACT, taken_back_at__isnull=True)
    for entry in given.order_by("at"):
        try:
            value = seal_of(record.pk).open(bytes(entry.sealed), field=entry.field)
        except SealBroken:
            continue  # the record's page shows and logs that
        if value.get("number"):
            remember_phone(by=by, record=record, number=value["number"])


def records_with_phone(*, by: Principal, number: str) -> list[UUID]:
    """The records of this officer's force in which the number was given. Logged and limited; NotPossible past it."""
    now = timezone.now()
    searches = PhoneSearch.objects.filter(force_id=by.force_id)
    of_officer = searches.filter(officer_id=by.actor.id, at__gt=now - SEARCHES_WITHIN).count()
    of_force = searches.filter(at__gt=now - SEARCHES_OF_FORCE_WITHIN).count()
    if of_officer >= SEARCHES or of_force >= SEARCHES_OF_FORCE:
        raise NotPossible(_("That is the most searches for now. Wait ten minutes, then look again."))
    mark = fingerprint(by.force_id, number)
    if mark is None:
        raise NotPossible(_("That is not a phone number. Type it with its area code, such as 01632 960 001."))
    PhoneSearch.objects.create(force_id=by.force_id, officer_id=UUID(by.actor.id))
    found = list(PhoneMark.objects.filter(force_id=by.force_id, mark=mark).values_list("record_id", flat=True))
    current_log().note(Event.SEARCHED, by=by.actor, force=by.force_id, what="phone", found=len(found))
    note_found(by=by, records=found)
    return found
