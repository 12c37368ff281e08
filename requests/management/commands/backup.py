"""`make backup`: the data and the store of keys, each encrypted, each kept for its own time."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from ani_portal.backup import shelf
from ani_portal.backup.cipher import NotOurs
from ani_portal.backup.tools import ALIAS, ToolFailed
from requests.retention.ledger import ledger

BACKUP = Actor("process", "backup")


class Command(BaseCommand):
    """Back up, and remove the backups that are too old."""

    help = "Backs up the data and, apart from it, the store of keys; removes backups that are older than their days."

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.now(UTC)
        try:
            with using_role(ALIAS):
                made = shelf.make(now)
                gone = shelf.clear_out(now)
                ledger().forget(now=now, days=settings.LEDGER_DAYS)
                with scoped(Scope(Kind.WORKER)) as log:
                    log.note(
                        "backup.made",
                        by=BACKUP,
                        force=None,
                        on=("backup", made.data.name),
                        removed_keys=gone["vault"],
                        removed=gone["data"],
                    )
        except (NotOurs, ToolFailed) as failure:
            raise CommandError(f"No backup was made. {failure}") from failure
        self.stdout.write(f"Data: {made.data} ({made.sizes[0]:,} bytes before encryption)")
        self.stdout.write(f"Keys: {made.vault} ({made.sizes[1]:,} bytes)")
        self.stdout.write(f"Removed as too old: {gone['data']} of the data, {gone['vault']} of the keys.")
