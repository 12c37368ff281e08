"""Attempts to reach somebody because a clock ran out."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from ..enums import AttemptState, Clockwork, Reach
from .record import CodewordRequest


class Attempt(models.Model):
    """One attempt: about what, through which channel, to whom, and what became of it. No content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="attempts", null=True)
    kind = models.CharField(max_length=12, choices=Clockwork)
    key = models.CharField(max_length=120)  # clock, turn, channel and person: each is tried once
    channel = models.CharField(max_length=6, choices=Reach)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)  # none: the duty contact
    state = models.CharField(max_length=12, choices=AttemptState, default=AttemptState.DUE)
    problem = models.CharField(max_length=60, blank=True)  # the kind of error, never its text
    at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["force", "key"], name="attempt_once")]
        indexes = [
            models.Index(
                fields=["force", "-at"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="attempt_red_list",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"
