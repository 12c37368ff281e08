"""What is recorded: records, their sealed entries, and the anonymous lines for people who did not want police.

And what the desk keeps beside them: who watches, what was sent to the tablet.
"""

from .draft import Draft
from .entry import Entry
from .information import InformationLine
from .message import Message
from .paper import PaperForm
from .record import OPEN_STATES, CodewordRequest
from .watch import DeskState, Watch

__all__ = [
    "OPEN_STATES",
    "CodewordRequest",
    "DeskState",
    "Draft",
    "Entry",
    "InformationLine",
    "Message",
    "PaperForm",
    "Watch",
]
