"""Many tablets, each at a made-up pharmacy of its own, as they are in a country: two forces, half of them in each."""

from dataclasses import dataclass
from uuid import uuid4

from ani_portal.access.roles import using_role
from pharmacies.models import Pharmacy, Sitting, StaffMember, Tablet
from pharmacies.principals import digest
from tests.cast import PHARMACIES


@dataclass(frozen=True)
class Device:
    """What a browser of a tablet sends: its cookie, and the token of the turn of a member of staff."""

    secret: str
    token: str

    def headers(self, *, turn: bool) -> dict[str, str]:
        """The headers of a post from its page."""
        said = {"Cookie": f"device={self.secret}", "Sec-Fetch-Site": "same-origin"}
        return said | ({"X-Sitting": self.token} if turn else {})


def tablets(count: int) -> list[Device]:
    """Make so many, on board, with one person on turn at each."""
    devices = [Device(f"bench tablet {uuid4()}", f"bench turn {uuid4()}") for _number in range(count)]
    with using_role("owner"):
        models = [Pharmacy.objects.get(ods_code=code) for code in PHARMACIES.values()]
        sites = [_like(models[number % len(models)], number) for number in range(count)]
        Pharmacy.objects.bulk_create(sites)
        known = Tablet.objects.bulk_create(
            Tablet(pharmacy=site, name="Counter", secret_hash=digest(device.secret))
            for site, device in zip(sites, devices, strict=True)
        )
        staff = StaffMember.objects.bulk_create(
            StaffMember(pharmacy=site, name="Made-up Staff", initials="AB", pin_hash="none") for site in sites
        )
        Sitting.objects.bulk_create(
            Sitting(tablet=tablet, staff=one, token_hash=digest(device.token))
            for tablet, one, device in zip(known, staff, devices, strict=True)
        )
    return devices


def _like(model: Pharmacy, number: int) -> Pharmacy:
    fields = {field.attname: getattr(model, field.attname) for field in Pharmacy._meta.concrete_fields}
    fields |= {"id": uuid4(), "ods_code": None, "gphc_number": None, "name": f"Made-up pharmacy {number}"}
    return Pharmacy(**fields)
