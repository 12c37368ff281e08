"""Conditions that several constraints share."""

from django.db.models import Q


def both_or_neither(first: str, second: str) -> Q:
    """Two columns that are filled together: a moment and who."""
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )
