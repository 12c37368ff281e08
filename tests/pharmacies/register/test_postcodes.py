import pytest

from pharmacies.register.postcodes import BadPostcode, area, compact, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NR2 1LD", "NR2 1LD"),
        ("nr21ld", "NR2 1LD"),
        (" HX7 7BZ ", "HX7 7BZ"),
        ("SA5 9 EA", "SA5 9EA"),
        ("SW1A\u00a01AA", "SW1A 1AA"),
        ("W1A1AA", "W1A 1AA"),
        ("IM1 1AE", "IM1 1AE"),
        ("WA14 1AA", "WA14 1AA"),
    ],
)
def test_spacing_and_case_are_put_right(written: str, meant: str) -> None:
    assert normalise(written) == meant


@pytest.mark.parametrize("written", ["NR2", "NR2 1L", "NR2 OLD", "12345", "NR2 1LDX", "Norwich", "NR2-1LD", "QQ1 1AA"])
def test_what_is_not_a_postcode_is_refused_and_never_repaired(written: str) -> None:
    with pytest.raises(BadPostcode, match="is not a UK postcode"):
        normalise(written)


def test_a_missing_postcode_is_told_as_missing() -> None:
    with pytest.raises(BadPostcode, match="There is no postcode"):
        normalise("  ")


def test_area_and_compact_form() -> None:
    assert [area("N1 1AA"), area("NR2 1LD")] == ["N", "NR"]
    assert compact("NR2 1LD") == "NR21LD"
