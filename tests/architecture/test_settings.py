"""Every setting is explained to the operator, and every variable that is explained exists."""

import re
from pathlib import Path

from pydantic import AliasChoices

from app.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def names_of(field: str) -> set[str]:
    """The environment variables by which `field` is set."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return {str(choice) for choice in alias.choices}
    return {f"AGORA_{field.upper()}"}


def test_every_setting_is_explained():
    text = PAGE.read_text()
    for field in Settings.model_fields:
        assert any(f"`{name}`" in text for name in names_of(field)), f"explain {field}"


def test_nothing_is_explained_that_does_not_exist():
    rows = re.findall(r"^\| `([A-Z_]+)`", PAGE.read_text(), re.MULTILINE)
    known = set[str]().union(*(names_of(field) for field in Settings.model_fields))
    assert rows
    assert set(rows) <= known
