"""Which pharmacies and tablets somebody may reach."""

from uuid import UUID

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal
from ani_portal.access.scope import Kind

from ..enums import Participation
from ..models import Organisation, Pharmacy, PoliceForce, Tablet


def force_of(by: Principal) -> PoliceForce:
    """The force that somebody acts for."""
    return PoliceForce.objects.get(pk=by.force_id)


def acts_for(by: Principal) -> str:
    """The name of the force, owner or pharmacy that somebody acts for."""
    if by.scope.kind is Kind.OWNER:
        if by.scope.organisation is not None:
            return str(Organisation.objects.get(pk=by.scope.organisation))
        return Pharmacy.objects.get(pk=by.pharmacy_id).name
    return force_of(by).short_name


def sites_of(by: Principal) -> "QuerySet[Pharmacy]":
    """Every pharmacy that somebody looks after: of the coordinator's force, or of the administrator's owner."""
    if by.scope.kind is not Kind.OWNER:
        return Pharmacy.objects.filter(force_id=by.force_id)
    if by.scope.organisation is not None:
        return Pharmacy.objects.filter(organisation_id=by.scope.organisation)
    return Pharmacy.objects.filter(pk=by.pharmacy_id)


def pharmacies_of(by: Principal) -> "QuerySet[Pharmacy]":
    """Those of them that take part, each with its working tablets."""
    tablets = Tablet.objects.filter(revoked_at__isnull=True)
    return (
        sites_of(by)
        .filter(participation=Participation.ON_BOARD)
        .prefetch_related(Prefetch("tablets", tablets, to_attr="working_tablets"))
    )


def pharmacy(by: Principal, pharmacy_id: UUID) -> Pharmacy:
    """One of them, or *not found*."""
    found = pharmacies_of(by).filter(pk=pharmacy_id).first()
    if found is None:
        raise Http404
    return found


def tablet(by: Principal, tablet_id: UUID) -> Tablet:
    """A tablet of one of them, or *not found*."""
    found = Tablet.objects.filter(pk=tablet_id, pharmacy__in=sites_of(by)).first()
    if found is None:
        raise Http404
    return found


def site(by: Principal, pharmacy_id: UUID) -> Pharmacy:
    """Any pharmacy that somebody looks after, or that no force has yet; else *not found*."""
    rows = sites_of(by) | Pharmacy.objects.filter(force__isnull=True) if by.scope.force else sites_of(by)
    found = rows.select_related("force", "organisation", "district").filter(pk=pharmacy_id).first()
    if found is None:
        raise Http404
    return found


def placed_site(by: Principal, pharmacy_id: UUID) -> tuple[Pharmacy, int]:
    """One of them and its force; *not found* where it has none: nobody is invited to a place that is nobody's."""
    found = site(by, pharmacy_id)
    if found.force_id is None:
        raise Http404
    return found, found.force_id


def code_is_known(ods_code: str | None, gphc_number: str | None) -> bool:
    """Whether some pharmacy, of whatever force, has this code or this premises number."""
    with connection.cursor() as cursor:
        cursor.execute("select ani.code_is_known(%s, %s)", [ods_code, gphc_number])
        return bool(cursor.fetchone() == (True,))


def search_sites(by: Principal, *, q: str = "", show: str = "") -> "QuerySet[Pharmacy]":
    """Those that take part; with `show`, all that the register knows here, or those without a force."""
    tablets = Tablet.objects.filter(revoked_at__isnull=True)
    if show == "unplaced" and by.scope.force:
        rows = Pharmacy.objects.filter(force__isnull=True)
    else:
        rows = sites_of(by)
        if show != "all":
            rows = rows.exclude(participation=Participation.REGISTERED)
    for word in q.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(postcode__icontains=word)
            | Q(ods_code__iexact=word)
        )
    return rows.select_related("organisation").prefetch_related(Prefetch("tablets", tablets, to_attr="working_tablets"))


def tablets_of(pharmacy: Pharmacy) -> "QuerySet[Tablet]":
    """Its tablets, those that work first."""
    return pharmacy.tablets.order_by("revoked_at", "name")


def owners_of(by: Principal, *, q: str = "") -> "QuerySet[Organisation]":
    """Owners with open pharmacies in the force's area, the largest first."""
    here = Q(pharmacies__force_id=by.force_id, pharmacies__site_status="open")
    rows = Organisation.objects.annotate(
        sites=Count("pharmacies", here), on_board=Count("pharmacies", here & Q(pharmacies__participation="on_board"))
    ).filter(sites__gt=0)
    for word in q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(ods_code__iexact=word))
    return rows.order_by("-sites", "name")


def organisation(by: Principal, code: str) -> Organisation:
    """One of them, or *not found*."""
    found = owners_of(by).filter(ods_code=code.upper()).first()
    if found is None:
        raise Http404
    return found


def sites_of_owner(by: Principal, owner: Organisation) -> "QuerySet[Pharmacy]":
    """The owner's open pharmacies in the force's area."""
    return sites_of(by).filter(organisation=owner, site_status="open")
