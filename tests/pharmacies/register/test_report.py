import csv
import io

from pharmacies.register.report import lines, safe_cell, write_csv

from .files import ods_row, planned, taken

ROWS = [
    ods_row(),
    ods_row("FZZ02", postcode="NR2 1ZZ"),
    ods_row("FZZ03", status="C"),
    ods_row("FZZ04", postcode=""),
    ods_row("FZZ05", name="=HYPERLINK(1)"),
]


def test_totals_come_first_then_forces_then_what_to_mend() -> None:
    told = list(lines(planned(*ROWS), dry_run=True))
    assert told[0] == "NHS ODS register, 5 rows: 3 new, 0 changed, 0 the same, 1 left out, 1 refused."
    assert told[1] == "A dry run: nothing was written."
    assert "        2  Norfolk Constabulary" in told
    assert "        1  force not known yet" in told
    refused = told.index("Refused: mend these rows and import again (1)")
    assert told[refused + 1] == "  No postcode (1)"
    assert told[refused + 2].startswith("    Row 4, FZZ04 Boots: The row has no postcode.")
    confirm = told.index("Taken, but a person must confirm (1)")
    assert refused < confirm < told.index("Left out: nothing to mend (1)")
    assert "    Row 3, FZZ03 Boots NR2 1LD: The register says that it has closed." in told


def test_long_lists_are_cut_on_a_screen_and_say_so() -> None:
    closed = [ods_row(f"FZZ{n:02}", status="C") for n in range(30)]
    told = list(lines(planned(*closed), dry_run=False, most=20))
    assert told[-1].strip() == "… and 10 more; --report writes every row to a file."
    assert len([line for line in told if "has closed" in line]) == 20


def test_an_import_without_change_says_that_nothing_was_written() -> None:
    plan = planned(ods_row(), pharmacies=taken(ods_row(), ods_row("FZZ02")))
    told = list(lines(plan, dry_run=False))
    assert told[1] == "Nothing had changed; nothing was written."
    assert told[-1] == "1 pharmacy known here is not in the file and stays as it is: FZZ02"


def test_changes_are_shown_before_and_after() -> None:
    told = list(lines(planned(ods_row(name="WELL"), pharmacies=taken(ods_row())), dry_run=False))
    assert told[-1].strip() == "Row 1, FAR67 Well NR2 1LD: name: Boots → Well"


def test_the_spreadsheet_holds_every_row_and_no_formula() -> None:
    out = io.StringIO()
    write_csv(planned(*ROWS), out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["outcome"] for row in rows] == ["new", "new", "left out", "refused", "new"]
    assert rows[4]["name"] == "'=Hyperlink(1)"
    assert rows[1]["to be confirmed by a person"].startswith("NR2 1ZZ is not among")


def test_cells_that_a_spreadsheet_would_run_are_made_text() -> None:
    assert [safe_cell(text) for text in ("=1", "+1", "-1", "@x", "\tx", "Boots")] == [
        *("'=1", "'+1", "'-1", "'@x", "'\tx"),
        "Boots",
    ]
