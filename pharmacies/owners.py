"""Who is asking at the onboarding door: a coordinator of a force or, where they are none, an administrator of pharmacies."""

from django.db import connection
from django.http import HttpRequest

from ani_portal.access.permissions import Door, Role
from ani_portal.access.principals import Principal, register
from ani_portal.access.scope import Kind, Scope, set_scope
from ani_portal.accounts.principals import check_signed_in, session_mark
from ani_portal.audit.log import Actor

from .principals import coordinator_principal


def onboarding_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person in their part at the door."""
    return coordinator_principal(request) or administrator_principal(request)


def administrator_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person as an administrator of one pharmacy, or of an owner's pharmacies in whatever forces."""
    if not check_signed_in(request):
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from ani.enter_administrator(%s)", [request.user.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    member, organisation, pharmacy, _force, name = row
    scope = Scope(Kind.OWNER, pharmacy=pharmacy, person=request.user.pk, organisation=organisation)
    set_scope(scope)
    return Principal(Role.ADMINISTRATOR, scope, Actor("administrator", str(member), via=session_mark(request)), name)


def register_all() -> None:
    """Tell the access app who finds them."""
    register(Door.ONBOARDING, onboarding_principal)
