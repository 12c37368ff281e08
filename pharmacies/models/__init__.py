"""Who takes part: forces and their areas, pharmacies, the people and the tablets in them."""

from .forces import CannedLine, District, ForceSettings, PoliceForce, Postcode, ResponseGrade
from .people import Auditor, Coordinator, CurrentQuerySet, ForceMembership, Membership, Officer, StaffMember
from .sites import GPHC_NUMBER, ODS_CODE, Organisation, Pharmacy
from .support import SupportService
from .tablets import EnrolmentCode, PinTries, Sitting, Tablet

__all__ = [
    "GPHC_NUMBER",
    "ODS_CODE",
    "Auditor",
    "CannedLine",
    "Coordinator",
    "CurrentQuerySet",
    "District",
    "EnrolmentCode",
    "ForceMembership",
    "ForceSettings",
    "Membership",
    "Officer",
    "Organisation",
    "Pharmacy",
    "PinTries",
    "PoliceForce",
    "Postcode",
    "ResponseGrade",
    "Sitting",
    "StaffMember",
    "SupportService",
    "Tablet",
]
