"""What a force's incident numbers look like, as a coordinator writes it: `NC-{digits}-{date}`. Never a regular expression:
nobody who runs a scheme reads one, and one written badly can hold up a server."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Each place, what it takes, and what stands there in an example. No two of open length touch, and there are few of them:
# a digit between two of them could be either's, and matching tries each way.
PLACES = {
    "digits": (r"[0-9]{1,8}", "123"),
    "letters": (r"[A-Z]{1,4}", "AB"),
    "date": (r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])20[0-9]{2}", "21112026"),
}
MOST_PLACES = 4
_PART = re.compile(r"\{(\w+)\}|([A-Za-z0-9/. -]+)")
# Where a force says nothing.
ANYTHING = r"[A-Z0-9][A-Z0-9/\-. ]*"


class BadShape(ValueError):
    """What was written is no shape of a number; the text is for who wrote it."""


@dataclass(frozen=True)
class Shape:
    """How numbers look: what to compare with, and one that fits."""

    pattern: str
    example: str

    def fits(self, number: str) -> bool:
        """Whether a number, in capitals, looks like this."""
        return re.fullmatch(self.pattern, number) is not None


def shape_of(text: str) -> Shape:
    """The shape that a coordinator wrote, as `NC-{digits}-{date}`; BadShape with what to mend."""
    pattern, example, at, before = "", "", 0, ""
    if text.count("{") > MOST_PLACES:
        raise BadShape(_("At most %d places in braces.") % MOST_PLACES)
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise BadShape(_("Letters, digits, spaces and / . - only, and {digits}, {letters} or {date}."))
        place, plain = found.groups()
        if plain is not None:
            pattern, example = pattern + re.escape(plain.upper()), example + plain.upper()
        elif place not in PLACES:
            raise BadShape(_("There is no {%(place)s}: write {digits}, {letters} or {date}.") % {"place": place})
        elif before:
            raise BadShape(_("Put something between two places in braces, such as a - or a letter."))
        else:
            pattern, example = pattern + PLACES[place][0], example + PLACES[place][1]
        at, before = found.end(), place or ""
    if "{digits}" not in text:
        raise BadShape(_("Say where the number itself stands: write {digits} there."))
    return Shape(pattern, example)


def known_shape(text: str) -> Shape | None:
    """The shape of a setting; None where nothing is set, or something that is none: then any number is taken."""
    try:
        return shape_of(text) if text else None
    except BadShape:
        return None
