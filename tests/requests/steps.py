"""Records brought to a state by the real actions."""

from uuid import UUID, uuid4

from ani_portal.access.principals import Principal
from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import Danger, EntryKind, Override, Rung, Told, Wish
from requests.models import CodewordRequest
from tests.cast import Cast

WORDS = "PLANTED-WORDS-4711 he has taken my keys"


def started(by: Principal, danger: Danger = Danger.NO, key: UUID | None = None) -> CodewordRequest:
    """A record at its first answer."""
    with scoped(by.scope):
        return actions.start_record(by=by, key=key or uuid4(), danger=danger)


def wished(by: Principal, record: CodewordRequest, wish: Wish) -> CodewordRequest:
    """… with the second answer."""
    with scoped(by.scope):
        return actions.answer_wish(by=by, record=record, wish=wish)


def agreed(by: Principal, record: CodewordRequest) -> CodewordRequest:
    """… with agreement."""
    with scoped(by.scope):
        return actions.agree(by=by, record=record)


def overridden(by: Principal, record: CodewordRequest) -> CodewordRequest:
    """… without agreement, for a reason from the list."""
    with scoped(by.scope):
        return actions.override(by=by, record=record, reason=Override.CHILD_AT_RISK, told=Told.YES)


def said(by: Principal, record: CodewordRequest, text: str = WORDS) -> None:
    """… with words."""
    with scoped(by.scope):
        actions.add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.OWN_WORDS, value={"text": text})


def a_record_with_everything(cast: Cast, force: str) -> CodewordRequest:
    """An alert, agreed, with words in it."""
    by = cast.recorder(force)
    record = started(by, Danger.YES)
    with scoped(by.scope):
        actions.say_rung(by=by, record=record, key=uuid4(), rung=Rung.BY_ME)
    wished(by, record, Wish.POLICE_NOW)
    record = agreed(by, record)
    said(by, record)
    with scoped(by.scope):
        actions.keep_draft(by=by, record=record, step="words", boxes={"own_words": WORDS})
        actions.print_form(by=by, key=uuid4())
    officer = cast.officer(force, 3)
    with scoped(officer.scope):
        actions.break_glass(by=officer, record=record, reason="A made-up reason")
    return record


def finished(by: Principal, record: CodewordRequest) -> None:
    """… with its receipt put away."""
    with scoped(by.scope):
        actions.put_away(by=by, record=record)
