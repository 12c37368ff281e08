"""The paper forms that have not come back, for the coordinator."""

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies.onboarding.page import page, paged

from ..policies import unreturned_papers


@allow(Permission.BRING_ON_BOARD)
@require_safe
def papers(request: GuardedRequest) -> HttpResponse:
    """Serial number, pharmacy and when it was printed; those that came back are nobody's to see, used or not."""
    found = paged(request, unreturned_papers(request.principal))
    rows = [
        [form.serial, f"{form.pharmacy.name}, {form.pharmacy.postcode}",
         date_format(localtime(form.printed_at), "j F Y, H:i")]
        for form in found
    ]  # fmt: skip
    return page(request, "reports/papers.html", found=found, rows=rows)
