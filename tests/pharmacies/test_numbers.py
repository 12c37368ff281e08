"""What an incident number looks like: written by a coordinator, understood or said what to mend, quick whatever is typed."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacies.numbers import ANYTHING, BadShape, known_shape, shape_of


@pytest.mark.parametrize(
    ("text", "example", "fits", "not_fits"),
    [
        ("NC-{digits}-{date}", "NC-123-21112026", "NC-7-01022027", "NC-7-45022027"),
        ("{digits}", "123", "00042", "A12"),
        ("IML {digits}/{letters}", "IML 123/AB", "IML 9/X", "IML 9-X"),
        ("a.{digits}", "A.123", "A.1", "AB1"),
    ],
)
def test_what_is_written_is_what_fits(text: str, example: str, fits: str, not_fits: str) -> None:
    """Its example fits as well."""
    shape = shape_of(text)
    assert shape.example == example and shape.fits(example) and shape.fits(fits) and not shape.fits(not_fits)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("NC", "{digits}"),
        ("{number}", "There is no {number}"),
        ("{digits}{digits}", "between two places"),
        ("(a+)+{digits}", "only"),
        ("[0-9]*{digits}", "only"),
        ("{digits", "only"),
    ],
)
def test_what_is_not_understood_is_said_in_words(text: str, says: str) -> None:
    """And until it is mended any number is taken: nobody is kept from closing a record."""
    with pytest.raises(BadShape) as refused:
        shape_of(text)
    assert says in str(refused.value) and known_shape(text) is None


PARTS = st.lists(st.sampled_from(["{digits}", "{letters}", "{date}", "A", "-", "1", ".", " "]), max_size=14)


@given(parts=PARTS, typed=st.text(max_size=40))
def test_no_shape_holds_the_server_up(parts: list[str], typed: str) -> None:
    """Whatever is written, and whatever is typed against it: an answer at once."""
    shape = known_shape("".join(parts))
    if shape is not None:
        started = time.perf_counter()
        assert shape.fits(shape.example)
        shape.fits(typed)
        shape.fits("1" * 40)
        shape.fits("A1" * 20)
        re.fullmatch(ANYTHING, typed)
        assert time.perf_counter() - started < 0.2


def test_digits_between_many_places_hold_nobody_up() -> None:
    """Each place could take the digit that stands between them, and every way would be tried."""
    most, more = "1".join(["{digits}"] * 4), "1".join(["{digits}"] * 8)
    assert shape_of(most).fits("1" * 9) and known_shape(more) is None
    started = time.perf_counter()
    assert not shape_of(most).fits("1" * 39 + "A")
    assert time.perf_counter() - started < 0.1
    with pytest.raises(BadShape, match="At most 4 places"):
        shape_of(more)
