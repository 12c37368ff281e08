"""What an officer must not overlook stands in the queue, on the record and on paper."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import StaffMember
from requests import actions
from requests.enums import Danger, Wish
from requests.models import CodewordRequest, PaperForm
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, agreed, started, wished

from .desk_steps import claimed
from .test_desk_pages import at, browser


def _drill(cast: Cast) -> CodewordRequest:
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        return actions.start_record(by=by, key=uuid4(), danger=Danger.YES, start=actions.Start(drill=True))


def _paper(cast: Cast) -> CodewordRequest:
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        actions.print_form(by=by, key=uuid4())
        serial = PaperForm.objects.order_by("-printed_at")[0].serial
        moment = timezone.now() - timedelta(hours=5)
        record = actions.key_in(by=by, key=uuid4(), serial=serial, happened_at=moment)
    return agreed(by, wished(by, record, Wish.POLICE_NOW))


def _unverified(cast: Cast) -> CodewordRequest:
    return started(cast.covered("norfolk"), Danger.YES)


def _untrained(cast: Cast) -> CodewordRequest:
    with using_role("owner"):
        StaffMember.objects.update(training_expires_on=timezone.localdate() - timedelta(days=1))
    return a_record_with_everything(cast, "norfolk")


MARKS = {
    "Drill": (_drill, "DRILL"),
    "from paper, happened": (_paper, "from paper, happened"),
    "unverified": (_unverified, "unverified"),
    "training not in date": (_untrained, "training not in date"),
}


@pytest.mark.parametrize("mark", MARKS)
def test_unmistakable_wherever_it_is_read(cast: Cast, mark: str) -> None:
    """In the queue's row, on the record and on its print; a record without it does not say so."""
    make, said = MARKS[mark]
    plain = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    for page in (desk.get("/triage/rows/"), desk.get(at(plain)), desk.post(at(plain, "ask-print/"), follow=True)):
        assert said not in page.content.decode() and f">{mark}" not in page.content.decode()
    record = claimed(cast.officer("norfolk"), make(cast))
    row = desk.get("/triage/rows/").content.decode().split(f'data-row="{record.pk}"')[1].split("</li>\n")[0]
    assert mark in row
    for page in (desk.get(at(record)), desk.post(at(record, "ask-print/"), follow=True)):
        assert page.status_code == 200 and said in page.content.decode()
