"""Every write to a record.

Each runs inside the caller's scoped transaction and leaves its row of the log there; messages leave on commit.
"""

from .counter import (
    UNDO,
    Start,
    add_entry,
    agree,
    answer_connected,
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
from .open_record import draft_of, drop_draft, keep_draft, report_mistake, say_left, say_other_back, say_rung
from .paper import give_back, key_in, print_form
from .phones import records_with_phone, remember_phone
from .shared import Gone, NotPossible
from .taking_back import JustTyped, just_typed, take_back
from .watching import arm, beat, disarm, pause

__all__ = [
    "UNDO",
    "Claim",
    "Gone",
    "JustTyped",
    "NotPossible",
    "Start",
    "acknowledge_lines",
    "add_entry",
    "agree",
    "answer_connected",
    "answer_danger",
    "answer_wish",
    "arm",
    "beat",
    "claim",
    "close",
    "disarm",
    "draft_of",
    "drop_draft",
    "forget_mistake",
    "give_back",
    "go_to",
    "just_typed",
    "keep_draft",
    "key_in",
    "mistake",
    "override",
    "pause",
    "print_form",
    "put_away",
    "raise_alert",
    "read",
    "records_with_phone",
    "remember_phone",
    "report_mistake",
    "say_left",
    "say_other_back",
    "say_rung",
    "send_line",
    "start_record",
    "take_back",
    "unclaim",
    "undo_mistake",
]
