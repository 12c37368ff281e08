"""The closed lists of a record."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Danger(models.TextChoices):
    """The first of the two decisions."""

    YES = "yes", _("Yes, now")
    NO = "no", pgettext_lazy("danger", "No")
    NOT_SURE = "not_sure", _("Not sure")


class Wish(models.TextChoices):
    """The second: what the person would like. None is a default."""

    POLICE_NOW = "police_now", _("Police now")
    POLICE_LATER = "police_later", _("Police, but not now")
    SUPPORT = "support", _("Support, not the police")
    SPACE = "space", _("Just somewhere safe for a while")
    COULD_NOT_ASK = "could_not_ask", _("Could not ask")


WANTS_POLICE = (Wish.POLICE_NOW, Wish.POLICE_LATER)


class Override(models.TextChoices):
    """The only reasons for which words reach police without the person's agreement."""

    SERIOUS_HARM = "serious_harm", _("Immediate serious harm")
    CHILD_AT_RISK = "child_at_risk", _("A child is at risk")
    ADULT_AT_RISK = "adult_at_risk", _("An adult is at risk")


class Told(models.TextChoices):
    """Whether the person was told that their words go to police without their agreement."""

    YES = "yes", _("They were told")
    NO = "no", _("They were not told: it would have put someone at risk")


class State(models.TextChoices):
    """Where a record stands. states.py says how it moves."""

    DRAFT = "draft", _("Not released")
    SETTLED = "settled", _("Finished without police")
    WAITING = "waiting", _("Nobody has read it yet")
    READ = "read", _("Read")
    CLAIMED = "claimed", _("Claimed")
    CLOSED = "closed", _("Closed")


class Attention(models.IntegerChoices):
    """Order of attention. It is not a risk grade."""

    ALERT = 1, _("Alert")
    POLICE_NOW = 2, _("Police now")
    POLICE_LATER = 3, _("Police later")


class Level(models.TextChoices):
    """How much must be released before police can read an entry."""

    ALERT = "alert", _("With the alert")
    WORDS = "words", _("With agreement, or an overriding reason")


class EntryKind(models.TextChoices):
    """What an entry is. The first account, what staff saw and later additions are never one text."""

    OWN_WORDS = "own_words", _("In their own words")
    OBSERVED = "observed", _("Only what you saw or heard")
    SAFE_CONTACT = "safe_contact", _("How they may be reached")
    WHERE = "where", _("Where they are")
    RUNG_999 = "rung_999", _("999")
    LEFT = "left", _("They have left")
    OTHER_BACK = "other_back", _("The other person is back")
    RECORDER = "recorder", _("Recorded by, as typed")
    NOTE = "note", _("Officer's note")


class Outcome(models.TextChoices):
    """How police closed a record."""

    ATTENDED = "attended", _("Officers attended")
    SPOKEN_TO = "spoken_to", _("The person was reached in a safe way")
    NOT_REACHED = "not_reached", _("The person could not be reached safely")
    PASSED_ON = "passed_on", _("Passed to a support service, as agreed")
    NOTHING_FURTHER = "nothing_further", _("Nothing further needed")


class Rung(models.TextChoices):
    """Who rang 999."""

    BY_ME = "by_me", _("By me")
    BY_THEM = "by_them", _("By them")
    BY_OTHER = "by_other", _("By someone else")
    NOT_YET = "not_yet", _("Not yet")


class Event(models.TextChoices):
    """What the log calls what happens to a record."""

    STARTED = "record.started", _("A record was started")
    ALERTED = "record.alerted", _("An alert was released")
    WISHED = "record.wished", _("What the person would like was recorded")
    AGREED = "record.agreed", _("Release was agreed")
    OVERRIDDEN = "record.overridden", _("Released without agreement, for a reason from the list")
    WITHDRAWN = "record.withdrawn", _("The person does not want police: words withheld")
    ADDED = "record.added", _("An entry was added")
    MISTAKE = "record.mistake", _("Asked by mistake, before any release: nothing kept")
    FINISHED = "record.finished", _("The receipt was put away")
    SETTLED = "record.settled", _("Finished without police")
    READ = "record.read", _("An officer opened it")
    VIEWED = "record.viewed", _("An officer looked at it")
    CLAIMED = "record.claimed", _("An officer claimed it")
    UNCLAIMED = "record.unclaimed", _("A claim was given up")
    CLOSED = "record.closed", _("It was closed")
    LINE_SENT = "record.line_sent", _("A ready-made line was sent to the tablet")
    ARMED = "desk.armed", _("An alarm was armed")
    DISARMED = "desk.disarmed", _("An alarm was disarmed")
    PAUSED = "desk.paused", _("The desk was paused, or a pause ended")
    DESTROYED = "record.destroyed", _("What was typed was destroyed")
    LINES = "information.written", _("The day's information lines were written")
    ACKNOWLEDGED = "information.acknowledged", _("Information lines were acknowledged")
