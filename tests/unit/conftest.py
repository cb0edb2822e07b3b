"""Fixtures of the unit tests. Hypothesis has no deadline: a busy machine is not a bug."""

from pathlib import Path

import pytest
from hypothesis import settings

from guichet.faq import Faq, load_faq

from .builders import FAQ_FILES, ROOT

settings.register_profile("unit", deadline=None)
settings.load_profile("unit")


@pytest.fixture
def faq_dir(tmp_path: Path) -> Path:
    """A directory ``faq`` with a small valid FAQ."""
    directory = tmp_path / "faq"
    directory.mkdir()
    for name, content in FAQ_FILES.items():
        (directory / name).write_text(content, "utf-8")
    return directory


@pytest.fixture(scope="session")
def real_faq() -> Faq:
    """The FAQ of the demo shop, as it is published."""
    return load_faq(ROOT / "faq")
