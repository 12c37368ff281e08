"""The forces that sign their own people in, for the sign-in page."""

from django.db import connection
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ani_portal.accounts.ways import Way, register


def ways() -> list[Way]:
    """One for each force whose provider was confirmed."""
    with connection.cursor() as cursor:
        cursor.execute("select force, code, name from ani.providers()")
        found = cursor.fetchall()
    return [
        Way(address(code), _("Sign in through %(force)s") % {"force": name}, address(code), force)
        for force, code, name in found
    ]


def address(code: str, then: str = "") -> str:
    """Where signing in through the force with this ONS code begins."""
    return reverse("external_begin", args=[code]) + (f"?{urlencode({'next': then})}" if then else "")


def register_all() -> None:
    """Tell the sign-in page."""
    register(ways)
