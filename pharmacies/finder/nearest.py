"""From a postcode or the name of a place to the nearest pharmacies that take part."""

from dataclasses import dataclass

from django.db.models import ExpressionWrapper, F, FloatField, Q
from django.db.models.functions import Sqrt

from pharmacies.models import Pharmacy
from pharmacies.register.postcodes import BadPostcode, look_up, normalise

MOST = 10


@dataclass(frozen=True)
class Found:
    """What was found, and how; `kind` is postcode, place or unknown."""

    kind: str
    pharmacies: list[Pharmacy]
    more: bool = False  # the place has more than are shown


def find(text: str) -> Found:
    """The nearest to a full postcode, or those in a place; the database shows the public only those that take part."""
    rows = Pharmacy.objects.filter(site_status="open")
    try:
        place = look_up([normalise(text)]).get(normalise(text))
    except BadPostcode:
        named = rows.filter(
            Q(address__icontains=text) | Q(district__name__icontains=text) | Q(postcode__istartswith=text)
        )
        those = list(named.order_by("name")[: MOST + 1])
        return Found("place", those[:MOST], more=len(those) > MOST)
    if place is None or place.easting is None or place.northing is None:
        return Found("unknown", [])
    # Metres on the National Grid: over a county the straight line is the distance. Floats first: squares of whole metres
    # end at 46 km.
    east, north = 1.0 * (F("easting") - place.easting), 1.0 * (F("northing") - place.northing)
    far = Sqrt(east * east + north * north)
    near = rows.filter(easting__isnull=False).annotate(far=ExpressionWrapper(far / 1609.344, output_field=FloatField()))
    return Found("postcode", list(near.order_by("far")[:MOST]))
