"""A force's own settings, its checklist, and its support directory."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import policies
from pharmacies.enums import FOUND_OUT, ForceCheck, Stage
from pharmacies.models import SettingsChange

from ..actions import force as actions
from ..forms.basis import basis_of, merged, shown, touched_by_both
from ..forms.force import CannedLineForm, GradeForm, LineForm, SettingsForm
from ..page import page


@allow(Permission.SET_FORCE)
@require_safe
def force(request: GuardedRequest) -> HttpResponse:
    """Where the force stands: stage, checklist, settings, and who changed what."""
    return _force(request)


def _named(changes: "QuerySet[SettingsChange]") -> list[tuple[str, SettingsChange]]:
    """Each change with what its setting is called on the page."""
    return [(_called(one.setting), one) for one in changes]


def _called(setting: str) -> str:
    what, _space, item = setting.partition(" ")
    if what == "check" and item in ForceCheck.values:
        return str(ForceCheck(item).label)
    if setting == "stage":
        return _("Stage")
    fields = SettingsForm.base_fields
    return str(fields[setting].label) if setting in fields else setting


def _force(request: GuardedRequest, status: int = 200, **more: object) -> HttpResponse:
    by = request.principal
    grades = [(one, actions.said(one.target)) for one in policies.grades_of(by)]
    return page(
        request, "force", status, settings=policies.settings_of(by), grades=grades, lines=policies.canned_lines_of(by),
        changes=_named(policies.changes_of(by)[:50]), stages=Stage.choices, checks=policies.checklist(by),
        **({"grade": GradeForm(), "line": CannedLineForm()} | more),
    )  # fmt: skip


@allow(Permission.SET_FORCE)
@require_POST
def begin(request: GuardedRequest) -> HttpResponse:
    """Begin a force's settings with the defaults."""
    actions.start_settings(by=request.principal)
    return redirect("onboarding:force")


@allow(Permission.SET_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: GuardedRequest) -> HttpResponse:
    """Change settings; what differs is kept with before and after."""
    found = policies.settings_of(request.principal)
    if found is None:
        return redirect("onboarding:force")
    names = SettingsForm.Meta.fields
    fresh = SettingsForm(instance=found)
    start = {"version": found.version, "basis": basis_of(fresh, names)}
    if request.method != "POST":
        return page(request, "settings", form=SettingsForm(instance=found, initial=start))
    form = SettingsForm(request.POST, instance=found)
    if not form.is_valid():
        return page(request, "settings", 422, form=form)
    locked = actions.lock_settings(by=request.principal, version=form.cleaned_data["version"])
    if locked is not None:
        actions.change_settings(by=request.principal, found=locked, values=form.values())
        return redirect("onboarding:force")
    # Somebody was quicker: what was typed stands here still; what was not touched follows the other.
    now, data = shown(fresh, names), merged(request.POST, shown(fresh, names))
    both = [str(fresh[name].label) for name in touched_by_both(request.POST, now)]
    data["version"], data["basis"] = str(found.version), basis_of(fresh, names)
    again = SettingsForm(data, instance=policies.settings_of(request.principal))
    changes = _named(policies.changes_of(request.principal)[:5])
    return page(request, "settings", 409, form=again, meanwhile=True, changes=changes, both=both)


@allow(Permission.SET_FORCE)
@require_POST
def grade(request: GuardedRequest) -> HttpResponse:
    """Add or change one of the force's own grades."""
    form = GradeForm(request.POST)
    if not form.is_valid():
        return _force(request, 422, grade=form)
    actions.take_turn(by=request.principal, version=request.POST.get("version", ""))
    actions.set_grade(
        by=request.principal, order=policies.grades_of(request.principal).count() + 1, **form.cleaned_data
    )
    return redirect("onboarding:force")


@allow(Permission.SET_FORCE)
@require_POST
def line(request: GuardedRequest) -> HttpResponse:
    """Add or change one of the lines that the desk sends to a tablet."""
    form = CannedLineForm(request.POST)
    if not form.is_valid():
        return _force(request, 422, line=form)
    actions.take_turn(by=request.principal, version=request.POST.get("version", ""))
    actions.set_line(by=request.principal, **form.cleaned_data)
    return redirect("onboarding:force")


@allow(Permission.SET_FORCE)
@require_POST
def check(request: GuardedRequest, item: str) -> HttpResponse:
    """An item of the checklist is done, and where its evidence is; or it is not."""
    if item not in ForceCheck.values or item in FOUND_OUT:
        raise Http404
    actions.take_turn(by=request.principal, version=request.POST.get("version", ""))
    actions.tick(by=request.principal, item=item, evidence=request.POST.get("evidence", "").strip()[:200])
    return redirect("onboarding:force")


@allow(Permission.SET_FORCE)
@require_POST
def stage(request: GuardedRequest) -> HttpResponse:
    """Go live, pause, leave, or get ready again."""
    wanted = request.POST.get("stage", "")
    if wanted not in Stage.values:
        return _force(request, 422)
    missing = actions.set_stage(by=request.principal, stage=Stage(wanted))
    return _force(request, 409, missing=missing) if missing else redirect("onboarding:force")


@allow(Permission.SET_FORCE)
@require_safe
def directory(request: GuardedRequest) -> HttpResponse:
    """The support directory, by who may be shown a line; overdue lines flagged."""
    today = timezone.localdate()
    return page(
        request, "directory", groups=policies.directory_of(request.principal), today=today,
        withheld=today - timedelta(days=90),
    )  # fmt: skip


@allow(Permission.SET_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def directory_line(request: GuardedRequest, line: UUID | None = None) -> HttpResponse:
    """A new line, or one of the force's own."""
    found = policies.support_line(request.principal, line) if line else None
    form = LineForm(request.POST or None, instance=found)
    form.fields["district"].queryset = policies.districts_of(request.principal)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        actions.save_line(by=request.principal, line=form.save(commit=False))
        return redirect("onboarding:directory")
    return page(request, "directory_line", 422 if form.is_bound else 200, form=form, line=found)
