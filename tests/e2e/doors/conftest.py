"""Closes what the tests of the doors opened."""

from collections.abc import Iterator

import pytest

from .people import close_all


@pytest.fixture(autouse=True)
def closed_clients() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    close_all()
