"""Records brought further by officers, through the real actions."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import CannedLine, PoliceForce, ResponseGrade
from requests import actions
from requests.clocks import run
from requests.enums import DeclineReason, OfferReason, Outcome, StepKind
from requests.models import CodewordRequest, HelpAsked, Offer
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

RATIONALE = "PLANTED-RATIONALE-4712"


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


def graded(by: Principal, record: CodewordRequest, code: str = "B") -> None:
    """… and graded it."""
    with scoped(by.scope):
        actions.assess(
            by=by, record=record, grade=ResponseGrade.objects.get(force_id=by.force_id, code=code),
            rationale={"threat": RATIONALE}, systems_checked=True,
        )  # fmt: skip


def numbered(by: Principal, record: CodewordRequest, number: str = "123") -> None:
    """… and gave it an incident number of today."""
    with scoped(by.scope):
        actions.add_number(by=by, record=record, number=actions.Number(StepKind.INCIDENT, number, timezone.localdate()))


def closed(by: Principal, record: CodewordRequest, outcome: Outcome = Outcome.ATTENDED) -> None:
    """… and closed it."""
    numbered(by, record)
    with scoped(by.scope):
        actions.close(by=by, record=record, outcome=outcome, risk_looked_at=True)


def finished(cast: Cast, force: str, record: CodewordRequest) -> None:
    """The pharmacy put its receipt away."""
    by = cast.recorder(force)
    with scoped(by.scope):
        actions.put_away(by=by, record=record)


def offered(by: Principal, record: CodewordRequest, to_force: int) -> Offer:
    """… and offered it to another force."""
    with scoped(by.scope):
        actions.offer(by=by, record=record, to_force=to_force, reason=OfferReason.LIVES_THERE)
        return Offer.objects.get(record=record, state="open")


def a_worked_record(cast: Cast, force: str) -> CodewordRequest:
    """A record of which every table of the desk holds something."""
    by, colleague = cast.officer(force), cast.officer(force, 2)
    record = a_record_with_everything(cast, force)
    run(now=timezone.now() + timedelta(minutes=3))  # nobody has read it in time: supervisors are told
    armed(by)
    record = claimed(by, record)
    line_sent(by, record)
    graded(by, record, "B" if force == "norfolk" else "1")
    numbered(by, record)
    other = a_record_with_everything(cast, force)
    with scoped(by.scope):
        actions.be_present(by=by, record=record)
        actions.link(by=by, record=record, other=other)
        actions.add_hand_over_note(by=by, record=record, text="made up", key=uuid4())
        actions.make_hand_over(by=by)
    with scoped(colleague.scope):
        actions.take_over(by=colleague, record=record)
    with using_role("owner"):
        third = PoliceForce.objects.exclude(active=True).order_by("pk")[0]
        Offer.objects.create(
            record=record, from_force_id=by.force_id, to_force=third, reason=OfferReason.LIVES_THERE,
            reference=record.reference, attention=1, released_at=record.started_at, place="made up",
            offered_by_id=UUID(by.actor.id),
        )  # fmt: skip
        HelpAsked.objects.create(
            record=record, from_force_id=by.force_id, to_force=third, reason=OfferReason.LIVES_THERE, entries=0,
            reference=record.reference, other_reference="MAD-EUP", received_at=record.started_at,
            by_id=UUID(by.actor.id),
        )  # fmt: skip
    return record


def decide_offer(by: Principal, record: CodewordRequest, how: str) -> None:
    """Accept, decline or withdraw what is offered of a record; NotPossible where nothing is."""
    offer = Offer.objects.filter(record_id=record.pk, state="open").first()
    if offer is None:
        raise actions.NotPossible("nothing is offered")
    if how == "accept":
        actions.accept(by=by, offer=offer)
    elif how == "decline":
        actions.decline(by=by, offer=offer, reason=DeclineReason.NOT_OURS)
    else:
        actions.withdraw(by=by, offer=offer)
