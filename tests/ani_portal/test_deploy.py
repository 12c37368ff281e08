"""The examples in deploy/: what the machine can check of them is well formed, and they name what there is."""

import re
import subprocess

from tests.e2e.server import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def test_the_script_finds_nothing_wrong() -> None:
    """It says what it checked and what it could not: nginx is there in every run (`make test` brings it)."""
    done = subprocess.run(
        ["bash", "scripts/check-deploy"], cwd=ROOT, text=True, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nginx: well formed." in done.stdout


def test_each_command_of_a_unit_is_one_of_ours() -> None:
    """A unit that starts what no longer exists fails in the night."""
    listed = subprocess.run(
        ["bash", "-c", ".venv/bin/python -W ignore manage.py help --commands"], cwd=ROOT, text=True,
        capture_output=True, check=True, timeout=60, env={"ANI_TRYOUT": "1", "PATH": "/usr/bin:/bin"},
    ).stdout.split()  # fmt: skip
    for unit in UNITS:
        (command,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        if found := re.search(r"manage\.py (\w+)", command):
            assert found[1] in listed, unit.name
        else:
            assert "python:ani_portal.gunicorn ani_portal.asgi:application" in command, unit.name


def test_who_writes_files_may() -> None:
    """Under ProtectSystem=strict nothing can be written but what a unit names: disposals and backups need their folder."""
    for name in ("worker", "backup"):
        said = (ROOT / "deploy" / "systemd" / f"ani-portal-{name}.service").read_text()
        assert "ProtectSystem=strict" in said and "ReadWritePaths=/var/lib/ani-portal" in said, name


def test_the_container_holds_no_key() -> None:
    """What a try-out leaves on a machine, keys among it, is not copied into an image."""
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {"var", ".venv", ".git", "node_modules", "staticfiles"} <= set(left_out)


def test_each_unit_is_in_the_list_and_each_timer_has_its_unit() -> None:
    """Whoever reads deploy/README.md finds all of them."""
    said = (ROOT / "deploy" / "README.md").read_text()
    for unit in UNITS:
        assert unit.name in said
    for timer in (ROOT / "deploy" / "systemd").glob("*.timer"):
        assert timer.with_suffix(".service") in UNITS
        assert timer.with_suffix(".service").name in said


def test_the_container_copies_what_there_is() -> None:
    """Every file that the Containerfile takes from here exists."""
    for line in re.findall(r"^COPY (?!--from)(.*)$", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE):
        for name in line.split()[:-1]:
            assert name.startswith("--") or (ROOT / name).exists(), name
