"""A release can be rolled out, and back, while the release before it still runs: no migration breaks either."""

from typing import Any

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

OURS = ["accounts", "audit", "pharmacies", "requests", "sealing"]
# The last migration of each app in the newest release. Whoever makes a release moves these on (docs/operations.md);
# nothing is released yet, so they stand at the newest.
RELEASED = {
    "accounts": "0005_sign_in_through_a_force",
    "audit": "0003_anchor_sent",
    "pharmacies": "0014_tries_of_a_file",
    "requests": "0011_retention_by_two",
    "sealing": "0002_fingerprints",
}


def linter(**more: Any) -> MigrationLinter:
    """Locks, lost columns and columns that old code cannot fill are errors, warnings too."""
    return MigrationLinter(
        str(settings.BASE_DIR), include_apps=OURS, no_cache=True, no_output=True, analyser_string="postgresql",
        all_warnings_as_errors=True, **more,
    )  # fmt: skip


@pytest.mark.usefixtures("database")
def test_no_migration_since_the_release_breaks_what_runs() -> None:
    """Each that is newer than the newest release."""
    names = MigrationLoader(None).disk_migrations
    newer = [name for app, name in sorted(names) if app in OURS and name > RELEASED[app]]
    if newer:
        found = linter(include_name=newer)
        found.lint_all_migrations()
        assert not found.has_errors


@pytest.mark.usefixtures("database")
def test_a_breaking_migration_is_found() -> None:
    """One of before the first release dropped a column that the code before it reads."""
    found = linter(include_name=["0005_sealed_names_and_data_protection"])
    found.lint_all_migrations()
    assert found.has_errors
