"""`manage.py anchor`: mail the day's signed mark of the log to an address outside. Run once a day."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ani_portal.access.roles import using_role
from ani_portal.audit import anchors


class Command(BaseCommand):
    """Sign where every chain stands, and send it away."""

    help = "Mails the signed mark of the log to AUDIT_ANCHOR_TO; with --public-key says what it is checked with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--public-key", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["public_key"]:
            self.stdout.write(anchors.public_key())
            return
        if not settings.AUDIT_ANCHOR_TO:
            raise CommandError("Set AUDIT_ANCHOR_TO to an address outside this system (docs/security.md).")
        with using_role("verify"):
            self.stdout.write(anchors.send().text)
