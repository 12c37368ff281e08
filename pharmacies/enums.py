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
    DATA_PROTECTION = "dpo", _("Data protection officer")


class Audience(models.TextChoices):
    """Whom a support line is for. Only lines for the person are ever shown to a person asking for help."""

    PERSON = "person", _("For the person asking for help")
    PROFESSIONAL = "professional", _("For professionals")
    PERSON_WHO_HARMS = "person_who_harms", _("For people who harm")


class Stage(models.TextChoices):
    """Where a force stands with the portal."""

    PREPARING = "preparing", _("Getting ready")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")
    LEFT = "left", _("No longer takes part")


class ForceCheck(models.TextChoices):
    """What a force must have before its queue is live."""

    DPIA = "dpia", _("Data protection impact assessment, signed off")
    AGREEMENTS = "agreements", _("Data-sharing agreements with the owners of the pharmacies")
    POLICY = "policy", _("Appropriate policy document")
    NOTICE = "notice", _("Privacy notice, published")
    HOURS = "hours", _("Desk hours, known to the pharmacies")
    FALLBACK = "fallback", _("A fallback without a browser, tested")
    CONFLICT = "conflict", _("Two officers for conflicts of interest, named")
    DRILL = "drill", _("A drill from a tablet, answered by a person")


# Nobody says these: they are found out (ani.missing_for_live).
FOUND_OUT = {ForceCheck.CONFLICT, ForceCheck.DRILL}


class SiteCheck(models.TextChoices):
    """What a pharmacy's place must have."""

    SPACE = "space", _("A private space")
    PHONE = "phone", _("A phone that somebody who asks may use")
    WIFI = "wifi", _("WiFi or mobile data where the tablet stands")
    BSL = "bsl", _("999 BSL opens on that network")
    MATERIALS = "materials", _("Posters and cards displayed, or agreed not to be")


class FactKind(models.TextChoices):
    """What of a pharmacy changes over time and is kept with its validity."""

    ODS_CODE = "ods_code", _("ODS code")
    GPHC_NUMBER = "gphc_number", _("GPhC premises number")
    NAME = "name", _("Name")
    ADDRESS = "address", _("Address")
    OWNER = "owner", _("Owner")
    FORCE = "force", _("Police force")
    STATUS = "status", _("In the register")
    TAKES_PART = "takes_part", _("Here")


class ApplicationState(models.TextChoices):
    """Where a wish to join stands."""

    WAITING = "waiting", _("Waiting for the force’s coordinator")
    RUNG = "rung", _("Confirmed by telephone, waiting for a decision")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class InvitationKind(models.TextChoices):
    """What an invited person becomes."""

    STAFF = "staff", _("Member of staff")
    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICER = "officer", _("Triage officer")
    SUPERVISOR = "supervisor", _("Supervisor of the desk")
    DATA_PROTECTION = "dpo", _("Data protection officer")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")


class ForceRole(models.TextChoices):
    """What a force's own provider can make somebody: parts in that force, and nothing else."""

    OFFICER = "officer", _("Officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    DATA_PROTECTION = "dpo", _("Data protection officer")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")


class UploadState(models.TextChoices):
    """How far a file is."""

    READING = "reading", _("Being read")
    COLUMNS = "columns", _("Its columns must be matched")
    PLANNED = "planned", _("Dry run ready; nothing is written")
    APPLYING = "applying", _("Being written")
    APPLIED = "applied", _("Written")
    UNREADABLE = "unreadable", _("Cannot be used")


class AuditEvent(models.TextChoices):
    """What the log calls what happens to who takes part."""

    CODE_MADE = "tablet.code_made", _("A code for a tablet was made")
    ENROLLED = "tablet.enrolled", _("A tablet was enrolled")
    ENROL_FAILED = "tablet.enrol_failed", _("A code did not work")
    REVOKED = "tablet.revoked", _("A tablet was revoked")
    BEGUN = "sitting.begun", _("Somebody began at a tablet")
    ELSEWHERE = "sitting.elsewhere", _("A tablet was said to be elsewhere than at its pharmacy")
    COVERED = "sitting.covered", _("The tablet was covered")
    PIN_WRONG = "sitting.pin_wrong", _("A wrong PIN")
    PIN_LOCKED = "sitting.pin_locked", _("A PIN was locked after too many wrong ones")
    PIN_UNLOCKED = "person.pin_unlocked", _("A locked PIN was unlocked")
    VOUCHED = "person.vouched", _("A colleague vouched for a locum, for one shift")
    UPLOADED = "register.uploaded", _("A file was given")
    UPLOAD_ASKED = "register.apply_asked", _("A file was to be applied")
    APPLIED_TO_JOIN = "join.asked", _("A pharmacy asked to join")
    RUNG = "join.rung", _("A pharmacy was rung on its registered number")
    JOINED = "join.approved", _("A pharmacy came on board")
    DECLINED = "join.declined", _("A pharmacy was declined")
    PHARMACY_ADDED = "pharmacy.added", _("A pharmacy that no register lists was added")
    PHARMACY_CHANGED = "pharmacy.changed", _("Something about a pharmacy was changed")
    OWNER_CHANGED = "pharmacy.owner_changed", _("The owner changed; earlier access ended")
    FORCE_CONFIRMED = "pharmacy.force_confirmed", _("A person confirmed the force")
    INVITED = "person.invited", _("Somebody was invited")
    MAILED = "person.mailed", _("An invitation’s mail was tried")
    INVITATION_ENDED = "person.invitation_ended", _("An invitation was withdrawn")
    ACCEPTED = "person.accepted", _("An invitation was accepted")
    LEFT = "person.left", _("Somebody left")
    READMITTED = "person.readmitted", _("Somebody who left may come in through the force again")
    MAY_LINK = "person.may_link", _("Whether an account may go over to the force’s own sign-in")
    PIN_SET = "person.pin_set", _("A person set their PIN")
    TRAINED = "person.trained", _("A training was recorded")
    CHECKED = "check.done", _("An item of a checklist was done")
    UNCHECKED = "check.undone", _("An item of a checklist was taken back")
    PROVIDER_SET = (
        "signin.provider_set",
        _("The force’s own sign-in was written down, and is off until it is confirmed"),
    )
    PROVIDER_CONFIRMED = "signin.provider_confirmed", _("The force’s own sign-in was confirmed and is on")
    PROVIDER_OFF = "signin.provider_off", _("The force’s own sign-in was turned off")
    EXTERNAL = "signin.external", _("Somebody signed in through their force")
    EXTERNAL_REFUSED = "signin.external_refused", _("A sign-in through a force was refused")
    EXTERNAL_ENDED = "signin.external_ended", _("A force ended sign-ins of its people")
    SETTINGS_CHANGED = "force.settings_changed", _("A setting of the force was changed")
    STAGE_CHANGED = "force.stage_changed", _("The force went live, paused or left")
    DIRECTORY_CHANGED = "directory.changed", _("A line of the support directory was changed")
