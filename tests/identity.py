"""A shop that signs who is logged in, as docs/integration.md shows it."""

import re
from pathlib import Path
from typing import Any

SECRET = "a secret of the shop and of guichet only, long enough for HS512 as well"
PAGE = Path(__file__).parent.parent / "docs" / "integration.md"


def documented_signer() -> Any:
    """The documentation's own Python function."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102 - our own documentation
    return names["identity_token"]
