"""Pharmacies, and who owns them."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import ForceSource, Participation, SiteStatus
from .forces import District, PoliceForce

# The five-character ODS code of a dispensary in England and Wales (domain.md 5); other nations have none.
ODS_CODE = RegexValidator(r"^F[A-Z0-9]{4}$", _("An ODS code is F and four letters or digits, such as FAR67."))
# The premises number of the General Pharmaceutical Council.
GPHC_NUMBER = RegexValidator(r"^1\d{6}$", _("A premises number is seven digits and starts with 1."))


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
    facts_as_of = models.DateField(
        null=True, blank=True
    )  # the day of the newest list, or edit, that these facts are of
    proven_at = models.DateTimeField(null=True, blank=True)  # when a drill from here was last answered by a person

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
