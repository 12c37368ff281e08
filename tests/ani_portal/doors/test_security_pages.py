"""What the pages about security name is there: tests, files, and the numbers of the standard, whole."""

import re

from tests.e2e.server import ROOT

# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has: always the first of the section.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
HOLDS = {"yes", "no", "partly", "mostly", "nearly", "does not apply", "up to the installation"}
SHORT = {"doors/": "tests/ani_portal/doors/", "e2e/": "tests/e2e/doors/"}


def _rows(page: str, heading: str) -> list[list[str]]:
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(heading)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]


def _missing(text: str) -> list[str]:
    """Which of the files that a text names in backticks are not there."""
    named = [
        one for one in re.findall(r"`([\w./-]+)`", text) if "/" in one or one.endswith((".py", ".md", ".txt", ".json"))
    ]
    whole = [
        next((long + one[len(short) :] for short, long in SHORT.items() if one.startswith(short)), one) for one in named
    ]
    return [one for one in whole if not (ROOT / one).exists()]


def test_each_requirement_is_answered_once_and_its_evidence_is_there() -> None:
    """All 253 of both levels; nothing that claims to hold without saying where that is seen."""
    page = (ROOT / "docs" / "asvs.md").read_text()
    rows = _rows(page, "| number ")
    numbers = [number for row in rows for number in row[0].split(", ")]
    wanted = [f"{section}.{one}" for section, count in SECTIONS.items() for one in range(1, count + 1)]
    assert len(wanted) == 253 and sorted(numbers) == sorted(wanted)
    assert {row[2] for row in rows} <= HOLDS
    assert [row[0] for row in rows if row[2] in ("yes", "mostly", "nearly") and len(row[3]) < 6] == []
    assert _missing(page) == []


def test_what_does_not_hold_is_said_at_the_top() -> None:
    """No requirement fails quietly in the middle of a long table."""
    page = (ROOT / "docs" / "asvs.md").read_text()
    top = page[: page.index("## 1 ")]
    quiet = [
        row[0] for row in _rows(page, "| number ")
        if row[2] in ("no", "partly", "nearly") and not any(number in top for number in row[0].split(", "))
    ]  # fmt: skip
    assert quiet == []


def test_each_attack_names_tests_that_are_there() -> None:
    """A link in each line, to a file of tests; every link of the page leads somewhere."""
    page = (ROOT / "docs" / "security.md").read_text()
    table = page[page.index("## What an attacker gets") : page.index("## How the doors work")]
    for row in _rows(table, "| if "):
        assert len(row) == 4, row
        assert re.search(r"\]\(\.\./tests/[\w./]+\)", row[3]), row[0]
    links = re.findall(r"\]\(([^)#:]+)\)", page)
    assert len(links) > 40
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    for path in {link for link in links if link.startswith("../tests/") and link.endswith(".py")}:
        assert re.search(r"^def test_", (ROOT / "docs" / path).read_text(), re.M), path


def test_the_page_knows_each_file_of_the_doors() -> None:
    """A new file of tests of the doors is named in one of the two pages."""
    pages = "".join((ROOT / "docs" / name).read_text() for name in ("security.md", "asvs.md"))
    files = [*(ROOT / "tests/e2e/doors").glob("test_*.py"), *(ROOT / "tests/ani_portal/doors").glob("test_*.py")]
    assert [one.name for one in files if one.name not in pages and one.name != "test_security_pages.py"] == []
