"""Accounts and sessions belong to a person, not to a force."""

from ani_portal.access.rings import APP, IMPORT, WORKER, Table

ALL = "select, insert, update, delete"
WHY = "a person's own account; no row belongs to a force"

TABLES = [
    Table("accounts_user", {APP: "select, insert, update", WORKER: "select"}, open=WHY),
    Table("django_session", {APP: ALL, WORKER: "select, delete"}, open=WHY),
    Table("account_emailaddress", {APP: ALL}, open=WHY),
    Table("account_emailconfirmation", {APP: ALL}, open=WHY),
    Table("mfa_authenticator", {APP: ALL}, open=WHY),
    Table("accounts_operator", {APP: "select"}, open="who runs the service; made by a command of the owner alone"),
    Table(
        "accounts_externalidentity", {APP: "select"}, open="who a provider says somebody is; made by a function alone"
    ),
    Table("accounts_externalsession", {APP: "select, insert, update (ended_at)"}, open=WHY),
    Table("accounts_logouttoken", {APP: "select, insert", WORKER: "select, delete"}, open="used tokens, under hashes"),
    Table("accounts_counters", {APP: ALL}, open="failed sign-ins counted, under hashes"),
    Table("usersessions_usersession", {APP: ALL}, open=WHY),
    Table("django_content_type", {APP: "select"}, open="Django's own list of models"),
    Table("auth_permission", {}, open="Django's own permissions: not used"),
    Table("auth_group", {}, open="Django's own permissions: not used"),
    Table("auth_group_permissions", {}, open="Django's own permissions: not used"),
    Table("django_migrations", {APP: "select", WORKER: "select", IMPORT: "select"}, open="which migrations ran"),
    *(
        Table(f"procrastinate_{name}", {APP: ALL, WORKER: ALL}, open="jobs hold ids and nothing else")
        for name in ("jobs", "events", "periodic_defers", "workers")
    ),
]
