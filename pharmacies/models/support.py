"""The support directory."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from ..enums import Audience, Nation
from .forces import District, PoliceForce


class SupportService(models.Model):
    """One line of the support directory."""

    key = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)  # in addresses
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=20, blank=True)
    website = models.URLField(blank=True)
    hours = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=20, choices=Audience)
    for_whom = models.CharField(max_length=40, blank=True)
    nation = models.CharField(max_length=20, choices=Nation, blank=True)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="support_services", null=True, blank=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", null=True, blank=True)
    owner = models.CharField(max_length=100)  # who answers for this row being right
    source = models.CharField(max_length=200)
    last_verified = models.DateField()
    review_on = models.DateField(null=True, blank=True)  # overdue after it, withheld from people 90 days later
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
