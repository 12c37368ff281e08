"""Of which day a list is. An older one never overwrites what is newer here: it only fills what is missing."""

import calendar
import re
from datetime import date

_DAY = re.compile(r"(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR_QUARTER = re.compile(r"(?<!\d)(20\d\d)[-_ /](\d\d)[-_ ]*q(?:uarter)?[-_ ]*([1-4])(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(r"(?<!\d)(20\d\d)[-_ ]*q(?:uarter)?[-_ ]*([1-4])(?!\d)", re.IGNORECASE)
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])(?!\d)")


def day_of_name(name: str) -> date | None:
    """The day that a file's name tells: 2025-03-31, 2025q1, 2023-24_q3 (the NHS's year begins in April), 2019-04.

    A quarter or month is of its last day. None where the name tells nothing.
    """
    if found := _DAY.search(name):
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            return None
    if found := _YEAR_QUARTER.search(name):
        start, end, quarter = (int(part) for part in found.groups())
        if (start + 1) % 100 == end:
            return _last(start + (quarter == 4), 3 * quarter + 3 - 12 * (quarter == 4))
    if found := _QUARTER.search(name):
        return _last(int(found[1]), 3 * int(found[2]))
    if found := _MONTH.search(name):
        return _last(int(found[1]), int(found[2]))
    return None


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def is_older(as_of: date | None, known: date | None) -> bool:
    """Whether a list of the day `as_of` is older than facts of the day `known`; of no day, it counts as older."""
    return known is not None and (as_of is None or as_of < known)
