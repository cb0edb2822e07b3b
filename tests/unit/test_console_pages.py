"""How the console's templates are typeset, and where its side bar leads."""

import re
from pathlib import Path

import pytest

from guichet.console import pages
from guichet.console.pages import typeset_markup
from guichet.french import NBSP, NNBSP

TEMPLATES = sorted((pages.HERE / "templates").glob("*.html"))


@pytest.mark.parametrize(
    ("source", "typeset"),
    [
        ("<p>Mot de passe oublié ?</p>", f"<p>Mot de passe oublié{NNBSP}?</p>"),
        ("<p>« {{ name }} »</p>", f"<p>«{NBSP}{{{{ name }}}}{NBSP}»</p>"),
        ('<a href="?a=b ;" title="l\'un">l\'un</a>', '<a href="?a=b ;" title="l\'un">l’un</a>'),
        ("{% if a > 1 ; %}oui !{% endif %}", f"{{% if a > 1 ; %}}oui{NNBSP}!{{% endif %}}"),
        ('<li{% if loop.index > 4 %} class="b"{% endif %}>Oui !</li>', f'<li{{% if loop.index > 4 %}} class="b"{{% endif %}}>Oui{NNBSP}!</li>'),
        ("a &amp; b", "a &amp; b"),
    ],
)
def test_texts_are_typeset_and_markup_is_not(source: str, typeset: str) -> None:
    assert typeset_markup(source) == typeset


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_are_valid_and_without_inline_scripts_or_styles(path: Path) -> None:
    pages._pages.get_template(path.name)
    source = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]* src=)|javascript:", source)
    for form in re.findall(r'<form method="post".*?</form>', source, re.S):
        assert "csrf_field(csrf)" in form
