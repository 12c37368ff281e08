"""Who watches a queue."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce


class Watch(models.Model):
    """One armed page of the desk: kept alive by its beats, and by somebody touching it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # made by the page
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    armed_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # the page was live, end to end
    touched_at = models.DateTimeField(default=timezone.now)  # a person moved, typed or clicked
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "watches"
        indexes = [
            models.Index(fields=["force", "-beat_at"], condition=models.Q(ended_at__isnull=True), name="watch_running")
        ]

    def __str__(self) -> str:
        return f"watch of {self.force_id}"


class DeskState(models.Model):
    """Whether a force's queue was watched when that was last settled: from here a change is noticed once."""

    force = models.OneToOneField(PoliceForce, models.PROTECT, related_name="+", primary_key=True)
    watched = models.BooleanField(default=False)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "watched" if self.watched else "not watched"
