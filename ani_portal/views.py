"""The front page, and whether the process lives."""

import json

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .access.decorators import public
from .access.surfaces import door_of_host
from .accounts.factors import code_at, step_now
from .live.hub import Hub


@public("the way to the three doors; holds nothing about anybody")
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The three doors; in a try-out with who to sign in as."""
    if (door := door_of_host(request.get_host())) is not None:
        if not door:
            raise Http404
        return redirect(f"/{door}/")
    kept = settings.VAR / "demo.json"
    demo = json.loads(kept.read_text()) if settings.TRYOUT and kept.exists() else None
    for account in demo["accounts"] if demo else ():
        account["code"] = code_at(account["totp_secret"], step_now()) if account.get("totp_secret") else ""
    return render(request, "front.html", {"demo": demo})


@public("asked by load balancers; says only that the process lives")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok", content_type="text/plain")


@public("asked by load balancers; says only what works")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the database answers as a role that owns and bypasses nothing, this process hears it, and a worker lives.

    A silent worker is said and, unless `?worker` asks for it, takes no web process away: the alarm needs none.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select not rolsuper and not rolbypassrls and not pg_has_role(oid, 'ani_owner', 'member')"
                " from pg_roles where rolname = current_user"
            )
            row = cursor.fetchone()
            cursor.execute("select max(last_heartbeat) > now() - interval '1 minute' from procrastinate_workers")
            (worker,) = cursor.fetchone() or (None,)
        found = {"database": True, "role": bool(row and row[0])}
    except DatabaseError:
        found, worker = {"database": False}, None
    # A process that serves no streams (a test, a command) listens to nothing.
    found["listener"] = Hub.current is None or Hub.current.listening
    ready = all(found.values()) and (bool(worker) or "worker" not in request.GET)
    return JsonResponse({**found, "worker": bool(worker)}, status=200 if ready else 503)


@public("says that there is no interface for programs; holds nothing")
@require_safe
def no_api(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The documented refusal at /api/v1/, so that what asks there is told, in its own form."""
    words = "There is no interface for programs in this version. People sign in at /triage/ and /onboarding/."
    return JsonResponse({"error": "not_offered", "message": words}, status=404)
