"""Checklists: what must be done before a force's queue is live, and what a pharmacy's place must have."""

from django.db import models
from django.utils import timezone

from ..enums import ForceCheck, SiteCheck
from .forces import PoliceForce
from .sites import Pharmacy


class ForceCheckDone(models.Model):
    """One item of a force's checklist, done: who says so, and where the evidence is."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=20, choices=ForceCheck)
    evidence = models.CharField(max_length=200)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["force", "item"], name="force_check_once")]

    def __str__(self) -> str:
        return self.item


class SiteCheckDone(models.Model):
    """One item of a pharmacy's checklist, done."""

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=20, choices=SiteCheck)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pharmacy", "item"], name="site_check_once")]

    def __str__(self) -> str:
        return self.item
