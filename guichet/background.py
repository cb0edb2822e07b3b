"""Work that a process looks for again and again as long as it runs."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Watch:
    """Calls ``look`` at once and then every so often; a look that fails is logged, and the next one comes.

    Args:
        look: one look; may ask ``stopping`` to leave early.
        every_s: between two looks, in seconds.
        patience_s: how long a look under way may still take at the stop, in seconds, before it is cancelled; None: as long as it needs.
    """

    def __init__(self, look: Callable[[], Awaitable[object]], every_s: float, patience_s: float | None = None) -> None:
        self._look, self._every_s, self._patience_s = look, every_s, patience_s
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def stopping(self) -> bool:
        """Whether ``stop`` has been called."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Look no more, and wait for the look under way."""
        self._stopping.set()
        if self._task is None:
            return
        _, late = await asyncio.wait([self._task], timeout=self._patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while not self.stopping:
            try:
                await self._look()
            except Exception:
                log.exception("%s failed", getattr(self._look, "__qualname__", "a look"))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every_s)
