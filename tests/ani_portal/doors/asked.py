"""All that the portal reads from whoever asks: names of fields, parameters, headers and cookies, found in its own code.

Forms are found by their class, with their prefix; what views and middleware read themselves, by reading their source. A way
of reading that is not understood here fails the test that asks for the names, so nothing goes untried unnoticed.
"""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django import forms
from django.conf import settings
from django.test import RequestFactory
from django.urls import get_resolver

OURS = ("ani_portal", "pharmacies", "requests")
# Read for us by what we build on: its middleware, and the request itself.
BESIDE = ("django.http.request", "django.middleware.csrf", "django.middleware.security", "django.middleware.common",
          "django.contrib.sessions.middleware", "django.views.static", "django.utils.cache", "django_htmx.middleware",
          "allauth.core.internal.httpkit", "allauth.account.middleware", "whitenoise.responders", "csp.middleware")  # fmt: skip
FIELDS, HEADERS, COOKIES, FILES = "fields", "headers", "cookies", "files"
READ = {"POST": FIELDS, "GET": FIELDS, "FILES": FILES, "headers": HEADERS, "COOKIES": COOKIES, "META": "meta"}
ASKING = ("get", "getlist", "pop")


class Found:
    """The names, and the places in our own code that were not understood."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {FIELDS: set(), HEADERS: set(), COOKIES: set(), FILES: set()}
        self.choices: dict[str, set[str]] = {}  # what a field is meant to take
        self.not_understood: list[str] = []

    def add(self, kind: str, name: str) -> None:
        if kind == "meta":
            if not name.startswith("HTTP_"):
                return  # the server's own word, or ours
            kind, name = HEADERS, name.removeprefix("HTTP_").replace("_", "-").title()
        self.names[kind].add(name)


@cache
def asked() -> Found:
    """Everything that is asked of a request."""
    assert get_resolver().url_patterns  # loads every view, and with them every form
    found = Found()
    for package in OURS:
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*.py")):
            if "migrations" not in path.parts and "management" not in path.parts:
                _read(found, path, ours=True)
    for name in BESIDE:
        _read(found, Path(str(importlib.import_module(name).__file__)), ours=False)
    for form in _forms(forms.BaseForm):
        prefix = f"{form.prefix}-" if getattr(form, "prefix", None) else ""
        for name, field in form.base_fields.items():
            found.names[FILES if isinstance(field, forms.FileField) else FIELDS].add(prefix + name)
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                found.choices.setdefault(prefix + name, set()).update(str(key) for key, _label in list(field.choices))  # type: ignore[arg-type]
    found.names[COOKIES] |= {
        str(getattr(settings, name)) for name in dir(settings) if name.endswith("_COOKIE_NAME")
    }  # fmt: skip
    proxy, _value = settings.SECURE_PROXY_SSL_HEADER or ("HTTP_X_FORWARDED_PROTO", "")
    found.add("meta", proxy)
    return found


def _forms(parent: type[Any]) -> Iterator[type[Any]]:
    for one in parent.__subclasses__():
        if one.__module__.split(".")[0] in (*OURS, "allauth"):
            yield one
        yield from _forms(one)


def _read(found: Found, path: Path, *, ours: bool) -> None:
    tree = ast.parse(path.read_text())
    module = importlib.import_module(_name(path)) if ours else None
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        kind, name = _asks(node)
        if kind is None or name is None:
            continue
        said = _words(name, module, parents)
        for word in said:
            found.add(kind, word)
        if ours and not said:
            found.not_understood.append(f"{path.name}:{name.lineno} {ast.unparse(name)}")


def _name(path: Path) -> str:
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _of(node: ast.AST) -> str | None:
    """What of a request this is: `request.POST`, `self.headers`, `request.META`."""
    if isinstance(node, ast.Attribute) and node.attr in READ and isinstance(node.value, (ast.Name, ast.Attribute)):
        owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
        return READ[node.attr] if owner in ("request", "self", "_request") else None
    return None


def _asks(node: ast.AST) -> tuple[str | None, ast.expr | None]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return _of(node.value), node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING and node.args:
        return _of(node.func.value), node.args[0]
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
        return _of(node.comparators[0]), node.left
    return None, None


def _words(name: ast.expr, module: ModuleType | None, parents: dict[ast.AST, ast.AST]) -> list[str]:
    """Which words an expression can be: itself, a constant of the module, a setting, one of a list, or what callers say."""
    if isinstance(name, ast.Constant):
        return [str(name.value)]
    if isinstance(name, ast.Attribute):
        owner = getattr(module, ast.unparse(name.value), settings) if module else settings
        value = getattr(owner, name.attr, None)
        return [value] if isinstance(value, str) else []
    if isinstance(name, ast.Call) and module:
        return _made(name, module)
    if not isinstance(name, ast.Name):
        return []
    if module and isinstance(value := getattr(module, name.id, None), str):
        return [value]
    return _looped(name, module, parents) + _called(name, parents) + _assigned(name, module, parents)


def _made(call: ast.Call, module: ModuleType) -> list[str]:
    """A name that a function of ours gives: of nothing, or of a request."""
    maker = getattr(module, ast.unparse(call.func), None)
    if not callable(maker):
        return []
    return [str(maker(RequestFactory().get("/")) if call.args else maker())]


def _looped(name: ast.Name, module: ModuleType | None, parents: dict[ast.AST, ast.AST]) -> list[str]:
    node: ast.AST | None = name
    while node is not None:
        for loop in [*getattr(node, "generators", []), node]:
            if isinstance(target := getattr(loop, "target", None), ast.Name) and target.id == name.id:
                over = loop.iter
                value = getattr(module, over.id, ()) if isinstance(over, ast.Name) else _list(over)
                return [str(one) for one in value]
        node = parents.get(node)
    return []


def _list(node: ast.expr) -> list[str]:
    found: list[str] = ast.literal_eval(node) if isinstance(node, (ast.Tuple, ast.List)) else []
    return found


def _function(node: ast.AST | None, parents: dict[ast.AST, ast.AST]) -> ast.FunctionDef | None:
    while node is not None and not isinstance(node, ast.FunctionDef):
        node = parents.get(node)
    return node


def _assigned(name: ast.Name, module: ModuleType | None, parents: dict[ast.AST, ast.AST]) -> list[str]:
    """What the function made of a call before: `name, other = cookie_name(request), …`."""
    for node in ast.walk(_function(name, parents) or name):
        if not isinstance(node, ast.Assign) or module is None:
            continue
        left, right = node.targets[0], node.value
        both = isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple)
        pairs = zip(left.elts, right.elts, strict=True) if both else [(left, right)]  # type: ignore[attr-defined]
        for target, value in pairs:
            if isinstance(target, ast.Name) and target.id == name.id and isinstance(value, ast.Call):
                return _made(value, module)
    return []


def _called(name: ast.Name, parents: dict[ast.AST, ast.AST]) -> list[str]:
    """The parameter of a helper: whatever the module calls it with."""
    helper = _function(name, parents)
    if helper is None or name.id not in (names := [one.arg for one in helper.args.args]):
        return []
    place, found = names.index(name.id), []
    for call in parents:
        if isinstance(call, ast.Call) and ast.unparse(call.func) in (helper.name, f"self.{helper.name}"):
            at = place - (names[0] == "self")
            said = call.args[at] if len(call.args) > at else None
            found += [str(said.value)] if isinstance(said, ast.Constant) else []
    return found
