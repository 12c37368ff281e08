"""Which people somebody may reach."""

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal
from ani_portal.access.scope import Kind

from ..enums import InvitationKind
from ..models import Administrator, Application, Invitation, Organisation, Pharmacy, StaffMember
from .sites import pharmacies_of, sites_of


def staff_of(pharmacy: Pharmacy) -> "QuerySet[StaffMember]":
    """Who works there now."""
    return StaffMember.objects.current().filter(pharmacy=pharmacy)


def staff_member(by: Principal, staff_id: UUID) -> StaffMember:
    """Somebody who works, or worked, at a pharmacy one looks after; else *not found*."""
    found = StaffMember.objects.filter(pk=staff_id, pharmacy__in=sites_of(by)).select_related("pharmacy").first()
    if found is None:
        raise Http404
    return found


def matrix(by: Principal) -> "QuerySet[StaffMember]":
    """Everybody who works at one's pharmacies, those without training in date first."""
    return (
        StaffMember.objects.current()
        .filter(pharmacy__in=pharmacies_of(by).values("pk"))
        .select_related("pharmacy")
        .order_by(F("training_expires_on").asc(nulls_first=True), "pharmacy__name", "initials")
    )


def invitations_of(pharmacy: Pharmacy) -> "QuerySet[Invitation]":
    """Invitations to a pharmacy that were not used."""
    return Invitation.objects.filter(pharmacy=pharmacy, used_at__isnull=True, cancelled_at__isnull=True)


def invitation(by: Principal, invitation_id: UUID) -> Invitation:
    """One that somebody may send again or withdraw: their force's, or of staff of their own pharmacies; else *not found*."""
    rows = Invitation.objects.filter(pk=invitation_id).select_related("pharmacy", "organisation")
    if by.scope.kind is Kind.OWNER:
        found = rows.filter(kind=InvitationKind.STAFF, pharmacy__in=sites_of(by)).first()
    else:
        found = rows.filter(force_id=by.force_id).first()
    if found is None:
        raise Http404
    return found


def owner_invitations(by: Principal, owner: Organisation) -> "QuerySet[Invitation]":
    """Invitations to look after all of an owner's pharmacies that were not used."""
    rows = Invitation.objects.filter(organisation=owner, force_id=by.force_id)
    return rows.filter(used_at__isnull=True, cancelled_at__isnull=True)


def force_invitations(by: Principal) -> "QuerySet[Invitation]":
    """Invitations to parts in the force itself that were not used."""
    rows = Invitation.objects.filter(force_id=by.force_id, pharmacy__isnull=True, organisation__isnull=True)
    return rows.filter(used_at__isnull=True, cancelled_at__isnull=True)


def administrators_of(by: Principal, pharmacy: Pharmacy) -> "QuerySet[Administrator]":
    """Who looks after a pharmacy, alone or with its owner's others."""
    rows = Administrator.objects.current().select_related("user", "organisation")
    found = rows.filter(pharmacy=pharmacy)
    if pharmacy.organisation_id:
        found = found | rows.filter(organisation_id=pharmacy.organisation_id)
    return found


def administrator(by: Principal, administrator_id: UUID) -> Administrator:
    """Who looks after a pharmacy of one's own, alone or with its owner's others; else *not found*."""
    sites = sites_of(by)
    through = Q(pharmacy__in=sites) | Q(organisation__in=sites.values("organisation"))
    found = Administrator.objects.filter(through, pk=administrator_id).first()
    if found is None:
        raise Http404
    return found


def applications_of(by: Principal) -> tuple["QuerySet[Application]", "QuerySet[Application]"]:
    """Wishes to join that wait, the longest first, and those that were decided, the newest first."""
    rows = Application.objects.filter(force_id=by.force_id).select_related("pharmacy")
    return rows.filter(decided_at__isnull=True), rows.filter(decided_at__isnull=False).order_by("-decided_at")


def application(by: Principal, application_id: UUID) -> Application:
    """One of them, or *not found*."""
    found = (
        Application.objects.filter(pk=application_id, force_id=by.force_id).select_related("pharmacy", "force").first()
    )
    if found is None:
        raise Http404
    return found
