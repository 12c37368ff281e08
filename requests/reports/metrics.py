"""Figures for the monitoring system, in the text format of Prometheus."""

import hmac
import json
import time

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ani_portal.access.counts import counted
from ani_portal.access.decorators import public
from ani_portal.live.hub import Hub

# Each figure's name, its kind, and the sentence that stands beside it.
FIGURES = {
    "tablets": ("gauge", "Enrolled tablets of pharmacies that take part."),
    "tablets_silent": ("gauge", "Of these, not heard from for an hour."),
    "forces_active": ("gauge", "Forces that use the portal."),
    "forces_watched": ("gauge", "Of these, with a queue that somebody watches now."),
    "jobs_waiting": ("gauge", "Background jobs that are due."),
    "jobs_failed": ("gauge", "Background jobs that failed for good."),
    "worker_silent_seconds": ("gauge", "Since the worker was last heard from."),
    "backup_age_seconds": ("gauge", "Since `make backup` last made a backup."),
    "connections": ("gauge", "Connections to the database's server, of whoever it is."),
    "connections_allowed": ("gauge", "How many it allows."),
    "log_rows": ("counter", "Rows of the log, over all chains."),
    "anchor_age_seconds": ("gauge", "Since a signed mark of the log last left this system."),
    "listener_up": ("gauge", "Whether this process hears the database's notifications."),
    "streams": ("gauge", "Open streams of this process."),
    "database_seconds": ("gauge", "What asking for these figures took."),
    "answers_total": (
        "counter",
        "Requests answered since this service started, over its processes, heartbeats left out.",
    ),
    "answers_failed_total": (
        "counter",
        "Of these, with a fault of ours (500 and above; asking whether it is ready left out).",
    ),
    "answers_slow_total": ("counter", "Of these, more than a second after they came."),
}


@public("asked by the monitoring system, which shows its token; without one set, there is nothing here")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever shows METRICS_TOKEN as a bearer token."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(shown.encode(), token.encode()):
        raise Http404
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("select ani.metrics()")
        (found,) = cursor.fetchone() or ("{}",)
    figures: dict[str, float | None] = json.loads(found) if isinstance(found, str) else dict(found)
    figures["database_seconds"] = round(time.perf_counter() - started, 4)
    figures["listener_up"] = float(bool(Hub.current and Hub.current.listening))
    figures["streams"] = Hub.current.count if Hub.current else 0
    figures |= {f"answers{name}_total": value for name, value in counted().items()}
    return HttpResponse(as_text(figures), content_type="text/plain; version=0.0.4; charset=utf-8")


def as_text(figures: dict[str, float | None]) -> str:
    """The figures as Prometheus reads them; one that is not known is left out."""
    lines = []
    for name, (kind, sentence) in FIGURES.items():
        value = figures.get(name)
        if value is not None:
            lines += [f"# HELP ani_{name} {sentence}", f"# TYPE ani_{name} {kind}", f"ani_{name} {value}"]
    return "\n".join(lines) + "\n"
