"""Who is asking at each door: a tablet and whose turn it is, or a person in one part of one force."""

import hashlib

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest

from ani_portal.access.permissions import Door, Role
from ani_portal.access.principals import Principal, register
from ani_portal.access.refusals import ChoosePart, NoPart, NotTakingPart
from ani_portal.access.scope import Kind, Scope, set_scope
from ani_portal.accounts.external import force_of
from ani_portal.accounts.principals import session_mark
from ani_portal.accounts.standing import check_signed_in
from ani_portal.audit.log import Actor

from .enums import Audience
from .models import SupportService

# The sitting's token travels with each form and lives in the page's memory only.
TOKEN_FIELD = "sitting"  # noqa: S105 the name of a field
TOKEN_HEADER = "X-Sitting"  # noqa: S105


def digest(secret: str) -> bytes:
    """The stored form of a long random secret."""
    return hashlib.sha256(secret.encode()).digest()


def normalise_code(code: str) -> str:
    """A code as it is hashed: capitals, without the gaps that people type."""
    return "".join(character for character in code.upper() if character.isalnum())


def tablet_principal(request: HttpRequest) -> Principal | None:
    """The tablet whose cookie came with the request, with the person whose turn it is, if any.

    Raises NotTakingPart for one whose pharmacy is suspended.
    """
    token = request.headers.get(TOKEN_HEADER) or request.POST.get(TOKEN_FIELD, "")
    secret = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    found = enter_tablet(secret, token)
    if found is None and secret:
        _check_suspended(secret)
    return found


def _check_suspended(secret: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select * from ani.suspended_tablet(%s)", [digest(secret)])
        row = cursor.fetchone()
    if row is None:
        return
    force, nation, district = row
    set_scope(Scope(Kind.PUBLIC))
    lines = SupportService.objects.filter(
        Q(force__isnull=True) | Q(force_id=force),
        Q(nation="") | Q(nation=nation),
        Q(district__isnull=True) | Q(district_id=district),
        audience=Audience.PERSON,
    )
    raise NotTakingPart(list(lines))


def enter_tablet(secret: str, token: str) -> Principal | None:
    """The principal of a tablet's secret and a turn's token; leaves its scope set (the function did it)."""
    if not secret:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from ani.enter_tablet(%s, %s)", [digest(secret), digest(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    tablet, pharmacy, force, sitting, staff, since = row
    scope = Scope(Kind.TABLET, force=force, pharmacy=pharmacy, tablet=tablet, sitting=sitting, staff=staff, since=since)
    if staff:
        actor = Actor("staff", str(staff), via=str(tablet))
    else:
        actor = Actor("tablet", str(tablet), via=str(sitting or ""))
    return Principal(Role.RECORDER if sitting else Role.COVERED_TABLET, scope, actor)


KINDS = {
    "officer": Kind.OFFICER, "coordinator": Kind.COORDINATOR, "auditor": Kind.AUDITOR, "administrator": Kind.OWNER,
}  # fmt: skip


def chosen_key(door: str) -> str:
    """Where a session keeps which of a person's parts at a door they act in."""
    return f"part:{door}"


def _part(door: Door, request: HttpRequest) -> Principal | None:
    """The signed-in person in the part they chose at the door, or their only one; ChoosePart where they must choose."""
    if not check_signed_in(request):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from ani.enter_part(%s, %s, %s::uuid, %s)",
            [door.value, request.user.pk, request.session.get(chosen_key(door.value)), force_of(request)],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoPart
    part, member, role, name, force, organisation, pharmacy, chosen, several = row
    if several and not chosen:
        raise ChoosePart
    scope = Scope(KINDS[part], force=force, pharmacy=pharmacy, person=request.user.pk, organisation=organisation)
    set_scope(scope)
    return Principal(Role(role), scope, Actor(part, str(member), via=session_mark(request)), name)


def officer_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person as an officer of one force."""
    return _part(Door.TRIAGE, request)


def onboarding_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person as a force's coordinator, or as an administrator of one pharmacy or of an owner's."""
    return _part(Door.ONBOARDING, request)


def auditor_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person as an auditor of one force."""
    return _part(Door.AUDIT, request)


def register_all() -> None:
    """Tell the access app who finds whom."""
    register(Door.COUNTER, tablet_principal)
    register(Door.TRIAGE, officer_principal)
    register(Door.ONBOARDING, onboarding_principal)
    register(Door.AUDIT, auditor_principal)
