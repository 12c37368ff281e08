"""Who takes part: forces and their areas, pharmacies, the people and the tablets in them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import Audience, ForceSource, Nation, OfficerRole, Participation, SiteStatus

# The five-character ODS code of a dispensary in England and Wales (domain.md 5); other nations have none.
ODS_CODE = RegexValidator(r"^F[A-Z0-9]{4}$", _("An ODS code is F and four letters or digits, such as FAR67."))
# The premises number of the General Pharmaceutical Council.
GPHC_NUMBER = RegexValidator(r"^1\d{6}$", _("A premises number is seven digits and starts with 1."))


class PoliceForce(models.Model):
    """A territorial police force: reference data, and whether it uses the portal."""

    ons_code = models.CharField(max_length=9, unique=True)  # its ONS police force area
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    nation = models.CharField(max_length=20, choices=Nation)
    website = models.URLField(blank=True)
    non_emergency = models.CharField(max_length=20, default="101")
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ForceSettings(models.Model):
    """What differs between forces: words, limits and lists. Settings, never code."""

    force = models.OneToOneField(PoliceForce, models.PROTECT, related_name="settings", primary_key=True)
    codeword = models.CharField(max_length=20, default="ANI")
    codeword_stands_for = models.CharField(max_length=100, blank=True)
    scheme_status = models.TextField(blank=True)
    screen_title = models.CharField(max_length=40, default="Consultation")  # the neutral word on the tablet
    unread_limit = models.DurationField(default=timedelta(minutes=2))
    claim_limit = models.DurationField(default=timedelta(minutes=10))
    cover_after = models.DurationField(default=timedelta(seconds=90))
    finish_unreleased_after = models.DurationField(default=timedelta(hours=4))
    incident_pattern = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name_plural = "force settings"

    def __str__(self) -> str:
        return f"Settings of {self.force_id}"


class ResponseGrade(models.Model):
    """One of the force's own grades; given by an officer with a reason, never computed."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="grades")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    target = models.DurationField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["force", "order"]
        constraints = [models.UniqueConstraint(fields=["force", "code"], name="grade_code_once_per_force")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class District(models.Model):
    """A local authority district and the force responsible there (ONS look-up table)."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=100)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="districts", null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A live postcode unit, without its space, and where it is (OS Code-Point Open)."""

    postcode = models.CharField(max_length=7, primary_key=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", null=True)
    easting = models.PositiveIntegerField(null=True)  # metres, OSGB36 National Grid
    northing = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.postcode


class SupportService(models.Model):
    """One line of the support directory."""

    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=20, blank=True)
    website = models.URLField(blank=True)
    hours = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=20, choices=Audience)
    for_whom = models.CharField(max_length=40, blank=True)
    nation = models.CharField(max_length=20, choices=Nation, blank=True)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="support_services", null=True, blank=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", null=True, blank=True)
    owner = models.CharField(max_length=100)  # who answers for this row being right
    source = models.CharField(max_length=200)
    last_verified = models.DateField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Who owns pharmacies: a chain's head office or a single owner, by the register's parent code."""

    ods_code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.ods_code


class Pharmacy(models.Model):
    """One premises. Its ODS code can change or be absent, so it is not the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ods_code = models.CharField(max_length=5, unique=True, null=True, blank=True, validators=[ODS_CODE])
    gphc_number = models.CharField(max_length=7, unique=True, null=True, blank=True, validators=[GPHC_NUMBER])
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=250)  # on one line, without the postcode
    postcode = models.CharField(max_length=8)  # with its space
    phone = models.CharField(max_length=20, blank=True)  # the line in the official register: the call-back line
    easting = models.PositiveIntegerField(null=True, blank=True)
    northing = models.PositiveIntegerField(null=True, blank=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="pharmacies", null=True, blank=True)
    # Found from the full postcode or confirmed by a person, never guessed: until then there is none.
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="pharmacies", null=True, blank=True)
    force_source = models.CharField(max_length=10, choices=ForceSource, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pharmacies", null=True, blank=True)
    site_status = models.CharField(max_length=10, choices=SiteStatus, default=SiteStatus.OPEN)
    participation = models.CharField(max_length=12, choices=Participation, default=Participation.REGISTERED)
    opened_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "postcode"]
        verbose_name_plural = "pharmacies"
        indexes = [models.Index(fields=["postcode"], name="pharmacy_postcode")]
        constraints = [
            models.CheckConstraint(
                condition=Q(force__isnull=True, force_source="") | Q(force__isnull=False) & ~Q(force_source=""),
                name="pharmacy_force_has_its_source",
            ),
            models.CheckConstraint(
                condition=~Q(participation=Participation.ON_BOARD) | Q(force__isnull=False),
                name="pharmacy_on_board_has_a_force",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """The address as it is read out to a call handler."""
        return f"{self.address}, {self.postcode}"


class CurrentQuerySet(models.QuerySet):
    """Memberships and devices that hold at this moment."""

    def current(self) -> "CurrentQuerySet":
        """Those that have not ended."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=timezone.now()))


class Membership(models.Model):
    """A person's part in a pharmacy or a force: a row with a beginning and an end, never a flag on the person."""

    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        abstract = True


class StaffMember(Membership):
    """Somebody who works at one pharmacy. A locum has several rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="staff")
    name = models.CharField(max_length=80)
    initials = models.CharField(max_length=4)  # all that the cover shows
    pin_hash = models.CharField(max_length=200, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    training_expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["initials"]

    def __str__(self) -> str:
        return self.initials


class Tablet(models.Model):
    """An enrolled device of one pharmacy. Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="tablets")
    name = models.CharField(max_length=40)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_heard_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EnrolmentCode(models.Model):
    """A short code, shown once, that turns one browser into a tablet of one pharmacy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="enrolment_codes")
    code_hash = models.BinaryField(max_length=32, unique=True)
    tablet_name = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Enrolment of {self.tablet_name}"


class Sitting(models.Model):
    """One person's turn at one tablet: from the PIN, or a typed name, until the cover.

    The page holds its token in memory only; a reload, a reopened tab or the cover loses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tablet = models.ForeignKey(Tablet, models.PROTECT, related_name="sittings")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", null=True, blank=True)
    typed_name = models.CharField(max_length=80, blank=True)  # of staff nobody has a tile for; wiped at the end
    token_hash = models.BinaryField(max_length=32, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class PinTries(models.Model):
    """Wrong PINs in a row for one person at one tablet."""

    tablet = models.ForeignKey(Tablet, models.CASCADE, related_name="+")
    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tablet", "staff"], name="pin_tries_once")]

    def __str__(self) -> str:
        return f"{self.failures} failures"


class ForceMembership(Membership):
    """A person's part in one force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Officer(ForceMembership):
    """Works the queue of one force."""

    role = models.CharField(max_length=12, choices=OfficerRole, default=OfficerRole.OFFICER)
    display_name = models.CharField(max_length=40)  # what colleagues see beside a record

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "force"], condition=Q(ended_at__isnull=True), name="officer_once")
        ]

    def __str__(self) -> str:
        return self.display_name


class Coordinator(ForceMembership):
    """Brings pharmacies of one force on board. Cannot read what a person said."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "force"], condition=Q(ended_at__isnull=True), name="coordinator_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Auditor(ForceMembership):
    """Reads the log of one force, and no content."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "force"], condition=Q(ended_at__isnull=True), name="auditor_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
