"""What is recorded: records, their sealed entries, and the anonymous lines for people who did not want police."""

from .entry import Entry
from .information import InformationLine
from .record import OPEN_STATES, CodewordRequest

__all__ = ["OPEN_STATES", "CodewordRequest", "Entry", "InformationLine"]
