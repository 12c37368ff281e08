"""Rows are reached through their owner, whatever the database would let through: the policies, asked as the tables' owner.

Row-level security is out of the way here, so what keeps another force's rows out is the code alone.
"""

import inspect
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import ProgrammingError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone

import pharmacies.policies
import requests.policies
from ani_portal.access.principals import Principal
from ani_portal.access.rings import declared
from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.accounts.models import User
from pharmacies.models import Administrator, Invitation, Pharmacy
from pharmacies.principals import digest
from tests.cast import Cast
from tests.requests.retention.steps import a_row_of_each
from tests.requests.triage.desk_steps import a_worked_record

OPEN = {table.name for table in declared() if not table.policies}
# What is meant for both: an offer of one force to another, and a pharmacy that no force has yet.
BOTH = {"offers_got", "stubs"}


def _policies(module: ModuleType) -> list[tuple[str, Callable[..., Any]]]:
    found: list[tuple[str, Callable[..., Any]]] = []
    for name, function in inspect.getmembers(module, inspect.isfunction):
        parameters = list(inspect.signature(function).parameters.values())
        if parameters and parameters[0].name == "by" and function.__module__.startswith(module.__name__):
            found.append((name, function))
    return found


ALL = _policies(requests.policies) + _policies(pharmacies.policies)


def _needed(function: Callable[..., Any]) -> list[inspect.Parameter]:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [one for one in parameters if one.default is inspect.Parameter.empty]


LISTS = [(name, one) for name, one in ALL if not _needed(one)]
BY_ID = [(name, one) for name, one in ALL if [p.annotation for p in _needed(one)] in ([UUID], [UUID | None])]


def _forces(row: Any) -> set[int]:
    """The forces that a row belongs to; none for what is public."""
    found = {getattr(row, name) for name in ("force_id", "from_force_id", "to_force_id") if hasattr(row, name)}
    for name in ("pharmacy", "record", "tablet", "staff"):
        owner = getattr(row, name, None) if not found - {None} else None
        if isinstance(owner, Model):
            found |= _forces(owner)
    return found - {None}


def _rows(found: Any) -> Iterable[Model]:
    if isinstance(found, Model):
        yield found
    elif isinstance(found, (list, tuple, QuerySet)):
        for one in found:
            yield from _rows(one)


def _who(cast: Cast) -> list[Principal]:
    coordinator = cast.officer("norfolk", 3)
    return [cast.officer("norfolk"), coordinator, cast.recorder("norfolk")]


@pytest.fixture
def both(cast: Cast) -> Cast:
    """Rows of nearly every kind, of both forces."""
    for short in ("norfolk", "cheshire"):
        a_row_of_each(cast, short)
        a_worked_record(cast, short)
        with using_role("owner"):
            site, user = cast.pharmacy(short), User.objects.get(email=cast.email(short, "auditor"))
            Administrator.objects.create(user=user, pharmacy=site)
            Invitation.objects.create(
                force=cast.force(short), kind="staff", pharmacy=site, name="Made-up", email="made-up@example.org",
                token_hash=digest(short), expires_at=timezone.now() + timedelta(days=1), made_by="nobody",
            )  # fmt: skip
    return cast


def test_a_list_holds_rows_of_its_owner_alone(both: Cast) -> None:
    """As a tablet, an officer and a supervisor of Norfolk: nothing of Cheshire's."""
    norfolk, cheshire = both.force("norfolk").pk, both.force("cheshire").pk
    wrong = []
    for by in _who(both):
        for name, policy in LISTS:
            with using_role("owner"), scoped(by.scope):
                for row in _asked(policy, by):
                    forces = _forces(row) if row._meta.db_table not in OPEN else set()
                    if cheshire in forces and not (name in BOTH and norfolk in forces):
                        wrong.append((name, str(by.role), type(row).__name__))
    assert not wrong, sorted(set(wrong))


def test_an_id_of_another_force_is_not_found(both: Cast) -> None:
    """Every id of every table that belongs to Cheshire, tried by Norfolk's people."""
    cheshire = both.force("cheshire").pk
    with using_role("owner"):
        ids = [
            row.pk
            for model in apps.get_models()
            if model._meta.db_table not in OPEN and model is not Pharmacy
            for row in model._default_manager.all()[:200]
            if isinstance(row.pk, UUID) and _forces(row) == {cheshire}
        ]
        ids.append(both.pharmacy("cheshire").pk)
    assert len(ids) > 10
    wrong = []
    for by in _who(both):
        with using_role("owner"), scoped(by.scope):
            for name, policy in BY_ID:
                wrong += [(name, type(row).__name__) for wanted in ids for row in _asked(policy, by, wanted)]
    assert sorted(set(wrong)) == []


def _asked(policy: Callable[..., Any], *arguments: Any) -> list[Model]:
    try:
        return list(_rows(policy(*arguments)))
    except (ValueError, Http404, ObjectDoesNotExist, ProgrammingError):
        return []  # not for this kind of person, not found, or asked of a function of the database, which scopes itself


def test_there_are_policies_to_ask() -> None:
    assert len(LISTS) > 20 and len(BY_ID) > 5
