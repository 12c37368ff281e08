"""Records brought further by officers, through the real actions."""

from uuid import uuid4

from ani_portal.access.principals import Principal
from ani_portal.access.scope import scoped
from pharmacies.models import CannedLine
from requests import actions
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything


def opened(by: Principal, record: CodewordRequest) -> CodewordRequest:
    """An officer opened it."""
    with scoped(by.scope):
        return actions.read(by=by, record=record)


def claimed(by: Principal, record: CodewordRequest) -> CodewordRequest:
    """… and claimed it."""
    opened(by, record)
    with scoped(by.scope):
        assert actions.claim(by=by, record=record).won
        return CodewordRequest.objects.get(pk=record.pk)


def line_sent(by: Principal, record: CodewordRequest, code: str = "on_the_way") -> None:
    """… and sent a ready-made line."""
    with scoped(by.scope):
        actions.send_line(by=by, record=record, line=CannedLine.objects.get(force_id=by.force_id, code=code))


def armed(by: Principal) -> None:
    """The queue is watched from now on."""
    with scoped(by.scope):
        actions.arm(by=by, page=uuid4())


def a_worked_record(cast: Cast, force: str) -> CodewordRequest:
    """A record of which every table of the desk holds something."""
    by = cast.officer(force)
    armed(by)
    record = claimed(by, a_record_with_everything(cast, force))
    line_sent(by, record)
    return record
