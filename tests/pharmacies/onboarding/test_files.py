"""Registers and lists through the page: a dry run first, then all of it or nothing."""

import io
import time
import zipfile
from typing import Any

import pytest
from django.db import connections
from openpyxl import Workbook

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies.enums import Participation, UploadState
from pharmacies.models import Pharmacy, PharmacyFact, RegisterUpload
from pharmacies.register import uploads
from requests.tasks import clocks_every_ten_seconds
from tests.cast import Cast
from tests.visitors import desk

from ..register.files import ods_row, written
from .files import OWN, ROWS, apply, give, look

pytestmark = pytest.mark.usefixtures("places")


def known(code: str) -> Pharmacy | None:
    """The pharmacy with this code, if there is one."""
    with using_role("owner"):
        return Pharmacy.objects.filter(ods_code=code).first()


def test_a_register_is_shown_then_written_then_the_same(cast: Cast) -> None:
    """Nothing before Apply; totals by outcome and force; a second time nothing changes."""
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(*ROWS).encode())
    found = look(upload)
    assert found.state == UploadState.PLANNED
    assert found.totals["outcomes"] == {"new": 3, "changed": 0, "same": 0, "left out": 1, "refused": 1}
    assert found.totals["forces"] == {"": 1, "Cheshire Constabulary": 1, "Norfolk Constabulary": 1}
    assert known("FZZ01") is None
    assert (found.done, found.total) == (0, 5)
    page = client.get(f"/onboarding/files/{upload}/").content.decode()
    assert "The row has no postcode." in page
    assert "not among the live postcodes" in page
    assert apply(client, upload).state == UploadState.APPLIED
    made = known("FZZ02")
    assert made is not None
    assert made.force_id == cast.force("cheshire").pk
    assert made.participation == Participation.REGISTERED
    again = look(give(client, written(*ROWS).encode()))
    assert again.totals["outcomes"] | {"same": 3} == again.totals["outcomes"]
    assert not again.totals["writes"]


def test_rows_are_searched_and_downloaded_without_formulas(cast: Cast) -> None:
    """By code and outcome; a cell that a spreadsheet would run is quoted."""
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(*ROWS, ods_row("FZZ06", name="=HYPERLINK(1)", postcode="")).encode())
    assert "FZZ02" in client.get(f"/onboarding/files/{upload}/?q=fzz02").content.decode()
    refused = client.get(f"/onboarding/files/{upload}/?outcome=refused").content.decode()
    assert "FZZ05" in refused and "FZZ02" not in refused
    table = client.get(f"/onboarding/files/{upload}/rows.csv").content.decode("utf-8-sig")
    assert table.count("\n") == len(ROWS) + 2
    assert ",=HYPERLINK" not in table.upper()


def test_another_force_does_not_find_the_file(cast: Cast) -> None:
    """Not the page, its rows, its progress, nor Apply."""
    upload = give(desk(cast, "norfolk", "coordinator"), written(*ROWS).encode())
    other = desk(cast, "cheshire", "coordinator")
    for path in ("", "rows.csv", "progress/"):
        assert other.get(f"/onboarding/files/{upload}/{path}").status_code == 404
    assert other.post(f"/onboarding/files/{upload}/apply/", {"mark": look(upload).mark}).status_code == 404


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "¬"])
def test_a_head_offices_own_sheet_in_every_spelling(cast: Cast, encoding: str, delimiter: str) -> None:
    """The columns are guessed by their headings; accents survive."""
    text = OWN.replace("Made-up Chemist", "Café Chemist").replace(";", delimiter)
    upload = look(give(desk(cast, "norfolk", "coordinator"), text.encode(encoding)))
    assert (upload.state, upload.kind) == (UploadState.PLANNED, "Own sheet"), upload.message
    assert upload.totals["outcomes"]["new"] == 1


def test_columns_that_cannot_be_guessed_are_matched_by_a_person(cast: Cast) -> None:
    """What was not recognised is asked for; a wrong answer says so; then the file is read."""
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, OWN.replace("ODS code", "Ref").replace("Branch", "Where").encode())
    assert look(upload).state == UploadState.COLUMNS
    page = client.get(f"/onboarding/files/{upload}/").content.decode()
    assert "Which column holds what?" in page and "FZZ09" in page
    wrong = {"headings": "on", "code": "1", "name": "1", "address": "2", "postcode": "4"}
    refused = client.post(f"/onboarding/files/{upload}/columns/", wrong)
    assert refused.status_code == 422
    assert "One column is named twice" in refused.content.decode()
    assert client.post(f"/onboarding/files/{upload}/columns/", wrong | {"name": "0"}).status_code == 302
    uploads.read_upload(upload)
    assert look(upload).totals["outcomes"]["new"] == 1


def workbook(*rows: list[Any]) -> bytes:
    """An .xlsx with these rows."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


HEADS = ["Branch", "ODS code", "Address", "Postcode", "Tel"]


def test_a_workbook_is_read_and_a_lost_zero_put_back(cast: Cast) -> None:
    """Numbers lose their first 0 in a spreadsheet: it is put back, and said."""
    data = workbook(HEADS, ["Made-up Chemist", "fzz09", "1 Nowhere Road", "nr21ld", 1603000009])
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, data)
    assert "had lost its first 0" in client.get(f"/onboarding/files/{upload}/").content.decode()
    assert apply(client, upload).state == UploadState.APPLIED
    made = known("FZZ09")
    assert made is not None and made.phone == "01603000009"


def bomb() -> bytes:
    """A workbook that would unpack to 200 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    return out.getvalue()


def with_macros() -> bytes:
    """A workbook that carries a program."""
    out = io.BytesIO(workbook(HEADS))
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"program")
    return out.getvalue()


FAULTS = {
    "a formula": (lambda: workbook(HEADS, ["=1+1", "FZZ09", "1 Road", "NR2 1LD", ""]), "Row 2 holds a formula"),
    "macros": (with_macros, "contains macros"),
    "a zip bomb": (bomb, "unpacks to far more"),
    "a thousand columns": (lambda: workbook(["x"] * 1000), "more than 200 columns"),
    "a thousand columns of text": (lambda: b",".join([b"x"] * 1000), "more than 200 columns"),
    "a zip without a workbook": (lambda: b"PK\x03\x04" + b"x" * 50, "damaged"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "not a text file"),
    "a web page": (lambda: b"<!doctype html><p>x", "a web page"),
    "a quotation mark": (lambda: b'a,b,c,d\n"x,y\n', "quotation mark"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_used_is_refused_calmly(cast: Cast, fault: str) -> None:
    """In words for the person who made it, within seconds, and nothing is written."""
    make, says = FAULTS[fault]
    began = time.monotonic()
    upload = give(desk(cast, "norfolk", "coordinator"), make())
    assert look(upload).state == UploadState.UNREADABLE
    assert says in look(upload).message
    assert time.monotonic() - began < 10


def test_a_file_of_more_than_25_mb_is_refused_on_its_way_in(cast: Cast) -> None:
    """It is read to its end and dropped; the page says so beside the field."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    large = SimpleUploadedFile("large.csv", b"x" * (26 * 1024 * 1024))
    answer = desk(cast, "norfolk", "coordinator").post("/onboarding/files/", {"file": large})
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()


ROW_FAULTS = {
    "no code": (ods_row(""), "no ODS code"),
    "an O for a 0": (ods_row("FZZ01", postcode="NR2 1LO"), "is not a UK postcode"),
    "a head office's code": (ods_row("P08F"), "no ODS code"),
    "the same code twice": (ods_row("FZZ10"), "only one can be right"),
    "a code that is none": (ods_row("FA-67"), "no ODS code"),
    "no postcode": (ods_row("FZZ01", postcode=""), "has no postcode"),
    "no name": (ods_row("FZZ01", name=""), "no name"),
    "a name without end": (ods_row("FZZ01", name="A" * 130), "longer than 120"),
    "an appliance contractor": (ods_row("FZZ01", kind="2"), "appliance contractor"),
    "the Isle of Man": (ods_row("FZZ01", postcode="IM1 1AE"), "Isle of Man"),
    "a postcode that is not live": (ods_row("FZZ01", postcode="NR2 9ZZ"), "not among the live postcodes"),
}


@pytest.mark.parametrize("fault", ROW_FAULTS)
def test_each_fault_of_a_row_is_explained(cast: Cast, fault: str) -> None:
    """In a sentence that somebody who runs a shop understands."""
    row, says = ROW_FAULTS[fault]
    client = desk(cast, "norfolk", "coordinator")
    good = [ods_row(f"FZZ1{n}") for n in range(3)]
    upload = give(client, written(*good, row).encode())
    assert says in client.get(f"/onboarding/files/{upload}/").content.decode()
    assert look(upload).totals["outcomes"]["new"] >= 2


def test_one_that_takes_part_elsewhere_is_left_to_its_coordinator(cast: Cast) -> None:
    """A file given in Norfolk does not rename a pharmacy that takes part with Cheshire."""
    client = desk(cast, "norfolk", "coordinator")
    code = cast.pharmacy("cheshire").ods_code or ""
    upload = give(client, written(ods_row(code, name="RENAMED", postcode=cast.pharmacy("cheshire").postcode)).encode())
    assert "whose coordinator can give this file" in client.get(f"/onboarding/files/{upload}/").content.decode()
    before = cast.pharmacy("cheshire").name
    assert not look(upload).totals["writes"]
    assert cast.pharmacy("cheshire").name == before


def test_the_owner_of_one_that_takes_part_is_not_changed_by_a_file(cast: Cast) -> None:
    """It would end everybody's access there: a person says so."""
    site = cast.pharmacy("norfolk")
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(ods_row(site.ods_code or "", postcode=site.postcode, parent="P9ZZ")).encode())
    assert "names another head office" in client.get(f"/onboarding/files/{upload}/").content.decode()
    if look(upload).totals["writes"]:
        apply(client, upload)
    assert cast.pharmacy("norfolk").organisation_id == site.organisation_id


def test_what_changed_since_the_dry_run_is_shown_and_not_written(cast: Cast) -> None:
    """Two coordinators: the second's file finds that the first's has been applied, and is told."""
    first, second = desk(cast, "norfolk", "coordinator"), desk(cast, "norfolk", "coordinator")
    one, two = (give(client, written(*ROWS).encode()) for client in (first, second))
    assert apply(first, one).state == UploadState.APPLIED
    told = apply(second, two)
    assert told.state == UploadState.PLANNED
    assert "Something changed here since the dry run" in told.message
    assert told.totals["outcomes"]["same"] == 3
    assert second.post(f"/onboarding/files/{two}/apply/", {"mark": "old"}).status_code == 409


def test_every_fact_is_kept_with_its_validity(cast: Cast) -> None:
    """A rename by a file ends the old name and begins the new one, whoever wrote it."""
    client = desk(cast, "norfolk", "coordinator")
    apply(client, give(client, written(*ROWS).encode()))
    apply(client, give(client, written(ods_row("FZZ01", parent="P0ZZ", name="NEW NAME"), *ROWS[1:]).encode()))
    with using_role("owner"):
        names = PharmacyFact.objects.filter(pharmacy__ods_code="FZZ01", kind="name").order_by("valid_from")
        assert [(fact.value, fact.valid_to is None) for fact in names] == [("Boots", False), ("New Name", True)]


def test_a_file_and_an_edit_at_the_same_moment_lose_nothing(cast: Cast) -> None:
    """Edited after the dry run: the file is told. Applied while somebody edits: the editor is told, with both values."""
    client = desk(cast, "norfolk", "coordinator")
    apply(client, give(client, written(*ROWS).encode()))
    site = known("FZZ01")
    assert site is not None
    renamed = written(ods_row("FZZ01", parent="P0ZZ", name="NEW NAME"), *ROWS[1:]).encode()
    path = f"/onboarding/pharmacies/{site.pk}/details/"
    edit = {name: value or "" for name, value in client.get(path).context["form"].initial.items()}
    late = dict(edit)
    waiting = give(client, renamed)
    assert client.post(path, edit | {"phone": "01603 000009"}).status_code == 302
    assert apply(client, waiting).state == UploadState.PLANNED  # something changed since: shown again, nothing written
    assert apply(client, waiting).state == UploadState.APPLIED
    told = client.post(path, late | {"address": "9 Typed Road"})
    assert told.status_code == 409
    assert told.context["form"]["name"].value() == "New Name"
    assert told.context["form"]["address"].value() == "9 Typed Road"
    found = known("FZZ01")
    assert found is not None and found.name == "New Name"


def test_a_dry_run_shows_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thousand rows, in a transaction of their own, so that the page sees them while it works."""
    seen = []
    say = uploads._say

    def watched(upload: RegisterUpload, **said: Any) -> None:
        say(upload, **said)
        seen.append((look(upload.pk).state, look(upload.pk).done))

    monkeypatch.setattr(uploads, "_say", watched)
    rows = [ods_row(f"F{n:04d}") for n in range(1000, 3500)]
    give(desk(cast, "norfolk", "coordinator"), written(*rows).encode())
    assert list(dict.fromkeys(done for state, done in seen if state == UploadState.READING)) == [0, 1000, 2000]


def test_what_tells_people_goes_before_a_file(cast: Cast) -> None:
    """However many files wait: the worker takes up the clocks and mails of the desk first."""
    give(desk(cast, "norfolk", "coordinator"), written(*ROWS).encode(), read=False)
    with scoped(Scope(Kind.PUBLIC)):
        clocks_every_ten_seconds.configure().defer(timestamp=0)
    with connections["owner"].cursor() as cursor:
        taken: list[str] = []
        for _turn in range(2):
            cursor.execute("select (procrastinate_fetch_job_v2(null, null)).task_name")
            taken += cursor.fetchone() or ()
    assert taken == ["requests.tasks.clocks_every_ten_seconds", "pharmacies.tasks.read_upload"]
