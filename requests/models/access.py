"""Somebody asks what is held about them: the request, its masked copy, and the searches that find a record."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from .constraints import both_or_neither
from .entry import Entry
from .record import CodewordRequest


class AccessRequest(models.Model):
    """A subject access request for one record. Nothing leaves before the data protection officer clears it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="access_requests")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    needs_officer = models.BooleanField(default=True)  # do not release without the data protection officer
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(closed_at__isnull=True), name="access_request_once"
            ),
            models.CheckConstraint(
                condition=both_or_neither("cleared_at", "cleared_by"), name="access_cleared_by_somebody"
            ),
            models.CheckConstraint(
                condition=both_or_neither("closed_at", "closed_by"), name="access_closed_by_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(needs_officer=True, cleared_at__isnull=True)
                | models.Q(needs_officer=False, cleared_at__isnull=False),
                name="access_flag_goes_by_clearing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MaskedEntry(models.Model):
    """An entry as its copy shows it: masked, or left out. The original stays as it is, under hold."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    access = models.ForeignKey(AccessRequest, models.PROTECT, related_name="masked")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="+")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["access", "entry"], name="masked_once_per_entry")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def field(self) -> str:
        """What the seal is bound to besides record and force."""
        return f"masked|{self.id}"


class PhoneSearch(models.Model):
    """That somebody looked for a number, and when: for the limit. Neither the number nor its fingerprint."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "phone searches"
        indexes = [models.Index(fields=["force", "at"], name="phone_search_limit")]

    def __str__(self) -> str:
        return str(self.pk)
