"""Ready-made lines from police to the tablet."""

import pytest

from ani_portal.access.scope import scoped
from pharmacies.models import CannedLine
from requests import actions
from requests.policies import canned_lines, messages_of
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .desk_steps import claimed, line_sent


def test_the_tablet_reads_the_lines_of_its_own_open_record(cast: Cast) -> None:
    """Until it finishes; another tablet, another pharmacy and another force read none."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    line_sent(by, record, "may_wait")
    recorder = cast.recorder("norfolk")
    with scoped(recorder.scope):
        assert [message.text for message in messages_of(record)] == [
            "They may wait here if they want. Do not stop them leaving."
        ]
    for other in (cast.covered("norfolk", "Room"), cast.recorder("cheshire"), cast.officer("cheshire")):
        with scoped(other.scope):
            assert list(messages_of(record)) == []
    with scoped(recorder.scope):
        actions.put_away(by=recorder, record=record)
        assert list(messages_of(record)) == []
    with pytest.raises(actions.NotPossible, match="put the receipt away"):
        line_sent(by, record)


def test_lines_are_each_forces_own(cast: Cast) -> None:
    """No free text: what goes out is a row of the force, and never another force's."""
    by = cast.officer("norfolk")
    with scoped(by.scope):
        assert {line.force_id for line in canned_lines(by)} == {by.force_id}
        assert CannedLine.objects.exclude(force_id=by.force_id).count() == 0
        assert not any(
            "must stay" in line.text.lower() or "keep them" in line.text.lower() for line in canned_lines(by)
        )
