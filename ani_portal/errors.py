"""Pages for what went wrong: the same for everybody, and each with the 999 words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from .access.correlation import correlation


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: with nothing but the request's id, for whatever went wrong may go wrong again."""
    return HttpResponse(get_template("500.html").render({"id": correlation()[:8]}), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is no longer signed in, or from elsewhere."""
    return render(request, "signed_out.html", status=403)
