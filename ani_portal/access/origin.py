"""Posts of the tablet: no token that can go stale, so the browser's own word on where a post comes from is checked."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase

from .refusals import Refused

View = Callable[..., HttpResponseBase]


def from_here(request: HttpRequest) -> bool:
    """Whether the browser says that this post comes from our own page.

    Sec-Fetch-Site and Origin are set by the browser and out of a page's reach; a post with neither comes from no
    browser that we serve. The device cookie is SameSite=Strict besides.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc == request.get_host()
    return site == "same-origin"


def same_origin_post(view: View) -> View:
    """Accept only posts from our own pages, in place of the form token."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not from_here(request):
            raise Refused("origin")
        return view(request, *args, **kwargs)

    checked.csrf_exempt = True  # type: ignore[attr-defined]
    return checked
