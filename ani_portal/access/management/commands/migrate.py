from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from ani_portal.access import rings
from ani_portal.access.long_work import StillWorking, no_long_work


class Command(Migrate):
    """Django's own, as the owner of the tables: the application's role may not change them.

    It waits for a table in use for seconds only, because everybody waits behind it, and tries again: a release is
    migrated while tablets and officers work. It never runs beside the import of a register.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in connections:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        def work() -> bool:
            with connections[options["database"]].cursor() as cursor:
                cursor.execute(f"set lock_timeout = {1000 * rings.PATIENCE:.0f}")
            try:
                # Each migration is a transaction: what is done is done, and the next try goes on from there.
                super(Command, self).handle(*args, **options)
            finally:
                with connections[options["database"]].cursor() as cursor:
                    cursor.execute("reset lock_timeout")
            return True

        try:
            with no_long_work(options["database"], self.stdout.write):
                rings.patiently(work, "The tables")
        except StillWorking as error:
            raise CommandError(str(error)) from error
