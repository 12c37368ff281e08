"""Writing to the log: rows gathered during a transaction, appended to their chains as its last statement."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from ani_portal.access.correlation import correlation

# Values that may stand in a row's detail: ids, codes and numbers. Never words of a person.
Detail = dict[str, str | int | bool | None]

_WAKE = "(select count(pg_notify(%s, topics)) from unnest(%s::text[]) topics)"
# So many topics in one notification, a comma between them (its payload holds 8,000 bytes): each costs every listener.
TOGETHER = 100


@dataclass(frozen=True)
class Actor:
    """Who did it: a kind (officer, tablet, staff, process …) and an id, as text; `via` is the tablet or session."""

    kind: str
    id: str
    via: str = ""


@dataclass
class Log:
    """The rows of one transaction, and whom its commit wakes."""

    alias: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    channel: str = ""
    topics: dict[str, None] = field(default_factory=dict)  # in order, each once

    def note(
        self,
        event: str,
        *,
        by: Actor,
        force: int | None,
        on: tuple[str, object] = ("", ""),
        **detail: str | int | bool | None,
    ) -> None:
        """Add a row: what happened, who did it, in which force's chain (None: the system's), on what."""
        kind, key = on
        if of := correlation():
            detail["correlation"] = of
        self.rows.append(
            {
                "force": force,
                "actor_kind": by.kind,
                "actor_id": by.id,
                "via": by.via,
                "event": event,
                "object_kind": kind,
                "object_id": str(key),
                "detail": json.dumps(detail, sort_keys=True, separators=(",", ":")) if detail else "",
            }
        )

    def wake(self, channel: str, topics: tuple[str, ...]) -> None:
        """Wake who listens to `topics` with the commit; sent with the rows, because each trip to the database counts."""
        self.channel = channel
        self.topics |= dict.fromkeys(topics)

    def _together(self) -> list[str]:
        topics = list(self.topics)
        return [",".join(topics[start : start + TOGETHER]) for start in range(0, len(topics), TOGETHER)]

    def append(self) -> None:
        """Append what was gathered; the database chains it. An error here undoes the whole transaction."""
        parts: list[tuple[str, list[Any]]] = []
        if self.rows:
            parts.append(("ani.audit_append(%s::jsonb)", [json.dumps(self.rows)]))
        if self.topics:
            parts.append((_WAKE, [self.channel, self._together()]))
        if parts:
            with connections[self.alias].cursor() as cursor:
                cursor.execute(
                    "select " + ", ".join(sql for sql, _values in parts),
                    [value for _sql, values in parts for value in values],
                )
            self.rows, self.topics = [], {}
