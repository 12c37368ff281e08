"""What every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """`practice`: this is a try-out with made-up people, and every page says so."""
    return {"practice": settings.TRYOUT}
