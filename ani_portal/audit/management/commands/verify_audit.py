from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ani_portal.access.roles import using_role
from ani_portal.audit import anchors
from ani_portal.audit.verify import verify


class Command(BaseCommand):
    """Check every chain of the log; names the first broken link of each and fails."""

    help = "Checks the hash chains of the log and names the first broken link of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, help="a file with a mark of the day, as it was mailed")

    def handle(self, *args: Any, **options: Any) -> None:
        with using_role("verify"):
            found = verify("verify")
            if options["anchor"]:
                found.broken.extend(anchors.compare(anchors.load(options["anchor"].read_text()), "verify"))
        for fault in found.broken:
            where = "the system's chain" if fault.chain == 0 else f"the chain of force {fault.chain}"
            self.stderr.write(f"Broken: {where}, row {fault.seq}: {fault.why}.")
        if found.broken:
            raise CommandError(f"{len(found.broken)} of {found.chains} chains are broken.")
        self.stdout.write(f"{found.rows} rows in {found.chains} chains, whole.")
