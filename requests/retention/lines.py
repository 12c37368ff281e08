"""Changing a line of the force's schedule: longer by one person, shorter by two. The database holds both (sql/schedule.sql)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from pharmacies.models import SettingsChange

from ..actions import NotPossible
from ..enums import Event
from ..models import RetentionProposal, RetentionRule
from .schedule import outcomes, schedule

# With the force's number the first half of a lock; ours alone (imports and migrations lock by one number, not two).
_TURN = 0x414E0000


@dataclass(frozen=True)
class Change:
    """A line as it holds, and as somebody would have it."""

    outcome: str
    label: str | Promise
    before: int
    after: int
    review_on: date

    @property
    def shorter(self) -> bool:
        """Whether records would go earlier than they do now."""
        return self.after < self.before


def considered(*, by: Principal, outcome: str, keep_months: int, review_on: date) -> Change:
    """What setting the line would change. Writes nothing."""
    if outcome not in dict(outcomes()):
        raise NotPossible(_("There is no such outcome."))
    line = next(line for line in schedule(by.force_id) if line.outcome == outcome)
    return Change(outcome, line.label, line.keep_months, keep_months, review_on)


def take_turn(*, by: Principal, outcome: str) -> None:
    """Wait until nobody else is changing this line; the turn ends with the transaction.

    Two who set it in one moment would both see what held before: the second's time could be the shorter one by then.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN + by.force_id, outcome])


def set_rule(*, by: Principal, outcome: str, keep_months: int, review_on: date) -> None:
    """Set one line, for the same time or longer; a shorter one is asked for instead."""
    take_turn(by=by, outcome=outcome)
    change = considered(by=by, outcome=outcome, keep_months=keep_months, review_on=review_on)
    if change.shorter:
        raise NotPossible(_("A shorter time needs a second person: ask for it."))
    _write(by, change)


def ask_shorter(*, by: Principal, outcome: str, keep_months: int, review_on: date) -> RetentionProposal:
    """Ask for a shorter time. It holds when somebody else at the desk has agreed."""
    take_turn(by=by, outcome=outcome)
    change = considered(by=by, outcome=outcome, keep_months=keep_months, review_on=review_on)
    if RetentionProposal.objects.filter(force_id=by.force_id, outcome=outcome, decided_at__isnull=True).exists():
        raise NotPossible(_("A shorter time for it was asked for already, and waits."))
    made = RetentionProposal.objects.create(
        force_id=by.force_id, outcome=outcome, before_months=change.before, keep_months=keep_months,
        review_on=review_on, asked_by_id=_person(by), asked_by_name=by.name[:80],
    )  # fmt: skip
    _keep(by, _("retention, asked for: %s"), change)
    _log(Event.RULE_ASKED, by, change)
    return made


def agree(*, by: Principal, proposal: RetentionProposal) -> None:
    """Agree to what somebody else asked for: from now on the shorter time holds."""
    proposal = _waiting(proposal)
    if proposal.asked_by_id == by.scope.person:
        raise NotPossible(_("You asked for it yourself. Somebody else must agree."))
    take_turn(by=by, outcome=proposal.outcome)
    change = considered(by=by, outcome=proposal.outcome, keep_months=proposal.keep_months, review_on=proposal.review_on)
    if change.before != proposal.before_months:
        raise NotPossible(_("The line was changed since this was asked for. Decline it; it can be asked for anew."))
    _decide(by, proposal, agreed=True)
    _write(by, change)


def decline(*, by: Principal, proposal: RetentionProposal) -> None:
    """Decline it; or, who asked, take it back. The line stays as it is."""
    proposal = _waiting(proposal)
    _decide(by, proposal, agreed=False)
    change = Change(
        proposal.outcome, dict(outcomes())[proposal.outcome], proposal.keep_months, proposal.before_months,
        proposal.review_on,
    )  # fmt: skip
    own = proposal.asked_by_id == by.scope.person
    _keep(by, _("retention, taken back: %s") if own else _("retention, declined: %s"), change)
    _log(Event.RULE_DECLINED, by, change)


def _person(by: Principal) -> int:
    if by.scope.person is None:
        raise ValueError("only people ask for this")
    return by.scope.person


def _waiting(proposal: RetentionProposal) -> RetentionProposal:
    found = RetentionProposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    if found.decided_at is not None:
        raise NotPossible(_("Somebody else was quicker: it is decided."))
    return found


def _decide(by: Principal, proposal: RetentionProposal, *, agreed: bool) -> None:
    proposal.decided_at, proposal.decided_by_id, proposal.agreed = timezone.now(), by.scope.person, agreed
    proposal.save(update_fields=["decided_at", "decided_by", "agreed"])


def _write(by: Principal, change: Change) -> None:
    coordinator = by.role == Role.COORDINATOR
    RetentionRule.objects.update_or_create(
        force_id=by.force_id, outcome=change.outcome,
        defaults={
            "keep_months": change.after, "review_on": change.review_on, "set_at": timezone.now(),
            "set_by_id": None if coordinator else UUID(by.actor.id),
            "set_by_coordinator_id": UUID(by.actor.id) if coordinator else None,
        },
    )  # fmt: skip
    _keep(by, _("retention: %s"), change)
    _log(Event.RULE_SET, by, change)


def _keep(by: Principal, what: str, change: Change) -> None:
    SettingsChange.objects.create(
        force_id=by.force_id, by=by.actor.id, by_name=by.name, setting=(what % change.label)[:60],
        before=_("%d months") % change.before, after=_("%d months") % change.after,
    )  # fmt: skip


def _log(event: Event, by: Principal, change: Change) -> None:
    current_log().note(
        event, by=by.actor, force=by.force_id, on=("outcome", change.outcome), months=change.after,
        review=change.review_on.isoformat(),
    )  # fmt: skip
