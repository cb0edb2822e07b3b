"""The secret of a shop that signs who is logged in, and the code that docs/integration.md shows."""

import re
from pathlib import Path
from typing import Any

SECRET = "a secret of the shop and of guichet only, long enough for HS512 as well"
PAGE = Path(__file__).parent.parent / "docs" / "integration.md"


def documented_code(language: str, function: str) -> str:
    """The block of the page that defines this function."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(next(block for block in blocks if f" {function}(" in block))


def documented_function(name: str) -> Any:
    """A Python function of the page, as it stands there."""
    names: dict[str, Any] = {}
    exec(compile(documented_code("python", name), str(PAGE), "exec"), names)  # noqa: S102 - our own documentation
    return names[name]
