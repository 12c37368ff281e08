"""Reads where every postcode is, and which force is responsible there. docs/register.md says where to get the files."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ani_portal.audit.log import Actor
from pharmacies.register.codepoint import district_rows
from pharmacies.register.loading import Loaded, Tally, load
from pharmacies.register.reading import UnreadableFile, read_file

# As many refused rows as anybody will read; the number of all of them is told.
REFUSED_SHOWN = 50


class Command(BaseCommand):
    """`manage.py load_postcodes FILE… --lookup FILE`."""

    help = "Reads OS Code-Point Open files and the ONS table of districts and police force areas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE… and --lookup."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="Code-Point Open, .csv or .gz")
        parser.add_argument("--lookup", type=Path, metavar="FILE", required=True, help="ONS district → police force")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, tell."""
        lookup = options["lookup"]
        try:
            districts = district_rows(read_file(lookup))
        except UnreadableFile as error:
            raise CommandError(f"{lookup.name}: {error}") from error
        try:
            done = load(options["files"], districts, by=Actor("process", "load_postcodes"))
        except UnreadableFile as error:
            raise CommandError(_("%s Nothing was written.") % error) from error
        for line in _lines(done):
            self.stdout.write(line)


def _lines(done: Loaded) -> Iterator[str]:
    if done.forces_written:
        yield _("Police forces: %d written first, as there were none.") % done.forces_written
    yield from _tally(_("Districts"), done.districts)
    yield from _tally(_("Postcodes"), done.postcodes)
    if done.unknown_districts:
        yield _("Districts that the look-up table does not have; their postcodes have no force: %s.") % ", ".join(
            sorted(done.unknown_districts)
        )


def _tally(what: str, tally: Tally) -> Iterator[str]:
    yield _("%(what)s: %(read)s read, %(new)s new, %(changed)s changed, %(same)s the same, %(refused)s refused.") % {
        "what": what,
        "read": f"{tally.read:,}",
        "new": f"{tally.new:,}",
        "changed": f"{tally.changed:,}",
        "same": f"{tally.same:,}",
        "refused": f"{len(tally.refused):,}",
    }
    for row in tally.refused[:REFUSED_SHOWN]:
        yield "  " + _("%(file)s row %(row)d: %(why)s") % {"file": row.file, "row": row.row, "why": row.reason}
    if more := len(tally.refused[REFUSED_SHOWN:]):
        yield "  " + _("… and %d more.") % more
