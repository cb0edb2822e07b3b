"""Every setting is described for those who run guichet."""

import re

import pytest

from guichet.settings import Settings

from .builders import ROOT


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_variable_is_in_the_operations_guide(name: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert re.search(rf"\bGUICHET_{name.upper()}\b", page)


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUICHET_MAX_TEXT", "300")
    monkeypatch.setenv("GUICHET_ACTION_SECRET", "abc")
    settings = Settings()
    assert settings.max_text == 300
    assert settings.action_secret is not None
    assert settings.action_secret.get_secret_value() == "abc"
    assert "abc" not in repr(settings)
