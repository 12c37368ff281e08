"""What a record is and has: its state, its attention, its entries, its events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    MISTAKE = "mistake", _("The alarm is reported as a mistake")
    MEETING = "meeting", _("Where officers may come")
    CONNECTED = "connected", _("Connected to the person who harms")
    TOLD = "told", _("What staff were told")
    NEEDS = "needs", _("Language and communication")
    SUPPORT = "support", _("Support offered")
    CORRECTION = "correction", _("Correction")
    RECORDER = "recorder", _("Recorded by, as typed")
    NOTE = "note", _("Officer's note")
    RATIONALE = "rationale", _("Why this grade")
    HAND_OVER = "hand_over", _("For the next shift")


OFFICER_KINDS = (EntryKind.NOTE, EntryKind.RATIONALE, EntryKind.HAND_OVER)


class Event(models.TextChoices):
    """What the log calls what happens to a record."""

    STARTED = "record.started", _("A record was started")
    ALERTED = "record.alerted", _("An alert was released")
    WISHED = "record.wished", _("What the person would like was recorded")
    AGREED = "record.agreed", _("Release was agreed")
    OVERRIDDEN = "record.overridden", _("Released without agreement, for a reason from the list")
    WITHDRAWN = "record.withdrawn", _("The person does not want police: words withheld")
    ADDED = "record.added", _("An entry was added")
    REPORTED_MISTAKE = "record.reported_mistake", _("An alarm was reported as a mistake; it stays")
    MADE_SURE = "record.made_sure", _("Police made sure that an alarm was a mistake")
    GLASS_BROKEN = "record.glass_broken", _("Restricted words were opened with a typed reason")
    RESTRICTED = "record.restricted", _("Words were restricted to the named conflict officers")
    MISTAKE = "record.mistake", _("Asked by mistake, before any release: nothing kept")
    FINISHED = "record.finished", _("The receipt was put away")
    SETTLED = "record.settled", _("Finished without police")
    READ = "record.read", _("An officer opened it")
    VIEWED = "record.viewed", _("An officer looked at it")
    NOTES_READ = "record.notes_read", _("An officer read its hand-over notes on the sheet")
    CLAIMED = "record.claimed", _("An officer claimed it")
    UNCLAIMED = "record.unclaimed", _("A claim was given up")
    CLOSED = "record.closed", _("It was closed")
    LAPSED = "record.claim_lapsed", _("A claim without an action lapsed")
    TAKEN_OVER = "record.taken_over", _("A colleague's claim was taken over")
    REASSIGNED = "record.reassigned", _("A supervisor gave it to an officer")
    REOPENED = "record.reopened", _("It was opened again")
    GRADED = "record.graded", _("It was graded")
    STEP = "record.step", _("Police did something from the list")
    LOOKED = "record.looked", _("An officer said why they look at it")
    FOUND = "record.found", _("A search found it")
    PRINTED = "record.printed", _("It was printed")
    EXPORTED = "queue.exported", _("The queue was exported")
    LINKED = "record.linked", _("It was linked to another record")
    UNLINKED = "record.unlinked", _("A link was taken away")
    OFFERED = "record.offered", _("It was offered to another force")
    OFFER_ENDED = "record.offer_ended", _("An offer was declined, withdrawn or not answered")
    PASSED = "record.passed", _("Another force accepted it")
    HELP_ASKED = "record.help_asked", _("Another force was asked for help by a linked record")
    HELP_CAME = "record.help_came", _("It was made because another force asks for help")
    HANDED_OVER = "desk.handed_over", _("A shift was handed over")
    LET_GO = "record.let_go", _("Its holder signed out without handing it over: it alarms")
    SHEET_MADE = "desk.sheet_made", _("A hand-over sheet was prepared")
    SHEET_SEEN = "desk.sheet_seen", _("The hand-over sheet was read")
    ESCALATED = "record.escalated", _("A clock ran out: supervisors are told")
    UNWATCHED = "desk.unwatched", _("Nobody watches the queue any more")
    WATCHED = "desk.watched", _("The queue is watched again")
    ATTEMPTED = "desk.attempted", _("Somebody was tried to be reached")
    ATTEMPT_SEEN = "desk.attempt_seen", _("An alarm of a clock was acknowledged")
    LINE_SENT = "record.line_sent", _("A ready-made line was sent to the tablet")
    ARMED = "desk.armed", _("An alarm was armed")
    DISARMED = "desk.disarmed", _("An alarm was disarmed")
    PAUSED = "desk.paused", _("The desk was paused, or a pause ended")
    PAPER_MADE = "paper.made", _("A numbered paper form was printed")
    PAPER_BACK = "paper.returned", _("A numbered paper form was keyed in, or shredded unused")
    DESTROYED = "record.destroyed", _("What was typed was destroyed")
    TAKEN_BACK = "record.entry_taken_back", _("Words typed into the wrong record were taken back by who typed them")
    KEEPING_SEEN = "record.keeping_seen", _("How long it is kept was looked at, without its words")
    RULE_SET = "retention.rule_set", _("The retention schedule was changed")
    RULE_ASKED = "retention.rule_asked", _("A shorter time in the retention schedule was asked for")
    RULE_DECLINED = "retention.rule_declined", _("A shorter time was declined, or not asked for any more")
    HELD = "record.held", _("It was put under legal hold")
    HOLD_LIFTED = "record.hold_lifted", _("A legal hold was lifted")
    DISPOSAL_ASKED = "record.disposal_asked", _("Its disposal was asked for")
    DISPOSAL_APPROVED = "record.disposal_approved", _("Its disposal was approved")
    DISPOSAL_CANCELLED = "record.disposal_cancelled", _("Its disposal was cancelled")
    DISPOSED = "record.disposed", _("A record was disposed of: its key is destroyed")
    DISPOSED_AGAIN = "record.disposed_again", _("A restored record was disposed of again, as the ledger says")
    SEARCHED = "record.searched", _("Records were looked for by phone number or reference")
    ACCESS_OPENED = "access.opened", _("Somebody asked what is held about them")
    ACCESS_READ = "access.read", _("The entries were read to review them")
    ACCESS_MASKED = "access.masked", _("An entry was masked for the copy")
    ACCESS_CLEARED = "access.cleared", _("The data protection officer cleared the copy")
    ACCESS_EXPORTED = "access.exported", _("The masked copy was taken out")
    ACCESS_CLOSED = "access.closed", _("It was answered")
    LINES = "information.written", _("The day's information lines were written")
    ACKNOWLEDGED = "information.acknowledged", _("Information lines were acknowledged")
