"""After a restore: what the ledger says was disposed of is disposed of again, before anybody can look."""

from django.db import connections, transaction

from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor

from ..enums import Event
from .ledger import Ledger

RESTORER = Actor("process", "restore")
ALIAS = "owner"


def replay(ledger: Ledger) -> int:
    """Destroy again the records and keys that the ledger names; how many came back. Runs as the owner."""
    marks = list(ledger.disposed())
    with scoped(Scope(Kind.WORKER)) as log, connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select id, force_id from requests_codewordrequest"
            " where encode(sha256(convert_to(id::text, 'UTF8')), 'hex') = any (%s)",
            [marks],
        )
        found = cursor.fetchall()
        for record, force in found:
            cursor.execute("select ani.destroy_record(%s)", [record])
            log.note(Event.DISPOSED_AGAIN, by=RESTORER, force=force)
        # Keys without their record too: the two halves of a backup need not be of one moment.
        for table in ("record_key", "phone_mark"):
            cursor.execute(
                f"delete from vault.{table} where encode(sha256(convert_to(record_id::text, 'UTF8')), 'hex') = any (%s)",
                [marks],
            )
        # Words that were taken back are taken back again; the entry stays as a mark that something was.
        cursor.execute(
            "with again as (update requests_entry set sealed = '', taken_back_at = coalesce(taken_back_at, now())"
            " where sealed <> '' and encode(sha256(convert_to(id::text, 'UTF8')), 'hex') = any (%s)"
            " returning record_id, kind)"
            " delete from vault.phone_mark where record_id in (select record_id from again where kind = 'safe_contact')",
            [marks],
        )
    return len(found)


def end_sessions() -> None:
    """Nobody is signed in to a restored database by a session of the day it was backed up."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("delete from django_session")
        cursor.execute("update pharmacies_sitting set ended_at = now(), sealed_name = null where ended_at is null")
