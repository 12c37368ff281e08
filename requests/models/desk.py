"""What officers do with a record, who looked at it, and who has it open."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce, ResponseGrade

from ..enums import LookReason, NoticeKind, StepKind
from .constraints import both_or_neither
from .entry import Entry
from .record import CodewordRequest


class OfRecord(models.Model):
    """A row of the desk about one record, of the record's force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="%(class)ss")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.record_id}"


class PoliceStep(OfRecord):
    """One thing that police did, from closed lists: a number found, officers sent, a referral, a closing, a reopening."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=20, choices=StepKind)
    code = models.CharField(max_length=30, blank=True)  # which of the kind: outcome, reason, channel
    number = models.CharField(max_length=40, blank=True)  # of an incident or a crime
    day = models.DateField(null=True)  # incident numbers start anew each day, so the day is part of one

    class Meta:
        indexes = [
            models.Index(fields=["record", "at"], name="step_in_order"),
            models.Index(fields=["force", "number"], condition=~Q(number=""), name="step_by_number"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=StepKind.INCIDENT) | Q(day__isnull=False) & ~Q(number=""),
                name="incident_number_has_its_day",
            )
        ]


class Assessment(OfRecord):
    """A grade, given by a person with a reason after the force's systems were checked. Never changed: a later one is
    another row."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    grade = models.ForeignKey(ResponseGrade, models.PROTECT, related_name="+")
    grade_name = models.CharField(max_length=80)  # as it was called then, and for another force to read
    target = models.DurationField(null=True)  # as it was when the grade was given
    rationale = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    systems_checked = models.BooleanField(default=False)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["record", "at"], name="assessment_in_order")]
        constraints = [
            models.CheckConstraint(condition=Q(systems_checked=True), name="assessment_systems_were_checked")
        ]


class Look(OfRecord):
    """Somebody opened, printed or exported a record, and why."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=LookReason)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["record", "-at"], name="look_in_order")]


class Presence(OfRecord):
    """Who has a record open: kept alive by the page."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "officer"], name="presence_once")]


class Notice(OfRecord):
    """Something that one officer is to be told on their screen, once."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    other = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)  # who did it
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer"], condition=Q(seen_at__isnull=True), name="notice_unseen")]


class Link(models.Model):
    """Two records of one force that may be about the same person. Both stay as they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="+")
    other = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "other"], condition=Q(ended_at__isnull=True), name="linked_once"),
            # The smaller id first, so that a pair is one row whoever links it.
            models.CheckConstraint(condition=Q(record__lt=models.F("other")), name="link_in_order"),
            models.CheckConstraint(condition=both_or_neither("ended_at", "ended_by"), name="link_ended_by_somebody"),
        ]

    def __str__(self) -> str:
        return "link"
