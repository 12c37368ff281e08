"""Which files somebody may reach, and their rows."""

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from ani_portal.access.principals import Principal

from ..models import RegisterUpload, UploadRow


def uploads_of(by: Principal) -> "QuerySet[RegisterUpload]":
    """The files that coordinators of the force gave, newest first, without their content."""
    return RegisterUpload.objects.filter(force_id=by.force_id).defer("content")


def upload(by: Principal, upload_id: UUID) -> RegisterUpload:
    """One of them, or *not found*."""
    found = uploads_of(by).filter(pk=upload_id).first()
    if found is None:
        raise Http404
    return found


def upload_rows(of: RegisterUpload, *, q: str = "", outcome: str = "", force: str = "") -> "QuerySet[UploadRow]":
    """The file's rows, those to mend first: searched by code, name or postcode, and filtered."""
    rows = UploadRow.objects.filter(upload=of)
    if q:
        rows = rows.filter(Q(ods_code__iexact=q) | Q(name__icontains=q) | Q(postcode__icontains=q))
    if outcome == "confirm":
        rows = rows.filter(confirm=True)
    elif outcome:
        rows = rows.filter(outcome=outcome)
    if force:
        rows = rows.filter(lies_in="" if force == "none" else force)
    first = Case(When(outcome="refused", then=0), When(confirm=True, then=1), default=2)
    return rows.order_by(first, "number")
