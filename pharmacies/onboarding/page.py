"""What every page of the door needs: who is signed in, and the ways on that they may take."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ani_portal.access.decorators import GuardedRequest
from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal

from .. import policies

PER_PAGE = 50


def page(request: GuardedRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the door."""
    by = request.principal
    context = {
        "signed_in_name": by.name,
        "sign_out_url": reverse("account_logout"),
        "organisation_name": policies.acts_for(by),
        "ways": _ways(request, by),
        "coordinates": by.may(Permission.BRING_ON_BOARD),
        **more,
    }
    return render(request, name if "/" in name else f"onboarding/{name}.html", context, status=status)


def _ways(request: HttpRequest, by: Principal) -> list[dict[str, Any]]:
    ways = [
        (Permission.ENROL_TABLETS, "onboarding:pharmacies", _("Pharmacies")),
        (Permission.SEE_READINESS, "onboarding:readiness", _("Readiness")),
        (Permission.BRING_ON_BOARD, "onboarding:applications", _("Joining")),
        (Permission.BRING_ON_BOARD, "onboarding:files", _("Registers")),
        (Permission.MANAGE_PEOPLE, "onboarding:training", _("Training")),
        (Permission.BRING_ON_BOARD, "papers", _("Paper forms")),
        (Permission.SET_FORCE, "onboarding:directory", _("Support lines")),
        (Permission.SET_FORCE, "onboarding:force", _("Your force")),
    ]
    here = request.path
    return [
        {"href": reverse(url), "text": text, "here": here == reverse(url)}
        for permission, url, text in ways
        if by.may(permission)
    ]


def paged(request: HttpRequest, rows: "QuerySet[Any]") -> Page:
    """The page of `rows` that the address asks for; the last one where it asks for too much."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
