"""What a coordinator guards of the force's people: lost second factors, and who reads restricted words."""

from uuid import UUID

from django.http import Http404

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts.factors import remove_all
from ani_portal.accounts.sessions import end_all

from .enums import AuditEvent
from .models import Auditor, Coordinator, Officer

People = list[tuple[str, Officer | Coordinator | Auditor]]


def people_of(by: Principal) -> People:
    """The force's officers, coordinators and auditors, each with the name of their part."""
    found: People = []
    for part, model in (("officer", Officer), ("coordinator", Coordinator), ("auditor", Auditor)):
        members = model.objects.filter(force_id=by.force_id).select_related("user").order_by("user__name")
        found += [(part, member) for member in members.current()]
    return found


def shut_of(by: Principal) -> People:
    """Those whose part a coordinator ended, and whom the force's provider may not let in again."""
    found: People = []
    for part, model in (("officer", Officer), ("coordinator", Coordinator), ("auditor", Auditor)):
        members = model.objects.filter(force_id=by.force_id, shut=True).select_related("user").order_by("user__name")
        found += [(part, member) for member in members]
    return found


def let_link(*, by: Principal, member: Officer | Coordinator | Auditor, may: bool) -> None:
    """Let the force's provider take this person's account over at their next sign-in through it, or no longer."""
    type(member).objects.filter(pk=member.pk).update(may_link=may)
    current_log().note(AuditEvent.MAY_LINK, by=by.actor, force=by.force_id, on=("member", member.pk), may=may)


def readmit(*, by: Principal, member_id: UUID) -> None:
    """Let the force's provider make a part again of somebody whose part was ended here; *not found* if it was not."""
    for _part, member in shut_of(by):
        if member.pk == member_id:
            type(member).objects.filter(pk=member.pk).update(shut=False)
            current_log().note(AuditEvent.READMITTED, by=by.actor, force=by.force_id, on=("member", member.pk))
            return
    raise Http404


def one_of(by: Principal, member_id: UUID) -> Officer | Coordinator | Auditor:
    """One of them, or *not found*."""
    for _part, member in people_of(by):
        if member.pk == member_id:
            return member
    raise Http404


def reset_factor(*, by: Principal, member: Officer | Coordinator | Auditor) -> None:
    """Take the person's second factors away and end their sessions: the next sign-in sets up a new one."""
    remove_all(member.user)
    end_all(member.user)
    current_log().note("factor.reset", by=by.actor, force=by.force_id, on=("person", member.user_id))


def name_conflict_officer(*, by: Principal, officer: Officer, named: bool) -> None:
    """Let an officer read restricted words, or no longer."""
    Officer.objects.filter(pk=officer.pk).update(conflict=named)
    current_log().note("officer.conflict", by=by.actor, force=by.force_id, on=("officer", officer.pk), named=named)
