"""Guessing at the door: it slows down, tells nothing apart, and locks nobody else out."""

import statistics
import time

import pytest
from django.core import signing
from django.test import Client

from ani_portal.accounts.adapters import KNOWN
from tests.cast import PASSWORD, Cast
from tests.sign_in import next_code

TOO_MANY = "Too many failed login attempts"


def _try(client: Client, email: str, password: str) -> tuple[int, str, float]:
    began = time.perf_counter()
    answer = client.post("/sign-in/", {"login": email, "password": password})
    took = time.perf_counter() - began
    return answer.status_code, answer.content.decode().replace(email, "…"), took


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line and "nonce" not in line)


def test_known_and_unknown_people_get_the_same_answer_in_the_same_time(cast: Cast) -> None:
    """The same page to the letter; times that overlap; the same after too many."""
    known, unknown = cast.email("norfolk", "officer1"), "nobody.such@example.org"
    times: dict[str, list[float]] = {known: [], unknown: []}
    pages: dict[str, list[str]] = {known: [], unknown: []}
    for turn in range(5):
        for email in (known, unknown):
            status, page, took = _try(Client(REMOTE_ADDR=f"10.{turn}.1.1"), email, "a wrong password")
            assert status == 200
            times[email].append(took)
            pages[email].append(_without_tokens(page))
    assert pages[known] == pages[unknown]
    assert min(times[known]) < max(times[unknown]) and min(times[unknown]) < max(times[known])
    ratio = statistics.median(times[known]) / statistics.median(times[unknown])
    assert 0.5 < ratio < 2, ratio


@pytest.mark.parametrize("email", ["norfolk.officer1@example.org", "nobody.such@example.org"])
def test_failures_in_a_row_are_stopped(cast: Cast, email: str) -> None:
    """Five from one place, then even the right password waits; the same for people who do not exist."""
    client = Client(REMOTE_ADDR="10.9.9.9")
    for _turn in range(5):
        assert TOO_MANY not in _try(client, email, "a wrong password")[1]
    status, page, _took = _try(client, email, PASSWORD)
    assert status == 200 and TOO_MANY in page


def test_nobody_can_lock_a_colleague_out(cast: Cast) -> None:
    """A stranger's failures, and a colleague's on the same network, do not stop the person in their own browser."""
    email = cast.email("norfolk", "officer1")
    own = Client(REMOTE_ADDR="10.1.1.1")
    assert _try(own, email, PASSWORD)[0] == 302
    half = Client(REMOTE_ADDR="10.1.1.1")
    half.cookies["known"] = signing.dumps(email, salt=KNOWN)
    for address in ("10.1.1.2", "10.8.8.8"):
        stranger = Client(REMOTE_ADDR=address)
        for _turn in range(6):
            _try(stranger, email, "a wrong password")
    assert TOO_MANY in _try(Client(REMOTE_ADDR="10.1.1.3"), email, PASSWORD)[1]
    assert _try(half, email, PASSWORD)[0] == 302
    assert _try(Client(REMOTE_ADDR="10.2.2.2"), email, PASSWORD)[0] == 302  # and from home, which nobody has tried


def test_a_forged_mark_of_a_known_browser_is_none(cast: Cast) -> None:
    """The mark is signed, and for one person."""
    email = cast.email("norfolk", "officer1")
    for mark in ("", "forged", signing.dumps("someone@example.org", salt=KNOWN), signing.dumps(email, salt="other")):
        client = Client(REMOTE_ADDR="10.3.3.3")
        client.cookies["known"] = mark
        _try(client, email, "a wrong password")
    client = Client(REMOTE_ADDR="10.3.3.3")
    _try(client, email, "a wrong password")
    assert TOO_MANY in _try(client, email, PASSWORD)[1]


def _code(client: Client, code: str) -> tuple[int, str]:
    answer = client.post("/sign-in/code/", {"code": code})
    return answer.status_code, answer.content.decode()


def test_who_knows_a_password_does_not_make_its_owner_wait(cast: Cast) -> None:
    """Wrong codes at the second step, from elsewhere: they wait there, the owner does not, in a known browser or a new one."""
    email = cast.email("norfolk", "officer1")
    thief = Client(REMOTE_ADDR="10.1.1.1")
    _try(thief, email, PASSWORD)
    for _turn in range(5):
        _code(thief, "000000")
    assert TOO_MANY in _code(thief, next_code("guessing", email))[1]
    for known in (False, True):
        owner = Client(REMOTE_ADDR="10.1.1.1" if known else "10.2.2.2")
        if known:
            owner.cookies["known"] = signing.dumps(email, salt=KNOWN)
        _try(owner, email, PASSWORD)
        assert _code(owner, next_code("guessing", email))[0] == 302


def test_codes_are_not_guessed_from_many_places(cast: Cast) -> None:
    """Sixty an hour in all, however many networks somebody has; the owner's own browser still opens."""
    email, answers = cast.email("norfolk", "officer1"), []
    for place in range(13):
        thief = Client(REMOTE_ADDR=f"10.{place}.1.1")
        _try(thief, email, PASSWORD)
        answers += [_code(thief, "000000")[1] for _turn in range(5)]
    assert TOO_MANY in answers[-1] and TOO_MANY not in answers[3]
    owner = Client(REMOTE_ADDR="10.0.1.1")
    owner.cookies["known"] = signing.dumps(email, salt=KNOWN)
    _try(owner, email, PASSWORD)
    assert _code(owner, next_code("guessing", email))[0] == 302
