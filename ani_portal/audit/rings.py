"""The log: written by its function alone, read by those of the force."""

from ani_portal.access.rings import APP, VERIFY, Policy, Table

KIND = "(select ani.kind())"
OF_FORCE = "chain = (select ani.force())"

TABLES = [
    Table(
        "audit_auditchain",
        {VERIFY: "select"},
        (Policy("verify", "select", "true", role=VERIFY),),
    ),
    Table(
        "audit_auditentry",
        {APP: "select", VERIFY: "select"},
        (
            Policy("auditor", "select", f"{KIND} = 'auditor' and {OF_FORCE}"),
            # Who looked at a record is shown to those who may open it.
            Policy("officer", "select", f"{KIND} = 'officer' and {OF_FORCE} and object_kind = 'record'"),
            Policy("verify", "select", "true", role=VERIFY),
        ),
    ),
    Table(
        "audit_anchorsent",
        {APP: "select", VERIFY: "select, insert"},
        open="when the log's mark left the house: a time, and nothing of any force",
    ),
]
