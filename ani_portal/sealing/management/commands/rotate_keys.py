"""`manage.py rotate_keys`: wrap every record's key with the newest master key while the service runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from ani_portal.sealing.keyring import add_key, key_service
from ani_portal.sealing.rotation import ALIAS, rotate

ROTATION = Actor("process", "rotate_keys")


class Command(BaseCommand):
    """Rotate the master key. Interrupted, it goes on where it stopped when it is run again."""

    help = "Wraps every key with the first of the master keys; with --new makes that one first, in the keys' file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", metavar="NAME", help="put a fresh master key of this name in front of the file")
        parser.add_argument("--pause", type=float, default=0, help="seconds between batches of 500 (default 0)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            if settings.MASTER_KEYS or not settings.MASTER_KEYS_FILE:
                raise CommandError("--new writes to the file that MASTER_KEYS_FILE names; the keys are elsewhere.")
            add_key(Path(settings.MASTER_KEYS_FILE), options["new"])
        name = key_service().current
        with using_role(ALIAS):
            with scoped(Scope(Kind.WORKER)) as log:
                log.note("keys.rotation_started", by=ROTATION, force=None, on=("master key", name))
            went = rotate(pause=options["pause"])
            with scoped(Scope(Kind.WORKER)) as log:
                log.note(
                    "keys.rotated", by=ROTATION, force=None, on=("master key", name), done=went.done, left=went.left
                )
        speed = went.done / went.seconds if went.seconds else 0
        self.stdout.write(f"{went.done} keys are now under {name!r} ({speed:.0f} per second).")
        if went.left:
            raise CommandError(f"{went.left} keys do not open with any of the master keys: keep the older ones.")
        self.stdout.write("No key is left under an older master key: it may be taken away once its backups are gone.")
