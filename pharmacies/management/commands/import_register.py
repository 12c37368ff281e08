"""Reads the official register of pharmacies. docs/register.md says where to get it and what is done with it."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ani_portal.audit.log import Actor
from pharmacies.register.age import day_of_name
from pharmacies.register.apply import import_register
from pharmacies.register.offices import names_by_code
from pharmacies.register.reading import UnreadableFile, cannot_open, read_file
from pharmacies.register.report import lines, open_report, write_csv

# On a terminal the totals would scroll away; into a file or a pipe every row is written.
ROWS_ON_A_TERMINAL = 20


class Command(BaseCommand):
    """`manage.py import_register FILE`."""

    help = "Reads the register of pharmacies (NHS ODS or NHSBSA list) and finds each one's police force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and how."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day the list is of; else its name's"
        )
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="write every row with its outcome")
        parser.add_argument("--head-offices", type=Path, metavar="FILE", help="the NHS ODS table of head offices")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, write, tell."""
        path, report = options["file"], options["report"]
        try:
            sheet = read_file(path)
            offices = names_by_code(read_file(options["head_offices"])) if options["head_offices"] else None
            # Before anything is written: a report that cannot be kept must not be found out afterwards.
            kept = _opened(report, inputs=[path, options["head_offices"]]) if report else None
            as_of = options["as_of"] or day_of_name(path.name)
            by = Actor("process", "import_register")
            plan = import_register(sheet, by=by, offices=offices, dry_run=options["dry_run"], as_of=as_of)
        except UnreadableFile as error:
            raise CommandError(f"{path.name}: {error}") from error
        if kept:
            with kept:
                write_csv(plan, kept)
        most = ROWS_ON_A_TERMINAL if self.stdout.isatty() else None
        for line in lines(plan, dry_run=options["dry_run"], most=most):
            self.stdout.write(line)


def _opened(report: Path, *, inputs: list[Path | None]) -> Any:
    if any(given and given.exists() and report.exists() and given.samefile(report) for given in inputs):
        raise CommandError(f"{report.name}: the report would overwrite a file that is being read. Name another.")
    try:
        return open_report(report)
    except OSError as error:
        raise CommandError(cannot_open(report, error)) from error
