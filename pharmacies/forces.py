"""Bringing a force on, by the operator of the service."""

import secrets
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts.models import User

from .models import PoliceForce


@dataclass(frozen=True)
class Begun:
    """The first coordinator's first password, to be shown once; empty if the force could not be begun."""

    password: str


def all_forces() -> "QuerySet[PoliceForce]":
    """Every territorial force: public reference data."""
    return PoliceForce.objects.order_by("-active", "name")


def force(code: str) -> PoliceForce | None:
    """One of them, by its ONS code."""
    return PoliceForce.objects.filter(ons_code=code).first()


def begin(*, by: Principal, force: PoliceForce, name: str, email: str) -> Begun:
    """Make `force` active with its first coordinator. Refused if it has one, or if that person has an account."""
    if User.objects.filter(email=email.lower()).exists():
        return Begun("")
    with connection.cursor() as cursor:
        cursor.execute("select ani.can_begin_force(%s)", [force.pk])
        if cursor.fetchone() != (True,):
            return Begun("")
        password = secrets.token_urlsafe(15)
        user = User.objects.create_user(email, password, name=name)
        cursor.execute("select ani.begin_force(%s, %s)", [force.pk, user.pk])
    current_log().note("force.begun", by=by.actor, force=None, on=("force", force.pk))
    current_log().note("force.begun", by=by.actor, force=force.pk, on=("person", user.pk))
    return Begun(password)
