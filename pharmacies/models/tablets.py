"""Tablets, and whose turn it is at one."""

import uuid

from django.db import models
from django.utils import timezone

from .forces import PoliceForce
from .people import StaffMember
from .sites import Pharmacy


class Tablet(models.Model):
    """An enrolled device of one pharmacy. Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="tablets")
    name = models.CharField(max_length=40)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_heard_at = models.DateTimeField(null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)  # when a drill from here was last answered by a person
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
    # The typed name of staff nobody has a tile for, sealed with a master key; wiped at the end.
    sealed_name = models.BinaryField(null=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    is_drill = models.BooleanField(default=False)  # practice, from the first screen to the last
    # *Not here*: the tablet is elsewhere than it should be. Set by ani.sit_elsewhere(), which decides the force.
    elsewhere = models.CharField(max_length=8, blank=True)
    elsewhere_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+", null=True, blank=True)
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
    locked_at = models.DateTimeField(null=True, blank=True)  # until the manager unlocks it, or a new PIN is set

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tablet", "staff"], name="pin_tries_once")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
