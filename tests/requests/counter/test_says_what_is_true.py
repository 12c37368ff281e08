"""What a screen says of what police know is so, in every state."""

from datetime import timedelta
from uuid import uuid4

from ani_portal.access.scope import scoped
from pharmacies.models import ForceSettings
from requests import actions
from requests.counter.words import states
from requests.enums import Danger, Wish
from tests.cast import Cast
from tests.requests.steps import agreed, started, wished
from tests.requests.triage.desk_steps import armed, claimed, line_sent, opened
from tests.visitors import tablet

from .screen_steps import answer, post, words_of


def test_could_not_ask_after_an_alert_is_no_no(cast: Cast) -> None:
    """Given an alert; when nobody could be asked; then no screen says that police were told of a no."""
    by = cast.recorder("norfolk")
    record = started(by, Danger.YES)
    client = tablet(cast, "norfolk", "AB")
    asked = words_of(post(client, "go", record, to="wish"))
    assert asked.count("They are told that police are not wanted") == 2
    assert "That stays; nothing else is sent" in asked
    shown = words_of(answer(client, record, "wish", wish="could_not_ask"))
    assert "not wanted" not in shown
    assert "Nothing else was sent" in shown


def test_after_a_no_the_support_screen_knows_what_was_sent(cast: Cast) -> None:
    """Given words that were agreed to; when the person says no; then nothing claims that no words were sent."""
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_NOW))
    shown = words_of(answer(tablet(cast, "norfolk", "AB"), record, "wish", wish="support"))
    assert "police are not wanted" in shown and "cannot be called back" in shown
    assert "No words were sent" not in shown and "in danger, and" not in shown


def test_the_receipt_says_nothing_twice_and_nothing_that_is_over(cast: Cast) -> None:
    """Given an alert on its receipt; when an officer reads it; then the part that changes by itself says only that."""
    by = cast.recorder("norfolk")
    record = started(by, Danger.YES)
    armed(cast.officer("norfolk"))
    client = tablet(cast, "norfolk", "AB")
    assert "No officer has read it yet" in words_of(post(client, "receipt", record))
    assert "when somebody reads it" in words_of(post(client, "live", record, part="receipt"))
    opened(cast.officer("norfolk"), record)
    later = words_of(post(client, "live", record, part="receipt"))
    assert "Read by an officer at" in later and "reads it" not in later and "No officer has read" not in later


def test_what_was_not_sent_bears_no_sign_of_done(cast: Cast) -> None:
    """Given support only; when its receipt is shown; then *not sent* is no line that is done."""
    by = cast.recorder("norfolk")
    shown = words_of(post(tablet(cast, "norfolk", "AB"), "receipt", wished(by, started(by), Wish.SUPPORT)))
    assert "Not yet: Not sent" in shown and "Done: Not sent" not in shown


def test_the_999_words_stay_until_somebody_rang(cast: Cast) -> None:
    """Given danger now and *not yet*; when the questions go on; then the words stay, once, until 999 was rung."""
    by = cast.recorder("norfolk")
    armed(cast.officer("norfolk"))
    record = started(by, Danger.YES)
    client = tablet(cast, "norfolk", "AB")
    for shown in (
        post(client, "go", record, to="again"),
        answer(client, record, "rung", rung="not_yet"),
        answer(client, record, "wish", wish="police_now"),
        answer(client, record, "agree", agree="yes"),
        post(client, "live", record, part="state"),
    ):
        assert shown.content.decode().count('<section class="ring"') == 1
    answer(client, record, "rung", rung="by_me")
    assert '<section class="ring"' not in post(client, "live", record, part="state").content.decode()


def test_the_999_words_name_the_place_of_the_record(cast: Cast) -> None:
    """Given a record from elsewhere; when it is taken up in another turn; then the words name that place, not home."""
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        record = actions.start_record(by=by, key=uuid4(), danger=Danger.YES, start=actions.Start(elsewhere="NR21LD"))
    shown = words_of(post(tablet(cast, "norfolk", "AB"), "resume", record))
    assert "NR21LD" in shown and cast.pharmacy("norfolk").full_address not in shown


def test_a_claim_on_which_nobody_acts_is_no_officer_dealing_with_it(cast: Cast) -> None:
    """Given a claim that lapsed; when no job has noticed; then the tablet says that nobody has it."""
    by = cast.officer("norfolk")
    record = claimed(by, started(cast.recorder("norfolk"), Danger.YES))
    with scoped(by.scope, read_only=True):
        settings = ForceSettings.objects.get(force_id=by.force_id)
    assert record.claimed_at is not None
    soon = states(record, settings, record.claimed_at, watched=True)
    late = states(record, settings, record.claimed_at + settings.claim_limit + timedelta(seconds=1), watched=True)
    assert "dealing with it" in soon[-1].text and not soon[-1].late
    assert "No officer has it now" in late[-1].text and late[-1].late


def test_the_cover_speaks_of_a_message_only_when_there_is_one(cast: Cast) -> None:
    """Given what was sent; when it is read, and when police write; then the cover says each, and no more."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    armed(officer)
    record = started(by, Danger.YES)
    client = tablet(cast, "norfolk")
    assert "not read yet" in words_of(client.get("/counter/"))
    opened(officer, record)
    assert "Read " in (read := words_of(client.get("/counter/"))) and "Message" not in read
    line_sent(officer, record)
    assert "Message waiting" in words_of(client.get("/counter/"))


def test_what_can_wait_does_not_call_for_the_phone(cast: Cast) -> None:
    """Given *police, but not now*, and nobody watching; when the tablet is covered; then nothing says *phone now*."""
    by = cast.recorder("norfolk")
    client = tablet(cast, "norfolk")
    agreed(by, wished(by, started(by), Wish.POLICE_LATER))
    later = client.get("/counter/")
    assert b'class="call-now"' not in later.content and "not read yet" in words_of(later)
    started(by, Danger.YES)
    assert b'class="call-now"' in client.get("/counter/").content
