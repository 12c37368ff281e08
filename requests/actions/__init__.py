"""Every write to a record.

Each runs inside the caller's scoped transaction and leaves its row of the log there; messages leave on commit.
"""

from .counter import (
    UNDO,
    add_entry,
    agree,
    answer_danger,
    answer_wish,
    forget_mistake,
    go_to,
    mistake,
    override,
    put_away,
    raise_alert,
    start_record,
    undo_mistake,
)
from .desk import Claim, acknowledge_lines, claim, close, read, unclaim
from .lines import send_line
from .shared import Gone, NotPossible
from .watching import arm, beat, disarm, pause

__all__ = [
    "UNDO",
    "Claim",
    "Gone",
    "NotPossible",
    "acknowledge_lines",
    "add_entry",
    "agree",
    "answer_danger",
    "answer_wish",
    "arm",
    "beat",
    "claim",
    "close",
    "disarm",
    "forget_mistake",
    "go_to",
    "mistake",
    "override",
    "pause",
    "put_away",
    "raise_alert",
    "read",
    "send_line",
    "start_record",
    "unclaim",
    "undo_mistake",
]
