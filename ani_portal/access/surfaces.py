"""Each door on a host name of its own: then no route of one resolves on another."""

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver


def door_of_host(host: str) -> str | None:
    """The door that is served on `host` (with or without its port); "" for a host of none; None if doors share hosts."""
    if not settings.DOOR_HOSTS:
        return None
    name = host.rsplit(":", 1)[0].lower()
    return next((door for door, own in settings.DOOR_HOSTS.items() if own.lower() == name), "")


class SurfaceMiddleware:
    """Lets a host see only its own door's routes, and what all doors need."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (door := door_of_host(request.get_host())) is not None:
            cast(Any, request).urlconf = _routes(door)
        return self.get_response(request)


@cache
def _routes(door: str) -> ModuleType:
    whole: Any = get_resolver(settings.ROOT_URLCONF).urlconf_module
    routes: Any = ModuleType(f"routes_of_{door or 'no_door'}")
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(routes, name, getattr(whole, name))
    shared = [] if door == "counter" else list(whole.SIGNED_IN)
    routes.urlpatterns = [*whole.DOORS.get(door, []), *whole.EVERYWHERE, *shared]
    return cast(ModuleType, routes)
