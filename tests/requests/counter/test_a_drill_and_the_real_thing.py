"""Practice looks like practice, and what is real never does."""

from tests.cast import Cast

from .screen_steps import answer, begun, newest, post, words_of


def test_a_real_alarm_in_a_drill_never_says_drill(cast: Cast) -> None:
    """Given a turn of practice; when *Urgent help* is used; then no screen of the real record says that it is a drill."""
    client = begun(cast, drill=True)
    assert "DRILL" in words_of(post(client, "answer", step="danger", danger="no"))
    assert newest().is_drill
    shown = post(client, "send")
    record = newest()
    assert not record.is_drill
    for screen in (shown, answer(client, record, "rung", rung="not_yet"), post(client, "receipt", record)):
        assert "DRILL" not in words_of(screen)
