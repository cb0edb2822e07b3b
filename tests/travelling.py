"""The ``guichet`` command with a clock that tests move: the instant that the file ``GUICHET_TEST_CLOCK`` holds, real time while it is empty.

``python -m tests.travelling run`` instead of ``guichet run``.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from guichet import clock
from guichet.cli import main

FILE = Path(os.environ["GUICHET_TEST_CLOCK"])


def _now() -> datetime:
    written = FILE.read_text("utf-8").strip() if FILE.exists() else ""
    return datetime.fromisoformat(written) if written else datetime.now(UTC)


if __name__ == "__main__":
    clock._source = _now
    main()
