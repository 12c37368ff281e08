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
from .shared import NotPossible

__all__ = [
    "UNDO",
    "Claim",
    "NotPossible",
    "acknowledge_lines",
    "add_entry",
    "agree",
    "answer_danger",
    "answer_wish",
    "claim",
    "close",
    "forget_mistake",
    "go_to",
    "mistake",
    "override",
    "put_away",
    "raise_alert",
    "read",
    "start_record",
    "unclaim",
    "undo_mistake",
]
