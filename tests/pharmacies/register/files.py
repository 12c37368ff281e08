"""Small register files as they are published, written for these tests. Codes that begin with FZZ are made up."""

import csv
import io

from pharmacies.models import Organisation, Pharmacy
from pharmacies.register.layouts import find_layout
from pharmacies.register.plan import Known, Plan
from pharmacies.register.planning import make_plan
from pharmacies.register.postcodes import Place
from pharmacies.register.reading import read
from pharmacies.register.settling import Map

NORFOLK, SUFFOLK, CHESHIRE = 1, 2, 3
FORCES = {NORFOLK: "Norfolk Constabulary", SUFFOLK: "Suffolk Constabulary", CHESHIRE: "Cheshire Constabulary"}
PLACES = {
    "NR2 1LD": Place("E07000148", NORFOLK, 623109, 308596),
    "IP24 1JD": Place("E07000143", NORFOLK, 586700, 283500),
    "NR35 1AX": Place("E07000244", SUFFOLK, 633700, 289700),  # Bungay: an NR postcode of Suffolk's
    "WA8 7TN": Place("E06000006", CHESHIRE, 351200, 385500),
    "NR1 9ZZ": Place(None, None, None, None),
    "NR1 8ZZ": Place("E07099999", None, 623000, 308000),
}
MAP = Map(PLACES, frozenset({"NR", "IP", "WA"}), FORCES)


def ods_row(code: str = "FAR67", **changes: str) -> list[str]:
    """One row of the NHS ODS register: Boots in London Street, Norwich, but for the changes."""
    cells = dict.fromkeys(range(1, 28), "")
    cells |= {1: code, 2: "BOOTS", 3: "Y61", 4: "QMM", 5: "34-36 LONDON STREET", 6: "NORWICH", 7: "NORFOLK"}
    cells |= {10: "NR2 1LD", 11: "19480101", 13: "A", 14: "1", 15: "P08F", 16: "20040401", 18: "01603 621295"}
    where = {"name": 2, "street": 5, "town": 6, "county": 7, "postcode": 10, "opened": 11, "closed": 12}
    where |= {"status": 13, "kind": 14, "parent": 15, "phone": 18}
    cells |= {where[name]: value for name, value in changes.items()}
    return list(cells.values())


def written(*rows: list[str], delimiter: str = ",") -> str:
    """The rows as CSV with every cell quoted, as the NHS publishes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def planned(*rows: list[str], pharmacies: list[Pharmacy] | None = None, offices: dict[str, str] | None = None) -> Plan:
    """The plan for an ODS file of these rows, with the pharmacies that are known already."""
    return planned_text(written(*rows), pharmacies=pharmacies, offices=offices)


def planned_text(text: str, *, pharmacies: list[Pharmacy] | None = None, offices: dict[str, str] | None = None) -> Plan:
    """The plan for a file that holds this text."""
    sheet = read(text.encode())
    layout = find_layout(sheet)
    organisations = {p.organisation.ods_code: p.organisation for p in pharmacies or [] if p.organisation}
    known = Known(MAP, {p.ods_code or "": p for p in pharmacies or []}, organisations)
    return make_plan(layout, layout.entries(sheet), known, offices=offices)


def taken(*rows: list[str]) -> list[Pharmacy]:
    """The pharmacies that an import of these rows into nothing would make."""
    pharmacies = planned(*rows).new()
    for number, pharmacy in enumerate(pharmacies, start=1):
        if pharmacy.organisation:
            pharmacy.organisation = Organisation(pk=number, ods_code=pharmacy.organisation.ods_code)
    return pharmacies


def codepoint_row(
    postcode: str, district: str = "E07000148", *, quality: str = "10", east: str = "623109"
) -> list[str]:
    """One row of OS Code-Point Open."""
    north = "308596" if east != "0" else "0"
    return [postcode, quality, east, north, "E92000001", "E19000001", "E18000006", "", district, "E05012910"]


LOOKUP_HEADINGS = ["LAD23CD", "LAD23NM", "CSP23CD", "CSP23NM", "PFA23CD", "PFA23NM", "ObjectId"]


def lookup(*districts: tuple[str, str, str]) -> str:
    """The ONS look-up table with these districts: code, name, force's code. With its byte-order mark."""
    rows = [[code, name, "E22000001", "", force, "", "1"] for code, name, force in districts]
    out = io.StringIO()
    csv.writer(out).writerows([LOOKUP_HEADINGS, *rows])
    return "\ufeff" + out.getvalue()


NHSBSA = (
    "\ufeffPHARMACY_ODS_CODE_(F-CODE),HEALTH_AND_WELLBEING_BOARD,PHARMACY_TRADING_NAME,ORGANISATION_NAME,"
    "ADDRESS_FIELD1,ADDRESS_FIELD2,ADDRESS_FIELD3,ADDRESS_FIELD4,POST_CODE,CONTRACT_TYPE\n"
    "FAR67,NORFOLK,BOOTS,BOOTS UK LIMITED,34-36 LONDON STREET,NORWICH,NORFOLK, ,NR2 1LD,Community\n"
    "FZZ02,NORFOLK,BAGS AND MORE,BAGS LTD,1 THE STREET,NORWICH, , ,NR2 1LD,DAC\n"
)
