"""Two people at one form: what the second did not touch follows the first; what both touched is the second's to decide.

A form carries the values it began with. Where somebody else was quicker it is shown again, with what was typed.
"""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from ani_portal.access.nested import parse_json


def shown(form: forms.BaseForm, names: Iterable[str]) -> dict[str, str]:
    """What the boxes of an unbound form show, as a browser would send it back."""
    found = {}
    for name in names:
        box = form[name]
        value = box.field.widget.format_value(box.value())
        if isinstance(box.field, forms.BooleanField):
            value = "on" if box.value() else ""
        found[name] = _plain(value)
    return found


def basis_of(form: forms.BaseForm, names: Iterable[str]) -> str:
    """The same, for the form's hidden box."""
    return json.dumps(shown(form, names))


def merged(sent: QueryDict, now: dict[str, str]) -> QueryDict:
    """What was sent, with what its sender had not touched as it is `now`."""
    began, data = _began(sent), sent.copy()
    for name, value in now.items():
        if name in began and _plain(sent.get(name)) == began[name]:
            data[name] = value
    return data


def touched_by_both(sent: QueryDict, now: dict[str, str]) -> list[str]:
    """The boxes that the sender changed and somebody else did as well."""
    began = _began(sent)
    theirs = [name for name, value in now.items() if name in began and began[name] != value]
    return [name for name in theirs if _plain(sent.get(name)) not in (began[name], now[name])]


def _began(sent: QueryDict) -> dict[str, str]:
    try:
        return dict(parse_json(sent.get("basis", "")))
    except (ValueError, TypeError):
        return {}


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
