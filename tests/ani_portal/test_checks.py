"""What keeps the portal from starting where a promise cannot be kept, and what CI holds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STUB = "Metadata-Version: 2.1\nName: requests\nVersion: 2.99\n"


def _check(*paths: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys, runpy; sys.path[:0] = sys.argv[2:]; sys.argv[1:] = ['check'];"
    code += " runpy.run_path('manage.py', run_name='__main__')"
    environment = {"ANI_TRYOUT": "1", "PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, "check", *map(str, paths)],
        cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_it_refuses_to_start_beside_the_library_that_its_app_hides(tmp_path: Path) -> None:
    """With a distribution of that name installed: an error with its number, and what to do."""
    clean = _check()
    assert clean.returncode == 0, clean.stderr
    stub = tmp_path / "requests-2.99.dist-info"
    stub.mkdir()
    (stub / "METADATA").write_text(STUB)
    refused = _check(tmp_path)
    assert refused.returncode != 0
    assert "ani_portal.E001" in refused.stderr and "httpx does the same work" in refused.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_no_lock_file_holds_it_or_names_a_registry(name: str) -> None:
    """Every package with hashes; no index, no address."""
    text = (ROOT / name).read_text()
    packages = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)
    assert packages and "requests" not in {package.lower() for package in packages}
    assert "--index-url" not in text and "://" not in text
    assert text.count("--hash=sha256:") >= len(packages)


def test_no_lock_file_of_the_front_end_names_a_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_our_app_is_what_its_name_imports() -> None:
    import requests

    assert Path(str(requests.__file__)).parent == ROOT / "requests"


def test_make_check_holds_the_import_contracts_and_the_rest() -> None:
    script = (ROOT / "scripts" / "check").read_text()
    for tool in ("ruff", "mypy", "lint-imports", "djade", "deptry", "makemigrations --check", "generate --check"):
        assert tool in script, tool


def test_an_import_that_looks_up_is_refused(tmp_path: Path) -> None:
    """The contract is alive: the same one, with one import too many, fails."""
    package = tmp_path / "requests"
    for folder in (package, package / "counter"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    (package / "models.py").write_text("import requests.counter\n")
    (tmp_path / "contracts.toml").write_text(
        '[tool.importlinter]\nroot_package = "requests"\n[[tool.importlinter.contracts]]\nname = "doors"\n'
        'type = "layers"\nlayers = ["requests.counter", "requests.models"]\n'
    )
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--config", "contracts.toml", "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "BROKEN" in done.stdout
