"""System checks: the process does not start where a promise cannot be kept."""

from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from django.core.checks import CheckMessage, Error, register


@register()
def hidden_library(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Our app `requests` hides the HTTP library of that name, so whatever needs it would break: refuse to start."""
    try:
        distribution("requests")
    except PackageNotFoundError:
        return []
    return [
        Error(
            "The HTTP library 'requests' is installed, and our app of that name hides it.",
            hint="Remove it and what needs it; httpx does the same work (docs/decisions/0002-the-name-requests.md).",
            id="ani_portal.E001",
        )
    ]
