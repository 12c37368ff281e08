"""Which force a pharmacy belongs to. By its full postcode, or by a person; never by a part of the postcode."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pharmacies.enums import ForceSource, Participation
from pharmacies.models import Pharmacy

from .postcodes import Place, area


@dataclass(frozen=True)
class Doubt:
    """What a person must look at: in words that rows with the same doubt share, and in a sentence about this one."""

    heading: str
    sentence: str


@dataclass(frozen=True)
class Settled:
    """Where a pharmacy is and whose it is; `doubt` is what a person must look at, if anything."""

    force_id: int | None
    force_source: str
    district_id: str | None
    easting: int | None
    northing: int | None
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Map:
    """What is known of places, by normalised postcode, and of forces, by id."""

    places: Mapping[str, Place]
    areas: frozenset[str]  # postcode areas of which anything is loaded
    forces: Mapping[int, str]


def settle(before: Pharmacy | None, postcode: str, known: Map) -> Settled:
    """The force and place of a pharmacy at `postcode`, given what was known of it before."""
    place = known.places.get(postcode)
    if place is None or place.force_id is None:
        return _without(before, postcode, place, known)
    kept = before.force_id if before else None
    if before and kept and kept != place.force_id and _belongs_to_people(before):
        sentence = _("It is recorded for %(here)s, but its postcode %(postcode)s lies in %(there)s.") % {
            "here": known.forces[kept],
            "postcode": postcode,
            "there": known.forces[place.force_id],
        }
        return _at(place, kept, before.force_source, Doubt(_("Its force is not its postcode's"), sentence))
    if before and before.force_source == ForceSource.PERSON:
        return _at(place, kept, ForceSource.PERSON)
    return _at(place, place.force_id, ForceSource.POSTCODE)


def takes_part(pharmacy: Pharmacy) -> bool:
    """Whether people look after this pharmacy here, so that an import no longer decides for them."""
    return pharmacy.participation != Participation.REGISTERED


def _belongs_to_people(pharmacy: Pharmacy) -> bool:
    return pharmacy.force_source == ForceSource.PERSON or takes_part(pharmacy)


def _at(place: Place, force_id: int | None, source: str, doubt: Doubt | None = None) -> Settled:
    return Settled(force_id, source, place.district_code, place.easting, place.northing, doubt)


def _without(before: Pharmacy | None, postcode: str, place: Place | None, known: Map) -> Settled:
    """The postcode does not decide."""
    moved = before is None or before.postcode != postcode
    if before and before.force_id and not moved:
        # The postcode was alive when the force was found, or a person said so. Its retirement moves nobody.
        return Settled(before.force_id, before.force_source, before.district_id, before.easting, before.northing)
    nowhere = place or Place(None, None, None, None)
    why = _why(postcode, place, known.areas)
    if before and before.force_id and _belongs_to_people(before):
        stays = _("It has moved to %(postcode)s and stays with %(force)s until a person says otherwise.") % {
            "postcode": postcode,
            "force": known.forces[before.force_id],
        }
        doubt = Doubt(_("Moved to where no force is known"), f"{stays} {why.sentence}")
        return _at(nowhere, before.force_id, before.force_source, doubt)
    return _at(nowhere, None, "", why)


def _why(postcode: str, place: Place | None, areas: frozenset[str]) -> Doubt:
    if place and place.district_code:
        return Doubt(
            _("Force not known: none for the district"),
            _("The look-up table names no force for the district of %s.") % postcode,
        )
    if place:
        return Doubt(_("Force not known: no district"), _("The postcode file gives no district for %s.") % postcode)
    if area(postcode) in areas:
        return Doubt(
            _("Force not known: not a live postcode"),
            _("%s is not among the live postcodes; it may be retired or wrong.") % postcode,
        )
    return Doubt(
        _("Force not known: postcodes of its area not loaded"),
        _("No postcode that begins with %s has been loaded.") % area(postcode),
    )
