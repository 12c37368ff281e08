"""What happens to a pharmacy over time. Nothing of it moves an existing record: a record keeps the force it began with."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log
from pharmacies.enums import AuditEvent, ForceSource, Participation
from pharmacies.models import (
    Administrator,
    EnrolmentCode,
    Invitation,
    Organisation,
    Pharmacy,
    SiteCheckDone,
    StaffMember,
    Tablet,
)
from pharmacies.register.postcodes import look_up

from .force import start_settings

EDITABLE = ("name", "address", "postcode", "phone", "ods_code", "gphc_number")


def version_of(pharmacy: Pharmacy) -> str:
    """What a form was filled in on top of: equal as long as nobody else has changed the pharmacy."""
    values = [
        str(getattr(pharmacy, field.attname))
        for field in pharmacy._meta.concrete_fields
        if field.name not in ("proven_at", "facts_as_of")  # nobody edits these, and a drill loses nobody's edit
    ]
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:16]


def lock(pharmacy: Pharmacy, version: str) -> Pharmacy:
    """The row, locked, if it is still as the form's writer saw it; else a refusal that says so, and nothing is lost."""
    found = Pharmacy.objects.select_for_update(of=("self",), no_key=True).get(pk=pharmacy.pk)
    if version != version_of(found):
        raise Refused(
            "changed",
            _(
                "Somebody else changed this pharmacy while you were writing. Nothing of yours was saved: go back and look."
            ),
            status=409,
        )
    return found


def change_details(*, by: Principal, pharmacy: Pharmacy, version: str, values: dict[str, Any]) -> list[str]:
    """Rename, move, correct. A new postcode finds its place; the force stays until a person confirms another."""
    found = lock(pharmacy, version)
    changed = [name for name in EDITABLE if getattr(found, name) != values[name]]
    for name in changed:
        setattr(found, name, values[name])
    if "postcode" in changed:
        place = look_up([found.postcode]).get(found.postcode)
        found.district_id = place.district_code if place else None
        found.easting, found.northing = (place.easting, place.northing) if place else (None, None)
        changed += ["district_id", "easting", "northing"]
    if changed:
        found.facts_as_of = timezone.localdate()  # an older list does not take it back
        found.save(update_fields=["facts_as_of", *(name.removesuffix("_id") for name in changed)])
        note(by, found, AuditEvent.PHARMACY_CHANGED, fields=",".join(changed))
    return changed


def add_site(*, by: Principal, values: dict[str, Any]) -> Pharmacy | None:
    """A pharmacy that no register lists, in one's own force's area; None where its postcode lies in another's."""
    place = look_up([values["postcode"]]).get(values["postcode"])
    if place and place.force_id not in (None, by.force_id):
        return None
    made = Pharmacy(force_id=by.force_id, force_source=ForceSource.PERSON, facts_as_of=timezone.localdate(), **values)
    if place:
        made.district_id, made.easting, made.northing = place.district_code, place.easting, place.northing
    made.save(force_insert=True)
    note(by, made, AuditEvent.PHARMACY_ADDED)
    return made


def confirm_force(*, by: Principal, pharmacy: Pharmacy, version: str) -> None:
    """A person says that this pharmacy lies in their own force's area, where its postcode does not decide."""
    found = lock(pharmacy, version)
    if found.force_id not in (None, by.force_id):
        raise Refused("force", _("Another force has it."), status=409)
    found.force_id, found.force_source = by.force_id, ForceSource.PERSON
    found.save(update_fields=["force", "force_source"])
    note(by, found, AuditEvent.FORCE_CONFIRMED)


def bring_on_board(*, by: Principal, pharmacies: Iterable[Pharmacy]) -> int:
    """Let them take part from now on; how many did not before."""
    start_settings(by=by)  # a tablet needs its force's words and limits
    count = 0
    for pharmacy in Pharmacy.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[one.pk for one in pharmacies], force_id=by.force_id, site_status="open"
    ):
        if pharmacy.participation != Participation.ON_BOARD:
            _participate(by, pharmacy, Participation.ON_BOARD)
            count += 1
    return count


def suspend(*, by: Principal, pharmacy: Pharmacy, version: str) -> None:
    """Stop its tablets taking records, without ending anybody's part. Open records stay with their force."""
    _participate(by, lock(pharmacy, version), Participation.SUSPENDED)


def resume(*, by: Principal, pharmacy: Pharmacy, version: str) -> None:
    """Let it take part again."""
    _participate(by, lock(pharmacy, version), Participation.ON_BOARD)


def _participate(by: Principal, pharmacy: Pharmacy, participation: Participation) -> None:
    pharmacy.participation = participation
    pharmacy.save(update_fields=["participation"])
    note(
        by,
        pharmacy,
        AuditEvent.JOINED if participation == "on_board" else AuditEvent.PHARMACY_CHANGED,
        now=participation,
    )


def change_owner(*, by: Principal, pharmacy: Pharmacy, version: str, owner: Organisation) -> None:
    """A new owner: every earlier access ends at once, tablets, staff, administrators, codes and invitations."""
    found = lock(pharmacy, version)
    now = timezone.now()
    Tablet.objects.filter(pharmacy=found, revoked_at__isnull=True).update(revoked_at=now)
    EnrolmentCode.objects.filter(pharmacy=found, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    StaffMember.objects.filter(pharmacy=found).current().update(ended_at=now)
    Administrator.objects.filter(pharmacy=found).current().update(ended_at=now)
    Invitation.objects.filter(pharmacy=found, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=now)
    found.organisation = owner
    found.save(update_fields=["organisation"])
    note(by, found, AuditEvent.OWNER_CHANGED, owner=owner.ods_code)


def tick(*, by: Principal, pharmacy: Pharmacy, item: str, done: bool) -> None:
    """Say that an item of the pharmacy's checklist is done, or is not."""
    if done:
        SiteCheckDone.objects.get_or_create(pharmacy=pharmacy, item=item, defaults={"done_by": by.actor.id})
    else:
        SiteCheckDone.objects.filter(pharmacy=pharmacy, item=item).delete()
    note(by, pharmacy, AuditEvent.CHECKED if done else AuditEvent.UNCHECKED, item=item)


def note(by: Principal, pharmacy: Pharmacy, event: str, **detail: str | int | bool | None) -> None:
    """A row in the chain of the pharmacy's force."""
    current_log().note(event, by=by.actor, force=pharmacy.force_id, on=("pharmacy", pharmacy.pk), **detail)


def owner_by_code(code: str) -> Organisation | None:
    """The owner with this code in the official register."""
    return Organisation.objects.filter(ods_code=code.strip().upper()).first()
