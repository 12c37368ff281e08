"""Giving a file through the page, and doing by hand what the worker would."""

from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ani_portal.access.roles import using_role
from pharmacies.models import RegisterUpload
from pharmacies.register import uploads

from ..register.files import ods_row

ROWS = [
    ods_row("FZZ01", parent="P0ZZ"),
    ods_row("FZZ02", postcode="WA8 7TN", parent="P0ZZ"),
    ods_row("FZZ03", postcode="NR2 9ZZ"),
    ods_row("FZZ04", status="C"),
    ods_row("FZZ05", postcode=""),
]
OWN = (
    "Branch;ODS code;Address 1;Town;Post code;Tel\nMade-up Chemist;FZZ09;1 Nowhere Road;Norwich;NR2 1LD;01603 000009\n"
)


def give(client: Client, content: bytes, *, read: bool = True, as_of: date | None = None) -> UUID:
    """Give a file; the worker reads it. Returns its id."""
    answer = client.post(
        "/onboarding/files/",
        {"file": SimpleUploadedFile("list.csv", content), "as_of": str(as_of or timezone.localdate())},
    )
    assert answer.status_code == 302, answer.content.decode()
    upload = UUID(answer["Location"].strip("/").rsplit("/", 1)[-1])
    if read:
        uploads.read_upload(upload)
    return upload


def look(upload: UUID) -> RegisterUpload:
    """How it stands."""
    with using_role("owner"):
        return RegisterUpload.objects.get(pk=upload)


def apply(client: Client, upload: UUID, *, work: bool = True) -> RegisterUpload:
    """Press Apply on the dry run that is shown; the worker writes it."""
    answer = client.post(f"/onboarding/files/{upload}/apply/", {"mark": look(upload).mark})
    assert answer.status_code == 302, answer.status_code
    if work:
        uploads.apply_upload(upload)
    return look(upload)
