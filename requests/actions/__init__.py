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
from .desk import (
    Claim,
    acknowledge_attempts,
    acknowledge_lines,
    be_present,
    claim,
    look,
    note_view,
    notice_seen,
    read,
    reassign,
    take_over,
    unclaim,
)
from .ending import close, reopen
from .glass import break_glass
from .helping import Help, ask_help, asked_by, help_asked
from .lines import send_line
from .linking import link, links_of, suggestions, unlink
from .open_record import draft_of, drop_draft, keep_draft, report_mistake, say_left, say_other_back, say_rung
from .paper import give_back, key_in, print_form
from .passing import accept, add_hand_over_note, decline, make_hand_over, offer, own_open, sign_hand_over, withdraw
from .phones import records_with_phone, remember_phone
from .shared import Gone, NotPossible
from .taking_back import JustTyped, just_typed, take_back
from .watching import arm, beat, disarm, pause
from .working import Number, add_note, add_number, assess, take_step

__all__ = [
    "UNDO",
    "Claim",
    "Gone",
    "Help",
    "JustTyped",
    "NotPossible",
    "Number",
    "Start",
    "accept",
    "acknowledge_attempts",
    "acknowledge_lines",
    "add_entry",
    "add_hand_over_note",
    "add_note",
    "add_number",
    "agree",
    "answer_connected",
    "answer_danger",
    "answer_wish",
    "arm",
    "ask_help",
    "asked_by",
    "assess",
    "be_present",
    "beat",
    "break_glass",
    "claim",
    "close",
    "decline",
    "disarm",
    "draft_of",
    "drop_draft",
    "forget_mistake",
    "give_back",
    "go_to",
    "help_asked",
    "just_typed",
    "keep_draft",
    "key_in",
    "link",
    "links_of",
    "look",
    "make_hand_over",
    "mistake",
    "note_view",
    "notice_seen",
    "offer",
    "override",
    "own_open",
    "pause",
    "print_form",
    "put_away",
    "raise_alert",
    "read",
    "reassign",
    "records_with_phone",
    "remember_phone",
    "reopen",
    "report_mistake",
    "say_left",
    "say_other_back",
    "say_rung",
    "send_line",
    "sign_hand_over",
    "start_record",
    "suggestions",
    "take_back",
    "take_over",
    "take_step",
    "unclaim",
    "undo_mistake",
    "unlink",
    "withdraw",
]
