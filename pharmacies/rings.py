"""Who may touch which row of who takes part."""

from ani_portal.access.rings import APP, EVERYONE, IMPORT, VERIFY, WORKER, Policy, Table

KIND = "(select ani.kind())"
OF_FORCE = "force_id = (select ani.force())"
DESK = f"{KIND} in ('officer', 'coordinator', 'auditor')"
TABLET = f"{KIND} = 'tablet'"
COORDINATOR = f"{KIND} = 'coordinator'"
OPERATOR = f"{KIND} = 'operator'"
OWNER = f"{KIND} = 'owner'"  # an administrator of one pharmacy, or of an owner's
MANAGES = f"{KIND} in ('coordinator', 'owner')"
OF_OWNER = "organisation_id = (select ani.organisation())"
THROUGH_PHARMACY = "exists (select from pharmacies_pharmacy p where p.id = pharmacy_id)"
THROUGH_STAFF = "exists (select from pharmacies_staffmember m where m.id = staff_id)"
OWN_SITE = "p.force_id = (select ani.force())"
# Nobody has looked at a line for 90 days after it was due: then no person is shown it. A line without a day is due a year
# after it was verified.
REVIEWED = "(coalesce(review_on, last_verified + 365) > current_date - 90)"
FOR_PEOPLE = f"audience = 'person' and {REVIEWED}"
READ = "select"
# What a coordinator may set of their force.
SETTINGS = (
    "codeword", "codeword_stands_for", "scheme_status", "screen_title", "unread_limit", "claim_limit", "cover_after",
    "finish_unreleased_after", "incident_pattern", "scheme_from", "scheme_until", "duty_email", "escalation",
    "desk_opens",
    "desk_closes",
    "desk_paused_until",
    "touch_limit",
    "offer_limit",
    "reason_to_look", "version", "data_protection_contact", "disposal_wait", "log_keep_months", "hold_limit",
    "said_aloud",
)  # fmt: skip


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
        {
            # The stage has a function of its own: live needs the whole checklist.
            APP: f"select, insert, update ({', '.join(SETTINGS)})",
            WORKER: READ,
            IMPORT: "select, insert, update",
        },
        (
            Policy("own force", "select", OF_FORCE),
            Policy("coordinator starts", "insert", check=f"{COORDINATOR} and {OF_FORCE} and stage = 'preparing'"),
            Policy("coordinator", "update", f"{COORDINATOR} and {OF_FORCE}"),
            Policy("pause", "update", f"{KIND} = 'officer' and {OF_FORCE}"),
            *all_rows(WORKER, IMPORT),
        ),
    ),
    Table(
        "pharmacies_cannedline",
        {APP: 'select, insert, update (text, "order", active)', IMPORT: "select, insert, update"},
        (
            Policy("own force", "select", OF_FORCE),
            Policy("coordinator adds", "insert", check=f"{COORDINATOR} and {OF_FORCE}"),
            Policy("coordinator", "update", f"{COORDINATOR} and {OF_FORCE}"),
            *all_rows(IMPORT),
        ),
    ),
    Table(
        "pharmacies_responsegrade",
        {APP: 'select, insert, update (name, target, "order")', IMPORT: "select, insert, update"},
        (
            Policy("own force", "select", OF_FORCE),
            Policy("coordinator adds", "insert", check=f"{COORDINATOR} and {OF_FORCE}"),
            Policy("coordinator", "update", f"{COORDINATOR} and {OF_FORCE}"),
            *all_rows(IMPORT),
        ),
    ),
    Table(
        "pharmacies_supportservice",
        {
            APP: "select, insert, update (name, phone, website, hours, note, audience, for_whom, nation, district_id,"
            ' owner, source, last_verified, review_on, "order")',
            IMPORT: "select, insert, update",
        },
        (
            # A line for people who harm, or for professionals, must not reach a screen that a person asking for help can
            # see. (The children's duty line, for staff to ring, comes through ani.lines_for_staff.)
            Policy("tablet", "select", f"{TABLET} and {FOR_PEOPLE} and (force_id is null or {OF_FORCE})"),
            Policy("operator", "select", f"{OPERATOR} and force_id is null"),
            Policy("operator adds", "insert", check=f"{OPERATOR} and force_id is null"),
            Policy("operator changes", "update", f"{OPERATOR} and force_id is null"),
            Policy("desk", "select", f"{DESK} and (force_id is null or {OF_FORCE})"),
            Policy("public", "select", f"{KIND} = 'public' and {FOR_PEOPLE}"),
            Policy("coordinator adds", "insert", check=f"{COORDINATOR} and {OF_FORCE}"),
            Policy("coordinator", "update", f"{COORDINATOR} and {OF_FORCE}"),
            *all_rows(IMPORT),
        ),
    ),
    Table(
        "pharmacies_pharmacy",
        {
            APP: "select, insert, update (ods_code, gphc_number, name, address, postcode, phone, easting, northing, district_id,"
            " force_id, force_source, organisation_id, participation, site_status, facts_as_of)",
            WORKER: READ,
            IMPORT: "select, insert, update",
        },
        (
            Policy("tablet", "select", f"{TABLET} and id = (select ani.pharmacy())"),
            Policy("desk", "select", f"{DESK} and {OF_FORCE}"),
            # A record keeps its pharmacy in sight of the force that has it, wherever that pharmacy stands: a transfer, or
            # a tablet that was not where it should be, must never make an alarm vanish from a queue.
            # PostgreSQL asks a table's policies last name first: this one looks into the records, so it comes after *desk*,
            # which is true for nearly all and costs nothing (measured: 2.4 ms a row with 60,000 closed records behind).
            Policy(
                "by its record",
                "select",
                f"{KIND} = 'officer' and exists (select from requests_codewordrequest r"
                " where r.pharmacy_id = pharmacies_pharmacy.id and r.force_id = (select ani.force()))",
            ),
            Policy("nobody's yet", "select", f"{COORDINATOR} and force_id is null"),
            Policy(
                "coordinator adds",
                "insert",
                check=f"{COORDINATOR} and {OF_FORCE} and force_source = 'person' and participation = 'registered'",
            ),
            Policy("coordinator", "update", f"{COORDINATOR} and (force_id is null or {OF_FORCE})", OF_FORCE),
            Policy(
                "owner",
                "select",
                f"{OWNER} and participation = 'on_board' and (id = (select ani.pharmacy()) or {OF_OWNER})",
            ),
            Policy("public", "select", f"{KIND} = 'public' and participation = 'on_board'"),
            *all_rows(WORKER, IMPORT),
        ),
    ),
    Table(
        "pharmacies_staffmember",
        {APP: "select, insert, update (name, initials, pin_hash, trained_on, training_expires_on, ended_at)"},
        (
            Policy("manages", "all", f"{MANAGES} and {THROUGH_PHARMACY}"),
            Policy("tablet", "select", f"{TABLET} and pharmacy_id = (select ani.pharmacy())"),
            Policy("desk", "select", f"{DESK} and {THROUGH_PHARMACY}"),
        ),
    ),
    Table(
        "pharmacies_tablet",
        {APP: "select, update (last_heard_at, revoked_at)"},
        (
            Policy("tablet", "all", f"{TABLET} and id = (select ani.tablet())"),
            Policy("manages", "all", f"{MANAGES} and {THROUGH_PHARMACY}"),
        ),
    ),
    Table(
        "pharmacies_enrolmentcode",
        {APP: "select, insert, update (expires_at)"},
        (Policy("manages", "all", f"{MANAGES} and {THROUGH_PHARMACY}"),),
    ),
    Table(
        "pharmacies_sitting",
        {
            APP: "select, insert, update (touched_at, ended_at, sealed_name)",
            # Wipes the names of turns that nobody ended; cannot read them.
            WORKER: "select (id, touched_at, ended_at), update (sealed_name)",
        },
        (Policy("tablet", "all", f"{TABLET} and tablet_id = (select ani.tablet())"), *all_rows(WORKER)),
    ),
    Table(
        "pharmacies_pintries",
        {APP: "select, insert, update"},
        (
            Policy("tablet", "all", f"{TABLET} and tablet_id = (select ani.tablet())"),
            Policy("manages", "select", f"{MANAGES} and {THROUGH_STAFF}"),
            Policy("manager unlocks", "update", f"{MANAGES} and {THROUGH_STAFF}"),
        ),
    ),
    Table(
        "pharmacies_identityprovider",
        {
            APP: "select, insert, update (issuer, client_id, sealed_secret, claim, factor_values, changed_at,"
            " confirmed_at, confirmed_by)"
        },
        (
            Policy("operator", "all", f"{KIND} = 'operator'"),
            # Which of the two may change what: a trigger (sql/external.sql).
            Policy("coordinator sees", "select", f"{COORDINATOR} and {OF_FORCE}"),
            Policy("coordinator confirms", "update", f"{COORDINATOR} and {OF_FORCE}"),
            Policy("signing in", "select", f"{KIND} = 'public' and confirmed_at is not null"),
        ),
    ),
    Table(
        "pharmacies_providedrole",
        {APP: "select, insert, delete"},
        (
            Policy("operator", "all", f"{KIND} = 'operator'"),
            Policy("coordinator sees", "select", f"{COORDINATOR} and {OF_FORCE}"),
        ),
    ),
    *(
        Table(
            f"pharmacies_{part}",
            {
                APP: f"select, update ({'conflict, ' if part == 'officer' else ''}ended_at, shut, may_link)",
                WORKER: READ,
            },
            (
                Policy("self", "select", f"{KIND} = 'person' and user_id = (select ani.person())"),
                Policy("desk", "select", f"{DESK} and {OF_FORCE}"),
                Policy("coordinator names and ends", "update", f"{COORDINATOR} and {OF_FORCE}"),
                *all_rows(WORKER),
            ),
        )
        for part in ("officer", "coordinator", "auditor")
    ),
    Table(
        "pharmacies_pharmacyfact",
        {APP: READ},  # written by a trigger alone
        (
            Policy(
                "through its pharmacy",
                "select",
                f"{KIND} in ('coordinator', 'auditor', 'owner') and {THROUGH_PHARMACY}",
            ),
        ),
    ),
    Table(
        "pharmacies_trainingrecord",
        {APP: "select, insert"},
        (
            Policy("manages", "all", f"{MANAGES} and {THROUGH_STAFF}"),
            Policy("desk", "select", f"{DESK} and {THROUGH_STAFF}"),
        ),
    ),
    Table(
        "pharmacies_sitecheckdone",
        {APP: "select, insert, delete"},
        (Policy("manages", "all", f"{MANAGES} and {THROUGH_PHARMACY}"),),
    ),
    Table(
        "pharmacies_administrator",
        {APP: "select, update (ended_at)"},
        (
            Policy("self", "select", f"{KIND} in ('person', 'owner') and user_id = (select ani.person())"),
            Policy(
                "coordinator",
                "all",
                f"{COORDINATOR} and (exists (select from pharmacies_pharmacy p where {OWN_SITE} and"
                " (p.id = pharmacies_administrator.pharmacy_id"
                " or p.organisation_id = pharmacies_administrator.organisation_id)))",
            ),
        ),
    ),
    Table(
        "pharmacies_application",
        {APP: "select, update (state, rung_at, rung_by, decided_at, decided_by, reason)"},
        (
            Policy("coordinator", "select", f"{COORDINATOR} and {OF_FORCE}"),
            Policy("coordinator decides", "update", f"{COORDINATOR} and {OF_FORCE}"),
        ),
    ),
    Table(
        "pharmacies_invitation",
        {
            APP: "select, insert, update (token_hash, code_hash, links, base_url, sent_at, expires_at, cancelled_at,"
            " mail_due_at, mail_tries)",
            # Mails the link, which it derives; accepts nothing.
            WORKER: "select (id, force_id, email, links, base_url, expires_at, used_at, cancelled_at, mail_due_at,"
            " mail_tries), update (sent_at, mail_due_at, mail_tries)",
        },
        (
            Policy("coordinator", "all", f"{COORDINATOR} and {OF_FORCE}"),
            Policy("owner", "all", f"{OWNER} and kind = 'staff' and {THROUGH_PHARMACY}"),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "pharmacies_settingschange",
        {APP: "select, insert"},
        (
            Policy("own force", "select", f"{DESK} and {OF_FORCE}"),
            # The retention schedule is an officer's to set; the rest is the coordinator's.
            Policy("own force's people", "insert", check=f"{KIND} in ('coordinator', 'officer') and {OF_FORCE}"),
        ),
    ),
    Table(
        "pharmacies_forcecheckdone",
        {APP: "select, insert, delete"},
        (
            Policy("own force", "select", f"{DESK} and {OF_FORCE}"),
            Policy("coordinator", "all", f"{COORDINATOR} and {OF_FORCE}"),
        ),
    ),
    Table(
        "pharmacies_registerupload",
        {
            APP: "select, insert, update (state, columns, message, heard_at)",
            WORKER: "select, update",
        },
        (Policy("coordinator", "all", f"{COORDINATOR} and {OF_FORCE}"), *all_rows(WORKER)),
    ),
    Table(
        "pharmacies_uploadrow",
        {APP: READ, WORKER: "select, insert, delete"},
        (Policy("coordinator", "select", f"{COORDINATOR} and {OF_FORCE}"), *all_rows(WORKER)),
    ),
]

__all__ = ["EVERYONE", "TABLES"]
