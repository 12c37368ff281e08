"""Nothing released can be called back, and each side of a record keeps to its own: tried in raw SQL."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.access.principals import Principal
from requests.enums import Danger, Wish
from requests.models import Entry
from tests.cast import Cast
from tests.visitors import raw

from .steps import a_record_with_everything, overridden, said, started, wished

REFUSED = (psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)


def _refused(urls: dict[str, str], by: Principal, change: str, record: object) -> bool:
    with raw(urls, by.scope) as connection:
        try:
            done = connection.execute(f"update requests_codewordrequest set {change} where id = %s", [record])
        except REFUSED:
            return True
        return done.rowcount == 0


RELEASES = ("alerted_at", "agreed_at", "overridden_at")


@pytest.mark.parametrize("column", [*RELEASES, "read_at"])
def test_a_release_cannot_be_taken_away_or_moved(cast: Cast, urls: dict[str, str], column: str) -> None:
    """Not by the tablet that released it, not by an officer, not by the worker, not even by the owner."""
    by = cast.recorder("norfolk")
    record = a_record_with_everything(cast, "norfolk")
    overridden(by, record)
    with raw(urls, cast.officer("norfolk").scope) as police:
        read = "update requests_codewordrequest set state = 'read', read_at = now(), read_by_id = %s where id = %s"
        police.execute(read, [cast.officer("norfolk").actor.id, record.pk])
        police.commit()
    for change in (f"{column} = null", f"{column} = {column} + interval '1 hour'"):
        for principal in (by, cast.covered("norfolk"), cast.officer("norfolk"), cast.officer("norfolk", 3)):
            assert _refused(urls, principal, change, record.pk), (principal.role, change)
        for role in ("DATABASE_WORKER_URL", "DATABASE_OWNER_URL"):
            with psycopg.connect(urls[role]) as connection, pytest.raises(REFUSED):
                connection.execute(f"update requests_codewordrequest set {change} where id = %s", [record.pk])


@pytest.mark.parametrize(
    "change",
    ["state = 'draft'", "state = 'settled'", "started_at = now()", "reference = 'AAA-AAA'", "finished_at = now()",
     "pharmacy_id = gen_random_uuid()", "tablet_id = gen_random_uuid()", "is_drill = true", "released_at = null",
     "words_released = false", "mistaken_at = now()"],
)  # fmt: skip
def test_a_released_record_cannot_be_made_unreleased_or_another(cast: Cast, urls: dict[str, str], change: str) -> None:
    record = a_record_with_everything(cast, "norfolk")
    for principal in (cast.recorder("norfolk"), cast.officer("norfolk")):
        if change.startswith(("released", "words")):
            with raw(urls, principal.scope) as connection, pytest.raises(psycopg.Error, match=r"permission|generated"):
                connection.execute(f"update requests_codewordrequest set {change} where id = %s", [record.pk])
        else:
            assert _refused(urls, principal, change, record.pk), principal.role


def test_a_record_and_its_entries_cannot_be_deleted(cast: Cast, urls: dict[str, str]) -> None:
    """Neither directly nor through the functions for what was never released."""
    record = a_record_with_everything(cast, "norfolk")
    entries = Entry.objects.using("owner").filter(record=record)
    before = list(entries.order_by("pk").values_list())
    for principal in (cast.recorder("norfolk"), cast.officer("norfolk")):
        for table, column in (
            ("requests_codewordrequest", "id"), ("requests_entry", "record_id"), ("vault.record_key", "record_id"),
        ):  # fmt: skip
            with raw(urls, principal.scope) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"delete from {table} where {column} = %s", [record.pk])
        with raw(urls, principal.scope) as connection:
            assert connection.execute("select ani.forget(%s)", [record.pk]).fetchone() == (False,)
        with raw(urls, principal.scope) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select ani.destroy_words(%s)", [record.pk])
    with raw(urls, cast.covered("norfolk").scope) as connection:  # putting it away leaves what was released
        assert connection.execute("select ani.put_away(%s)", [record.pk]).fetchone() == ("waiting",)
        connection.commit()
    assert before and list(entries.order_by("pk").values_list()) == before


def test_an_entry_is_never_overwritten(cast: Cast, urls: dict[str, str]) -> None:
    record = a_record_with_everything(cast, "norfolk")
    for principal in (cast.recorder("norfolk"), cast.officer("norfolk")):
        for change in ("sealed = ''", "level = 'alert'", "at = now()", "kind = 'note'", "staff_id = null"):
            with raw(urls, principal.scope) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"update requests_entry set {change} where record_id = %s", [record.pk])


@pytest.mark.parametrize(
    "change",
    ["agreed_at = now()", "withdrawn_at = null", "alerted_at = now()", "wish = 'police_now'", "danger = 'no'",
     "overridden_at = now(), override_reason = 'serious_harm', override_told = 'yes'"],
)  # fmt: skip
def test_the_desk_cannot_release_words_to_itself(cast: Cast, urls: dict[str, str], change: str) -> None:
    """An alert whose person does not want police, in an officer's scope."""
    by = cast.recorder("norfolk")
    record = wished(by, started(by, Danger.YES), Wish.SPACE)
    assert _refused(urls, cast.officer("norfolk"), change, record.pk)
    agreed = a_record_with_everything(cast, "norfolk")
    wished(by, agreed, Wish.SUPPORT)
    assert _refused(urls, cast.officer("norfolk"), change, agreed.pk)


@pytest.mark.parametrize(
    "change",
    ["state = 'read', read_at = now(), read_by_id = %s", "state = 'claimed', claimed_at = now(), claimed_by_id = %s",
     "state = 'closed', outcome = 'attended', closed_at = now(), closed_by_id = %s"],
)  # fmt: skip
def test_the_tablet_cannot_read_claim_or_close_for_police(cast: Cast, urls: dict[str, str], change: str) -> None:
    record = a_record_with_everything(cast, "norfolk")
    officer = cast.officer("norfolk").actor.id
    assert _refused(urls, cast.recorder("norfolk"), change.replace("%s", f"'{officer}'"), record.pk)


def test_an_officer_can_only_acknowledge_an_information_line(cast: Cast, urls: dict[str, str]) -> None:
    """Not change what it says, and not delete it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "insert into requests_informationline (id, force_id, day, wanted, district_name, is_drill)"
            " values (gen_random_uuid(), %s, %s, 'space', '', false)",
            [cast.force("norfolk").pk, timezone.localdate() - timedelta(days=1)],
        )
    officer = cast.officer("norfolk").scope
    for query in (
        "update requests_informationline set wanted = 'support'", "update requests_informationline set day = day - 1",
        "delete from requests_informationline",
    ):  # fmt: skip
        with raw(urls, officer) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(query)


def test_words_before_a_release_are_read_by_nobody_at_the_desk(cast: Cast, urls: dict[str, str]) -> None:
    """Also not by asking for the entry alone, or for the key."""
    by = cast.recorder("norfolk")
    record = wished(by, started(by), Wish.POLICE_NOW)
    said(by, record)
    for number in (1, 3):
        with raw(urls, cast.officer("norfolk", number).scope) as police:
            for table in ("requests_entry", "vault.record_key", "requests_codewordrequest"):
                assert police.execute(f"select count(*) from {table}").fetchone() == (0,)
