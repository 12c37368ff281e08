"""Who takes part: forces and their areas, pharmacies, the people and the tablets in them."""

from .checks import ForceCheckDone, SiteCheckDone
from .forces import CannedLine, District, ForceSettings, PoliceForce, Postcode, ResponseGrade
from .history import PharmacyFact, SettingsChange
from .joining import Application, Invitation
from .people import (
    Administrator,
    Auditor,
    Coordinator,
    CurrentQuerySet,
    ForceMembership,
    Membership,
    Officer,
    StaffMember,
    TrainingRecord,
)
from .providers import IdentityProvider, ProvidedRole
from .sites import GPHC_NUMBER, ODS_CODE, Organisation, Pharmacy
from .support import SupportService
from .tablets import EnrolmentCode, PinTries, Sitting, Tablet
from .uploads import RegisterUpload, UploadRow

__all__ = [
    "GPHC_NUMBER",
    "ODS_CODE",
    "Administrator",
    "Application",
    "Auditor",
    "CannedLine",
    "Coordinator",
    "CurrentQuerySet",
    "District",
    "EnrolmentCode",
    "ForceCheckDone",
    "ForceMembership",
    "ForceSettings",
    "IdentityProvider",
    "Invitation",
    "Membership",
    "Officer",
    "Organisation",
    "Pharmacy",
    "PharmacyFact",
    "PinTries",
    "PoliceForce",
    "Postcode",
    "ProvidedRole",
    "RegisterUpload",
    "ResponseGrade",
    "SettingsChange",
    "SiteCheckDone",
    "Sitting",
    "StaffMember",
    "SupportService",
    "Tablet",
    "TrainingRecord",
    "UploadRow",
]
