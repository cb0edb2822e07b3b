"""The time, injected: everything asks here, so that tests can place themselves on a real calendar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source().astimezone(UTC)


def today() -> date:
    """Today's date in the shop (Europe/Paris)."""
    return now().astimezone(PARIS).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Stop the clock at ``instant`` (aware) for the time of a ``with`` block."""
    global _source
    before, _source = _source, lambda: instant
    try:
        yield
    finally:
        _source = before
