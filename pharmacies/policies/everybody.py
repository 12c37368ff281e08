"""What somebody may see who has not signed in: through narrow functions of the database (sql/joining.sql)."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404

from ani_portal.accounts.models import User

from ..principals import digest, normalise_code


def _rows(function: str, *arguments: Any) -> list[dict[str, Any]]:
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ani.{function}({marks})", list(arguments))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def schemes() -> list[dict[str, Any]]:
    """What each force says the scheme is today."""
    return _rows("schemes")


def find_sites(wanted: str) -> list[dict[str, Any]]:
    """Open pharmacies of the register by code, postcode, or words of name and address; at most 21."""
    return _rows("find_sites", wanted)


def open_site(site: UUID) -> dict[str, Any]:
    """One of them, or *not found*."""
    found = _rows("site_of", site)
    if not found:
        raise Http404
    return found[0]


def application_by(secret: str) -> dict[str, Any]:
    """Where a wish to join stands, for whoever holds its link; or *not found*."""
    found = _rows("application_of", digest(secret))
    if not found:
        raise Http404
    return found[0]


def invitation_by(token: str) -> dict[str, Any]:
    """An invitation, for whoever holds its link; its `state` is unknown where there is none."""
    return (_rows("invitation_of", digest(token)) or [{"state": "unknown"}])[0]


def invited_here(code: str) -> dict[str, Any] | None:
    """Whom a code lets in at the tablet that asks; None where it is not right, or another pharmacy's."""
    found = _rows("invited_on_tablet", digest(normalise_code(code)))
    return found[0] if found else None


def account_of(email: str) -> User | None:
    """The account of somebody who was invited, if there is one already."""
    return User.objects.filter(email=email.lower()).first()
