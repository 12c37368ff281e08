"""Who can read what, from when: the release table of the design, in one place.

The database holds the same rule (generated columns of the record, policies in rings.py). Here it is for people: which
answer leads to which release, and what each choice sends, in words.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import WANTS_POLICE, Danger, Wish
from .models import CodewordRequest


@dataclass(frozen=True)
class Sends:
    """What a choice makes police able to read, told before it is made."""

    now: Promise
    words: bool


def may_release_words(record: CodewordRequest) -> bool:
    """Whether words may be asked and kept: only for somebody who wants police, or under an overriding reason."""
    return bool(record.words_released) or (record.wish in WANTS_POLICE and record.withdrawn_at is None)


def is_alert(record: CodewordRequest) -> bool:
    """Whether it was released because danger is now."""
    return record.alerted_at is not None


def is_without_agreement(record: CodewordRequest) -> bool:
    """Whether words reach police for an overriding reason only."""
    return record.overridden_at is not None and (record.agreed_at is None or record.withdrawn_at is not None)


def releases_nothing(record: CodewordRequest) -> bool:
    """Whether police can read nothing of it; a line without a name may be counted at the end of the day."""
    return record.released_at is None


DANGER_SENDS = {
    Danger.YES: _("Police see at once: this pharmacy, the time and its phone line. Nothing about the person."),
    Danger.NO: _("Nothing is sent."),
    Danger.NOT_SURE: _("Nothing is sent."),
}

WISH_SENDS = {
    Wish.POLICE_NOW: Sends(_("Sent to the police desk once they agree: what they want police to know."), True),
    Wish.POLICE_LATER: Sends(_("Sent to the police desk once they agree, marked as not urgent."), True),
    Wish.SUPPORT: Sends(_("Nothing about them is sent or kept. A count for the day, without a name or a time."), False),
    Wish.SPACE: Sends(_("Nothing about them is sent or kept. A count for the day, without a name or a time."), False),
    Wish.COULD_NOT_ASK: Sends(_("Nothing about them is sent. What was typed is destroyed after four hours."), False),
}

WISH_SENDS_AFTER_ALERT = {
    Wish.SUPPORT: _("Police already know that somebody here is in danger. They are told that police are not wanted."),
    Wish.SPACE: _("Police already know that somebody here is in danger. They are told that police are not wanted."),
    # Nobody said no, so police are not told that somebody did.
    Wish.COULD_NOT_ASK: _("Police already know that somebody here is in danger. That stays; nothing else is sent."),
}
