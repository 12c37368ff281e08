"""What an officer chooses: outcomes, reasons, offers, and whom the clock reaches."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """How police closed a record."""

    ATTENDED = "attended", _("Officers attended")
    SPOKEN_TO = "spoken_to", _("The person was reached in a safe way")
    NOT_REACHED = "not_reached", _("The person could not be reached safely")
    PASSED_ON = "passed_on", _("Passed to a support service, as agreed")
    NOTHING_FURTHER = "nothing_further", _("Nothing further needed")
    MISTAKE = "mistake", _("A mistake, made sure of on the pharmacy’s registered line or in person")


class MadeSure(models.TextChoices):
    """How police made sure of an alarm that is said to be a mistake: saying so can be forced, so a report is not enough."""

    LINE = "line", _("Reached on the pharmacy’s registered line, with a neutral opening")
    ATTENDED = "attended", _("Officers attended")


class NoReference(models.TextChoices):
    """Why a record is closed without an incident number."""

    DRILL = "drill", _("It was a drill")
    MISTAKE = "mistake", _("Asked by mistake, and an officer made sure of it")
    DUPLICATE = "duplicate", _("Its number is on a linked record")
    PASSED_ON = "passed_on", _("Another force has recorded it")


class ReopenReason(models.TextChoices):
    """Why a closed record is opened again."""

    NEW_WORDS = "new_words", _("Something new is known")
    CLOSED_WRONGLY = "closed_wrongly", _("It was closed by mistake")
    REVIEW = "review", _("A supervisor asked for it")


class StepKind(models.TextChoices):
    """What police did, as a row of its own."""

    INCIDENT = "incident", _("Incident number")
    CRIME = "crime", _("Crime reference")
    OFFICERS_SENT = "officers_sent", _("Officers sent")
    MARAC = "marac", _("Referred to MARAC")
    IDVA = "idva", _("Referred to an IDVA")
    SUPPORT = "support", _("Referred to a support service, as agreed")
    CONTACT = "contact", _("A channel not known to be safe was opened, for danger to life")
    TAKEN_OVER = "taken_over", _("Taken over")
    MADE_SURE = "made_sure", _("Made sure that it was a mistake")
    CLOSED = "closed", pgettext_lazy("step", "Closed")
    REOPENED = "reopened", _("Opened again")
    PASSED = "passed", _("Came from another force")
    HELP_ASKED = "help_asked", _("Another force was asked for help")
    HELPS = "helps", _("Another force asks for help")


class LookReason(models.TextChoices):
    """Why somebody looked at a record."""

    ANSWERING = "answering", _("Answering it")
    HOLDER = "holder", _("Holds it")
    ASKED = "asked", _("The holder asked for help")
    COVERING = "covering", _("Covering for a colleague")
    SUPERVISING = "supervising", _("Supervising")
    LINKED = "linked", _("It may be linked to another record")
    ENQUIRY = "enquiry", _("An enquiry about it")
    PRINTED = "printed", _("Printed it")
    EXPORTED = "exported", _("Saved it with others as CSV, without its words")


class NoticeKind(models.TextChoices):
    """What an officer is told on their screen."""

    TAKEN_OVER = "taken_over", _("took over the record that you held")
    REASSIGNED = "reassigned", _("gave you a record")
    MOVED_AWAY = "moved_away", _("gave the record that you held to a colleague")
    LAPSED = "lapsed", _("Your claim lapsed without an action")
    DECLINED = "declined", _("The other force declined")
    TIMED_OUT = "timed_out", _("Nobody answered your offer in time")
    ACCEPTED = "accepted", _("The other force accepted")


class OfferReason(models.TextChoices):
    """Why a record is offered to another force."""

    LIVES_THERE = "lives_there", _("The person lives there")
    HAPPENED_THERE = "happened_there", _("It happened there")
    OTHER_THERE = "other_there", _("The other person is there")
    KNOWN_THERE = "known_there", _("That force already deals with it")


class DeclineReason(models.TextChoices):
    """Why an offer is declined."""

    NOT_OURS = "not_ours", _("It is not for our area")
    NOT_ENOUGH = "not_enough", _("Not enough is known")
    CANNOT_NOW = "cannot_now", _("Nobody here can take it on now")


class OfferState(models.TextChoices):
    """How an offer stands."""

    OPEN = "open", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TIMED_OUT = "timed_out", _("Nobody answered in time")


class Clockwork(models.TextChoices):
    """Which clock ran out."""

    UNREAD = "unread", _("Nobody has read it")
    LAPSED = "lapsed", _("A claim lapsed")
    TARGET = "target", _("The grade's target has passed")
    OFFER = "offer", _("An offer was not answered")
    UNWATCHED = "unwatched", _("Nobody watches the queue")
    NEW = "new", _("Something waits and nobody watches")


class Reach(models.TextChoices):
    """How somebody is reached."""

    SCREEN = "screen", _("on screen")
    MAIL = "mail", _("by mail")


class AttemptState(models.TextChoices):
    """What became of an attempt."""

    DUE = "due", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
