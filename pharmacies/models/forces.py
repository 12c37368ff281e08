"""Police forces, what differs between them, and where they are responsible."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import Nation, Stage


class PoliceForce(models.Model):
    """A territorial police force: reference data, and whether it uses the portal."""

    ons_code = models.CharField(max_length=9, unique=True)  # its ONS police force area
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    nation = models.CharField(max_length=20, choices=Nation)
    website = models.URLField(blank=True)
    non_emergency = models.CharField(max_length=20, default="101")
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ForceSettings(models.Model):
    """What differs between forces: words, limits and lists. Settings, never code."""

    force = models.OneToOneField(PoliceForce, models.PROTECT, related_name="settings", primary_key=True)
    codeword = models.CharField(max_length=20, default="ANI")
    codeword_stands_for = models.CharField(max_length=100, blank=True)
    scheme_status = models.TextField(blank=True)
    screen_title = models.CharField(max_length=40, default="Consultation")  # the neutral word on the tablet
    # What staff say aloud before words are taken; empty: the portal's own sentence.
    said_aloud = models.CharField(max_length=300, blank=True)
    unread_limit = models.DurationField(default=timedelta(minutes=2))
    claim_limit = models.DurationField(default=timedelta(minutes=10))
    cover_after = models.DurationField(default=timedelta(seconds=90))
    finish_unreleased_after = models.DurationField(default=timedelta(hours=4))
    # Between the approval of a disposal and the disposal: for whoever sees then that it was wrong.
    disposal_wait = models.DurationField(default=timedelta(days=7))
    # The log's rows about a disposed record keep their ids for so long after the last of them; then they are thinned.
    log_keep_months = models.PositiveSmallIntegerField(default=24)
    data_protection_contact = models.CharField(max_length=200, blank=True)  # whom to ask what the force holds
    incident_pattern = models.CharField(max_length=100, blank=True)
    # Where the force stands with the portal; only a live force's tablets take records.
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PREPARING)
    stage_since = models.DateTimeField(default=timezone.now)
    scheme_from = models.DateField(null=True, blank=True)
    scheme_until = models.DateField(null=True, blank=True)
    escalation = models.CharField(max_length=100, blank=True)  # whom to reach when nobody reads: a role and its number
    version = models.PositiveIntegerField(default=1)  # raised by each change, so that two people do not overwrite

    # The desk. Hours say when it should be watched; whether it is, requests/watch.py finds out.
    hold_limit = models.DurationField(default=timedelta(hours=1))  # a claim that was acted on, without another action
    touch_limit = models.DurationField(default=timedelta(minutes=15))  # nobody touched an armed queue for this long
    desk_opens = models.TimeField(null=True, blank=True)  # both empty: day and night
    desk_closes = models.TimeField(null=True, blank=True)
    desk_paused_until = models.DateTimeField(null=True, blank=True)
    duty_email = models.EmailField(blank=True)  # told, without content, when nobody watches
    offer_limit = models.DurationField(default=timedelta(minutes=30))  # how long an offered transfer may wait
    reason_to_look = models.BooleanField(default=True)  # asked for a record that is not one's own claim

    class Meta:
        verbose_name_plural = "force settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(desk_opens__isnull=True, desk_closes__isnull=True)
                | Q(desk_opens__isnull=False, desk_closes__isnull=False),
                name="desk_hours_both_or_neither",
            )
        ]

    def __str__(self) -> str:
        return f"Settings of {self.force_id}"


class ResponseGrade(models.Model):
    """One of the force's own grades; given by an officer with a reason, never computed."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="grades")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    target = models.DurationField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["force", "order"]
        constraints = [models.UniqueConstraint(fields=["force", "code"], name="grade_code_once_per_force")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CannedLine(models.Model):
    """A ready-made line that police may send to a tablet: neutral, and never an order to keep somebody in."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="canned_lines")
    code = models.SlugField(max_length=20)
    text = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["force", "order"]
        constraints = [models.UniqueConstraint(fields=["force", "code"], name="canned_line_once_per_force")]

    def __str__(self) -> str:
        return self.text


class District(models.Model):
    """A local authority district and the force responsible there (ONS look-up table)."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=100)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="districts", null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A live postcode unit, without its space, and where it is (OS Code-Point Open)."""

    postcode = models.CharField(max_length=7, primary_key=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", null=True)
    easting = models.PositiveIntegerField(null=True)  # metres, OSGB36 National Grid
    northing = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.postcode
