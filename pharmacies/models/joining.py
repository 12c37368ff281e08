"""How pharmacies and people come in: asking to join, and invitations."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import ApplicationState, InvitationKind
from .forces import PoliceForce
from .people import StaffMember
from .sites import Organisation, Pharmacy

# Parts in a pharmacy; every other kind is a part in the force itself.
AT_PHARMACIES = [InvitationKind.STAFF, InvitationKind.ADMINISTRATOR]


class Application(models.Model):
    """A pharmacy asks to join. It creates nothing: a coordinator of its force does, after ringing the register's number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="applications")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="applications")
    secret_hash = models.BinaryField(max_length=32, unique=True)  # of the link that shows where it stands
    client = models.BinaryField(max_length=32)  # keyed hash of where it came from, for the rate limit alone
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=80)
    email = models.EmailField()
    private_space = models.BooleanField()
    spare_phone = models.BooleanField()  # one that somebody who asks may use
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True, blank=True)
    rung_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # told to the applicant

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pharmacy"],
                condition=Q(state__in=[ApplicationState.WAITING, ApplicationState.RUNG]),
                name="application_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.APPROVED) | Q(rung_at__isnull=False),
                name="application_approved_was_rung",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by="") | Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="application_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Application {self.state}"


class Invitation(models.Model):
    """A way in for one person, used by a POST alone: a mail scanner that follows the link uses nothing up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")  # whose coordinators see it
    kind = models.CharField(max_length=14, choices=InvitationKind)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="invitations", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations", null=True, blank=True)
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=80)
    email = models.EmailField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.BinaryField(
        max_length=32, unique=True, null=True
    )  # the same, typed on the pharmacy's own tablet
    links = models.PositiveSmallIntegerField(
        default=1
    )  # how many were made: the last one works (mailing.py derives it)
    base_url = models.CharField(max_length=200, blank=True)  # where the mailed link leads
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pharmacy__isnull=False, organisation__isnull=True, kind__in=AT_PHARMACIES)
                | Q(pharmacy__isnull=True, organisation__isnull=False, kind=InvitationKind.ADMINISTRATOR)
                | Q(pharmacy__isnull=True, organisation__isnull=True) & ~Q(kind__in=AT_PHARMACIES),
                name="invitation_to_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    @property
    def mail_fails(self) -> bool:
        """Whether a mail was tried and has not left."""
        return self.sent_at is None and self.mail_tries > 0

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.cancelled_at is None and self.expires_at > timezone.now()
