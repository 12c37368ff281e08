"""The cover, what lives on every screen, and what is there without a network."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow, public
from ani_portal.access.nested import parse_json
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies import actions as pharmacy_actions

from ... import actions
from ...models import CodewordRequest
from ...policies import open_receipt
from .. import screens
from ..screens import parse_id
from ..steps import BY_NAME
from ..turn_forms import EnrolForm

# The cookie of an enrolled tablet lasts as long as browsers let it; the heartbeat renews it.
DEVICE_COOKIE_AGE = 400 * 24 * 60 * 60


@allow(Permission.USE_TABLET)
@require_safe
def cover(request: GuardedRequest) -> HttpResponse:
    """What anyone at the counter may see."""
    return screens.cover(request, request.principal)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def hide(request: GuardedRequest) -> HttpResponse:
    """One touch: the cover, with the entry kept, also what was typed and not saved."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    if record is not None:
        keep_unsaved(
            by, record, request.POST.get("step", ""), request.POST.get("draft", ""), parse_id(request.POST.get("key"))
        )
    pharmacy_actions.end_sitting(by=by)
    return screens.cover(request, by)


def keep_unsaved(by: Principal, record: CodewordRequest, step: str, draft: str, key: UUID | None) -> None:
    """Keep what stood in the boxes of `step`: as a draft, or, for somebody without a PIN, saved."""
    boxes = _boxes(draft)
    if step not in BY_NAME or not BY_NAME[step].typed or not any(any(values) for values in boxes.values()):
        return
    try:
        if actions.keep_draft(by=by, record=record, step=step, boxes=boxes) or key is None:
            return
        # Without a PIN nothing could be shown again: so it is saved, as the screen says it will be.
        form = BY_NAME[step].form({name: values if len(values) > 1 else values[0] for name, values in boxes.items()})
        if form.is_valid():
            BY_NAME[step].save(by, record, key, form.cleaned_data)
    except actions.NotPossible:
        return  # police have closed it, or words are not wanted any more: there is nothing to keep it for


def _boxes(text: str) -> dict[str, list[str]]:
    """The boxes of a screen: a JSON list of pairs of name and value; nothing for anything else."""
    try:
        pairs = parse_json(text or "[]")
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(str(name), []).append(str(value))
    except (ValueError, TypeError):
        return {}
    return found


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def live(request: GuardedRequest) -> HttpResponse:
    """The part of a screen that changes by itself, as it is now: late, read, watched, messages."""
    by = request.principal
    return screens.live(
        request, by, request.POST.get("part", ""), open_receipt(by, parse_id(request.POST.get("record")))
    )


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def heartbeat(request: GuardedRequest) -> HttpResponse:
    """The tablet is alive: say when it was last heard from, and renew its cookie."""
    pharmacy_actions.heard(by=request.principal)
    response = HttpResponse(status=204)
    set_device_cookie(response, request.COOKIES[settings.DEVICE_COOKIE_NAME])
    return response


@allow(Permission.USE_TABLET)
@require_safe
def offline(request: GuardedRequest) -> HttpResponse:
    """What the tablet shows when it is opened without a network: a neutral page with the phone words, kept beforehand."""
    return screens.screen(request, request.principal, "offline", is_cover=True, token="")


@public("the program that keeps the cover and the help for when there is no network; holds nothing")
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: served from here because it may answer only for addresses below its own."""
    program = (Path(settings.STATIC_ROOT) / "build" / "offline.js").read_bytes()
    return HttpResponse(program, content_type="text/javascript; charset=utf-8")


@public("a browser that is not a tablet yet cannot know anybody")
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Type the code; this browser is a tablet of that pharmacy from then on."""
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with scoped(Scope(Kind.PUBLIC)):
            done = pharmacy_actions.enrol_tablet(code=form.cleaned_data["code"])
        if done.outcome == "enrolled":
            response = redirect("counter:front")
            set_device_cookie(response, done.secret)
            return response
        form.add_error("code", ENROL_SAYS[done.outcome]())
    return render(request, "counter/enrol.html", {"form": form}, status=422 if form.is_bound else 200)


ENROL_SAYS = {
    "unknown": lambda: _("That code is not right. Type it again, or ask for a new one."),
    "used": lambda: _("That code was used before. Each works once: ask for a new one."),
    "expired": lambda: _("That code is too old. Ask for a new one."),
}


def set_device_cookie(response: HttpResponse, secret: str) -> None:
    """Let this browser prove that it is the tablet."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        secret,
        max_age=DEVICE_COOKIE_AGE,
        secure=settings.OVER_TLS,
        httponly=True,
        samesite="Strict",
    )
