"""Carries an import out: looks up what is known, makes the plan, and writes it, in one transaction or not at all."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import connections

from ani_portal.access.long_work import long_work
from ani_portal.access.roles import current_alias, using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor, Detail
from pharmacies.models import Organisation, Pharmacy, PoliceForce

from .layouts import Entry, find_layout
from .plan import Known, Plan
from .planning import make_plan
from .postcodes import BadPostcode, areas_loaded, look_up, normalise
from .reading import Sheet
from .settling import Map

# One import at a time, whoever started it; the number is ours alone.
_LOCK = 0x414E4901
_BATCH = 1000


def import_register(
    sheet: Sheet,
    *,
    by: Actor,
    offices: Mapping[str, str] | None = None,
    dry_run: bool = False,
    as_of: date | None = None,
) -> Plan:
    """Plan the import of `sheet` and, unless it is a dry run, write it. Returns the plan.

    `offices` are names of head offices by code; `as_of` is the day that the list is of, if that is known. Raises
    UnreadableFile. A dry run's transaction is read-only in the database too.
    """
    layout = find_layout(sheet)
    entries = list(layout.entries(sheet))
    with using_role("import"), long_work("import"), scoped(Scope(Kind.WORKER), read_only=dry_run) as log:
        if not dry_run:
            take_turn()
        plan = make_plan(layout, entries, known_for(entries, lock=not dry_run), offices=offices, as_of=as_of)
        if not dry_run and plan.writes():
            write(plan)
            counts = {outcome.name.lower(): count for outcome, count in plan.counts().items()}
            detail: Detail = {"layout": plan.layout, **counts}
            log.note("register.imported", by=by, force=None, on=("", ""), **detail)
    return plan


def take_turn() -> None:
    """Wait until no other import is running; the turn ends with the transaction."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def known_for(entries: list[Entry], *, lock: bool = False) -> Known:
    """What the database knows that bears on these entries. `lock`: hold the pharmacies until the transaction ends."""
    pharmacies = Pharmacy.objects.filter(ods_code__isnull=False).order_by("id")
    if lock:
        # Somebody who edits one of them meanwhile waits, and neither edit is lost.
        pharmacies = pharmacies.select_for_update(of=("self",), no_key=True)
    organisations = {organisation.pk: organisation for organisation in Organisation.objects.all()}
    found = {}
    for pharmacy in pharmacies:
        if pharmacy.organisation_id:
            pharmacy.organisation = organisations[pharmacy.organisation_id]
        found[pharmacy.ods_code or ""] = pharmacy
    forces = dict(PoliceForce.objects.order_by().values_list("pk", "name"))
    return Known(
        Map(look_up(_postcodes(entries)), frozenset(areas_loaded()), forces),
        found,
        {organisation.ods_code: organisation for organisation in organisations.values()},
    )


def _postcodes(entries: list[Entry]) -> set[str]:
    found = set()
    for entry in entries:
        try:
            found.add(normalise(entry.postcode))
        except BadPostcode:
            continue  # The plan says so, row by row.
    return found


def write(plan: Plan, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Write the plan's pharmacies and organisations, in the running transaction; `progress` hears how many so far."""
    offices = list(plan.organisations.values())
    renamed = [office for office in offices if office.pk is not None]
    Organisation.objects.bulk_create([office for office in offices if office.pk is None], batch_size=_BATCH)
    if renamed:
        Organisation.objects.bulk_update(renamed, ["name"], batch_size=_BATCH)
    renewed = plan.renewed()
    for start in range(0, len(renewed), _BATCH):
        Pharmacy.objects.filter(pk__in=renewed[start : start + _BATCH]).update(facts_as_of=plan.as_of)
    new, changed, fields = plan.new(), plan.changed(), sorted(plan.changed_fields())
    for start in range(0, len(new), _BATCH):
        Pharmacy.objects.bulk_create(new[start : start + _BATCH])
        progress(min(start + _BATCH, len(new)))
    for start in range(0, len(changed), _BATCH):
        # One statement a batch; only the columns that differ anywhere are touched, never participation.
        Pharmacy.objects.bulk_create(
            changed[start : start + _BATCH], update_conflicts=True, unique_fields=["id"], update_fields=fields
        )
        progress(len(new) + min(start + _BATCH, len(changed)))
