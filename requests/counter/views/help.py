"""Help, open to anyone at the pharmacy without a PIN: nothing on these screens is kept."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission

from ...policies import child_lines, support_of
from .. import cards, screens


@allow(Permission.USE_TABLET)
@require_safe
def help_panel(request: GuardedRequest) -> HttpResponse:
    """The help panel, whole."""
    by = request.principal
    return screens.screen(
        request, by, "help", services=support_of(by), child_services=child_lines(by), languages=cards.offered()
    )


@allow(Permission.USE_TABLET)
@require_safe
def young(request: GuardedRequest) -> HttpResponse:
    """Under 16: what to do besides."""
    return screens.screen(request, request.principal, "young", child_services=child_lines(request.principal))


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def card(request: GuardedRequest) -> HttpResponse:
    """A card to turn to the person: one question at a time, with yes and no; the answers go back to the staff."""
    found = cards.card(request.POST.get("language", ""))
    if found is None:
        return screens.screen(request, request.principal, "cards", languages=cards.offered())
    answers = [one for one in request.POST.getlist("answer") if one in ("yes", "no")][: len(found.questions)]
    asked = list(zip(found.english, answers, strict=False))
    return screens.screen(
        request,
        request.principal,
        "card",
        card=found,
        answers=answers,
        asked=[{"question": question, "yes": answer == "yes"} for question, answer in asked],
        question=found.questions[len(answers)] if len(answers) < len(found.questions) else "",
    )
