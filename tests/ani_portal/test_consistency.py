"""What every part of the house keeps to, found by reading the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ani_portal.access.permissions import ROLES, Permission

from .test_every_address import ROUTES

ROOT = Path(settings.BASE_DIR)
OURS = ("ani_portal", "pharmacies", "requests")
VIEWS = sorted(
    path
    for app in OURS
    for path in (ROOT / app).rglob("*.py")
    if path.stem == "views" or path.parent.name == "views" or "\n@allow(" in path.read_text()
)
METHODS = {"require_POST", "require_safe", "require_GET", "require_http_methods"}
GETTERS = {"get_object_or_404", "get_list_or_404"}


def _named(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node).rsplit(".", 1)[-1]


def _views(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and {"allow", "public"} & {_named(one) for one in node.decorator_list}:
            yield node


def test_there_are_views_to_look_at() -> None:
    assert len(VIEWS) >= 5
    assert sum(1 for path in VIEWS for _view in _views(path)) >= 30


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_views_reach_rows_only_through_policies(path: Path) -> None:
    """No manager of a model and no getter by a bare model: whose rows they are is decided in one place."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("objects", "_default_manager", "_base_manager"), f"line {node.lineno}"
        if isinstance(node, ast.Call):
            assert _named(node) not in GETTERS, f"line {node.lineno}"
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            assert "connection" not in {alias.name for alias in node.names} or path.parent.name == "ani_portal"


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_permission_stands_outermost_then_the_method(path: Path) -> None:
    """A method decorator above the permission hides that it is missing; without one every method runs the view."""
    for view in _views(path):
        names = [_named(one) for one in view.decorator_list]
        assert names[0] in ("allow", "public"), f"{view.name}: {names}"
        assert METHODS & set(names), f"{view.name}: {names}"
        first = min(place for place, name in enumerate(names) if name in METHODS)
        assert set(names[1:first]) <= {"same_origin_post", "csrf_exempt", "csrf_protect", "asks_again"}, (
            f"{view.name}: {names}"
        )


def test_every_permission_is_enforced_by_some_view_and_held_by_some_role() -> None:
    """At every door that has an address."""
    enforced = {route.view.access for route in ROUTES if isinstance(route.view.access, Permission)}
    doors = {permission.door for permission in enforced}
    assert {one.name for one in Permission if one.door in doors and one not in enforced} == set()
    held = set().union(*ROLES.values())
    assert {one.name for one in Permission if one not in held} == set()


EXEMPT = {
    "/sign-in/force/<slug:code>/finish/": "checks where the post comes from, and a state that only the browser which began has",
    "/sign-in/force/<slug:code>/log-out/": "a server posts it, with a token that its provider signed",
}


def test_no_view_is_exempt_from_the_form_token_but_the_tablets() -> None:
    """Those check where the post comes from instead."""
    for route in ROUTES:
        if getattr(route.view, "csrf_exempt", False):
            assert route.path.startswith("/counter/") or route.path in EXEMPT, route.path


def test_ids_in_addresses_are_random() -> None:
    """No number that counts up, which would tell how many there are; but for what is one person's own."""
    for route in ROUTES:
        assert route.path.startswith("/account/") or not re.search(r"<int:", route.path), route.path


def test_every_function_says_what_it_is_for() -> None:
    """Public functions and classes have a docstring, modules one as well where they hold any."""
    bare = []
    for app in OURS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.parse(path.read_text()).body:
                if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
                    continue
                if ast.get_docstring(node) is None:
                    bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bare == []
