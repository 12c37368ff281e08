"""Nothing answers that has not declared who may ask."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase, UnreadablePostError
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


class DeclaredAccessMiddleware:
    """Refuses every view that carries neither @allow nor @public, to everybody."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if getattr(view, "access", None) is None:
            raise PermissionDenied("this view declares no permission")


class WordsMiddleware:
    """Gives Django's empty answers to a wrong method or a request that makes no sense their words, 999 first."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A null character means nothing in any address of ours, and the database refuses it loudly.
        nulls = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        response = HttpResponseBadRequest() if nulls else self.get_response(request)
        if response.status_code in (400, 405) and isinstance(response, HttpResponse) and not response.content:
            worded = render(request, f"{response.status_code}.html", status=response.status_code)
            if "Allow" in response.headers:
                worded.headers["Allow"] = response.headers["Allow"]
            return worded
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The network went in the middle of a request: no fault of ours, and nobody is there to read more."""
        return HttpResponseBadRequest() if isinstance(exception, UnreadablePostError) else None
