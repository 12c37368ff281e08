"""Being invited, and coming by what was shown or mailed."""

import re

from django.conf import settings
from django.test import Client

from ani_portal.access.roles import using_role
from pharmacies.mailing import token_of
from pharmacies.models import Invitation
from tests.cast import Cast
from tests.sign_in import session_of
from tests.visitors import desk


def link_in(page: str) -> str:
    """The link that an invitation's page shows once."""
    found = re.search(r"/join/invitation/[\w-]+/", page)
    assert found, page
    return found[0]


def administrator(cast: Cast, path: str, **form: str) -> Client:
    """Invite an administrator as the coordinator, accept, and sign in as them, with both factors."""
    page = desk(cast, "norfolk", "coordinator").post(
        path, {"name": "Made-up Lead", "email": "lead@example.org", **form}
    )
    assert "/join/invitation/" not in page.content.decode()  # who invites cannot use it
    with using_role("owner"):
        made = Invitation.objects.get()
    link = f"/join/invitation/{token_of(made.pk, made.links)}/"
    said = {"name": "Made-up Lead", "password": "plainly made up words 7"}
    assert Client().post(link, said).status_code == 200
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of("lead@example.org")
    return client
