"""The parts of the docs that are made from the code, so that they cannot lie."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from ani_portal import environment
from ani_portal.access.permissions import ROLES, Permission
from ani_portal.access.rings import declared
from requests import states
from requests.retention import docs as retention_docs

HEAD = "<!-- Made from the code by `make docs`; `make check` compares it. -->\n\n"


class Command(BaseCommand):
    """Write docs/reference/, or say what of it is out of date."""

    help = "Writes the generated parts of the docs; with --check only compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail if something is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = settings.BASE_DIR / "docs" / "reference"
        stale = []
        for name, text in pages().items():
            page = folder / name
            if page.exists() and page.read_text() == text:
                continue
            stale.append(name)
            if not options["check"]:
                folder.mkdir(parents=True, exist_ok=True)
                page.write_text(text)
        if stale and options["check"]:
            raise CommandError(f"Out of date in docs/reference: {', '.join(stale)}. `make docs` writes them.")


def pages() -> dict[str, str]:
    """Each generated page by its name."""
    return {
        "states.md": _states(),
        "permissions.md": _permissions(),
        "tables.md": _tables(),
        "settings.md": HEAD + environment.page(),
        **_data_protection(),
    }


def _data_protection() -> dict[str, str]:
    return {
        "../data-protection/data-map.md": HEAD + retention_docs.data_map(),
        "../data-protection/retention.md": HEAD + retention_docs.retention(),
    }


def _states() -> str:
    rows = ["| move | from | to | who | in the log |", "|---|---|---|---|---|"]
    for move in states.MOVES:
        sources = ", ".join(move.sources)
        rows.append(f"| {move.name} | {sources} | {move.target} | {move.by} | `{move.event}` |")
    picture = f"```mermaid\n{states.picture()}```\n"
    return f"{HEAD}# How a record moves\n\n{picture}\n" + "\n".join(rows) + "\n"


def _permissions() -> str:
    roles = ["| role | permissions |", "|---|---|"]
    roles += [f"| {role} | {', '.join(sorted(p.name for p in held))} |" for role, held in ROLES.items()]
    sentences = ["| permission | door | what it means |", "|---|---|---|"]
    sentences += [f"| {p.name} | {p.door} | {p.sentence} |" for p in Permission]
    urls = ["| address | who may ask | logged as |", "|---|---|---|"]
    for route, view in routes():
        access = getattr(view, "access", None)
        who = access.name if isinstance(access, Permission) else f"public: {access}"
        urls.append(f"| `/{route}` | {who} | {getattr(view, 'logs', '') or ''} |")
    tables = ["\n".join(table) for table in (roles, sentences, urls)]
    return (
        f"{HEAD}# Who may do what\n\n## Roles\n\n{tables[0]}\n\n## Permissions\n\n{tables[1]}\n\n"
        f"## Addresses\n\n{tables[2]}\n"
    )


def routes(resolver: Any = None, before: str = "") -> list[tuple[str, Any]]:
    """Every address of the portal with its view."""
    found: list[tuple[str, Any]] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found += routes(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append((before + str(pattern.pattern), pattern.callback))
    return found


def _tables() -> str:
    lines = [
        f"{HEAD}# Who may touch which table\n",
        "Roles are those of docs/security.md; rules are row-level security.\n",
    ]
    for table in sorted(declared(), key=lambda table: table.name):
        lines.append(f"## `{table.name}`\n")
        lines += [f"- {role}: {grants}" for role, grants in table.grants.items()] or ["- nobody but the owner"]
        if table.open:
            lines.append(f"- no row rules: {table.open}")
        for policy in table.policies:
            rule = " / ".join(part for part in (policy.using, policy.check and f"new rows: {policy.check}") if part)
            lines.append(f"- {policy.role}, {policy.command}, *{policy.name}*: `{rule}`")
        lines.append("")
    return "\n".join(lines)
