"""A printed form that did not come back is listed for its force's coordinator, one that did is not."""

from uuid import uuid4

from ani_portal.access.scope import scoped
from requests import actions
from requests.models import PaperForm
from tests.cast import Cast
from tests.visitors import desk


def printed(cast: Cast, force: str) -> PaperForm:
    """A form printed by a tablet of the force."""
    by = cast.covered(force)
    with scoped(by.scope):
        return actions.print_form(by=by, key=uuid4())


def test_the_coordinator_sees_what_is_missing_and_nothing_else(cast: Cast) -> None:
    """Given three forms of Norfolk and one of Cheshire; when one is shredded unused; then Norfolk's other two are listed."""
    ours = [printed(cast, "norfolk") for _number in range(3)]
    theirs = printed(cast, "cheshire")
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        actions.give_back(by=by, form=ours[0])
    shown = desk(cast, "norfolk", "coordinator").get("/onboarding/paper/").content.decode()
    assert [form.serial in shown for form in [*ours, theirs]] == [False, True, True, False]
    assert cast.pharmacy("norfolk").postcode in shown
    assert desk(cast, "norfolk").get("/onboarding/paper/").status_code in (302, 403, 404)
