"""Who may touch which record, as the database enforces it: the release table's last word."""

from ani_portal.access.rings import APP, VERIFY, WORKER, Policy, Table
from pharmacies.rings import COORDINATOR, KIND, OF_FORCE, TABLET, THROUGH_PHARMACY, all_rows

OFFICER = f"{KIND} = 'officer'"

# An officer's record is one that was released; a tablet's is one whose receipt is still out, of its own pharmacy,
# made on this tablet or by this person.
RELEASED = f"{OFFICER} and {OF_FORCE} and released_at is not null"
ON_TABLET = (
    f"{TABLET} and pharmacy_id = (select ani.pharmacy()) and finished_at is null"
    " and (tablet_id = (select ani.tablet())"
    " or (recorder_id = (select ani.staff()) and started_at >= (select ani.since())))"
)
# What somebody typed in a turn of their own, since their PIN was set: a PIN that a manager reset opens nothing older.
OWN_SINCE = f"{TABLET} and staff_id = (select ani.staff()) and at >= (select ani.since())"
# The inner query is under the same policies, so it finds only records that this scope may see.
ITS_RECORD = "exists (select from requests_codewordrequest r where r.id = record_id"
OF_ITS_RECORD = f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"

# What officers write; everything else comes from the pharmacy.
NOTES = "kind in ('note', 'rationale', 'hand_over')"

TABLES = [
    Table(
        "requests_codewordrequest",
        {
            APP: "select, insert, update (danger, wish, step, alerted_at, agreed_at, overridden_at, override_reason,"
            " override_told, withdrawn_at, restricted_at, reported_mistake_at, rung, left_how, left_at, other_back_at,"
            " made_sure_at, made_sure_how, officers_sent_at,"
            " state, read_at, read_by_id, claimed_at, claimed_by_id, closed_at, closed_by_id, outcome, mistaken_at,"
            " acted_at)",
            WORKER: "select, delete, update (state, wish, finished_at, claimed_at, claimed_by_id, acted_at)",
            VERIFY: "select (id, force_id, state)",
        },
        (
            Policy("officer sees", "select", RELEASED),
            Policy("officer works", "update", RELEASED),
            Policy("tablet sees", "select", ON_TABLET),
            Policy("tablet adds", "update", ON_TABLET),
            Policy(
                "tablet starts",
                "insert",
                check=f"{TABLET} and {OF_FORCE} and origin_force_id = force_id and helps_id is null"
                " and pharmacy_id = (select ani.pharmacy()) and tablet_id = (select ani.tablet())"
                " and recorder_id is not distinct from (select ani.staff())",
            ),
            *all_rows(WORKER, VERIFY),
        ),
    ),
    Table(
        "requests_entry",
        {
            APP: "select, insert",
            # The worker counts and destroys; it cannot read.
            WORKER: "select (id, record_id, force_id, kind, level, at, taken_back_at)",
        },
        (
            Policy(
                "officer reads",
                "select",
                f"{OFFICER} and {OF_FORCE} and {ITS_RECORD} and (level = 'alert' or"
                f" (({NOTES} or r.words_released) and (r.restricted_at is null or ani.sees_restricted(r.id)))))",
            ),
            Policy(
                "officer notes",
                "insert",
                check=f"{OFFICER} and {OF_FORCE} and {NOTES} and {ITS_RECORD})",
            ),
            # Only what the person at the tablet wrote themselves, and only after their PIN.
            Policy("tablet reads", "select", f"{OWN_SINCE} and {ITS_RECORD})"),
            Policy(
                "tablet adds",
                "insert",
                # Of the record's force, which a transfer or *not here* can make another one than the tablet's.
                check=f"{TABLET} and not {NOTES} and officer_id is null"
                f" and staff_id is not distinct from (select ani.staff())"
                f" and {ITS_RECORD} and r.force_id = requests_entry.force_id)",
            ),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "requests_draft",
        {APP: "select, insert, update (step, sealed, at)"},
        (
            # Nobody but the person who typed it, after their PIN; the desk never.
            Policy(
                "tablet keeps",
                "all",
                f"{OWN_SINCE} and {ITS_RECORD} and r.started_at >= (select ani.since()))",
            ),
        ),
    ),
    Table(
        "requests_paperform",
        {APP: "select, insert, update (returned_at)"},
        (
            Policy("tablet", "all", f"{TABLET} and pharmacy_id = (select ani.pharmacy())"),
            # Those that are missing, never those that came back: whether one was used is not theirs to know.
            Policy("coordinator", "select", f"{COORDINATOR} and {THROUGH_PHARMACY} and returned_at is null"),
        ),
    ),
    Table(
        "vault.record_key",
        {APP: "select, insert", WORKER: "select (record_id, force_id, master_key)"},
        (
            Policy("its record", "select", f"{KIND} in ('officer', 'tablet') and {ITS_RECORD})"),
            Policy("tablet starts", "insert", check=f"{KIND} in ('officer', 'tablet') and {ITS_RECORD})"),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "vault.force_key",
        {APP: "select, insert", WORKER: "select (force_id, master_key)"},
        (
            Policy("own force", "select", f"{KIND} in ('officer', 'tablet') and {OF_FORCE}"),
            Policy("own force makes", "insert", check=f"{KIND} in ('officer', 'tablet') and {OF_FORCE}"),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "vault.phone_mark",
        {APP: "select, insert"},
        (
            Policy("its record", "select", f"{KIND} in ('officer', 'tablet') and {OF_FORCE} and {ITS_RECORD})"),
            Policy("number given", "insert", check=f"{KIND} in ('officer', 'tablet') and {OF_FORCE} and {ITS_RECORD})"),
        ),
    ),
    Table(
        "requests_retentionrule",
        {
            APP: "select, insert, update (keep_months, review_on, set_at, set_by_id, set_by_coordinator_id)",
            WORKER: "select",
        },
        # What nobody may do, whoever they are, stands in sql/schedule.sql: floors, and a shorter time by one person alone.
        (
            Policy("own force's people", "all", f"{KIND} in ('officer', 'coordinator') and {OF_FORCE}"),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "requests_retentionproposal",
        {APP: "select, insert, update (decided_at, decided_by_id, agreed)"},
        (
            Policy("own force's people", "select", f"{KIND} in ('officer', 'coordinator') and {OF_FORCE}"),
            Policy(
                "asks",
                "insert",
                check=f"{KIND} in ('officer', 'coordinator') and {OF_FORCE} and asked_by_id = (select ani.person())",
            ),
            Policy("desk decides", "update", f"{OFFICER} and {OF_FORCE}", "decided_by_id = (select ani.person())"),
            Policy(
                "takes back",
                "update",
                f"{KIND} = 'coordinator' and {OF_FORCE} and asked_by_id = (select ani.person())",
                "decided_by_id = (select ani.person()) and not agreed",
            ),
        ),
    ),
    Table(
        "requests_hold",
        {APP: "select, insert, update (review_on, lifted_at, lifted_by_id)", WORKER: "select"},
        (Policy("officer", "all", OF_ITS_RECORD), *all_rows(WORKER)),
    ),
    Table(
        "requests_disposal",
        {APP: "select, insert, update (approved_at, approved_by_id, cancelled_at, cancelled_by_id)", WORKER: "select"},
        (Policy("officer", "all", OF_ITS_RECORD), *all_rows(WORKER)),
    ),
    Table(
        # Written by ani.destroy_record alone.
        "requests_stub",
        {APP: "select", WORKER: "select"},
        (Policy("desk", "select", f"{KIND} in ('officer', 'coordinator') and {OF_FORCE}"), *all_rows(WORKER)),
    ),
    Table(
        "requests_accessrequest",
        {APP: "select, insert, update (needs_officer, cleared_at, cleared_by_id, closed_at, closed_by_id)"},
        (Policy("officer", "all", OF_ITS_RECORD),),
    ),
    Table(
        "requests_maskedentry",
        {APP: "select, insert, update (sealed, at, by_id)"},
        (Policy("officer", "all", OF_ITS_RECORD),),
    ),
    Table(
        "requests_phonesearch",
        {APP: "select, insert", WORKER: "select, delete"},
        (Policy("officer", "all", f"{OFFICER} and {OF_FORCE}"), *all_rows(WORKER)),
    ),
    Table(
        "requests_informationline",
        {APP: "select, update (acknowledged_at, acknowledged_by_id)", WORKER: "select, insert"},
        (
            Policy(
                "officer",
                "all",
                f"{OFFICER} and {OF_FORCE} and day < (now() at time zone 'Europe/London')::date",
            ),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "requests_glassbroken",
        {APP: "select, insert"},
        (
            Policy("officer sees", "select", f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
            Policy(
                "officer breaks",
                "insert",
                check=f"{OFFICER} and {OF_FORCE} and {ITS_RECORD}) and exists (select from pharmacies_officer o"
                " where o.id = officer_id and o.user_id = (select ani.person()))",
            ),
        ),
    ),
    # The desk -----------------------------------------------------------------------------------------------------
    Table(
        "requests_watch",
        {APP: "select, insert, update (beat_at, touched_at, ended_at)"},
        (Policy("officer", "all", f"{OFFICER} and {OF_FORCE}"),),
    ),
    Table(
        "requests_deskstate",
        {APP: "select", WORKER: "select"},
        (Policy("officer", "select", f"{OFFICER} and {OF_FORCE}"), *all_rows(WORKER)),
    ),
    Table(
        "requests_message",
        {APP: "select, insert"},
        (
            Policy("officer sees", "select", f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
            Policy("officer sends", "insert", check=f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
            # Finishing takes the record out of the tablet's sight, and its messages with it.
            Policy("tablet reads", "select", f"{TABLET} and {ITS_RECORD})"),
        ),
    ),
    *(
        Table(
            f"requests_{name}",
            {APP: grants, WORKER: "select"},
            (
                Policy("officer sees", "select", f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
                Policy("officer adds", "insert", check=f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
                Policy("officer changes", "update", f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),
                *all_rows(WORKER),
            ),
        )
        for name, grants in (
            ("policestep", "select, insert"),
            ("assessment", "select, insert"),
            ("look", "select, insert"),
            ("presence", "select, insert, update (at)"),
        )
    ),
    Table(
        "requests_notice",
        {APP: "select, insert, update (seen_at)", WORKER: "select, insert"},
        (Policy("officer", "all", f"{OFFICER} and {OF_FORCE}"), *all_rows(WORKER)),
    ),
    Table(
        "requests_link",
        {APP: "select, insert, update (ended_at, ended_by_id)"},
        (Policy("officer", "all", f"{OFFICER} and {OF_FORCE} and {ITS_RECORD})"),),
    ),
    Table(
        "requests_attempt",
        {
            APP: "select, update (acknowledged_at, acknowledged_by_id)",
            WORKER: "select, insert, update (state, problem, tried_at)",
        },
        (
            Policy("officer sees", "select", f"{OFFICER} and {OF_FORCE}"),
            Policy("officer acknowledges", "update", f"{OFFICER} and {OF_FORCE}"),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "requests_offer",
        {APP: "select", WORKER: "select"},  # made and decided by functions alone (sql/offers.sql)
        (
            Policy(
                "both forces",
                "select",
                f"{OFFICER} and (from_force_id = (select ani.force()) or to_force_id = (select ani.force()))",
            ),
            *all_rows(WORKER),
        ),
    ),
    Table(
        "requests_helpasked",
        {APP: "select"},  # made by a function alone (sql/help.sql)
        (
            Policy(
                "both forces",
                "select",
                f"{OFFICER} and (from_force_id = (select ani.force()) or to_force_id = (select ani.force()))",
            ),
        ),
    ),
    Table(
        "requests_handover",
        {APP: "select, insert, update (signed_at, signed_by_id)"},
        (Policy("officer", "all", f"{OFFICER} and {OF_FORCE}"),),
    ),
]
