"""Files that a coordinator gave: what they would do, row by row, and how far the doing is."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from ..enums import UploadState
from .forces import PoliceForce

# Files and their rows are kept for looking back, then their content goes.
KEPT = timedelta(days=30)


class RegisterUpload(models.Model):
    """One file, until it is applied or replaced. Its bytes are public facts about pharmacies, never about a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="uploads")
    made_by = models.CharField(max_length=60)  # how the log names who gave it
    made_at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()
    as_of = models.DateField(null=True, blank=True)  # the day that the list is of; nothing newer here gives way to it
    kind = models.CharField(max_length=40, blank=True)  # the layout that read it
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.READING)
    headings = models.JSONField(default=list)  # the first row, where a person must match the columns
    columns = models.JSONField(default=dict)  # which column holds what, as that person said
    totals = models.JSONField(default=dict)  # counts by outcome, by force, and what a person must look at
    mark = models.CharField(max_length=64, blank=True)  # of the dry run, so that applying does what was shown
    message = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(default=timezone.now)  # from the process that works on it
    applied_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often it was taken up again by itself

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_forgotten(self) -> bool:
        """Whether its content is gone by now."""
        return self.made_at < timezone.now() - KEPT


class UploadRow(models.Model):
    """One row of a file with what would become of it."""

    upload = models.ForeignKey(RegisterUpload, models.CASCADE, related_name="rows")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")  # whose coordinators may see the file
    number = models.PositiveIntegerField()
    ods_code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10)
    lies_in = models.CharField(max_length=100, blank=True)  # the force whose area it lies in
    heading = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)  # why, and what changes
    confirm = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["upload", "outcome", "number"], name="uploadrow_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
