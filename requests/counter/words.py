"""What the tablet says: the 999 words, and the three states, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacies.models import ForceSettings, Pharmacy

from ..attention import claim_lapsed, clock
from ..enums import Outcome, State
from ..models import CodewordRequest


@dataclass(frozen=True)
class Words999:
    """What to say to the call handler: plain words and the address first, the codeword last."""

    words: list[str]
    address: str


def words_999(pharmacy: Pharmacy, settings: ForceSettings, *, elsewhere: str = "") -> Words999:
    """The 999 words of one pharmacy. Call handlers may not know the codeword: it comes last.

    `elsewhere`: the tablet is not at its pharmacy but at this postcode, so its address must not be read out.
    """
    place = elsewhere or pharmacy.name
    return Words999(
        [
            _("Ask for Police. Say:"),
            _("“Someone at %(name)s is in danger from another person. They asked for %(codeword)s.”")
            % {"name": place, "codeword": settings.codeword},
            _("Hurt or unconscious: ask for Ambulance, and say that police are needed too."),
        ],
        _("The address where you are, %(postcode)s") % {"postcode": elsewhere}
        if elsewhere
        else f"{pharmacy.name}, {pharmacy.full_address}",
    )


@dataclass(frozen=True)
class Line:
    """One line of the receipt."""

    text: str
    done: bool
    late: bool = False
    time: str = ""


def at(moment: datetime | None, *, seconds: bool = False) -> str:
    """A time of day as people here read it."""
    if moment is None:
        return ""
    return timezone.localtime(moment).strftime("%H:%M:%S" if seconds else "%H:%M")


LATE = gettext_lazy("Not read yet. Ring 999, or 101 if it can wait.")
UNWATCHED = gettext_lazy("No officer is watching now. Ring 999, or 101 if it can wait.")
UNHELD = gettext_lazy("No officer has it now. Ring 999, or 101 if it can wait.")
CLOSED: dict[str, Promise | str] = {
    Outcome.ATTENDED: gettext_lazy("Officers attended. Police have finished."),
    "": gettext_lazy("Police have finished."),
}


def states(record: CodewordRequest, settings: ForceSettings, now: datetime, *, watched: bool) -> list[Line]:
    """The three states of a record, as the tablet shows them; what is late is loud."""
    if record.released_at is None:
        return [Line(_("Not sent: police know nothing of this."), False)]
    sent = at(record.released_at, seconds=True)
    if record.read_at is None:
        lines = [Line(_("In the police queue, %(time)s.") % {"time": sent}, True)]
        if clock(record, settings, now).overdue:
            return [*lines, Line(str(LATE), False, late=True)]
        if not watched:
            return [*lines, Line(str(UNWATCHED), False, late=True)]
        return [*lines, Line(_("No officer has read it yet."), False)]
    lines = [
        Line(_("In the police queue, %(time)s.") % {"time": sent}, True),
        Line(_("Read by an officer at %(time)s.") % {"time": at(record.read_at)}, True),
    ]
    if record.officers_sent_at is not None:
        lines.append(Line(_("Officers sent at %(time)s.") % {"time": at(record.officers_sent_at)}, True))
    if record.state == State.CLAIMED and not claim_lapsed(record, settings, now):
        return [*lines, Line(_("An officer is dealing with it."), True)]
    if record.state == State.CLOSED:
        return [*lines, Line(str(CLOSED.get(record.outcome, CLOSED[""])), True)]
    # A claim that lapsed counts as none, whether or not a job has noticed yet; `acted_at` without a holder is when one ended.
    if record.state == State.CLAIMED or record.acted_at is not None or now - record.read_at > settings.claim_limit:
        return [*lines, Line(str(UNHELD), False, late=True)]
    return [*lines, Line(_("No officer has taken it on yet."), False)]


def given(form: Any, draft: dict[str, Any]) -> dict[str, Any]:
    """What stands in the boxes: what was just sent and refused, or what was typed before a cover. Lists by name."""
    if form is not None and form.is_bound:
        return {name: form.data.getlist(name) for name in form.fields}
    return draft
