"""The answers that each question offers, in words."""

from typing import Any

from django.utils.translation import gettext as _

from ..enums import (
    Channel,
    Connected,
    Danger,
    Known,
    Left,
    Meeting,
    Need,
    Override,
    Place,
    Rung,
    Safety,
    Stay,
    Told,
    ToldAbout,
    Wish,
)
from ..models import CodewordRequest
from ..release import DANGER_SENDS, WISH_SENDS, WISH_SENDS_AFTER_ALERT


def offered(choices: Any, hints: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """A closed list as a template takes it."""
    return [{"value": value, "label": label, "hint": (hints or {}).get(value, "")} for value, label in choices.choices]


def _wish(record: CodewordRequest | None) -> dict[str, Any]:
    alerted = record is not None and record.alerted_at is not None
    hints = {
        str(wish): WISH_SENDS_AFTER_ALERT.get(wish, sends.now) if alerted else sends.now
        for wish, sends in WISH_SENDS.items()
    }
    found = offered(Wish, hints)
    if record is not None and record.paper_serial:
        # Paper is keyed in later: what is wanted now is asked of the person, by phone or in the room.
        found = [one for one in found if one["value"] != Wish.POLICE_NOW]
    return {"options": found}


NOT_KNOWN = ["not_known"]


def options_of(name: str, record: CodewordRequest | None, given: dict[str, Any]) -> dict[str, Any]:
    """What the screen called `name` offers, and which of the answers side by side is on: *not known*, unless given."""
    match name:
        case "danger":
            return {"options": offered(Danger, {str(key): hint for key, hint in DANGER_SENDS.items()})}
        case "wish":
            return _wish(record)
        case "rung" | "again":
            return {"options": offered(Rung)}
        case "override":
            return {"reasons": offered(Override), "told": offered(Told)}
        case "connected":
            kept = _(
                "Only officers whom the force has named for this read the words; where the danger is stays visible."
            )
            return {"options": offered(Connected, dict.fromkeys(("police", "pharmacy", "both"), kept))}
        case "contact":
            channels = [{"name": str(one), "label": one.label, "given": given.get(one) or NOT_KNOWN} for one in Channel]
            return {"channels": channels, "safety": offered(Safety)}
        case "where":
            return {
                "places": offered(Place),
                "places_chosen": (given.get("place") or NOT_KNOWN)[0],
                "meetings": offered(Meeting),
                "meetings_chosen": (given.get("meeting") or NOT_KNOWN)[0],
            }
        case "told":
            about = [one for one in offered(ToldAbout) if one["value"] != ToldAbout.UNDER_16]
            return {
                "about": about,
                "known": offered(Known),
                "young_chosen": (given.get("young") or NOT_KNOWN)[0],
                "stays": offered(Stay),
                "stays_chosen": (given.get("stay") or NOT_KNOWN)[0],
                "needs": offered(Need),
            }
        case "left":
            return {"options": offered(Left)}
    return {}
