"""The districts of Norfolk's and Cheshire's forces (ONS, December 2023). load_postcodes brings the rest of the country."""

from pharmacies.models import District, PoliceForce

from .forces import CHESHIRE, NORFOLK

HALTON = "E06000006"
WARRINGTON = "E06000007"
CHESHIRE_EAST = "E06000049"
CHESHIRE_WEST_AND_CHESTER = "E06000050"
BRECKLAND = "E07000143"
BROADLAND = "E07000144"
GREAT_YARMOUTH = "E07000145"
KINGS_LYNN_AND_WEST_NORFOLK = "E07000146"
NORTH_NORFOLK = "E07000147"
NORWICH = "E07000148"
SOUTH_NORFOLK = "E07000149"

# Code: name, force.
DISTRICTS = {
    HALTON: ("Halton", CHESHIRE),
    WARRINGTON: ("Warrington", CHESHIRE),
    CHESHIRE_EAST: ("Cheshire East", CHESHIRE),
    CHESHIRE_WEST_AND_CHESTER: ("Cheshire West and Chester", CHESHIRE),
    BRECKLAND: ("Breckland", NORFOLK),
    BROADLAND: ("Broadland", NORFOLK),
    GREAT_YARMOUTH: ("Great Yarmouth", NORFOLK),
    KINGS_LYNN_AND_WEST_NORFOLK: ("King's Lynn and West Norfolk", NORFOLK),
    NORTH_NORFOLK: ("North Norfolk", NORFOLK),
    NORWICH: ("Norwich", NORFOLK),
    SOUTH_NORFOLK: ("South Norfolk", NORFOLK),
}


def load() -> int:
    """Write the districts that are not there yet; how many were written."""
    forces = {force.ons_code: force for force in PoliceForce.objects.filter(ons_code__in=[NORFOLK, CHESHIRE])}
    known = set(District.objects.order_by().values_list("code", flat=True))
    missing = [
        District(code=code, name=name, force=forces[force])
        for code, (name, force) in DISTRICTS.items()
        if code not in known
    ]
    District.objects.bulk_create(missing)
    return len(missing)
