"""What is recorded: records, their sealed entries, and the anonymous lines for people who did not want police.

And what the desk keeps beside them: who watches, what was sent to the tablet, how long it is kept, who asked for a copy.
"""

from .access import AccessRequest, MaskedEntry, PhoneSearch
from .draft import Draft
from .entry import Entry
from .information import InformationLine
from .message import Message
from .paper import PaperForm
from .record import OPEN_STATES, CodewordRequest
from .retention import Disposal, Hold, RetentionRule, Stub
from .watch import DeskState, Watch

__all__ = [
    "OPEN_STATES",
    "AccessRequest",
    "CodewordRequest",
    "DeskState",
    "Disposal",
    "Draft",
    "Entry",
    "Hold",
    "InformationLine",
    "MaskedEntry",
    "Message",
    "PaperForm",
    "PhoneSearch",
    "RetentionRule",
    "Stub",
    "Watch",
]
