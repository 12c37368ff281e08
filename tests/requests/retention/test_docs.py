"""The generated pages name every table that can hold something about a person."""

from django.apps import apps

from ani_portal.access.rings import declared
from requests.retention.docs import ABOUT, data_map, retention
from requests.retention.schedule import outcomes


def test_the_data_map_names_every_table_and_marks_what_is_sealed() -> None:
    """Each sealed column by name; no line about a table that is not there."""
    page = data_map()
    names = {table.name for table in declared()}
    assert set(ABOUT) <= names
    for model in apps.get_models():
        table = model._meta.db_table.replace('"', "")
        assert f"| `{table}` |" in page or table not in names
        if any(field.name == "sealed" for field in model._meta.concrete_fields):
            assert table in ABOUT, f"{table} holds sealed words: say in ABOUT what, and how long"
    assert page.count("**`sealed`**") >= 3


def test_the_schedule_names_every_outcome() -> None:
    """As the desk shows it."""
    page = retention()
    assert all(f"| {label} |" in page for _outcome, label in outcomes())
