"""An import's outcome in words: for a screen, totals first, and for a spreadsheet, every row."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TextIO

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .plan import Outcome, Plan, PlannedRow

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def lines(plan: Plan, *, dry_run: bool, most: int | None = None) -> Iterator[str]:
    """The report, line by line; at most `most` rows under each heading, or all."""
    counts = plan.counts()
    parts = ", ".join(f"{_count(count)} {outcome.label}" for outcome, count in counts.items())
    yield _("%(layout)s, %(rows)s rows: %(parts)s.") % {
        "layout": plan.layout,
        "rows": _count(len(plan.rows)),
        "parts": parts,
    }
    yield _("A dry run: nothing was written.") if dry_run else _writing(plan)
    yield from _forces(plan)
    if offices := len(plan.organisations):
        yield ngettext("%s head office new or renamed.", "%s head offices new or renamed.", offices) % _count(offices)
    yield from _section(_("Refused: mend these rows and import again"), plan.of(Outcome.REFUSED), most)
    yield from _section(_("Taken, but a person must confirm"), plan.to_confirm(), most)
    yield from _section(_("Changed"), plan.of(Outcome.CHANGED), most)
    yield from _section(_("Left out: nothing to mend"), plan.of(Outcome.LEFT_OUT), most)
    if older := len(plan.older()):
        yield ""
        yield _older(older, plan.as_of)
    if plan.missing:
        yield from _missing(plan.missing, most)


def _missing(codes: list[str], most: int | None) -> Iterator[str]:
    shown = ", ".join(codes[:most]) + (" …" if most and len(codes) > most else "")
    yield ""
    yield ngettext(
        "%(count)s pharmacy known here is not in the file and stays as it is: %(codes)s",
        "%(count)s pharmacies known here are not in the file and stay as they are: %(codes)s",
        len(codes),
    ) % {"count": _count(len(codes)), "codes": shown}


def _older(count: int, as_of: date | None) -> str:
    if as_of is None:
        return _("No day was given for this list: %s pharmacies differ, and keep what is known here. Say --as-of.") % (
            _count(count)
        )
    said = _("This list is of %(day)s. %(count)s pharmacies are known here as of a newer day, and keep what is known.")
    return said % {"day": date_format(as_of, "j F Y"), "count": _count(count)}


def _writing(plan: Plan) -> str:
    if plan.writes():
        return _("All of it was written, in one go.")
    return _("Nothing had changed; nothing was written.")


def _forces(plan: Plan) -> Iterator[str]:
    found = plan.by_force()
    without = found.pop("", 0)
    yield ""
    yield _("Pharmacies by police force:")
    for name, count in found.items():
        yield f"  {_count(count):>7}  {name}"
    if without:
        yield f"  {_count(without):>7}  " + _("force not known yet")


def _section(title: str, rows: list[PlannedRow], most: int | None) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"{title} ({_count(len(rows))})"
    groups: dict[str, list[PlannedRow]] = {}
    for row in rows:
        groups.setdefault(row.heading, []).append(row)
    for heading, group in sorted(groups.items(), key=lambda item: len(item[1])):
        if heading:
            yield f"  {heading} ({_count(len(group))})"
        for row in group[:most]:
            yield "    " + _line(row)
        if more := len(group[most:]) if most else 0:
            yield "    " + _("… and %s more; --report writes every row to a file.") % _count(more)


def _line(row: PlannedRow) -> str:
    named = " ".join(part for part in (row.ods_code, row.name, row.postcode) if part)
    return _("Row %(row)d, %(named)s: %(why)s") % {"row": row.row, "named": named, "why": why(row)}


def why(row: PlannedRow) -> str:
    """Why a row is not taken, what a person must look at, and what changes, in one text."""
    none = _("none")
    changes = "; ".join(f"{what}: {before or none} → {after or none}" for what, (before, after) in row.changes.items())
    return " ".join(part for part in (row.reason, row.confirm, changes) if part)


def _count(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def write_csv(plan: Plan, file: TextIO) -> None:
    """Write every row with its outcome; no cell can run as a formula."""
    out = csv.writer(file)
    out.writerow(
        [
            *(_("row"), _("ODS code"), _("name"), _("postcode"), _("outcome"), _("force")),
            *(_("reason"), _("to be confirmed by a person"), _("changes"), _("notes")),
        ]
    )
    for row in plan.rows:
        changes = "; ".join(f"{what}: {before} → {after}" for what, (before, after) in row.changes.items())
        cells = [row.ods_code, row.name, row.postcode, str(row.outcome.label), row.force, row.reason, row.confirm]
        out.writerow([row.row, *(safe_cell(cell) for cell in [*cells, changes, " ".join(row.notes)])])


def safe_cell(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def open_report(path: Path) -> TextIO:
    """Open the file for write_csv; with a mark of UTF-8, without which Excel misreads accents."""
    return path.open("w", encoding="utf-8-sig", newline="")
