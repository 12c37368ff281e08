"""Practice looks like practice, and what is real never does."""

from uuid import uuid4

from ani_portal.access.roles import using_role
from requests.models import CodewordRequest
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


def test_danger_now_on_a_drills_receipt_is_real(cast: Cast) -> None:
    """Given the receipt of a drill; when *Danger now* is pressed, twice; then police get one real record, the drill stays."""
    client = begun(cast, drill=True)
    post(client, "answer", step="danger", danger="no")
    drill = newest()
    receipt = post(client, "receipt", drill)
    assert "This button is real" in words_of(receipt)
    key = str(uuid4())
    for _press in range(2):
        assert "DRILL" not in words_of(post(client, "send", drill, key=key))
    with using_role("owner"):
        made = list(CodewordRequest.objects.exclude(pk=drill.pk))
        assert [(one.is_drill, one.alerted_at is not None) for one in made] == [(False, True)]
        assert CodewordRequest.objects.get(pk=drill.pk).alerted_at is None
