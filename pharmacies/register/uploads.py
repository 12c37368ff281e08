"""A file that a coordinator gave: read, planned and shown, then written, all of it or nothing.

Runs in the worker. The file's own state goes through the worker's role, each step in a transaction of its own, so that
it is seen while it happens; what is written to the register goes through the import's role in one transaction.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.long_work import long_work
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor, Detail
from pharmacies.enums import UploadState
from pharmacies.models import RegisterUpload, UploadRow
from pharmacies.models.uploads import KEPT

from . import apply
from .layout_own import NEEDED, OwnSheet, guess
from .layouts import Layout, find_layout
from .plan import Outcome, Plan, PlannedRow
from .planning import make_plan
from .reading import Sheet, UnreadableFile, read
from .report import why

# What is said of a file that nobody has heard of for so long: its process has died.
SILENT = timedelta(seconds=60)
# So often a file is taken up again by itself; a fault that comes back three times is ours or the file's, not chance.
TRIES = 3
SHOWN_HEADINGS = 40
logger = logging.getLogger(__name__)


def read_upload(upload_id: UUID) -> None:
    """Read a file and store what it would do; its state says how that went."""
    upload = _get(upload_id)
    try:
        if upload.is_forgotten and not upload.content:
            raise UnreadableFile(forgotten())
        sheet = read(bytes(upload.content))
        layout = _layout(sheet, upload)
        if layout is None:
            _say(upload, state=UploadState.COLUMNS, headings=_headings(sheet), message="", tries=0)
            return
        _say(upload, total=len(sheet.rows), kind=layout.name)
        entries = list(layout.entries(sheet))
        with using_role("import"), long_work("import"), scoped(Scope(Kind.WORKER), read_only=True):
            plan = make_plan(
                layout, entries, apply.known_for(entries), as_of=upload.as_of,
                progress=lambda done: _say(upload, done=done),
            )  # fmt: skip
        respect_others(plan, upload.force_id)
        _store(upload, plan, "")
    except UnreadableFile as error:
        _say(upload, state=UploadState.UNREADABLE, message=str(error))


def apply_upload(upload_id: UUID) -> None:
    """Write what the dry run showed, in one transaction; if something changed since, show that instead and write nothing."""
    upload = _get(upload_id)
    if upload.state != UploadState.APPLYING:
        return  # asked for twice, or its first run is done
    sheet = read(bytes(upload.content))
    layout = _layout(sheet, upload)
    if layout is None:
        raise UnreadableFile("the columns were matched before")
    entries = list(layout.entries(sheet))
    with using_role("import"), long_work("import"), scoped(Scope(Kind.WORKER)) as log:
        apply.take_turn()
        plan = make_plan(layout, entries, apply.known_for(entries, lock=True), as_of=upload.as_of)
        respect_others(plan, upload.force_id)
        moved = mark_of(plan) != upload.mark
        if not moved and plan.writes():
            apply.write(plan, progress=_progress(upload, plan))
            counts: Detail = {outcome.name.lower(): count for outcome, count in plan.counts().items()}
            by = Actor("coordinator", upload.made_by)
            log.note("register.imported", by=by, force=None, on=("upload", upload.pk), layout=plan.layout, **counts)
    if moved:
        _store(
            upload, plan, _("Something changed here since the dry run. Nothing was written; look again, then apply.")
        )
    else:
        _say(upload, state=UploadState.APPLIED, applied_at=timezone.now(), message="")


def mend_silent() -> int:
    """Give back files whose process died: nothing of them was written, or all of it. Returns how many.

    The dry run is made anew, so that the page tells which. One whose job still waits or works is left to it, however
    long that takes; one that cannot be read for a reason that nobody foresaw is given up after TRIES.
    """
    late = timezone.now() - SILENT
    silent = RegisterUpload.objects.using("worker").filter(
        state__in=[UploadState.READING, UploadState.APPLYING], heard_at__lt=late
    )
    found = [pk for pk in silent.values_list("pk", flat=True) if not _comes(pk)]
    for pk in found:
        _mend(pk)
    return len(found)


def _comes(pk: UUID) -> bool:
    """Whether a job for this file waits its turn, or works in a process that gave a sign of life within SILENT."""
    with connections["worker"].cursor() as cursor:
        cursor.execute(
            "select exists (select from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id"
            " where j.queue_name = 'register' and j.args ->> 'upload' = %s and (j.status = 'todo'"
            " or j.status = 'doing' and w.last_heartbeat > now() - make_interval(secs => %s)))",
            [str(pk), SILENT.total_seconds()],
        )
        (comes,) = cursor.fetchone() or (False,)
    return bool(comes)


def _mend(pk: UUID) -> None:
    upload = _get(pk)
    if upload.tries >= TRIES:
        _say(upload, state=UploadState.UNREADABLE, message=_given_up())
        return
    # Counted first: what ends the whole process counts too.
    RegisterUpload.objects.using("worker").filter(pk=pk).update(tries=F("tries") + 1)
    try:
        read_upload(pk)
    except Exception as error:
        # Its kind alone: what the error says could quote the file. The next file has its turn.
        logger.error("file %s could not be read: %s", pk, type(error).__name__)
        if upload.tries + 1 >= TRIES:
            _say(upload, state=UploadState.UNREADABLE, message=_given_up())
        return
    planned = RegisterUpload.objects.using("worker").filter(pk=pk, state=UploadState.PLANNED)
    if upload.state == UploadState.APPLYING and (now := planned.first()):
        planned.update(message=_interrupted(now))


def _given_up() -> str:
    return _(
        "This file was tried three times and could not be worked on. The fault may be ours, not the file's. What was"
        " written of it, if anything, is whole: give it again to see. If that fails too, tell who runs this system."
    )


def forgotten() -> str:
    """What is said of a file whose content is gone."""
    return _(
        "The content of this file was removed 30 days after it was given. Nothing was written. Give the file again."
    )


def _interrupted(upload: RegisterUpload) -> str:
    """What became of a file whose writing was broken off, and what to do: all of it is there, or nothing."""
    if upload.totals["writes"]:
        return _(
            "The writing was interrupted, and nothing of this file was written. Below is what it would do now: look,"
            " then press Apply again."
        )
    return _("The writing was interrupted at its very end: all of this file was written. There is nothing left to do.")


def forget_old() -> None:
    """Files that are done with lose their content and their rows."""
    old = RegisterUpload.objects.using("worker").filter(made_at__lt=timezone.now() - KEPT)
    # What is being worked on has its content until that is over.
    old = old.exclude(state__in=[UploadState.READING, UploadState.APPLYING])
    UploadRow.objects.using("worker").filter(upload__in=old).delete()
    old.exclude(content=b"").update(content=b"")


def respect_others(plan: Plan, force_id: int) -> None:
    """Take out the changes to pharmacies that take part with another force: they are its coordinator's to make."""
    for row in plan.rows:
        if row.outcome == Outcome.SAME and row.known_part not in (None, force_id):
            row.renews = None
        if row.outcome == Outcome.CHANGED and row.known_part not in (None, force_id):
            row.outcome, row.pharmacy, row.fields = Outcome.LEFT_OUT, None, frozenset()
            row.heading = _("Takes part with another force")
            row.reason = _("It takes part with %s, whose coordinator can give this file.") % row.force


def mark_of(plan: Plan) -> str:
    """What a plan would write, as one value: equal exactly when the same would be written."""
    changes = [
        (row.ods_code, row.outcome.value, sorted(row.changes.items()), row.force)
        for row in plan.of(Outcome.NEW, Outcome.CHANGED)
    ]
    text = json.dumps([changes, sorted(plan.organisations), plan.as_of, len(plan.renewed())], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _get(upload_id: UUID) -> RegisterUpload:
    return RegisterUpload.objects.using("worker").get(pk=upload_id)


def _say(upload: RegisterUpload, **said: Any) -> None:
    RegisterUpload.objects.using("worker").filter(pk=upload.pk).update(heard_at=timezone.now(), **said)


def _layout(sheet: Sheet, upload: RegisterUpload) -> Layout | None:
    """The layout of the file; None where a person must say what the columns hold."""
    if upload.columns:
        said = dict(upload.columns)
        own = OwnSheet(said, headings=bool(said.pop("headings", True)))
        if own.fits(sheet):
            return own
    try:
        return find_layout(sheet)
    except UnreadableFile:
        guessed = guess(sheet)
        if not sheet.rows or len(sheet.rows[0].cells) < len(NEEDED):
            raise
        upload.columns = guessed
        RegisterUpload.objects.using("worker").filter(pk=upload.pk).update(columns=guessed)
        return None


def _headings(sheet: Sheet) -> list[list[str]]:
    """Each column's heading and an example, for whoever matches them."""
    second = sheet.rows[1].cells if len(sheet.rows) > 1 else []
    return [
        [cell[:60], second[n][:60] if n < len(second) else ""]
        for n, cell in enumerate(sheet.rows[0].cells[:SHOWN_HEADINGS])
    ]


def _progress(upload: RegisterUpload, plan: Plan) -> Callable[[int], None]:
    total = len(plan.of(Outcome.NEW, Outcome.CHANGED))
    return lambda done: _say(upload, done=done, total=total)


def _store(upload: RegisterUpload, plan: Plan, message: str) -> None:
    rows = [_row(upload, row) for row in plan.rows]
    confirm = Counter(row.heading for row in plan.to_confirm())
    totals = {
        "outcomes": {outcome.value: count for outcome, count in plan.counts().items()},
        "forces": plan.by_force(),
        "confirm": dict(confirm.most_common()),
        "headings": dict(Counter(row.heading for row in plan.of(Outcome.REFUSED, Outcome.LEFT_OUT)).most_common()),
        "offices": len(plan.organisations),
        "missing": len(plan.missing),
        "older": len(plan.older()),
        "renewed": len(plan.renewed()),
        "writes": plan.writes(),
    }
    # Two tables in one transaction: it shares the gate with everybody who does that.
    with using_role("worker"), scoped(Scope(Kind.WORKER)):
        UploadRow.objects.using("worker").filter(upload_id=upload.pk)._raw_delete("worker")
        UploadRow.objects.using("worker").bulk_create(rows, batch_size=2000)
        _say(
            upload, state=UploadState.PLANNED, totals=totals, mark=mark_of(plan), message=message, done=0,
            total=len(rows), kind=plan.layout,
        )  # fmt: skip


def _row(upload: RegisterUpload, row: PlannedRow) -> UploadRow:
    return UploadRow(
        upload_id=upload.pk, force_id=upload.force_id, number=row.row, ods_code=row.ods_code[:20], name=row.name[:200],
        postcode=row.postcode[:20], outcome=row.outcome.value, lies_in=row.force, heading=row.heading[:100],
        text=" ".join(part for part in (why(row), *row.notes) if part), confirm=bool(row.confirm),
    )  # fmt: skip
