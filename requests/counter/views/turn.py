"""Whose turn it is at the tablet, and where it is."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission
from pharmacies import actions as pharmacy_actions
from pharmacies.models import StaffMember
from pharmacies.onboarding.actions.invitations import accept_on_tablet
from pharmacies.policies.everybody import invited_here
from pharmacies.principals import enter_tablet

from ...policies import may_add, open_receipt, open_receipts, participating_like, pharmacy_of
from .. import screens
from ..screens import parse_id
from ..steps import RECEIPT
from ..turn_forms import BeginForm, OwnPinForm, PlaceForm, VouchForm


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def who(request: GuardedRequest) -> HttpResponse:
    """After a tile: the PIN, or a typed name. Writes nothing."""
    by = request.principal
    drill = bool(request.POST.get("drill"))
    if request.POST.get("staff") == "practise":
        return screens.screen(request, by, "practise", tiles=pharmacy_of(by).staff.current(), drill=True)
    return screens.screen(request, by, "begin", staff=_staff(request), form=BeginForm(), drill=drill)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def own_pin(request: GuardedRequest) -> HttpResponse:
    """Somebody who was invited sets a PIN of their own, here and nowhere else; nobody reads it out."""
    by, sent = request.principal, "code" in request.POST
    form = OwnPinForm(request.POST if sent else None)
    if sent and form.is_valid():
        said = form.cleaned_data
        invited = invited_here(said["code"])
        if invited is None:
            form.add_error("code", _("That code is not right here, or was used. Ask for a new one."))
        elif not invited["again"] and not said["initials"]:
            form.add_error("initials", _("Type your initials: they stand on your tile."))
        else:
            outcome = accept_on_tablet(
                by=by, code=said["code"], name=invited["person"], initials=said["initials"].upper(), pin=said["pin"]
            )
            if outcome == "accepted":
                return screens.cover(request, by)
            form.add_error("code", _("That code was used a moment ago."))
    return screens.screen(request, by, "own_pin", 422 if sent else 200, form=form)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def begin(request: GuardedRequest) -> HttpResponse:
    """Check the PIN or take the name, and go on where this person was, or to the first question."""
    by = request.principal
    form, staff = BeginForm(request.POST), _staff(request)
    if form.is_valid() and form.cleaned_data["staff"] and staff is None:
        form.add_error("name", _("That tile is no longer on this tablet. Go on under your name."))
    drill = bool(request.POST.get("drill"))
    if form.is_valid():
        if staff is not None:
            begun = pharmacy_actions.begin_with_pin(by=by, staff=staff, pin=form.cleaned_data["pin"], drill=drill)
        else:
            begun = pharmacy_actions.begin_with_name(by=by, name=form.cleaned_data["name"].strip(), drill=drill)
        if begun.token:
            return _after_begin(request, begun.token)
        form.add_error("pin", _pin_refusal(begun))
    return screens.screen(request, by, "begin", 422, staff=staff, form=form, drill=drill)


def _staff(request: GuardedRequest) -> StaffMember | None:
    staff_id = parse_id(request.POST.get("staff"))
    return pharmacy_of(request.principal).staff.current().filter(pk=staff_id).first() if staff_id else None


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def vouch(request: GuardedRequest) -> HttpResponse:
    """A colleague vouches, with their own PIN, for a locum: a tile of the locum's own until the end of the shift."""
    by = request.principal
    tiles = [one for one in pharmacy_of(by).staff.current() if one.pin_hash and one.vouched_by_id is None]
    form = VouchForm(request.POST) if "name" in request.POST else None
    if form is None:
        return screens.screen(request, by, "vouch", tiles=tiles, form=VouchForm())
    colleague = next((one for one in tiles if form.is_valid() and one.pk == form.cleaned_data["staff"]), None)
    if colleague is None:
        if form.is_valid():
            form.add_error("staff", _("That tile is no longer on this tablet. Choose another colleague."))
        return screens.screen(request, by, "vouch", 422, tiles=tiles, form=form)
    said = form.cleaned_data
    begun = pharmacy_actions.begin_with_pin(by=by, staff=colleague, pin=said["pin"])
    if not begun.token:
        form.add_error("pin", _pin_refusal(begun))
        return screens.screen(request, by, "vouch", 422, tiles=tiles, form=form)
    theirs = enter_tablet(request.COOKIES[settings.DEVICE_COOKIE_NAME], begun.token) or by
    locum = pharmacy_actions.vouch(by=theirs, name=said["name"].strip(), initials=said["initials"], pin=said["new_pin"])
    return _after_begin(request, locum.token)


def _pin_refusal(begun: pharmacy_actions.Begun) -> str:
    wait = begun.wait_seconds
    if begun.locked:
        return _(
            "This PIN is locked on this tablet: your manager can unlock it. Go on under your name. “Urgent help” needs no PIN."
        )
    if wait:
        return _(
            "That PIN is not right. Wait %(seconds)d seconds, then try again. In danger now? “Urgent help” needs no PIN."
        ) % {"seconds": wait}
    return _("That PIN is not right. Try again.")


def _after_begin(request: GuardedRequest, token: str) -> HttpResponse:
    # The turn has just begun, so the scope of this transaction does not know it yet: enter again, with its token.
    by = enter_tablet(request.COOKIES[settings.DEVICE_COOKIE_NAME], token)
    if by is None:
        return screens.cover(request, request.principal)
    mine = [record for record in open_receipts(by) if may_add(by, record)]
    if mine:
        return screens.screen(request, by, "people", token=token, people=mine)
    return screens.question(request, by, "danger", None, token=token)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def resume(request: GuardedRequest) -> HttpResponse:
    """Go on with an open record where it was left, or start for another person."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    return screens.question(request, by, record.step or RECEIPT if record else "danger", record)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def place(request: GuardedRequest) -> HttpResponse:
    """*Not here*: asks where, and from then on this turn belongs to the force responsible there.

    Half a postcode never decides it: those pharmacies that take part and fit are offered, for a person to choose one.
    """
    by = request.principal
    if chosen := parse_id(request.POST.get("pharmacy")):
        return _moved(request, known=pharmacy_actions.sit_at(by=by, pharmacy=chosen) is not None)
    if "postcode" not in request.POST:
        return screens.screen(request, by, "place", form=PlaceForm())
    form = PlaceForm(request.POST)
    if form.is_valid() and (postcode := form.whole()):
        return _moved(request, known=pharmacy_actions.sit_elsewhere(by=by, postcode=postcode) is not None)
    found = participating_like(form.cleaned_data["postcode"]) if form.is_valid() else []
    if form.is_valid() and not found:
        form.add_error(
            "postcode",
            _("That is no whole postcode (one looks like NR2 1LD), and no pharmacy that takes part is called that."),
        )
    return screens.screen(request, by, "place", 200 if found else 422, form=form, found=found)


def _moved(request: GuardedRequest, *, known: bool) -> HttpResponse:
    by = request.principal
    token = screens.token_of(request)
    moved = enter_tablet(request.COOKIES[settings.DEVICE_COOKIE_NAME], token) or by
    return screens.question(request, moved, "danger", None, token=token, place_unknown=not known)
