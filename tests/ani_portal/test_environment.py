"""The reference of settings is the code's own."""

from pathlib import Path

import pytest

from ani_portal import environment


def test_every_variable_has_its_sentence_and_its_default() -> None:
    """Both ways: what the code reads is explained, and what is explained is read."""
    found = {one.name: one.default for one in environment.variables()}
    assert found["WEB_THREADS"] == "'8'" and found["VAULT_BACKUP_DAYS"] == "7"
    assert "TRIAGE_HOST" in found and "DATABASE_IMPORT_URL" in found


def test_a_variable_without_a_sentence_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new setting cannot be forgotten."""
    for name in environment.READ_IN:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((environment.GROUND / name).read_text())
    with (tmp_path / "settings.py").open("a") as file:
        file.write('NEW = env.str("NOBODY_EXPLAINED_THIS", default="")\n')
    monkeypatch.setattr(environment, "GROUND", tmp_path)
    with pytest.raises(ValueError, match="NOBODY_EXPLAINED_THIS"):
        environment.variables()
