"""Records brought to their end, and past it, by the real actions."""

from datetime import date, timedelta

from django.db import connections
from django.utils import timezone

from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import NoReference, Outcome
from requests.models import CodewordRequest, Disposal
from requests.retention.access import mask_entry, open_access, review
from requests.retention.actions import approve_disposal, ask_disposal
from requests.retention.disposal import dispose_due
from requests.retention.lines import ask_shorter, set_rule
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything


def closed(cast: Cast, force: str = "norfolk", outcome: Outcome = Outcome.ATTENDED) -> CodewordRequest:
    """A record with words that an officer read, claimed and closed; its receipt is put away."""
    record = a_record_with_everything(cast, force)
    officer = cast.officer(force)
    with scoped(officer.scope):
        actions.read(by=officer, record=record)
        actions.claim(by=officer, record=record)
        actions.close(by=officer, record=record, outcome=outcome, risk_looked_at=True, no_reference=NoReference.DRILL)
    recorder = cast.recorder(force)
    with scoped(recorder.scope):
        actions.put_away(by=recorder, record=record)
    return record


def aged(record: CodewordRequest, days: int = 366 * 7) -> CodewordRequest:
    """Closed so long ago. The owner turns the clock: nobody else can."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update requests_codewordrequest set closed_at = %s where id = %s",
            [timezone.now() - timedelta(days=days), record.pk],
        )
    return record


def asked(cast: Cast, record: CodewordRequest, force: str = "norfolk") -> Disposal:
    """The supervisor asks for its disposal."""
    supervisor = cast.officer(force, 3)
    with scoped(supervisor.scope):
        return ask_disposal(by=supervisor, record=record)


def approved(cast: Cast, disposal: Disposal, force: str = "norfolk") -> Disposal:
    """The data protection officer approves it."""
    other = cast.officer(force, 4)
    with scoped(other.scope):
        return approve_disposal(by=other, disposal=disposal)


def waited(disposal: Disposal, days: int = 8) -> Disposal:
    """The waiting time is over."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table requests_disposal disable trigger guard")
        cursor.execute(
            "update requests_disposal set approved_at = approved_at - make_interval(days => %s) where id = %s",
            [days, disposal.pk],
        )
        cursor.execute("alter table requests_disposal enable trigger guard")
    return disposal


def ready_to_go(cast: Cast, force: str = "norfolk") -> tuple[CodewordRequest, Disposal]:
    """A record that the next run disposes of."""
    record = aged(closed(cast, force))
    return record, waited(approved(cast, asked(cast, record, force), force))


def a_row_of_each(cast: Cast, force: str) -> None:
    """Every table of retention and access holds something of this force; one record was disposed of."""
    ready_to_go(cast, force)
    dispose_due(now=timezone.now())
    record = aged(closed(cast, force))
    asked(cast, record, force)
    dpo = cast.officer(force, 4)
    with scoped(dpo.scope):
        set_rule(by=dpo, outcome="attended", keep_months=84, review_on=date(2027, 6, 1))
        ask_shorter(by=dpo, outcome="spoken_to", keep_months=60, review_on=date(2027, 6, 1))
        access = open_access(by=dpo, record=record)
        line = review(access)[0]
        mask_entry(by=dpo, access=access, entry=line.entry, marked=line.text, left_out=False)
        actions.remember_phone(by=dpo, record=record, number="01632 960 001")
        actions.records_with_phone(by=dpo, number="01632 960 001")
