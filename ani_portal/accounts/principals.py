"""Who is asking about their own account."""

import hashlib
from typing import Any

from django.http import HttpRequest

from ani_portal.access.permissions import Door, Role
from ani_portal.access.principals import Principal, register
from ani_portal.access.refusals import NeedsFactor, NoPart
from ani_portal.access.scope import Kind, Scope, set_scope
from ani_portal.audit.log import Actor

from . import external, factors
from .models import Operator
from .standing import check_signed_in


def session_mark(request: HttpRequest) -> str:
    """How the log names a session: a hash, which opens nothing."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:16]


def person_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person, whatever part they have; a newcomer may only set up their second factor."""
    user: Any = request.user
    if not user.is_authenticated:
        return None
    whole = factors.passed(request)
    if whole:
        if not check_signed_in(request):
            return None
    elif factors.has_factor(user):
        raise NeedsFactor
    scope = Scope(Kind.PERSON, person=user.pk)
    set_scope(scope)
    actor = Actor("person", str(user.pk), via=session_mark(request))
    return Principal(Role.PERSON if whole else Role.NEWCOMER, scope, actor, str(user))


def operator_principal(request: HttpRequest) -> Principal | None:
    """The signed-in person as an operator of the service."""
    if not check_signed_in(request):
        return None
    user: Any = request.user
    if external.force_of(request) is not None:
        raise NoPart  # a force's provider makes nobody the operator
    if not user.is_active or not Operator.objects.filter(user_id=user.pk, ended_at__isnull=True).exists():
        raise NoPart
    scope = Scope(Kind.OPERATOR, person=user.pk)
    set_scope(scope)
    return Principal(Role.OPERATOR, scope, Actor("operator", str(user.pk), via=session_mark(request)), str(user))


def register_all() -> None:
    """Tell the access app who finds them."""
    register(Door.ACCOUNT, person_principal)
    register(Door.OPERATOR, operator_principal)
