"""Giving a file, saying what its columns hold, and asking for it to be applied."""

from datetime import date

from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from pharmacies import tasks
from pharmacies.enums import AuditEvent, UploadState
from pharmacies.models import RegisterUpload


def give_file(*, by: Principal, content: bytes, as_of: date) -> RegisterUpload:
    """Keep a file and have it read; nothing of the register changes."""
    upload = RegisterUpload.objects.create(force_id=by.force_id, made_by=by.actor.id, content=content, as_of=as_of)
    current_log().note(
        AuditEvent.UPLOADED, by=by.actor, force=by.force_id, on=("upload", upload.pk), bytes=len(content)
    )
    tasks.read_upload.defer(upload=str(upload.pk))
    return upload


def match_columns(*, by: Principal, upload: RegisterUpload, columns: dict[str, int | bool]) -> bool:
    """Say which column holds what, and have the file read again. False if it is not waiting for that."""
    done = RegisterUpload.objects.filter(pk=upload.pk, state__in=[UploadState.COLUMNS, UploadState.PLANNED]).update(
        columns=columns, state=UploadState.READING, heard_at=timezone.now()
    )
    if done:
        current_log().note(AuditEvent.UPLOADED, by=by.actor, force=by.force_id, on=("upload", upload.pk), columns=True)
        tasks.read_upload.defer(upload=str(upload.pk))
    return bool(done)


def ask_to_apply(*, by: Principal, upload: RegisterUpload, mark: str) -> bool:
    """Have the dry run written that the page showed. False if it is not that any more: somebody was quicker."""
    ready = RegisterUpload.objects.filter(pk=upload.pk, state=UploadState.PLANNED, mark=mark)
    if not ready.update(state=UploadState.APPLYING, message="", heard_at=timezone.now()):
        return False
    current_log().note(AuditEvent.UPLOAD_ASKED, by=by.actor, force=by.force_id, on=("upload", upload.pk))
    tasks.apply_upload.defer(upload=str(upload.pk))
    return True
