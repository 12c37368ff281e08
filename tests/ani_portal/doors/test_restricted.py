"""Words about somebody connected with the force: read by its named officers, or loudly."""

from uuid import uuid4

import pytest
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import Officer
from requests.actions import break_glass
from requests.models import CodewordRequest, Entry
from requests.policies import released_record
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything


@pytest.fixture
def restricted(cast: Cast) -> CodewordRequest:
    """A record with words, restricted."""
    record = a_record_with_everything(cast, "norfolk")
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_codewordrequest set restricted_at = now() where id = %s", [record.pk])
        cursor.execute("delete from requests_glassbroken")
    return record


def _words(cast: Cast, record: CodewordRequest, number: int, short: str = "norfolk") -> int:
    with scoped(cast.officer(short, number).scope):
        return Entry.objects.filter(record_id=record.pk, level="words").count()


def test_words_are_for_named_officers_and_the_place_for_all(cast: Cast, restricted: CodewordRequest) -> None:
    """In the database: an officer, the supervisor, a named officer, and one named by another force."""
    assert [_words(cast, restricted, number) for number in (1, 2, 3)] == [0, 0, 0]
    with using_role("owner"):
        Officer.objects.filter(pk__in=[cast.officer("norfolk", 2).actor.id, cast.officer("cheshire").actor.id]).update(
            conflict=True
        )
    assert _words(cast, restricted, 2) > 0
    assert _words(cast, restricted, 1) == 0
    assert _words(cast, restricted, 1, "cheshire") == 0
    by = cast.officer("norfolk")
    with scoped(by.scope):
        assert released_record(by, restricted.pk).pharmacy.ods_code == "FAR67"


def test_breaking_the_glass_opens_it_for_one_officer_and_an_hour_and_says_so(
    cast: Cast, restricted: CodewordRequest
) -> None:
    """A row of the force's log; a colleague still reads nothing; after an hour it is closed."""
    by = cast.officer("norfolk")
    with scoped(by.scope):
        break_glass(by=by, record=released_record(by, restricted.pk), reason="PLANTED reason")
    assert _words(cast, restricted, 1) > 0
    assert _words(cast, restricted, 2) == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select chain, actor_id, detail from audit_auditentry where event = 'record.glass_broken' and object_id = %s"
            " and actor_id = %s",
            [str(restricted.pk), by.actor.id],
        )
        assert cursor.fetchall() == [(cast.force("norfolk").pk, by.actor.id, "")]
        cursor.execute("update requests_glassbroken set at = now() - interval '61 minutes'")
    assert _words(cast, restricted, 1) == 0


def test_nobody_breaks_it_for_another_or_from_elsewhere(cast: Cast, restricted: CodewordRequest) -> None:
    """The database takes the row only from the officer themselves, of the record's force."""
    for who, officer in ((cast.officer("norfolk"), cast.officer("norfolk", 2)), (cast.officer("cheshire"),) * 2):
        with pytest.raises(Exception, match="row-level security"), scoped(who.scope):
            with connections["default"].cursor() as cursor:
                cursor.execute(
                    "insert into requests_glassbroken (id, record_id, force_id, officer_id, at) values (%s, %s, %s, %s, now())",
                    [uuid4(), restricted.pk, who.force_id, officer.actor.id],
                )
