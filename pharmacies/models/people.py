"""People: their parts in pharmacies and forces."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import OfficerRole
from .forces import PoliceForce
from .sites import Organisation, Pharmacy


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
    # Moved by a trigger whenever the PIN changes: a new PIN opens nothing that is older than itself (sql/doors.sql).
    pin_set_at = models.DateTimeField(default=timezone.now)
    # A locum for one shift, whom this colleague vouched for; `ended_at` is the end of the shift.
    vouched_by = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    training_expires_on = models.DateField(null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)  # when a drill of theirs was last answered

    class Meta:
        ordering = ["initials"]

    def __str__(self) -> str:
        return self.initials

    @property
    def works_here(self) -> bool:
        """Whether they have not left; a locum leaves at the end of the shift."""
        return self.ended_at is None or self.ended_at > timezone.now()


class TrainingRecord(models.Model):
    """One training that somebody had: what, when, the evidence, and until when it counts."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="training")
    course = models.CharField(max_length=80)
    taken_on = models.DateField()
    expires_on = models.DateField()
    evidence = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=60)

    class Meta:
        ordering = ["-taken_on"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gt=models.F("taken_on")), name="training_expires_later")
        ]

    def __str__(self) -> str:
        return self.course


class Administrator(Membership):
    """Looks after one pharmacy, or all of one owner's. Cannot read what a person said, nor whether anybody asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="administrators")
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="administrators", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="administrators", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pharmacy__isnull=False) ^ Q(organisation__isnull=False), name="administrator_of_one_place"
            ),
            models.UniqueConstraint(
                fields=["user", "pharmacy"], condition=Q(ended_at__isnull=True), name="administrator_of_pharmacy_once"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(ended_at__isnull=True), name="administrator_of_owner_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ForceMembership(Membership):
    """A person's part in one force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="%(class)ss")
    # A coordinator ended it: the force's provider makes no new part of theirs until a coordinator takes that back.
    shut = models.BooleanField(default=False, db_default=False)
    # A coordinator lets the force's provider take this person's account over, once.
    may_link = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True


class Officer(ForceMembership):
    """Works the queue of one force."""

    role = models.CharField(max_length=12, choices=OfficerRole, default=OfficerRole.OFFICER)
    display_name = models.CharField(max_length=40)  # what colleagues see beside a record
    conflict = models.BooleanField(default=False)  # named to read words about somebody connected with the force
    proven_at = models.DateTimeField(null=True, blank=True)  # when they last answered a drill

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
