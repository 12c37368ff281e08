"""`manage.py dispose --due`: dispose of what two people decided and whose waiting time is over."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests.retention.disposal import dispose_due
from requests.retention.thinning import thin_log


class Command(BaseCommand):
    """Dispose of records. Never decides by itself."""

    help = (
        "Disposes of the records whose disposal was asked for, approved by somebody else, and has waited long enough."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--due", action="store_true", help="do it (without this nothing happens)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["due"]:
            raise CommandError("Say --due. What is due and who decided stands on the desk, under Retention.")
        went = dispose_due(now=datetime.now(UTC))
        self.stdout.write(f"{went.done} disposed of.")
        for why, count in went.left.items():
            self.stdout.write(f"{count} left: {why}")
        if rows := thin_log():
            self.stdout.write(f"{rows} rows of the log, about records long gone, lost their ids.")
