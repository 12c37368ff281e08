"""One turn of changing the schedule: filled in, shown with what it means, then set or asked for. The same at both doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal

from . import lines, policies
from .actions import waiting_time
from .forms import RuleForm
from .schedule import schedule


@dataclass
class Turn:
    """Where it stands: done, or the page to show."""

    done: bool = False
    status: int = 200
    context: dict[str, Any] = field(default_factory=dict)


def take_turn(by: Principal, said: Mapping[str, Any] | None, *, refusal: str = "") -> Turn:
    """Read what was filled in. The first time it is shown with what it means; with `seen`, what held then, it is done."""
    form = RuleForm(said)
    turn = Turn(status=409 if refusal else 200)
    if form.is_bound and not form.is_valid():
        turn.status = 422
    elif form.is_bound:
        seen = str((said or {}).get("seen", ""))
        if seen:
            lines.take_turn(by=by, outcome=form.cleaned_data["outcome"])  # before it is compared with what was seen
        change = lines.considered(by=by, **form.cleaned_data)
        if seen == str(change.before):
            (lines.ask_shorter if change.shorter else lines.set_rule)(by=by, **form.cleaned_data)
            return Turn(done=True)
        # Somebody else changed the line between the two looks: shown anew, with what holds now.
        turn.status = 409 if seen else 200
        turn.context = {"change": change, "meanwhile": bool(seen), "sooner": _sooner(by, change)}
    now = timezone.localdate()
    turn.context |= {
        "form": form, "lines": schedule(by.force_id), "today": now, "refusal": refusal, "wait_days": _wait_days(by),
        "proposals": [_shown(by, one) for one in policies.proposals(by)],
    }  # fmt: skip
    return turn


def _shown(by: Principal, proposal: Any) -> dict[str, Any]:
    change = lines.considered(
        by=by, outcome=proposal.outcome, keep_months=proposal.keep_months, review_on=proposal.review_on
    )
    mine = proposal.asked_by_id == by.scope.person
    return {"proposal": proposal, "change": change, "mine": mine, "sooner": _sooner(by, change)}


def _sooner(by: Principal, change: lines.Change) -> int | None:
    """How many closed records would be due at once that are not today; None for who may not know that there are any."""
    if not change.shorter or not by.may(Permission.SEE_RETENTION):
        return None
    return policies.due_sooner(by, timezone.now(), change.outcome, change.before, change.after).count()


def _wait_days(by: Principal) -> int:
    return waiting_time(by).disposal_wait.days
