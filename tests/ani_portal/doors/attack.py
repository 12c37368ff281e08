"""Hostile requests, made from the URL map, the forms of the pages that answered, and all that the code reads."""

import html
import io
import random
import re
import sys
from collections import Counter
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from ani_portal.access.permissions import Permission
from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from ani_portal.accounts.openid import Attempt
from pharmacies.external.views import KEPT
from pharmacies.models import IdentityProvider
from requests.models import CodewordRequest
from tests.ani_portal.test_every_address import PARTS, ROUTES, _address, _as_it_stands, _may, _renew, _visitor
from tests.cast import FORCES, Cast
from tests.requests.retention.steps import a_row_of_each
from tests.requests.steps import WORDS, a_record_with_everything, said
from tests.requests.triage.desk_steps import a_worked_record
from tests.visitors import FROM_HERE, tablet

from .asked import COOKIES, FIELDS, FILES, HEADERS, asked

NORFOLKS = "NORFOLKS-OWN-WORDS-0815"  # said in Norfolk's records alone
TYPED = "TYPED-BY-SOMEBODY-1234"  # what the attackers type; in no log
NASTY = ["\x00", "☠" * 50, "' or 1=1 --", "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>", "-1", "9" * 400,
         "٣", "%00", "a" * 20_000, '{"a":' * 2_000, "[" * 5_000, "NaN", "2026-13-45", "[]", "\u202e\u0301", "1e999", "0x41",
         "null", " ", "\r\nX-Injected: 1", "a" * 300_000, "", "0", "9999-12-31", "0001-01-01", "99:99", "\ufeff", "\ud800",
         "𝟘𝟙", "İ" * 300, "=cmd|' /C calc'!A0", "//elsewhere.example", "https://elsewhere.example/", "\\\\x", "true",
         '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
         '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA",'
         '"signature":"AA"}}']  # fmt: skip
TYPES = ("application/json", "text/xml", "multipart/form-data", "multipart/form-data; boundary=x", "x",
         "text/plain;charset=utf-7",
         "application/x-www-form-urlencoded; charset=utf-16")  # fmt: skip
METHODS = (*["GET"] * 2, *["POST"] * 6, "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "X")
CONTENTS = (b"", b"\xff\xfe\x00PK\x03\x04" * 9, b"ods_code,name\r\nFAR67,=1+1\r\n", b"\x00" * 3000, b"\xc4,\xd6\n?,?")
READERS = {"officer1", "officer3", "officer4", "recorder", "covered"}  # who may see what was said in their own force
WHO = [
    *[("cheshire", part) for part in PARTS],
    ("nobody", "outsider"),
    ("nobody", "password alone"),
    ("nobody", "nobody"),
]
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
ACTION = re.compile(r'\baction="([^"]*)"')
BOX = re.compile(r'\bname="([^"]*)"(?:[^>]*?\bvalue="([^"]*)")?')


class Attack:
    """Who attacks, what they try, and what must not come back."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        for short in ("norfolk", "cheshire"):
            a_row_of_each(cast, short)
            a_worked_record(cast, short)
        self.record = a_record_with_everything(cast, "norfolk")
        said(cast.recorder("norfolk"), self.record, NORFOLKS)
        self.before = _as_it_stands(self.record)
        _providers(cast)
        self.theirs = {route.path: _address(cast, route, "norfolk") for route in ROUTES}
        self.own = {route.path: _address(cast, route, "cheshire") for route in ROUTES}
        self.sent = {kind: Counter[str]() for kind in (FIELDS, HEADERS, COOKIES, FILES, "addresses", "who")}
        self.done = self.answered = 0
        self.faults: dict[tuple[Any, ...], str] = {}
        self.forms: dict[str, dict[tuple[str, ...], tuple[str, dict[str, str]]]] = {part: {} for _force, part in WHO}
        self.visitors = {part: self._new(force, part) for force, part in WHO}
        # Tokens that were good once, or are good elsewhere; and ids of others.
        ended = cast.session("norfolk", "officer1")
        with using_role("owner"):
            SessionStore().delete(key_of(ended))
            # Not those of the record that is looked for: what somebody knows and types is shown to them again.
            others = [
                str(one) for one in CodewordRequest.objects.exclude(pk=self.record.pk).values_list("pk", flat=True)
            ]
        elsewhere = tablet(cast, "norfolk", "AB").said["X-Sitting"]  # type: ignore[attr-defined]
        self.tokens: list[str] = [
            ended, key_of(ended), elsewhere, cast.session("cheshire", "auditor"), "cheshire tablet", str(UUID(int=0)),
            _begun("norfolk"), _begun("cheshire"), *others,
        ]  # fmt: skip

    def _new(self, force: str, part: str) -> Client:
        client = _visitor(self.cast, force, part)
        client.raise_request_exception = False
        return client

    def look_round(self) -> None:
        """Read every page that each of them may read, for its forms."""
        for force, part in WHO:
            for route in ROUTES:
                if isinstance(route.view.access, Permission) and _may(route, "GET", "norfolk", part):
                    address = self.own[route.path]
                    self._look(self.visitors[part].get(address), part, (part, "GET", address, {}, {}))
            self.visitors[part] = self._new(force, part)

    def text(self, chance: random.Random, name: str = "") -> str:
        """One hostile value; sometimes what the field is meant to take, so that the others are looked at."""
        kind = chance.random()
        if kind < 0.2 and (meant := asked().choices.get(name)):
            return str(chance.choice(sorted(meant)))
        if kind < 0.5:
            return chance.choice(NASTY)
        if kind < 0.65:
            return chance.choice([*self.tokens, str(uuid4())])
        if kind < 0.75:
            return f"{TYPED} {chance.choice(NASTY)[:40]}"
        return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000)))) for _ in range(12))

    def address(self, chance: random.Random) -> str:
        """One of the map; its ids Norfolk's, their own, or forged."""
        route = chance.choice(ROUTES)
        self.sent["addresses"][route.path] += 1
        kind = chance.random()
        if kind < 0.8 or not route.converters:
            return str((self.theirs if kind < 0.4 else self.own)[route.path])

        def forged(_part: "re.Match[str]") -> str:
            one = chance.choice([str(uuid4()), str(UUID(int=0)), self.text(chance)[:100]])
            return quote(one.encode("utf-8", "replace")) or "-"

        return re.sub("<[^>]*>", forged, route.path)

    def form(self, chance: random.Random, part: str) -> tuple[str, dict[str, Any]]:
        """An address and what is sent there: a form that a page showed, meddled with, or fields at random."""
        shown, names = list(self.forms[part].values()), sorted(asked().names[FIELDS])
        if shown and chance.random() < 0.5:
            address, fields = chance.choice(shown)
            form: dict[str, Any] = dict(fields)
            meddled = chance.sample(sorted(form), min(len(form), chance.randrange(3))) if form else []
        else:
            address, form = self.address(chance), {}
            meddled = []
        for name in [*meddled, *chance.sample(names, chance.randrange(5))]:
            form[name] = self.text(chance, name)
            if chance.random() < 0.1:
                form[name] = [form[name], self.text(chance, name)]
        self.sent[FIELDS].update(list(form))
        return address, {name: _sendable(value) for name, value in form.items()}

    def once(self, chance: random.Random) -> None:
        """One request, and what may not come of it."""
        force, part = chance.choice(WHO)
        client, method = self.visitors[part], chance.choice(METHODS)
        address, form = self.form(chance, part)
        headers = dict(FROM_HERE)
        for name in chance.sample(sorted(asked().names[HEADERS]), chance.randrange(3)):
            headers[name] = re.sub(r"[\r\n]", " ", _latin(self.text(chance))[:3000])
            self.sent[HEADERS][name] += 1
        kept = {name: one.value for name, one in client.cookies.items()}
        if chance.random() < 0.3:
            name = chance.choice(sorted(asked().names[COOKIES]))
            client.cookies[name] = re.sub(
                r"[\x00-\x20;,\\\"]", "", self.text(chance)[:500].encode("ascii", "replace").decode()
            )
            self.sent[COOKIES][name] += 1
        self.sent["who"][part] += 1
        answer = self._send(chance, client, method, address, form, headers)
        self.done += 1
        try:
            self._look(answer, part, (part, method, address, form, headers))
        except AssertionError as fault:
            # All of them are wanted, not the first: one of each kind at each place; said at once, for the walk is long.
            where = (answer.status_code, method, re.sub(r"[0-9a-f-]{36}", "…", address)[:80])
            if where not in self.faults:
                self.faults[where] = str(fault)[:3000]
                print(where, str(fault)[:600], file=sys.stderr)
        if method == "POST" and (address.startswith(("/account/", "/sign-")) or part in ("recorder", "covered")):
            again = _renew(client, self.cast, force, part, chance.random() < 0.3)
            again.raise_request_exception = False
            self.visitors[part] = again
        if self.visitors[part] is client:
            client.cookies.clear()
            client.cookies.load(kept)

    def _send(
        self,
        chance: random.Random,
        client: Client,
        method: str,
        address: str,
        form: dict[str, Any],
        headers: dict[str, str],
    ) -> Any:
        if method != "POST":
            body = self.text(chance).encode("utf-8", "replace") if method not in ("GET", "HEAD", "OPTIONS") else b""
            query = urlencode(form, doseq=True)[:8000]
            return client.generic(method, address, body, chance.choice(TYPES), QUERY_STRING=query, headers=headers)
        kind = chance.random()
        if kind < 0.1:
            body = b"\xff\xfe{" + self.text(chance).encode("utf-8", "replace")
            return client.generic("POST", address, body, chance.choice(TYPES), headers=headers)
        files: dict[str, Any] = {}
        if kind < 0.2:
            for name in asked().names[FILES]:
                files[name] = io.BytesIO(chance.choice(CONTENTS))
                files[name].name = _sendable(self.text(chance))[:90].replace("\0", "") or "x"
                self.sent[FILES][name] += 1
        query = urlencode(form, doseq=True)[:2000] if chance.random() < 0.1 else ""
        return client.post(address, {**form, **files}, headers=headers, QUERY_STRING=query)

    def _look(self, answer: Any, part: str, tried: tuple[Any, ...]) -> None:
        text = answer.content.decode(errors="replace") if not answer.streaming else ""
        assert answer.status_code < 500 or _honest(answer), (answer.status_code, tried)
        assert "Traceback" not in text and "psycopg" not in text, tried
        assert "X-Injected" not in answer.headers, tried
        untyped = _without(text, tried)
        assert NORFOLKS not in text and self.record.reference not in untyped and str(self.record.pk) not in untyped, (
            tried
        )
        assert part in READERS or WORDS not in text, tried
        self.answered += answer.status_code < 400
        if answer.status_code < 400 and len(pool := self.forms[part]) < 400:
            for opening, inside in FORM.findall(text):
                fields = {html.unescape(name): html.unescape(value) for name, value in BOX.findall(inside)}
                action = ACTION.search(opening)
                there = html.unescape(action[1]) if action else tried[2]
                pool[(there, *sorted(fields))] = there, fields


def _providers(cast: Cast) -> None:
    """Each force has a provider that never answers."""
    with using_role("owner"):
        for number, short in enumerate(FORCES, 1):
            IdentityProvider.objects.create(
                force=cast.force(short), issuer=f"https://127.0.0.1:{number}/", client_id="portal",
                changed_at=timezone.now(), confirmed_at=timezone.now(), confirmed_by="made up",
            )  # fmt: skip


def _begun(short: str) -> str:
    """The cookie of a sign-in through a force that was begun."""
    attempt = Attempt("state", "nonce", "verifier").dump()
    return signing.dumps({"force": FORCES[short], "next": "//elsewhere.example", **attempt}, salt=KEPT)


def _honest(answer: Any) -> bool:
    """A busy moment or a provider that does not answer, said as such: no fault of ours."""
    said = (b"Begin again", b"does not answer", b"temporarily_unavailable")
    said_so = any(words in answer.content for words in said) or answer.request["REQUEST_METHOD"] == "HEAD"
    return answer.status_code in (502, 503) and said_so


def _without(text: str, tried: tuple[Any, ...]) -> str:
    """What is shown but for what was typed: a page gives back what somebody wrote into it."""
    _who, _method, address, form, headers = tried
    values = [one for value in form.values() for one in (value if isinstance(value, list) else [value])]
    for value in [address, *address.split("/"), *values, *headers.values()]:
        text = text.replace(value, "") if len(value) > 3 else text
    return text


def _sendable(value: Any) -> Any:
    return (
        [_sendable(one) for one in value] if isinstance(value, list) else str(value).encode("utf-8", "replace").decode()
    )


def _latin(value: str) -> str:
    return value.encode("latin-1", "replace").decode("latin-1")


def forget_limits() -> None:
    """Let the slowed doors be tried again: what stands behind them is to be reached."""
    cache.clear()


__all__ = ["NORFOLKS", "TYPED", "WORDS", "Attack", "forget_limits"]
