"""What a force's coordinator sets: words, limits, checklist, stage, grades, and the lines of its support directory."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log
from pharmacies.enums import AuditEvent, ForceCheck, Stage
from pharmacies.models import CannedLine, ForceCheckDone, ForceSettings, ResponseGrade, SettingsChange, SupportService
from pharmacies.reference.lines import LINES
from pharmacies.rings import SETTINGS

# What may be changed of a line; whose it is may not.
DIRECTORY = (
    "name", "audience", "for_whom", "phone", "website", "hours", "note", "district", "owner", "source", "last_verified",
    "review_on",
)  # fmt: skip


def start_settings(*, by: Principal) -> ForceSettings:
    """The force's settings, begun with the defaults where it has none."""
    found, made = ForceSettings.objects.get_or_create(force_id=by.force_id)
    if made:
        _note(by, "settings")
        CannedLine.objects.bulk_create(
            CannedLine(force_id=by.force_id, code=code, text=text, order=order)
            for order, (code, text) in enumerate(LINES, start=1)
        )
    return found


def lock_settings(*, by: Principal, version: int) -> ForceSettings | None:
    """The settings, locked, if they are as the form's writer saw them; None if somebody else was quicker."""
    found = ForceSettings.objects.select_for_update(of=("self",), no_key=True).get(pk=by.force_id)
    return found if found.version == version else None


def take_turn(*, by: Principal, version: str) -> None:
    """Raise the version before a grade, line, checklist or stage is changed; Refused if somebody else was quicker."""
    found = lock_settings(by=by, version=int(version) if version.isascii() and version.isdigit() else 0)
    if found is None:
        raise Refused(
            "changed",
            _(
                "Somebody else changed something of your force while you were here. Yours was not saved: go back and look."
            ),
            status=409,
        )
    found.version += 1
    found.save(update_fields=["version"])


def change_settings(*, by: Principal, found: ForceSettings, values: dict[str, Any]) -> list[str]:
    """Change what differs in the locked settings; each change is kept with before and after."""
    changed = [name for name in values if name in SETTINGS and getattr(found, name) != values[name]]
    for name in changed:
        _keep(by, name, getattr(found, name), values[name])
        setattr(found, name, values[name])
    if changed:
        found.version += 1
        found.save(update_fields=[*changed, "version"])
    return changed


def _keep(by: Principal, setting: str, before: object, after: object) -> None:
    texts = [said(value) for value in (before, after)]
    SettingsChange.objects.create(
        force_id=by.force_id, by=by.actor.id, by_name=by.name, setting=setting, before=texts[0], after=texts[1]
    )
    _note(by, setting)


def said(value: object) -> str:
    """A setting's value as people say it: durations in their largest whole unit."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, timedelta):
        return "" if value is None else str(value)
    for seconds, words in ((86400, _("%d days")), (3600, _("%d h")), (60, _("%d min"))):
        if value and value.total_seconds() % seconds == 0:
            return words % (value.total_seconds() // seconds)
    return _("%d s") % value.total_seconds()


def set_grade(*, by: Principal, code: str, name: str, target: Any, order: int) -> None:
    """Add one of the force's own grades, or change its name and time."""
    before = ResponseGrade.objects.filter(force_id=by.force_id, code=code).first()
    if before is None:
        ResponseGrade.objects.create(force_id=by.force_id, code=code, name=name, target=target, order=order)
    else:
        ResponseGrade.objects.filter(pk=before.pk).update(name=name, target=target)
    _keep(by, f"grade {code}", f"{before.name}, {said(before.target)}" if before else "", f"{name}, {said(target)}")


def set_line(*, by: Principal, code: str, text: str, active: bool) -> None:
    """Add one of the ready-made lines that the desk sends to a tablet, or change it."""
    before = CannedLine.objects.filter(force_id=by.force_id, code=code).first()
    if before is None:
        order = CannedLine.objects.filter(force_id=by.force_id).count() + 1
        CannedLine.objects.create(force_id=by.force_id, code=code, text=text, active=active, order=order)
    else:
        CannedLine.objects.filter(pk=before.pk).update(text=text, active=active)
    _keep(by, f"line {code}", before.text if before else "", text if active else "")


def tick(*, by: Principal, item: str, evidence: str) -> None:
    """Say that an item of the force's checklist is done, and where its evidence is; without evidence, take it back."""
    before = ForceCheckDone.objects.filter(force_id=by.force_id, item=item).first()
    _keep(by, f"check {item}", before.evidence if before else "", evidence)
    ForceCheckDone.objects.filter(force_id=by.force_id, item=item).delete()
    if evidence:
        ForceCheckDone.objects.create(force_id=by.force_id, item=item, evidence=evidence, done_by=by.actor.id)
    event = AuditEvent.CHECKED if evidence else AuditEvent.UNCHECKED
    current_log().note(event, by=by.actor, force=by.force_id, on=("check", item))


def set_stage(*, by: Principal, stage: Stage) -> list[str]:
    """Go live, pause, leave or get ready again. Returns the items of the checklist that are missing for *live*."""
    before = ForceSettings.objects.get(pk=by.force_id).stage
    with connection.cursor() as cursor:
        cursor.execute("select ani.set_stage(%s)", [stage.value])
        (missing,) = cursor.fetchone() or ("",)
    if missing:
        return [str(ForceCheck(item).label) for item in missing.split(",")]
    _keep(by, "stage", before, stage.value)
    current_log().note(AuditEvent.STAGE_CHANGED, by=by.actor, force=by.force_id, stage=stage.value)
    return []


def save_line(*, by: Principal, line: SupportService) -> None:
    """Write a line of the force's support directory."""
    if line.pk is None:
        line.force_id = by.force_id
        line.save()
    else:
        line.save(update_fields=DIRECTORY)
    current_log().note(AuditEvent.DIRECTORY_CHANGED, by=by.actor, force=by.force_id, on=("line", line.pk))


def save_national_line(*, by: Principal, line: SupportService) -> None:
    """Write a line that belongs to no force, by the operator."""
    if line.pk is None:
        line.save()
    else:
        line.save(update_fields=[*(name for name in DIRECTORY if name != "district"), "nation"])
    current_log().note(AuditEvent.DIRECTORY_CHANGED, by=by.actor, force=None, on=("line", line.pk))


def _note(by: Principal, setting: str) -> None:
    current_log().note(AuditEvent.SETTINGS_CHANGED, by=by.actor, force=by.force_id, on=("setting", setting))
