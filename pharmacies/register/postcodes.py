"""UK postcodes: how they are written, and which force's area one lies in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, F, Func
from django.utils.translation import gettext as _

from pharmacies.models import Postcode

# The shapes a UK postcode can have (Royal Mail's Postcode Address File; BS 7666).
_SHAPE = re.compile(
    r"(GIR|[A-PR-UWYZ](?:\d|\d\d|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]))(\d[ABD-HJLNP-UW-Z]{2})"
)
# Postcode areas of the Crown dependencies: their police are not UK territorial forces.
CROWN_DEPENDENCIES = {"IM": "Isle of Man", "JE": "Jersey", "GY": "Guernsey"}


class BadPostcode(ValueError):
    """The text is no UK postcode; the message says why, for the person who typed it."""


@dataclass(frozen=True)
class Place:
    """Where a postcode is. `force_id` is None where the look-up table gives its district no force."""

    district_code: str | None
    force_id: int | None
    easting: int | None  # metres, OSGB36 National Grid
    northing: int | None


def normalise(text: str) -> str:
    """Return the postcode in capitals with its one space, however it was spaced.

    Letters and digits are never repaired (an O typed for a 0): that would be a guess. Raises BadPostcode.
    """
    compact = re.sub(r"\s+", "", text).upper()
    if not compact:
        raise BadPostcode(_("There is no postcode."))
    if not (found := _SHAPE.fullmatch(compact)):
        raise BadPostcode(_("“%s” is not a UK postcode, such as NR2 1LD.") % text.strip())
    return f"{found[1]} {found[2]}"


def compact(postcode: str) -> str:
    """The form in which postcodes are stored for looking up: without the space."""
    return postcode.replace(" ", "")


def area(postcode: str) -> str:
    """The letters that a normalised postcode begins with. They say which file holds it, never which force."""
    return postcode[: 2 if postcode[1].isalpha() else 1]


def look_up(postcodes: Iterable[str]) -> dict[str, Place]:
    """Where each of these normalised postcodes is; those that are not known are missing from the answer."""
    wanted = {compact(postcode): postcode for postcode in postcodes}
    found = Postcode.objects.filter(postcode__in=wanted).values_list(
        "postcode", "district_id", "district__force_id", "easting", "northing"
    )
    return {wanted[row[0]]: Place(*row[1:]) for row in found}


def areas_loaded() -> set[str]:
    """The postcode areas of which at least one postcode has been loaded."""
    letters = Func(F("postcode"), template="substring(%(expressions)s from '^[A-Z]+')", output_field=CharField())
    return set(Postcode.objects.order_by().annotate(area=letters).values_list("area", flat=True).distinct())
