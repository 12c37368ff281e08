"""The support directory's first lines: only numbers that a published source confirms.

`verified` is the date of that source; for a page without a date, the day it was compared (21 November 2026). An old
date is meant to be seen: the owner rings the line and sets a new one. Left out until confirmed: Wales's Live Fear Free,
Northern Ireland's helpline, Childline, NSPCC, and the lines of Cheshire West and Chester, Halton and Warrington. 999 is
no line of a directory: it stands first on the screen.
"""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from pharmacies.enums import Audience, Nation
from pharmacies.models import PoliceForce, SupportService

from .districts import BRECKLAND, CHESHIRE_EAST
from .forces import CHESHIRE, NORFOLK

COMPARED = date(2026, 11, 21)
YEAR = timedelta(days=365)
OPERATOR = "Operator of the portal"
NORFOLK_DESK = "Norfolk Constabulary, coordinator"
CHESHIRE_DESK = "Cheshire Constabulary, coordinator"


class Line(NamedTuple):
    """One line. No nation, force or district: the whole of the United Kingdom."""

    name: str
    phone: str
    source: str
    verified: date
    owner: str = OPERATOR
    website: str = ""
    hours: str = ""
    note: str = ""
    audience: Audience = Audience.PERSON
    for_whom: str = ""
    nation: str = ""
    force: str = ""
    district: str | None = None


ALL_DAY = _("24 hours, every day")
HELPLINES_2020 = "Northumbria Police's list of helplines, thegayuk.com, 7 November 2020"

# In the order in which they are offered: local before national.
LINES = [
    Line(
        "Norfolk & Suffolk Victim Care",
        "0300 303 3706",
        "Norfolk Constabulary, 26 January 2021",
        date(2021, 1, 26),
        NORFOLK_DESK,
        hours=ALL_DAY,
        note=_("Emotional and practical support after any crime."),
        force=NORFOLK,
    ),
    Line(
        "Leeway",
        "0300 561 0077",
        "Greatest Hits Radio Norfolk, 22 April 2021; leewaysupport.org",
        date(2021, 4, 22),
        NORFOLK_DESK,
        website="https://www.leewaysupport.org",
        note=_("Domestic abuse support in Norfolk."),
        force=NORFOLK,
    ),
    Line(
        "Daisy Programme",
        "01953 880903",
        "Eastern Daily Press, 30 March 2020",
        date(2020, 3, 30),
        NORFOLK_DESK,
        note=_("Domestic abuse support in Breckland."),
        force=NORFOLK,
        district=BRECKLAND,
    ),
    Line(
        "Cheshire East Domestic Abuse Hub",
        "0300 123 5101",
        "Cheshire East Council, page reviewed 23 February 2024; mycwa.org.uk",
        date(2024, 2, 23),
        CHESHIRE_DESK,
        hours=_("Office hours"),
        note=_("Text 07771 941464."),
        force=CHESHIRE,
        district=CHESHIRE_EAST,
    ),
    Line(
        "My CWA refuge line",
        "01270 250390",
        "cheshirewithoutabuse.org.uk (no date)",
        COMPARED,
        CHESHIRE_DESK,
        hours=ALL_DAY,
        note=_("A safe place to stay, in Cheshire East."),
        force=CHESHIRE,
        district=CHESHIRE_EAST,
    ),
    Line(
        "Open the Door",
        "",
        "Cheshire Constabulary, 22 January 2021; Cheshire East Council, 23 February 2024",
        date(2024, 2, 23),
        CHESHIRE_DESK,
        website="https://www.openthedoorcheshire.org.uk",
        note=_("Where to find support anywhere in Cheshire."),
        force=CHESHIRE,
    ),
    Line(
        "National Domestic Abuse Helpline",
        "0808 2000 247",
        "Cheshire East Council, refuge page, 17 February 2021; GOV.UK text",
        date(2021, 2, 17),
        website="https://www.nationaldahelpline.org.uk",
        hours=ALL_DAY,
        note=_("Free. Run by Refuge."),
        nation=Nation.ENGLAND,
    ),
    Line(
        "Scotland's Domestic Abuse and Forced Marriage Helpline",
        "0800 027 1234",
        "Citizens Advice Scotland (no date); dagcas.org, 7 May 2020",
        date(2020, 5, 7),
        hours=ALL_DAY,
        nation=Nation.SCOTLAND,
    ),
    Line("Men's Advice Line", "0808 801 0327", HELPLINES_2020, date(2020, 11, 7), for_whom=_("Men")),
    Line(
        "Galop",
        "0800 999 5428",
        "Hits Radio, 2 February 2023",
        date(2023, 2, 2),
        hours=_("Monday to Thursday 10am to 8:30pm, Friday 10am to 4:30pm"),
        for_whom=_("LGBT+ people"),
    ),
    Line(
        "Karma Nirvana",
        "0800 5999 247",
        HELPLINES_2020,
        date(2020, 11, 7),
        for_whom=_("Honour-based abuse, forced marriage"),
    ),
    Line("Samaritans", "116 123", HELPLINES_2020, date(2020, 11, 7), for_whom=_("Anyone who is struggling to cope")),
    Line(
        _("Police, when it is not an emergency"),
        "101",
        "Norfolk Constabulary and Cheshire Constabulary, January 2021; police.uk, 26 September 2026",
        date(2026, 9, 26),
    ),
    Line(
        "NIDAS (Norfolk Integrated Domestic Abuse Service)",
        "",
        "nidasnorfolk.co.uk; Norfolk Safeguarding Adults Board (no date)",
        COMPARED,
        NORFOLK_DESK,
        website="https://nidasnorfolk.co.uk",
        hours=_("Weekdays 9am to 6:30pm, weekends 9am to 3pm"),
        note=_("Takes referrals of people aged 16 and over at medium risk."),
        audience=Audience.PROFESSIONAL,
        force=NORFOLK,
    ),
    Line(
        "Norfolk Children's Advice and Duty Service (CADS)",
        "0344 800 8021",
        "schools.norfolk.gov.uk (no date)",
        COMPARED,
        NORFOLK_DESK,
        note=_("When a child is at risk. For professionals; do not investigate."),
        audience=Audience.PROFESSIONAL,
        for_whom=_("A child at risk"),
        force=NORFOLK,
    ),
    Line(
        "Norfolk adult safeguarding",
        "0344 800 8020",
        "norfolk.gov.uk, urgent out-of-hours help (no date)",
        COMPARED,
        NORFOLK_DESK,
        note=_("Out of office hours the Emergency Duty Team answers."),
        audience=Audience.PROFESSIONAL,
        for_whom=_("An adult at risk"),
        force=NORFOLK,
    ),
    Line(
        "Respect Phoneline",
        "0808 802 4040",
        HELPLINES_2020,
        date(2020, 11, 7),
        note=_("For people who are worried about their own behaviour. Never for the person asking for help."),
        audience=Audience.PERSON_WHO_HARMS,
        for_whom=_("People who harm"),
    ),
]


def review_day(verified: date, *, practice: bool = False) -> date:
    """When a line is to be looked at: a year after its source; at once, from the day of comparing, where that is past.

    In a try-out never sooner than in a month, whenever it is tried.
    """
    due = max(verified + YEAR, COMPARED)
    return max(due, timezone.localdate() + timedelta(days=30)) if practice else due


def load(*, practice: bool = False) -> int:
    """Write the lines that are not there yet, by name; how many were written."""
    forces = {force.ons_code: force for force in PoliceForce.objects.filter(ons_code__in=[NORFOLK, CHESHIRE])}
    known = set(SupportService.objects.order_by().values_list("name", flat=True))
    missing = [
        SupportService(
            name=line.name,
            phone=line.phone,
            website=line.website,
            hours=line.hours,
            note=line.note,
            audience=line.audience,
            for_whom=line.for_whom,
            nation=line.nation,
            force=forces[line.force] if line.force else None,
            district_id=line.district,
            owner=line.owner,
            source=line.source,
            last_verified=line.verified,
            review_on=review_day(line.verified, practice=practice),
            order=order,
        )
        for order, line in enumerate(LINES, start=1)
        if line.name not in known
    ]
    SupportService.objects.bulk_create(missing)
    return len(missing)
