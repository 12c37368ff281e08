"""What the counter asks and hears: each answer that a tablet offers."""

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


class Rung(models.TextChoices):
    """Who rang 999."""

    BY_ME = "by_me", _("By me")
    BY_THEM = "by_them", _("By them")
    BY_OTHER = "by_other", _("By someone else")
    NOT_YET = "not_yet", _("Not yet")


class Channel(models.TextChoices):
    """The ways of reaching the person, each safe, not safe or not known."""

    RING = "ring", _("Ring")
    TEXT = "text", _("Text message")
    VOICEMAIL = "voicemail", _("Voicemail")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit at home")


class Safety(models.TextChoices):
    """Not known is the only default, and is handled as not safe."""

    SAFE = "safe", _("Safe")
    NOT_SAFE = "not_safe", _("Not safe")
    NOT_KNOWN = "not_known", _("Not known")


class Known(models.TextChoices):
    """An answer to a question that nobody has to answer."""

    YES = "yes", pgettext_lazy("known", "Yes")
    NO = "no", pgettext_lazy("known", "No")
    NOT_KNOWN = "not_known", _("Not known")


class Connected(models.TextChoices):
    """Whether the person who harms is close to the police or to this pharmacy."""

    POLICE = "police", _("Yes, in the police")
    PHARMACY = "pharmacy", _("Yes, in this pharmacy")
    BOTH = "both", _("Yes, in both")
    NO = "no", pgettext_lazy("connected", "No")
    NOT_KNOWN = "not_known", _("Not known")


CONFLICTS = (Connected.POLICE, Connected.PHARMACY, Connected.BOTH)


class Place(models.TextChoices):
    """Where in the building the person is."""

    ROOM = "room", _("Consultation room")
    OTHER = "other", _("Another private space")
    COUNTER = "counter", _("In the shop")
    NOT_KNOWN = "not_known", _("Not known")


class Meeting(models.TextChoices):
    """Where officers may come. *Not known* never delays them."""

    HERE_NOW = "here_now", _("Here, now")
    AT_A_TIME = "at_a_time", _("Here, at a time")
    ELSEWHERE = "elsewhere", _("Somewhere else")
    NOWHERE = "nowhere", _("Nowhere for now")
    NOT_KNOWN = "not_known", _("Not known")


class Left(models.TextChoices):
    """How the person left the pharmacy."""

    ALONE = "alone", _("Alone")
    WITH_OTHER = "with_other", _("With the other person")
    NOT_KNOWN = "not_known", _("Not known")


class ToldAbout(models.TextChoices):
    """What staff were told without asking."""

    CHILDREN_HERE = "children_here", _("Children here")
    CHILDREN_HOME = "children_home", _("Children at home")
    OTHER_NEAR = "other_near", _("The other person is near")
    WEAPON = "weapon", _("A weapon")
    INJURY = "injury", _("An injury")
    UNDER_16 = "under_16", _("They are under 16")


class Need(models.TextChoices):
    """What it takes to speak with the person. The companion is never the interpreter."""

    INTERPRETER = "interpreter", _("Needs an interpreter")
    BSL = "bsl", _("British Sign Language")
    DEAF = "deaf", _("Deaf or hard of hearing")
    NO_SPEECH = "no_speech", _("Cannot speak now")
    WRITING = "writing", _("Rather in writing")


class Stay(models.TextChoices):
    """How long the person can stay."""

    MINUTES = "minutes", _("A few minutes")
    HALF_HOUR = "half_hour", _("About half an hour")
    LONGER = "longer", _("Longer")
    NOT_KNOWN = "not_known", _("Not known")
