"""An edited answer is live at once; a broken edit changes nothing and is logged."""

import logging
from pathlib import Path

import pytest

from guichet import faq_store
from guichet.faq_files import FaqError
from guichet.faq_store import FaqStore

from .builders import ACCOUNT_YML


@pytest.fixture(autouse=True)
def _checks_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faq_store, "CHECK_EVERY_S", 0)


def edit(directory: Path, answer: str) -> None:
    (directory / "compte.yml").write_text(ACCOUNT_YML.replace("Appelez-nous au {{ telephone }} !", answer), "utf-8")


def answer(store: FaqStore) -> str:
    return store().entries["forgot_password"].answer


def test_an_edit_is_live(faq_dir: Path) -> None:
    store = FaqStore(faq_dir)
    assert answer(store) == "Appelez-nous au 01 99 00 12 34\u202f!"
    edit(faq_dir, "Écrivez à {{ courriel_service_client }}.")
    assert answer(store) == "Écrivez à service-client@topaz.example.com."


def test_facts_and_new_files_are_live_too(faq_dir: Path) -> None:
    store = FaqStore(faq_dir)
    facts = faq_dir / "boutique.yml"
    facts.write_text(facts.read_text("utf-8").replace("01 99 00 12 34", "01 99 00 56 78"), "utf-8")
    (faq_dir / "sante.yml").rename(faq_dir / "virus.yml")
    assert answer(store) == "Appelez-nous au 01 99 00 56 78\u202f!"
    assert list(store().entries) == ["forgot_password", "covid"]


def test_nothing_is_read_again_without_an_edit(faq_dir: Path) -> None:
    store = FaqStore(faq_dir)
    assert store() is store()


def test_files_are_looked_at_once_in_a_while(faq_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faq_store, "CHECK_EVERY_S", 3600)
    store = FaqStore(faq_dir)
    edit(faq_dir, "Autre réponse.")
    assert answer(store) == "Appelez-nous au 01 99 00 12 34\u202f!"


def test_a_broken_edit_keeps_the_last_good_faq_and_logs_once(faq_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = FaqStore(faq_dir)
    edit(faq_dir, "Appelez au {{ telefone }}.")
    with caplog.at_level(logging.ERROR):
        answers = {answer(store), answer(store)}
    assert answers == {"Appelez-nous au 01 99 00 12 34\u202f!"}
    assert len(caplog.records) == 1
    assert "faq/compte.yml, ligne 5\u00a0: fait inconnu «\u00a0telefone\u00a0»" in caplog.text
    edit(faq_dir, "Réparé.")
    assert answer(store) == "Réparé."


def test_a_broken_faq_is_refused_at_the_start(faq_dir: Path) -> None:
    edit(faq_dir, "Appelez au {{ telefone }}.")
    with pytest.raises(FaqError, match="telefone"):
        FaqStore(faq_dir)
