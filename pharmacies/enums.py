"""The closed lists of who takes part."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nation(models.TextChoices):
    """The nation a force or a helpline serves; helplines and languages differ by it."""

    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class SiteStatus(models.TextChoices):
    """What the official register says of a site."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Participation(models.TextChoices):
    """Whether a pharmacy takes part. Only one that is on board has tablets that work."""

    REGISTERED = "registered", _("Known from the register, does not take part")
    ON_BOARD = "on_board", _("Takes part")
    SUSPENDED = "suspended", _("Suspended")


class ForceSource(models.TextChoices):
    """Who or what decided which force a pharmacy belongs to."""

    POSTCODE = "postcode", _("Found from the full postcode")
    PERSON = "person", _("Confirmed by a person")


class OfficerRole(models.TextChoices):
    """What a force's officer may do; ani_portal.access.roles lists it."""

    OFFICER = "officer", _("Triage officer")
    SUPERVISOR = "supervisor", _("Supervisor")


class Audience(models.TextChoices):
    """Whom a support line is for. Only lines for the person are ever shown to a person asking for help."""

    PERSON = "person", _("For the person asking for help")
    PROFESSIONAL = "professional", _("For professionals")
    PERSON_WHO_HARMS = "person_who_harms", _("For people who harm")


class AuditEvent(models.TextChoices):
    """What the log calls what happens to who takes part."""

    CODE_MADE = "tablet.code_made", _("A code for a tablet was made")
    ENROLLED = "tablet.enrolled", _("A tablet was enrolled")
    ENROL_FAILED = "tablet.enrol_failed", _("A code did not work")
    REVOKED = "tablet.revoked", _("A tablet was revoked")
    BEGUN = "sitting.begun", _("Somebody began at a tablet")
    COVERED = "sitting.covered", _("The tablet was covered")
    PIN_WRONG = "sitting.pin_wrong", _("A wrong PIN")
