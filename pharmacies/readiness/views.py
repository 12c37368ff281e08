"""The readiness board."""

from collections import Counter

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import policies
from pharmacies.onboarding.page import page

from .board import Grade, board


@allow(Permission.SEE_READINESS)
@require_safe
def readiness(request: GuardedRequest) -> HttpResponse:
    """Failing on top, each with its remedy; then at risk; then ready."""
    by = request.principal
    lines = board(policies.pharmacies_of(by))
    counts = Counter(line.grade for line in lines)
    settings = policies.settings_of(by) if by.scope.force is not None else None
    return page(
        request, "readiness/board.html", lines=lines, settings=settings, failing=counts[Grade.FAILING],
        at_risk=counts[Grade.AT_RISK], ready=counts[Grade.READY], proofs=policies.proofs_of(by),
    )  # fmt: skip
