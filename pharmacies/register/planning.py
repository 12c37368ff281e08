"""Rows of a register → a Plan. Pure: looks nothing up, writes nothing.

The import speaks for the register and for nobody else. It never touches participation, people or roles, and once a
pharmacy takes part it leaves force and telephone number to its people, and lists what differs.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pharmacies.enums import SiteStatus
from pharmacies.models import Organisation, Pharmacy

from .age import is_older
from .casing import readable
from .facts import Facts, Unusable, facts
from .layouts import Entry, Kind, Layout, Status
from .plan import Known, Outcome, Plan, PlannedRow
from .settling import Doubt, Settled, settle, takes_part

# What goes with a postcode: an older list that has another one fills none of it.
_OF_THE_PLACE = {"force_id", "force_source", "district_id", "easting", "northing"}


def make_plan(
    layout: Layout,
    entries: Iterable[Entry],
    known: Known,
    *,
    offices: Mapping[str, str] | None = None,
    as_of: date | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Plan:
    """What to do with each entry, given what is known. `offices` names head offices by code; `as_of`: the list's day.

    `progress` hears now and then how many entries are done.
    """
    entries = list(entries)
    plan = Plan(layout.name, as_of, organisations=_renamed(known.organisations, offices or {}))
    rows_of_code: dict[str, list[int]] = {}
    for entry in entries:
        rows_of_code.setdefault(entry.ods_code, []).append(entry.row)
    for done, entry in enumerate(entries):
        if done % 1000 == 0:
            progress(done)
        try:
            if not entry.fault:
                _check_once(entry, rows_of_code[entry.ods_code])
            row = _planned(entry, layout, known, plan, offices or {})
            before = known.pharmacies.get(entry.ods_code)
            row.known_part = before.force_id if before and takes_part(before) else None
            plan.rows.append(row)
        except Unusable as why:
            plan.rows.append(_not_taken(entry, why))
    if layout.official:
        plan.missing = sorted(known.pharmacies.keys() - rows_of_code.keys())
    return plan


def _renamed(organisations: Mapping[str, Organisation], offices: Mapping[str, str]) -> dict[str, Organisation]:
    renamed = {}
    for code, organisation in organisations.items():
        if (name := offices.get(code)) and name != organisation.name:
            renamed[code] = copy.copy(organisation)
            renamed[code].name = name
    return renamed


def _check_once(entry: Entry, rows: list[int]) -> None:
    if len(rows) > 1 and entry.ods_code:
        raise Unusable(
            _("The same code more than once"),
            _("The code %(code)s stands in rows %(rows)s. None of them was taken: only one can be right.")
            % {"code": entry.ods_code, "rows": ", ".join(str(row) for row in rows)},
            refused=True,
        )


def _not_taken(entry: Entry, why: Unusable) -> PlannedRow:
    outcome = Outcome.REFUSED if why.refused else Outcome.LEFT_OUT
    name = readable(entry.name)
    return PlannedRow(entry.row, entry.ods_code, name, entry.postcode, outcome, why.heading, why.reason)


def _planned(entry: Entry, layout: Layout, known: Known, plan: Plan, offices: Mapping[str, str]) -> PlannedRow:
    before = known.pharmacies.get(entry.ods_code)
    if before and entry.kind is Kind.PHARMACY and entry.status is Status.CLOSED:
        return _closing(entry, before, known, plan.as_of)
    said = facts(entry)
    place = settle(before, said.postcode, known.map)
    values, doubts = _values(before, said, place, official=layout.official)
    if before and before.site_status == SiteStatus.CLOSED and not layout.official:
        values["site_status"] = SiteStatus.CLOSED
        sentence = _("This list still has it, but the official register says that it has closed.")
        doubts.append(Doubt(_("Closed in the official register"), sentence))
    organisation = _organisation(said.parent, known, plan, offices) or (before.organisation if before else None)
    if before and takes_part(before) and before.organisation and organisation != before.organisation:
        # A new owner ends everybody's access there: a person says so, not a file.
        sentence = _("The file names another head office, %(code)s. If the owner changed, say so on its page.")
        doubts.append(Doubt(_("Owner differs"), sentence % {"code": said.parent}))
        organisation = before.organisation
    if before is None:
        pharmacy = Pharmacy(ods_code=entry.ods_code, organisation=organisation, facts_as_of=plan.as_of, **values)
        row = _row(entry, pharmacy, Outcome.NEW, known)
        row.pharmacy = pharmacy
    elif is_older(plan.as_of, before.facts_as_of):
        return _older(entry, before, values, organisation, known, plan.as_of)
    else:
        row = _compared(entry, before, values, organisation, known, plan.as_of)
    row.notes = said.notes
    return _doubted(row, doubts)


def _older(
    entry: Entry,
    before: Pharmacy,
    values: dict[str, Any],
    organisation: Organisation | None,
    known: Known,
    as_of: date | None,
) -> PlannedRow:
    """A list older than what is known: it fills what is missing here, and changes nothing that is there."""
    moved = values["postcode"] != before.postcode
    missing = {
        name: value
        for name, value in values.items()
        if getattr(before, name) in (None, "") and not (moved and name in _OF_THE_PLACE)
    }
    row = _compared(entry, before, missing, before.organisation or organisation, known, None)
    differs = any(getattr(before, name) != value for name, value in values.items() if name not in missing)
    if differs or (organisation and before.organisation and organisation != before.organisation):
        row.older = True
        row.notes = (_stays(before, as_of),)
    return row


def _stays(before: Pharmacy, as_of: date | None) -> str:
    newer = date_format(before.facts_as_of, "j F Y") if before.facts_as_of else ""
    if as_of is None:
        return _("The list does not say of which day it is. What is known here, of %s, stays.") % newer
    return _("The list is of %(day)s. What is known here is of %(newer)s, and stays.") % {
        "day": date_format(as_of, "j F Y"),
        "newer": newer,
    }


def _closing(entry: Entry, before: Pharmacy, known: Known, as_of: date | None) -> PlannedRow:
    """A known pharmacy that the register says has closed: nothing else of the row is taken."""
    if is_older(as_of, before.facts_as_of) and before.site_status != SiteStatus.CLOSED:
        row = _row(entry, before, Outcome.SAME, known)
        row.older, row.notes = True, (_stays(before, as_of),)
        return row
    row = _compared(entry, before, {"site_status": SiteStatus.CLOSED}, before.organisation, known, as_of)
    row.open = False
    if takes_part(before):
        return _doubted(
            row,
            [Doubt(_("Closed, but takes part"), _("It takes part here, but the register says that it has closed."))],
        )
    return row


def _doubted(row: PlannedRow, doubts: list[Doubt]) -> PlannedRow:
    if doubts:
        row.heading, row.confirm = doubts[0].heading, " ".join(doubt.sentence for doubt in doubts)
    return row


def _values(
    before: Pharmacy | None, said: Facts, place: Settled, *, official: bool
) -> tuple[dict[str, Any], list[Doubt]]:
    """The columns as they are to be, and what a person must look at."""
    phone, doubts = said.phone, [place.doubt] if place.doubt else []
    if (
        before
        and before.phone
        and said.phone != before.phone
        and (not said.phone or takes_part(before) or not official)
    ):
        phone = before.phone
        if said.phone:
            differs = _("The telephone number in the file is %(said)s; here it is %(kept)s, which stays.")
            sentence = differs % {"said": said.phone, "kept": before.phone}
            doubts.append(Doubt(_("Telephone number differs"), sentence))
    values = {
        "name": said.name,
        "address": said.address,
        "postcode": said.postcode,
        "phone": phone,
        "opened_on": said.opened_on or (before.opened_on if before else None),
        "site_status": SiteStatus.OPEN,
        "force_id": place.force_id,
        "force_source": place.force_source,
        "district_id": place.district_id,
        "easting": place.easting,
        "northing": place.northing,
    }
    return values, doubts


def _organisation(code: str, known: Known, plan: Plan, offices: Mapping[str, str]) -> Organisation | None:
    if not code:
        return None
    if found := plan.organisations.get(code) or known.organisations.get(code):
        return found
    plan.organisations[code] = Organisation(ods_code=code, name=offices.get(code, ""))
    return plan.organisations[code]


def _compared(
    entry: Entry,
    before: Pharmacy,
    values: dict[str, Any],
    organisation: Organisation | None,
    known: Known,
    as_of: date | None,
) -> PlannedRow:
    """A known pharmacy's row: which columns differ, and the pharmacy with those set, as of the list's day."""
    differing = {name: value for name, value in values.items() if getattr(before, name) != value}
    owner_before = before.organisation.ods_code if before.organisation else ""
    owner_after = organisation.ods_code if organisation else ""
    newer = as_of is not None and as_of != before.facts_as_of
    if not differing and owner_before == owner_after:
        row = _row(entry, before, Outcome.SAME, known)
        row.renews = before.pk if newer else None
        return row
    pharmacy = copy.copy(before)
    changes = {}
    for name, value in differing.items():
        # Grid references follow the postcode; nobody reads them.
        if name not in ("easting", "northing", "force_source"):
            changes[_label(name)] = (_shown(name, getattr(before, name), known), _shown(name, value, known))
        setattr(pharmacy, name, value)
    if owner_before != owner_after:
        pharmacy.organisation = organisation
        changes[_("head office")] = (owner_before, owner_after)
    row = _row(entry, pharmacy, Outcome.CHANGED, known)
    row.fields = frozenset(differing) | ({"organisation_id"} if owner_before != owner_after else set())
    if newer:
        pharmacy.facts_as_of = as_of
        row.fields |= {"facts_as_of"}
    row.changes, row.pharmacy = changes, pharmacy
    return row


def _row(entry: Entry, pharmacy: Pharmacy, outcome: Outcome, known: Known) -> PlannedRow:
    force = known.map.forces[pharmacy.force_id] if pharmacy.force_id else ""
    return PlannedRow(entry.row, entry.ods_code, pharmacy.name, pharmacy.postcode, outcome, force=force)


def _label(name: str) -> str:
    return {
        "name": _("name"),
        "address": _("address"),
        "postcode": _("postcode"),
        "phone": _("telephone number"),
        "opened_on": _("opened"),
        "site_status": _("status"),
        "force_id": _("force"),
        "district_id": _("district"),
    }[name]


def _shown(name: str, value: Any, known: Known) -> str:
    if value is None:
        return ""
    return known.map.forces[value] if name == "force_id" else str(value)
