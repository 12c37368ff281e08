"""What was true of a pharmacy or a force, and from when to when."""

from django.db import models
from django.utils import timezone

from ..enums import FactKind
from .forces import PoliceForce
from .sites import Pharmacy


class PharmacyFact(models.Model):
    """One fact about a pharmacy with its validity. Written by a trigger, so that no way of changing one can forget it."""

    pharmacy = models.ForeignKey(Pharmacy, models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=14, choices=FactKind)
    value = models.CharField(max_length=260, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["pharmacy", "kind"], condition=models.Q(valid_to__isnull=True), name="fact_holds_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class SettingsChange(models.Model):
    """One setting of a force that somebody changed: before, after, who and when. Append-only by its grants."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="settings_changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=80, blank=True)
    setting = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "setting"]

    def __str__(self) -> str:
        return self.setting
