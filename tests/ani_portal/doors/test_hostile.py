"""Hostile input at every address, field, header and cookie: no fault of ours, no trace, nothing of another force."""

import io
import logging
import os
import random
import sys
import time
import traceback

import pytest
from django.db import connections
from hypothesis import HealthCheck, given
from hypothesis import settings as strategy_settings
from hypothesis import strategies as st

from ani_portal.access.logs import Discreet
from ani_portal.access.roles import using_role
from tests.ani_portal.test_every_address import ROUTES, _as_it_stands
from tests.cast import Cast

from .asked import COOKIES, FIELDS, FILES, HEADERS, asked
from .attack import NORFOLKS, TYPED, WORDS, Attack, forget_limits

MANY = int(os.environ.get("HOSTILE_INPUTS", "100000"))
AT_ONCE = 25  # requests of one generated example


def _walk(attack: Attack, requests: int, seed: int = 0) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(Discreet())  # as in the process that serves
    logging.getLogger().addHandler(handler)
    if requests > 1_000:
        attack.look_round()

    @strategy_settings(
        max_examples=max(1, requests // AT_ONCE), deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**48))
    def batch(number: int) -> None:
        chance = random.Random(number * 1_000 + seed)
        forget_limits()
        if attack.done % 5_000 == 0:
            print(f"{time.strftime('%H:%M:%S')} {attack.done} done, {len(attack.faults)} faults", file=sys.stderr)
        for _turn in range(AT_ONCE):
            attack.once(chance)

    try:
        batch()
    finally:
        logging.getLogger().removeHandler(handler)
    assert not attack.faults, "\n\n".join(f"{where}: {what}" for where, what in attack.faults.items())
    assert attack.done >= requests * 0.9
    for word in (WORDS, NORFOLKS, TYPED):
        assert word not in heard.getvalue(), word
        assert not _written_in_the_open(word), word
    assert _as_it_stands(attack.record) == attack.before


def _written_in_the_open(word: str) -> list[str]:
    """Rows of the log and of the jobs that hold a word: neither may."""
    with using_role("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "select entry::text from audit_auditentry as entry where entry::text like %(word)s"
            " union all select args::text from procrastinate_jobs where args::text like %(word)s",
            {"word": f"%{word}%"},
        )
        return [row[0] for row in cursor.fetchall()]


def test_everything_that_is_read_from_a_request_is_known() -> None:
    """Of our own code; a new way of reading a field or header has to be understood before it can be tried."""
    found = asked()
    assert not found.not_understood, found.not_understood
    assert len(found.names[FIELDS]) > 150 and len(found.names[HEADERS]) > 20 and len(found.names[COOKIES]) > 4
    assert {"record", "pin", "password", "logout_token", "close-outcome"} <= found.names[FIELDS]
    assert {"X-Sitting", "Sec-Fetch-Site", "HX-Request", "Authorization"} <= found.names[HEADERS]
    assert {"session", "device", "known", "external"} <= found.names[COOKIES] and "file" in found.names[FILES]


def test_hostile_input(cast: Cast) -> None:
    """The short form."""
    _walk(Attack(cast), 300)


@pytest.mark.long
def test_hostile_input_a_hundred_thousand_times(cast: Cast) -> None:
    """The long one, in two processes beside each other, as many as the machine has cores for."""
    began, attack = time.monotonic(), Attack(cast)
    for alias in connections:
        connections[alias].close()
    children = []
    for seed in (1, 2):
        child = os.fork()
        if not child:
            try:
                _walk(attack, MANY // 2, seed)
                _whole(attack)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        children.append(child)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(f"FIGURE {MANY} hostile requests in {time.monotonic() - began:.0f} s")
    assert ended == [0, 0]


def _whole(attack: Attack) -> None:
    """Nothing was left out."""
    assert set(attack.sent["addresses"]) == {route.path for route in ROUTES}
    for kind, names in asked().names.items():
        assert names <= set(attack.sent[kind]), (kind, sorted(names - set(attack.sent[kind])))
    counts = ", ".join(f"{len(sent)} {kind}" for kind, sent in attack.sent.items())
    forms = sum(len(found) for found in attack.forms.values())
    print(
        f"FIGURE hostile input: {attack.done} requests, {counts}; {forms} forms of pages; {attack.answered} let through"
    )
