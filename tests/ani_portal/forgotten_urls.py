"""The portal's addresses, and one that somebody forgot to guard."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from ani_portal import urls


def forgotten(request: HttpRequest) -> HttpResponse:
    """Declares nothing."""
    return HttpResponse("it ran")


handler403 = urls.handler403
urlpatterns = [*urls.urlpatterns, path("forgotten/", forgotten)]
