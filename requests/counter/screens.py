"""What each screen of the tablet is given."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from ani_portal.access.principals import Principal
from pharmacies.models import SupportService
from pharmacies.principals import TOKEN_FIELD

from ..enums import Danger, Override, Rung, Told, Wish
from ..models import CodewordRequest
from ..policies import open_receipts, pharmacy_of, settings_of
from ..release import DANGER_SENDS, WISH_SENDS, WISH_SENDS_AFTER_ALERT
from . import words
from .steps import BY_NAME, RECEIPT


def screen(request: HttpRequest, by: Principal, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """One screen of the tablet, with what all of them need."""
    pharmacy = pharmacy_of(by)
    settings = settings_of(pharmacy)
    token = more.pop("token", None) or request.headers.get("X-Sitting") or request.POST.get(TOKEN_FIELD, "")
    context = {
        "screen_title": settings.screen_title,
        "cover_url": reverse("counter:cover"),
        "help_url": reverse("counter:help"),
        "pharmacy": pharmacy,
        "settings": settings,
        "ring": words.words_999(pharmacy, settings),
        "cover_after": int(settings.cover_after.total_seconds()),
        "token": token,
        "key": uuid4(),  # one for each time a button is shown: pressed twice, sent twice, it is one
        **more,
    }
    return render(request, f"counter/{name}.html", context, status=status)


def cover(request: HttpRequest, by: Principal, status: int = 200) -> HttpResponse:
    """The neutral screen: tiles with initials, help, and what is still open."""
    pharmacy = pharmacy_of(by)
    now = timezone.now()
    settings = settings_of(pharmacy)
    waiting = [
        {"letter": letter, "record": record, "late": any(line.late for line in words.states(record, settings, now))}
        for letter, record in lettered(by)
    ]
    return screen(
        request,
        by,
        "cover",
        status,
        token="",
        tiles=pharmacy.staff.current(),
        waiting=waiting,
        late=any(one["late"] for one in waiting),
        is_cover=True,
    )


def lettered(by: Principal) -> list[tuple[str, CodewordRequest]]:
    """The open records of this tablet with a letter each: Person A, Person B."""
    return [(chr(ord("A") + place % 26), record) for place, record in enumerate(open_receipts(by))]


def question(
    request: HttpRequest, by: Principal, name: str, record: CodewordRequest | None, status: int = 200, **more: Any
) -> HttpResponse:
    """The screen of one question, or the receipt."""
    if name == RECEIPT and record is not None:
        return receipt(request, by, record, **more)
    step = BY_NAME[name]
    extra = _choices(name, record)
    if name == "support":
        extra["services"] = support_lines(by)
    return screen(
        request, by, f"steps/{name}", status, step=step, record=record, drill=bool(record and record.is_drill),
        **who(by, record), **extra, **more,
    )  # fmt: skip


def receipt(request: HttpRequest, by: Principal, record: CodewordRequest, **more: Any) -> HttpResponse:
    """Time, short reference and the three states, while the record is open."""
    settings = settings_of(pharmacy_of(by))
    return screen(
        request,
        by,
        "receipt",
        record=record,
        drill=record.is_drill,
        states=words.states(record, settings, timezone.now()),
        **who(by, record),
        **more,
    )


def who(by: Principal, record: CodewordRequest | None) -> dict[str, Any]:
    """Which person a screen is about, where two are in the pharmacy at once."""
    people = lettered(by)
    letter = next((letter for letter, one in people if record and one.pk == record.pk), "")
    return {"letter": letter if len(people) > 1 else "", "people": people}


def support_lines(by: Principal) -> list[SupportService]:
    """The lines for the person, of this force and for everybody; never one for people who harm (rings.py)."""
    return list(SupportService.objects.filter(audience="person"))


Options = list[tuple[str, str | Promise, str | Promise]]


def _choices(name: str, record: CodewordRequest | None) -> dict[str, Any]:
    match name:
        case "danger":
            options: Options = [(value, label, DANGER_SENDS[Danger(value)]) for value, label in Danger.choices]
        case "wish":
            alerted = record is not None and record.alerted_at is not None
            options = [
                (value, label, WISH_SENDS_AFTER_ALERT if alerted and not sends.words else sends.now)
                for (value, label), sends in zip(Wish.choices, WISH_SENDS.values(), strict=True)
            ]
        case "rung":
            options = [(value, label, "") for value, label in Rung.choices]
        case "override":
            return {
                "reasons": [{"value": value, "label": label} for value, label in Override.choices],
                "told": [{"value": value, "label": label} for value, label in Told.choices],
            }
        case _:
            return {}
    return {"options": [{"value": value, "label": label, "hint": hint} for value, label, hint in options]}


def wipe_device(response: HttpResponse) -> None:
    """Make the browser forget that it is a tablet."""
    response.delete_cookie(django_settings.DEVICE_COOKIE_NAME)


def parse_id(value: str | None) -> UUID | None:
    """An id from a form, or None for anything else."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
