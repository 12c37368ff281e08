"""Which pharmacies and tablets somebody may reach."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal

from .enums import Participation
from .models import Pharmacy, PoliceForce, Tablet


def force_of(by: Principal) -> PoliceForce:
    """The force that somebody acts for."""
    return PoliceForce.objects.get(pk=by.force_id)


def pharmacies_of(by: Principal) -> "QuerySet[Pharmacy]":
    """The pharmacies of the coordinator's force that take part, each with its working tablets."""
    tablets = Tablet.objects.filter(revoked_at__isnull=True)
    return Pharmacy.objects.filter(force_id=by.force_id, participation=Participation.ON_BOARD).prefetch_related(
        Prefetch("tablets", tablets, to_attr="working_tablets")
    )


def pharmacy(by: Principal, pharmacy_id: UUID) -> Pharmacy:
    """One of them, or *not found*."""
    found = pharmacies_of(by).filter(pk=pharmacy_id).first()
    if found is None:
        raise Http404
    return found


def tablet(by: Principal, tablet_id: UUID) -> Tablet:
    """A tablet of one of them, or *not found*."""
    found = Tablet.objects.filter(pk=tablet_id, pharmacy__force_id=by.force_id).first()
    if found is None:
        raise Http404
    return found
