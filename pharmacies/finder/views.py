"""Open to everybody: what the scheme is today, where the nearest pharmacy is that takes part, how to get help now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ani_portal.access.decorators import public
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies.policies import everybody

from .nearest import find


@public("holds nothing about anybody; somebody who needs it must not have to sign in")
@require_safe
def finder(request: HttpRequest) -> HttpResponse:
    """The nearest pharmacies that take part, by postcode or place; what was typed is kept nowhere."""
    q = request.GET.get("q", "").strip()[:60]
    with scoped(Scope(Kind.PUBLIC), read_only=True):
        schemes = everybody.schemes()
        found = find(q) if q else None
        return render(request, "find/finder.html", {"q": q, "found": found, "schemes": schemes})
