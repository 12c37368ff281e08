"""`make restore`: a backup into this database, and then everything destroyed again that the ledger names."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.backup import shelf
from ani_portal.backup.cipher import NotOurs
from ani_portal.backup.tools import ALIAS, ToolFailed
from requests.retention.ledger import ledger
from requests.retention.replay import RESTORER, end_sessions, replay


class Command(BaseCommand):
    """Restore. Everything that the database holds is replaced."""

    help = (
        "Replaces this database by a backup (the newest unless told otherwise), then replays the ledger of disposals."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="a backup of the data; the newest if not given")
        parser.add_argument("--vault", type=Path, help="a backup of the keys; the newest if not given")
        parser.add_argument("--yes", action="store_true", help="replace what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = {kind: options[kind] or _newest(kind) for kind in shelf.KINDS}
        if not options["yes"]:
            names = ", ".join(f"{kind} {path}" for kind, path in chosen.items())
            raise CommandError(f"This replaces the whole database by {names}. Say --yes (make restore YES=1).")
        try:
            # Before anything is removed.
            for kind, path in chosen.items():
                shelf.check(path, kind)
            with using_role(ALIAS):
                self._restore(chosen)
        except (NotOurs, ToolFailed, OSError) as failure:
            raise CommandError(f"Not restored. {failure}") from failure

    def _restore(self, chosen: dict[str, Path]) -> None:
        for alias in connections:
            if alias != ALIAS:
                connections[alias].close()
        with shelf.nobody_else():
            if others := shelf.others_connected():
                raise CommandError(f"{others} connections are open. Stop the web servers and the worker first.")
            shelf.empty_database()
            for kind, path in chosen.items():
                shelf.put_back(path, kind)
                self.stdout.write(f"Restored {kind} from {path.name}.")
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("delete from ani.rings")  # grants and rules are made anew, whatever the dump says
            call_command("migrate", verbosity=0)
            came_back = replay(ledger())
            end_sessions()
            with scoped(Scope(Kind.WORKER)) as log:
                log.note("backup.restored", by=RESTORER, force=None, of=chosen["data"].name, disposed_again=came_back)
            self.stdout.write(f"Disposed of again, as the ledger says: {came_back}. Everybody signs in anew.")


def _newest(kind: str) -> Path:
    found = shelf.there(kind)
    if not found:
        raise CommandError(f"There is no backup of the {kind} in {shelf.folder(kind)}.")
    return found[-1]
