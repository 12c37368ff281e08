"""Hostile input at every address, parameter, header and cookie: no fault of ours, no trace, nothing of another force."""

import io
import logging
import os
import random
import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as strategy_settings
from hypothesis import strategies as st

from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from requests.models import CodewordRequest
from tests.ani_portal.test_every_address import ROUTES, _address, _as_it_stands, _posted
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything
from tests.visitors import FROM_HERE, desk, tablet

MANY = int(os.environ.get("HOSTILE_INPUTS", "100000"))
AT_ONCE = 25  # requests of one generated example
NAMES = (
    "record", "key", "step", "wish", "to", "outcome", "staff", "pin", "name", "line", "code", "reason", "told", "danger",
    "rung", "next", "login", "password", "credential", "event", "who", "what", "since", "until", "before", "q", "email",
    "new_password1", "text", "own_words", "observed", "grade", "number", "file", "c:x", "state", "iss", "logout_token",
    "csrfmiddlewaretoken", "sitting", "draft", "initials", "new_pin", "version", "owner", "page", "show", "seen",
)  # fmt: skip
NASTY = ["\x00", "☠" * 50, "' or 1=1 --", "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>", "-1", "9" * 400,
         "٣", "%00", "a" * 20_000, '{"a":' * 200, "NaN", "2026-13-45", "[]", "\u202e\u0301", "1e999", "0x41",
         "null", " ", "\r\nX-Injected: 1", "a" * 300_000]  # fmt: skip
HEADERS = ("X-Sitting", "HX-Request", "Accept", "Referer", "Accept-Language", "X-Forwarded-For", "Range", "X-Request-Id",
           "If-Modified-Since", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Origin", "Host", "X-Forwarded-Proto", "X-CSRFToken",
           "Authorization", "X-HTTP-Method-Override")  # fmt: skip
COOKIES = ("session", "form", "device", "known", "sessionid", "external", "session-triage")
METHODS = ("GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class _Attack:
    """The visitors, what they try, and what must not come back."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.record = cast, a_record_with_everything(cast, "norfolk")
        self.before = _as_it_stands(self.record)
        self.addresses = [_address(cast, route) for route in ROUTES]
        self.good = {name: str(value) for name, value in _posted(cast, self.record).items()}
        self.done = 0
        # Tokens that were good once, or are good elsewhere.
        ended = cast.session("norfolk", "officer1")
        with using_role("owner"):
            SessionStore().delete(key_of(ended))
        elsewhere = tablet(cast, "norfolk", "AB").said["X-Sitting"]  # type: ignore[attr-defined]
        self.tokens = [ended, key_of(ended), elsewhere, cast.session("cheshire", "auditor"), "cheshire tablet"]
        self.visitors = [self._new(number) for number in range(4)]

    def _new(self, number: int) -> Client:
        """Nobody; and three of Cheshire's people: an officer, a coordinator, a recorder in their turn."""
        cast = self.cast
        client = (
            Client(),
            desk(cast, "cheshire"),
            desk(cast, "cheshire", "coordinator"),
            tablet(cast, "cheshire", "AB"),
        )
        client[number].raise_request_exception = False
        return client[number]

    def text(self, chance: random.Random) -> str:
        kind = chance.random()
        if kind < 0.45:
            return chance.choice(NASTY)
        if kind < 0.6:
            return str(chance.choice([*self.tokens, str(self.record.pk), self.record.reference, str(uuid4())]))
        return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000)))) for _ in range(12))

    def once(self, chance: random.Random) -> None:
        """One request, and what may not come of it."""
        who = chance.randrange(4)
        client, address, method = self.visitors[who], chance.choice(self.addresses), chance.choice(METHODS)
        form = {chance.choice(NAMES): self.text(chance) for _ in range(chance.randrange(6))}
        if chance.random() < 0.4:
            form = self.good | form
        form = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
        headers = dict(FROM_HERE) | {
            chance.choice(HEADERS): self.text(chance).encode("latin-1", "replace").decode("latin-1")[:3000]
            for _ in range(chance.randrange(3))
        }
        headers = {name: value.replace("\r", " ").replace("\n", " ") for name, value in headers.items()}
        kept = dict(client.cookies)
        for _turn in range(chance.randrange(3)):
            client.cookies[chance.choice(COOKIES)] = self.text(chance)[:500].encode("ascii", "replace").decode()
        if method in ("GET", "HEAD", "OPTIONS"):
            answer = client.generic(method, address, QUERY_STRING=_query(form), headers=headers)
        elif method == "POST" and chance.random() < 0.9:
            upload = io.BytesIO(b"\xff\xfe\x00PK\x03\x04" * 9)
            upload.name = self.text(chance)[:90].encode("utf-8", "replace").decode()
            files = {"file": upload}
            answer = client.post(address, {**form, **(files if chance.random() < 0.1 else {})}, headers=headers)
        else:
            answer = client.generic(
                method, address, b"\xff\xfe{", self.text(chance)[:60].strip() or "x", headers=headers
            )
        text = answer.content.decode(errors="replace")
        assert answer.status_code < 500, (who, method, address, form, headers, answer.status_code)
        assert "Traceback" not in text and "psycopg" not in text, (who, method, address, form)
        assert WORDS not in text and self.record.reference not in _own(text, form), (who, method, address, form)
        assert "X-Injected" not in answer.headers
        self.done += 1
        if method == "POST" and (address.startswith(("/account/", "/sign-")) or who == 3):
            self.visitors[who] = self._new(who)
        else:
            client.cookies.clear()
            client.cookies.update(kept)


def _own(text: str, form: dict[str, str]) -> str:
    """What is shown but for what was typed: a page gives back what somebody wrote into it."""
    for value in form.values():
        text = text.replace(value, "") if len(value) > 3 else text
    return text


def _query(form: dict[str, str]) -> str:
    from django.utils.http import urlencode

    return urlencode(form)[:8000]


def _walk(cast: Cast, requests: int, seed: int = 0) -> None:
    attack, heard = _Attack(cast), io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(logging.getLogger().handlers[0].filters[0]) if logging.getLogger().handlers else None
    logging.getLogger().addHandler(handler)

    @strategy_settings(
        max_examples=max(1, requests // AT_ONCE), deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**48))
    def batch(number: int) -> None:
        chance = random.Random(number * 1_000 + seed)
        for _turn in range(AT_ONCE):
            attack.once(chance)

    try:
        batch()
    finally:
        logging.getLogger().removeHandler(handler)
    assert attack.done >= requests * 0.9
    assert WORDS not in heard.getvalue() and "PLANTED" not in heard.getvalue()
    assert _as_it_stands(attack.record) == attack.before
    assert CodewordRequest is not None and settings.TRYOUT


def test_hostile_input(cast: Cast) -> None:
    """The short form."""
    _walk(cast, 300)


@pytest.mark.long
def test_hostile_input_a_hundred_thousand_times(cast: Cast) -> None:
    """The long one, in two processes beside each other, as many as the machine has cores for."""
    began = time.monotonic()
    for alias in connections:
        connections[alias].close()
    children = []
    for seed in (1, 2):
        child = os.fork()
        if not child:
            try:
                _walk(cast, MANY // 2, seed)
                os._exit(0)
            except BaseException:
                logging.getLogger("tests").exception("hostile input, seed %d", seed)
                import traceback

                traceback.print_exc()
                os._exit(1)
        children.append(child)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(f"FIGURE {MANY} hostile requests in {time.monotonic() - began:.0f} s")
    assert ended == [0, 0]
