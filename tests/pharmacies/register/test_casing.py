import pytest

from pharmacies.register.casing import readable

# Left: as real rows of the register write it.
CASES = {
    "BOOTS": "Boots",
    "34-36 LONDON STREET": "34-36 London Street",
    "K & K PHARMACY (1982) LTD": "K & K Pharmacy (1982) Ltd",
    "ST. JOHN'S CLOSE": "St. John's Close",
    "1 ST.JOHN'S CLOSE": "1 St.John's Close",
    "MCKENZIE'S CHEMIST": "McKenzie's Chemist",
    "O'CONNOR": "O'Connor",
    "DYE'S PHARMACY": "Dye's Pharmacy",
    "GLASSHOUSE (NOTT'M) LTD": "Glasshouse (Nott'm) Ltd",
    "WELLS-NEXT-THE-SEA": "Wells-Next-the-Sea",
    "GORLESTON-ON-SEA": "Gorleston-on-Sea",
    "CHESTER LE STREET": "Chester le Street",
    "61 THE STREET": "61 The Street",
    "HOUSE IN THE WOOD": "House in the Wood",
    "TESCO IN-STORE PHARMACY": "Tesco In-Store Pharmacy",
    "LINCOLN CO-OP CHEMISTS LTD": "Lincoln Co-op Chemists Ltd",
    "NHS HEALTH CENTRE": "NHS Health Centre",
    "TRIANGLE HEALTHCARE (UK) LTD": "Triangle Healthcare (UK) Ltd",
    "JMW VICARY LTD": "JMW Vicary Ltd",
    "106B CROSTWICK LANE": "106B Crostwick Lane",
    "10A/10B BENTALLS CTR": "10A/10B Bentalls Ctr",
    "1ST FLOOR": "1st Floor",
    "MEDICINES2HOME.COM": "Medicines2Home.com",
    "C.E. HARROD CHEMIST": "C.E. Harrod Chemist",
    "PHOENIX T/A SHORTSTOWN": "Phoenix t/a Shortstown",
    "COLCHESTER RD,HEYBRIDGE": "Colchester Rd, Heybridge",
    "  MARKET   PLACE, ": "Market Place",
    "CAFÉ RÉNÉ": "Café Réné",
    "Boots UK Limited": "Boots UK Limited",
    "": "",
}


@pytest.mark.parametrize(("published", "kept"), CASES.items())
def test_capitals_become_readable(published: str, kept: str) -> None:
    assert readable(published) == kept


@pytest.mark.parametrize("kept", CASES.values())
def test_what_is_readable_stays_as_it_is(kept: str) -> None:
    assert readable(kept) == kept
