"""Each ring taken away in a copy of the tree: the tests of the others notice, so none is there for show."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.server import ROOT

WALK = "tests/ani_portal/test_every_address.py"
DOORS = "tests/ani_portal/doors"
# What is taken away: in which file, which text by which, and the tests that must notice.
MUTANTS: dict[str, tuple[str, str, str, list[str]]] = {
    "the decorator: the permission is not looked at": (
        "ani_portal/access/decorators.py",
        "    if not principal.may(permission):\n",
        "    if False:\n",
        [f"{WALK}::test_only_refusal_except_where_the_table_says_otherwise", "-k", "norfolk-officer4"],
    ),
    "the log-in middleware: a view that declares nothing is let through": (
        "ani_portal/access/middleware.py",
        'if getattr(view, "access", None) is None:',
        "if False:",
        [WALK, "-k", "forgotten or declares_nothing"],
    ),
    "the log-in middleware is not there": (
        "ani_portal/settings.py",
        '    "ani_portal.access.middleware.DeclaredAccessMiddleware",\n',
        "",
        [WALK, "-k", "forgotten"],
    ),
    "the second factor": (
        "ani_portal/accounts/standing.py",
        "    if not factors.passed(request):\n        raise NeedsFactor\n",
        "",
        [f"{WALK}::test_only_refusal_except_where_the_table_says_otherwise", "-k", "password"],
    ),
    "owner scoping: records": (
        "requests/policies.py",
        "filter(force_id=by.force_id, released_at__isnull=False)",
        "filter(released_at__isnull=False)",
        [f"{DOORS}/test_owner_scoping.py"],
    ),
    "owner scoping: pharmacies": (
        "pharmacies/policies/sites.py",
        "        return Pharmacy.objects.filter(force_id=by.force_id)\n",
        "        return Pharmacy.objects.all()\n",
        [f"{DOORS}/test_owner_scoping.py"],
    ),
    "row-level security": (
        "ani_portal/access/rings.py",
        'made.append(f"alter table {table} enable row level security")',
        'made.append(f"alter table {table} disable row level security")',
        ["tests/ani_portal/test_rings.py"],
    ),
    "a new PIN opens what is older": (
        "requests/rings.py",
        " and at >= (select ani.since())",
        "",
        [f"{DOORS}/test_pins_and_locums.py", "-k", "reset_opens"],
    ),
    "the restriction to named officers": (
        "requests/rings.py",
        "(r.restricted_at is null or ani.sees_restricted(r.id))",
        "true",
        [f"{DOORS}/test_restricted.py"],
    ),
    "the session's hash": (
        "ani_portal/accounts/hashed_sessions.py",
        '    return hmac.digest(settings.SECRET_KEY.encode(), b"session|" + secret.encode(), "sha256").hex()[:40]\n',
        "    return secret[:40]\n",
        [f"{DOORS}/test_stolen_sessions.py"],
    ),
    "the lock": (
        "ani_portal/accounts/standing.py",
        "        raise Locked(ended=stands is Standing.ENDED)\n",
        "        pass\n",
        ["tests/e2e/doors/test_lock.py"],
    ),
    "asking again": (
        "ani_portal/accounts/standing.py",
        "        raise AskAgain\n",
        "        pass\n",
        ["tests/e2e/doors/test_lock.py"],
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
        [sys.executable, "-m", "pytest", *tests, "-q", "-x", "-m", "not long", "-p", "no:cacheprovider"],
        cwd=copy, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert " failed" in done.stdout
