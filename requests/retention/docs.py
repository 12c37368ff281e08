"""The data map and the retention schedule as pages of the docs, made from the models so that they cannot lie."""

from django.apps import apps
from django.conf import settings
from django.db import models

from ani_portal.access.rings import declared
from pharmacies.models import ForceSettings

from ..enums import EntryKind, HoldReason, StubKind
from .schedule import default_months, outcomes

SEALED = "sealed with the record's own key"
# What a table holds about people, and how long. A table without its line fails the test beside this.
ABOUT: dict[str, tuple[str, str]] = {
    "requests_entry": (
        "what a person said, what staff saw, how they may be reached, officers' notes",
        "with its record",
    ),
    "requests_draft": ("what was typed and not saved yet", "until it is saved, at most with its record"),
    "requests_codewordrequest": (
        "that somebody asked, where and when, choices from closed lists",
        "the schedule below",
    ),
    "requests_maskedentry": ("the masked copy for a person who asks", "with its record"),
    "requests_accessrequest": ("that a person asked what is held", "with its record"),
    "requests_hold": ("why a record must be kept, from a closed list", "with its record"),
    "requests_disposal": ("who decided on a disposal", "with its record"),
    "requests_stub": ("counts: force, month, kind, outcome; leads to nobody", "no limit"),
    "requests_informationline": ("a person who did not want police: force, day, what was wanted", "no limit"),
    "vault.record_key": ("the record's own key, wrapped by a master key", "destroyed at disposal; its backups 7 days"),
    "vault.phone_mark": ("keyed fingerprints of phone numbers", "destroyed at disposal; its backups 7 days"),
    "vault.force_key": ("each force's key for fingerprints, wrapped", "as long as the force takes part"),
    "accounts_user": ("officers' and administrators' names and addresses of mail", "as long as the account"),
    "audit_auditentry": (
        "who did and looked at what, by ids; never words of a person",
        "see the log's retention below",
    ),
}


def data_map() -> str:
    """Every table, what it holds about people, which columns are sealed, who may touch it."""
    found = {model._meta.db_table.replace('"', ""): model for model in apps.get_models()}
    lines = [
        "# Data map\n",
        "Which tables there are, what they hold about people, and which columns hold it sealed. Who may touch a table",
        "stands in [tables](../reference/tables.md); how long, in the [retention schedule](retention.md).\n",
        "| table | about people | columns | kept |",
        "|---|---|---|---|",
    ]
    for table in sorted(declared(), key=lambda table: table.name):
        model = found.get(table.name)
        if model is None:
            continue
        what, kept = ABOUT.get(table.name, ((model.__doc__ or "").split("\n")[0].rstrip("."), "as long as it is used"))
        lines.append(f"| `{table.name}` | {what} | {_columns(model)} | {kept} |")
    kinds = ", ".join(str(label) for _value, label in EntryKind.choices)
    lines += ["", "## What an entry can be\n", f"{kinds}. Each is {SEALED} and bound to record, force and kind.", ""]
    return "\n".join(lines)


def _columns(model: type[models.Model]) -> str:
    names = []
    for field in model._meta.concrete_fields:
        name = f"`{field.column}`"
        names.append(f"**{name}** ({SEALED})" if field.name == "sealed" else name)
    return ", ".join(names)


def retention() -> str:
    """The schedule that a force starts with, and every other time limit there is."""
    lines = [
        "# Retention schedule\n",
        "What a force starts with. Each sets its own on the desk under *Retention*; a line nobody set is a place to start,",
        "not advice: agree it with the data protection officer.\n",
        "| a closed record with the outcome | is kept for |",
        "|---|---|",
    ]
    lines += [f"| {label} | {default_months(outcome)} months |" for outcome, label in outcomes()]
    wait = ForceSettings._meta.get_field("disposal_wait").get_default()
    keep = ForceSettings._meta.get_field("log_keep_months").get_default()
    unreleased = ForceSettings._meta.get_field("finish_unreleased_after").get_default()
    lines += [
        "",
        "| what | how long |",
        "|---|---|",
        f"| from the approval of a disposal to the disposal | {wait.days} days |",
        f"| what was typed and never released | {unreleased.seconds // 3600} hours |",
        "| words typed into the wrong record can be taken back | 5 minutes, by who typed them |",
        f"| words taken back, in backups of the data made before | sealed, {settings.DATA_BACKUP_DAYS} days |",
        f"| the ids of a record that is gone, in the log | {keep} months |",
        "| a typed name of somebody without a PIN | until the tablet is covered, at most 12 hours |",
        f"| backups of the store of keys (`VAULT_BACKUP_DAYS`) | {settings.VAULT_BACKUP_DAYS} days |",
        f"| backups of the data (`DATA_BACKUP_DAYS`) | {settings.DATA_BACKUP_DAYS} days |",
        f"| the ledger of disposals | {settings.LEDGER_DAYS} days |",
        "",
        "## What stops a disposal\n",
        "Only a closed record is ever disposed of: never one that is unread, open or offered. A legal hold beats everything;",
        "its reasons: " + "; ".join(str(label).lower() for _value, label in HoldReason.choices) + ".",
        "",
        "## What is left\n",
        "A stub: force, month, kind ("
        + ", ".join(str(label).lower() for _v, label in StubKind.choices)
        + ") and outcome.",
        "",
        "## The log\n",
        "The log holds ids and never words. The row of a disposal names the decision and not the record, and the stub holds no",
        "id, so that no row of the log leads to a stub. Earlier rows about the record stay as an account of what was done, for",
        f"the time that the force sets (at first {keep} months from the last of them). Then every row about it loses its ids,",
        "people and time of day: what was done, and in which month, stays. The chain still verifies",
        "([how](../decisions/0019-the-logs-own-retention.md)). The same goes for what was never released.",
        "",
        "## What is not kept here\n",
        "The server's own log (journal, files) names ids of records where something failed, never words: keep it no longer than",
        "30 days. Copies of backups elsewhere follow the days above.",
        "",
    ]
    return "\n".join(lines)
