"""Other ways to sign in than with a password, offered on the sign-in page by whichever app knows them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One of them: its address, and what its link says."""

    href: str
    text: str
    again: str = ""  # where the same way asks somebody again
    force: int | None = None


Ways = Callable[[], list[Way]]
_ways: list[Ways] = []


def register(ways: Ways) -> None:
    """Let `ways` say what to offer; called once, as the apps start."""
    _ways.append(ways)


def offered() -> list[Way]:
    """Every way that is on now."""
    return [way for ways in _ways for way in ways()]


def offered_again(force: int) -> list[Way]:
    """The way by which the people of one force came, if it is still on."""
    return [way for way in offered() if way.force == force]
