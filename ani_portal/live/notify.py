"""Telling open pages that something changed: which force or record, never what."""

from uuid import UUID

from django.db import connections

from ani_portal.access.roles import current_alias
from ani_portal.access.scope import running_log

CHANNEL = "ani_live"


def force_topic(force_id: int) -> str:
    """What the open queues of a force listen to."""
    return f"force:{force_id}"


def tablet_topic(pharmacy_id: UUID) -> str:
    """What the tablets of a pharmacy listen to."""
    return f"pharmacy:{pharmacy_id}"


def announce(*topics: str) -> None:
    """Wake whoever listens to `topics`, when and only when this transaction commits."""
    if (log := running_log()) is not None:
        log.wake(CHANNEL, topics)
        return
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select pg_notify(%s, topic) from unnest(%s::text[]) topic", [CHANNEL, list(topics)])
