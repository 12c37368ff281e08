"""How Norfolk and Cheshire start: words, scheme status and grades. Settings of the force, changed by its coordinator.

Sources. What the letters stand for: Norfolk Constabulary, 26 January 2021 ("Action Needed Immediately"); Cheshire
Constabulary, 22 January 2021 ("Assistance Needed Immediately"). End of the national scheme: The Pharmaceutical Journal.
Grades: Norfolk uses letters and said in 2018 that every report of domestic abuse is at least Grade B, priority, within
an hour (Eastern Daily Press); Cheshire's Grade 1 is 15 minutes and Grade 2 is 60 minutes (Dee Radio, 2022). A target
that no source gives is None: the force fills it in, as it does grades that are not here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from pharmacies.enums import Stage
from pharmacies.models import ForceSettings, PoliceForce, ResponseGrade

from .forces import CHESHIRE, NORFOLK

SCHEME_STATUS = gettext_noop(
    "The national Ask for ANI scheme of the Home Office ended on 4 November 2024. "
    "People may still ask for ANI at a pharmacy. What happens then is agreed locally, between this police force and "
    "the pharmacies that take part."
)


@dataclass(frozen=True)
class Start:
    """A force's first settings; grades as (code, name, target)."""

    stands_for: str
    grades: tuple[tuple[str, str, timedelta | None], ...]


STARTS = {
    NORFOLK: Start(
        "Action Needed Immediately",
        (("A", "Grade A", None), ("B", "Grade B, priority", timedelta(hours=1))),
    ),
    CHESHIRE: Start(
        "Assistance Needed Immediately",
        (("1", "Grade 1", timedelta(minutes=15)), ("2", "Grade 2", timedelta(minutes=60))),
    ),
}


def load(*, practice: bool = False) -> int:
    """Write the settings, and the grades, of forces that have none yet; how many forces were written.

    In a try-out they are live at once; in a real service a force's coordinator works through its checklist first.
    """
    written = 0
    for force in PoliceForce.objects.filter(ons_code__in=STARTS):
        start = STARTS[force.ons_code]
        words: dict[str, Any] = {"codeword_stands_for": start.stands_for, "scheme_status": SCHEME_STATUS}
        if practice:
            words |= {"stage": Stage.LIVE}
        _, is_new = ForceSettings.objects.get_or_create(force=force, defaults=words)
        if not ResponseGrade.objects.filter(force=force).exists():
            is_new = True
            ResponseGrade.objects.bulk_create(
                ResponseGrade(force=force, code=code, name=name, target=target, order=order)
                for order, (code, name, target) in enumerate(start.grades, start=1)
            )
        written += is_new
    return written
