"""Who may touch which row of who takes part."""

from ani_portal.access.rings import APP, EVERYONE, IMPORT, VERIFY, WORKER, Policy, Table

KIND = "(select ani.kind())"
OF_FORCE = "force_id = (select ani.force())"
DESK = f"{KIND} in ('officer', 'coordinator', 'auditor')"
TABLET = f"{KIND} = 'tablet'"
COORDINATOR = f"{KIND} = 'coordinator'"
THROUGH_PHARMACY = "exists (select from pharmacies_pharmacy p where p.id = pharmacy_id)"
READ = "select"


def reference(name: str, why: str) -> Table:
    """A table of public facts."""
    return Table(name, {APP: READ, WORKER: READ, VERIFY: READ, IMPORT: "select, insert, update"}, open=why)


def all_rows(*roles: str) -> tuple[Policy, ...]:
    """Every row, for processes that work for all forces; what they may do with them is in the grants."""
    return tuple(Policy(f"{role} all", "all", "true", "true", role) for role in roles)


TABLES = [
    reference("pharmacies_policeforce", "public reference data"),
    reference("pharmacies_district", "public reference data"),
    reference("pharmacies_postcode", "public reference data"),
    reference("pharmacies_organisation", "the official register's public part"),
    Table(
        "pharmacies_forcesettings",
        {APP: "select, update (desk_paused_until)", WORKER: READ, IMPORT: "select, insert, update"},
        (
            Policy("own force", "select", OF_FORCE),
            Policy("pause", "update", f"{KIND} = 'officer' and {OF_FORCE}"),
            *all_rows(WORKER, IMPORT),
        ),
    ),
    Table(
        "pharmacies_cannedline",
        {APP: READ, IMPORT: "select, insert, update"},
        (Policy("own force", "select", OF_FORCE), *all_rows(IMPORT)),
    ),
    Table(
        "pharmacies_responsegrade",
        {APP: READ, IMPORT: "select, insert, update"},
        (Policy("own force", "select", OF_FORCE), *all_rows(IMPORT)),
    ),
    Table(
        "pharmacies_supportservice",
        {APP: READ, IMPORT: "select, insert, update"},
        (
            # A line for people who harm must not reach a screen that a person asking for help can see.
            # (Lines for professionals are for the staff's own screens, such as the children's duty line.)
            Policy(
                "tablet", "select", f"{TABLET} and audience <> 'person_who_harms' and (force_id is null or {OF_FORCE})"
            ),
            Policy("desk", "select", f"{DESK} and (force_id is null or {OF_FORCE})"),
            Policy("public", "select", f"{KIND} = 'public' and audience = 'person'"),
            *all_rows(IMPORT),
        ),
    ),
    Table(
        "pharmacies_pharmacy",
        {APP: READ, WORKER: READ, IMPORT: "select, insert, update"},
        (
            Policy("tablet", "select", f"{TABLET} and id = (select ani.pharmacy())"),
            Policy("desk", "select", f"{DESK} and {OF_FORCE}"),
            # A record keeps its pharmacy in sight of the force that has it, wherever that pharmacy stands: a transfer, or
            # a tablet that was not where it should be, must never make an alarm vanish from a queue.
            Policy(
                "of a record",
                "select",
                f"{KIND} = 'officer' and exists (select from requests_codewordrequest r"
                " where r.pharmacy_id = pharmacies_pharmacy.id and r.force_id = (select ani.force()))",
            ),
            Policy("public", "select", f"{KIND} = 'public' and participation = 'on_board'"),
            *all_rows(WORKER, IMPORT),
        ),
    ),
    Table(
        "pharmacies_staffmember",
        {APP: READ},
        (
            Policy("tablet", "select", f"{TABLET} and pharmacy_id = (select ani.pharmacy())"),
            Policy("desk", "select", f"{DESK} and {THROUGH_PHARMACY}"),
        ),
    ),
    Table(
        "pharmacies_tablet",
        {APP: "select, update (last_heard_at, revoked_at)"},
        (
            Policy("tablet", "all", f"{TABLET} and id = (select ani.tablet())"),
            Policy("coordinator", "all", f"{COORDINATOR} and {THROUGH_PHARMACY}"),
        ),
    ),
    Table(
        "pharmacies_enrolmentcode",
        {APP: "select, insert"},
        (Policy("coordinator", "all", f"{COORDINATOR} and {THROUGH_PHARMACY}"),),
    ),
    Table(
        "pharmacies_sitting",
        {APP: "select, insert, update (touched_at, ended_at, typed_name)"},
        (Policy("tablet", "all", f"{TABLET} and tablet_id = (select ani.tablet())"),),
    ),
    Table(
        "pharmacies_pintries",
        {APP: "select, insert, update"},
        (Policy("tablet", "all", f"{TABLET} and tablet_id = (select ani.tablet())"),),
    ),
    *(
        Table(
            f"pharmacies_{part}",
            {APP: READ},
            (
                Policy("self", "select", f"{KIND} = 'person' and user_id = (select ani.person())"),
                Policy("desk", "select", f"{DESK} and {OF_FORCE}"),
            ),
        )
        for part in ("officer", "coordinator", "auditor")
    ),
]

__all__ = ["EVERYONE", "TABLES"]
