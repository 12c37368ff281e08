"""What somebody may see of themselves."""

from typing import Any

from django.db import connection

from ani_portal.access.principals import Principal

PART = "select door, part, member, role, place from ani.own_parts()"


def parts_of(by: Principal) -> list[dict[str, Any]]:
    """Every part that the signed-in person has now: its door, what it is, of what."""
    with connection.cursor() as cursor:
        cursor.execute(PART)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
