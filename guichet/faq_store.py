"""The FAQ in use: read again when a file changes, so that an edited answer is live at once; a broken edit leaves the last good one in place."""

import logging
import time
from contextlib import suppress
from pathlib import Path

from guichet.faq import Faq, load_faq
from guichet.faq_files import FaqError

log = logging.getLogger(__name__)
CHECK_EVERY_S = 1.0


class FaqStore:
    """The FAQ of one directory.

    Raises:
        FaqError: at construction, when the directory does not hold a valid FAQ.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stamp = self._read_stamp()
        self._faq = load_faq(directory)
        self._checked_at = time.monotonic()

    def __call__(self) -> Faq:
        """The last valid FAQ."""
        if time.monotonic() - self._checked_at >= CHECK_EVERY_S:
            self._checked_at = time.monotonic()
            self._refresh()
        return self._faq

    def _refresh(self) -> None:
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._faq = load_faq(self._directory)
        except FaqError as error:
            log.error("FAQ not reloaded, the last valid one stays in use:\n%s", error)  # noqa: TRY400

    def _read_stamp(self) -> tuple[tuple[str, int, int], ...]:
        stamp = []
        for path in sorted(self._directory.glob("*.yml")):
            with suppress(FileNotFoundError):  # Editors save by writing another file and renaming it.
                stat = path.stat()
                stamp.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(stamp)
