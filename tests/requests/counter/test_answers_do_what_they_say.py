"""A button of the tablet does what stands on it, and nothing else."""

from ani_portal.access.roles import using_role
from requests.enums import Wish
from tests.cast import Cast
from tests.requests.steps import agreed, started, wished
from tests.visitors import tablet

from .screen_steps import answer, words_of


def test_skip_saves_nothing(cast: Cast) -> None:
    """Given words in a box; when *Skip* is pressed; then nothing of them is kept and the next question is asked."""
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_LATER))
    client = tablet(cast, "norfolk", "AB")
    shown = answer(client, record, "words", own_words="PLANTED and not wanted", skip="1")
    assert "What you were told" in words_of(shown)
    with using_role("owner"):
        assert not record.entries.exists()
