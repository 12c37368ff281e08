"""Each ring taken away in a copy of the tree: the tests of the others notice, so none is there for show."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.server import ROOT

WALK = "tests/ani_portal/test_every_address.py"
# What is taken away: in which file, which text by which, and where that must be noticed.
MUTANTS = {
    "the decorator": (
        "ani_portal/access/decorators.py",
        "    if not principal.may(permission):\n",
        "    if False:\n",
        WALK,
    ),
    "the refusal of views that declare nothing": (
        "ani_portal/access/middleware.py",
        'if getattr(view, "access", None) is None:',
        "if False:",
        WALK,
    ),
    "signing in": (
        "ani_portal/accounts/standing.py",
        "    if not factors.passed(request):\n        raise NeedsFactor\n",
        "",
        "tests/e2e/doors/test_second_factor.py",
    ),
    "owner scoping and row-level security together": (
        "ani_portal/access/rings.py",
        'made.append(f"alter table {table} enable row level security")',
        'made.append(f"alter table {table} disable row level security")',
        "tests/ani_portal/test_rings.py",
    ),
    "the lock": (
        "ani_portal/accounts/standing.py",
        "        raise Locked(ended=stands is Standing.ENDED)\n",
        "        pass\n",
        "tests/e2e/doors/test_lock.py",
    ),
    "asking again": (
        "ani_portal/accounts/standing.py",
        "        raise AskAgain\n",
        "        pass\n",
        "tests/e2e/doors/test_lock.py",
    ),
    "the restriction to named officers": (
        "requests/rings.py",
        "(r.restricted_at is null or ani.sees_restricted(r.id))",
        "true",
        "tests/ani_portal/doors/test_restricted.py",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MUTANTS)
def test_a_ring_taken_away_is_noticed(name: str, tmp_path: Path) -> None:
    """Given a copy without one ring; its tests fail."""
    file, old, new, tests = MUTANTS[name]
    copy = tmp_path / "copy"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for path in filter(None, listed.decode().split("\0")):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_file():
            shutil.copy(ROOT / path, copy / path)
    for kept in ("staticfiles", "node_modules"):
        if (ROOT / kept).exists():
            (copy / kept).symlink_to(ROOT / kept)
    text = (copy / file).read_text()
    assert text.count(old) == 1, "what was to be taken away is not there"
    (copy / file).write_text(text.replace(old, new))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", tests, "-q", "-x", "-p", "no:cacheprovider"],
        cwd=copy, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert " failed" in done.stdout
