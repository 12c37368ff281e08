"""What is recorded: records, their sealed entries, and the anonymous lines for people who did not want police.

And what the desk keeps beside them: who watches, what was done, who looked, what was passed on, how long
it is kept, who asked for a copy.
"""

from .access import AccessRequest, MaskedEntry, PhoneSearch
from .attempt import Attempt
from .desk import Assessment, Link, Look, Notice, PoliceStep, Presence
from .draft import Draft
from .entry import Entry
from .glass import GlassBroken
from .help import HelpAsked
from .information import InformationLine
from .message import Message
from .paper import PaperForm
from .passing import HandOver, Offer
from .record import OPEN_STATES, CodewordRequest
from .retention import Disposal, Hold, RetentionProposal, RetentionRule, Stub
from .watch import DeskState, Watch

__all__ = [
    "OPEN_STATES",
    "AccessRequest",
    "Assessment",
    "Attempt",
    "CodewordRequest",
    "DeskState",
    "Disposal",
    "Draft",
    "Entry",
    "GlassBroken",
    "HandOver",
    "HelpAsked",
    "Hold",
    "InformationLine",
    "Link",
    "Look",
    "MaskedEntry",
    "Message",
    "Notice",
    "Offer",
    "PaperForm",
    "PhoneSearch",
    "PoliceStep",
    "Presence",
    "RetentionProposal",
    "RetentionRule",
    "Stub",
    "Watch",
]
