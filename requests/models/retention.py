"""How long a record is kept, what keeps it longer, and what is left of it afterwards."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ani_portal.accounts.models import User
from pharmacies.models import Coordinator, Officer, PoliceForce

from ..enums import HoldReason, StubKind
from .constraints import both_or_neither
from .record import CodewordRequest


class RetentionRule(models.Model):
    """One line of a force's schedule. An outcome without one has the default of retention/schedule.py."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="retention_rules")
    outcome = models.CharField(max_length=20)  # of requests.enums.Outcome, or "drill"
    keep_months = models.PositiveSmallIntegerField()
    review_on = models.DateField()  # when somebody looks at this line again
    set_at = models.DateTimeField(default=timezone.now)
    # Who made it hold: the coordinator, or the officer who set it or agreed to a shorter time. A trigger keeps it one of both.
    set_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    set_by_coordinator = models.ForeignKey(Coordinator, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "outcome"], name="retention_rule_once"),
            models.CheckConstraint(condition=Q(keep_months__gte=1), name="retention_rule_keeps_something"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.keep_months} months"


class RetentionProposal(models.Model):
    """A shorter time that somebody asked for. It holds when another person at the desk has agreed; the rows stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="retention_proposals")
    outcome = models.CharField(max_length=20)
    before_months = models.PositiveSmallIntegerField()  # what held when it was asked for
    keep_months = models.PositiveSmallIntegerField()
    review_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)  # set by the database's own clock
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "outcome"], condition=Q(decided_at__isnull=True), name="retention_asked_once"
            ),
            models.CheckConstraint(
                condition=both_or_neither("decided_at", "decided_by"), name="retention_decided_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(agreed=False) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="retention_shorter_by_two_people",
            ),
            models.CheckConstraint(condition=Q(keep_months__lt=F("before_months")), name="retention_asked_is_shorter"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.before_months} to {self.keep_months} months"


class Hold(models.Model):
    """A legal hold: while one is there the record cannot be disposed of, whatever else was decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="holds")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=HoldReason)
    review_on = models.DateField()
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=both_or_neither("lifted_at", "lifted_by"), name="hold_lifted_by_somebody")
        ]
        indexes = [models.Index(fields=["record"], condition=Q(lifted_at__isnull=True), name="hold_in_force")]

    def __str__(self) -> str:
        return self.get_reason_display()


class Disposal(models.Model):
    """The decision of two people to dispose of a record. It goes with the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="disposals")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)  # set by the database's own clock
    approved_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(cancelled_at__isnull=True), name="disposal_asked_once"
            ),
            models.CheckConstraint(
                condition=both_or_neither("approved_at", "approved_by"), name="disposal_approved_by_somebody"
            ),
            models.CheckConstraint(
                condition=both_or_neither("cancelled_at", "cancelled_by"), name="disposal_cancelled_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")), name="disposal_by_two_people"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Stub(models.Model):
    """What is left of a disposed record: enough to count it, nothing to find it by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="stubs")
    month = models.DateField()  # the first day of it
    kind = models.CharField(max_length=15, choices=StubKind)
    outcome = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["force", "month"], name="stub_by_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}"
