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


class Outcome(models.TextChoices):
    """How police closed a record."""

    ATTENDED = "attended", _("Officers attended")
    SPOKEN_TO = "spoken_to", _("The person was reached in a safe way")
    NOT_REACHED = "not_reached", _("The person could not be reached safely")
    PASSED_ON = "passed_on", _("Passed to a support service, as agreed")
    NOTHING_FURTHER = "nothing_further", _("Nothing further needed")
    MISTAKE = "mistake", _("A mistake, made sure of on the pharmacy’s registered line or in person")


OFFICER_KINDS = (EntryKind.NOTE, EntryKind.RATIONALE, EntryKind.HAND_OVER)


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
    CLOSED = "closed", pgettext_lazy("step", "Closed")
    REOPENED = "reopened", _("Opened again")
    PASSED = "passed", _("Came from another force")


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
    EXPORTED = "exported", _("Exported the queue")


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
    GLASS_BROKEN = "record.glass_broken", _("Restricted words were opened with a typed reason")
    RESTRICTED = "record.restricted", _("Words were restricted to the named conflict officers")
    MISTAKE = "record.mistake", _("Asked by mistake, before any release: nothing kept")
    FINISHED = "record.finished", _("The receipt was put away")
    SETTLED = "record.settled", _("Finished without police")
    READ = "record.read", _("An officer opened it")
    VIEWED = "record.viewed", _("An officer looked at it")
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
    PRINTED = "record.printed", _("It was printed")
    EXPORTED = "queue.exported", _("The queue was exported")
    LINKED = "record.linked", _("It was linked to another record")
    UNLINKED = "record.unlinked", _("A link was taken away")
    OFFERED = "record.offered", _("It was offered to another force")
    OFFER_ENDED = "record.offer_ended", _("An offer was declined, withdrawn or not answered")
    PASSED = "record.passed", _("Another force accepted it")
    HANDED_OVER = "desk.handed_over", _("A shift was handed over")
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


class HoldReason(models.TextChoices):
    """Why a record may not be disposed of. A closed list: free text would be content."""

    PROCEEDINGS = "proceedings", _("Criminal, family or civil proceedings")
    INVESTIGATION = "investigation", _("A police or safeguarding investigation")
    COMPLAINT = "complaint", _("A complaint, or a review of what was done")
    SUBJECT_ACCESS = "subject_access", _("The person asked what is held about them")
    INQUIRY = "inquiry", _("An inquiry, inspection or statutory review")


class StubKind(models.TextChoices):
    """What a disposed record was, for the counts."""

    ALERT = "alert", _("Alert")
    POLICE_NOW = "police_now", _("Police now")
    POLICE_LATER = "police_later", _("Police later")
    DRILL = "drill", _("Drill")
