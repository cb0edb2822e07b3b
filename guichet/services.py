"""What a running guichet holds, handed to routes and actions."""

from collections.abc import Callable
from dataclasses import dataclass

from guichet.db import Database
from guichet.faq import Faq
from guichet.settings import Settings


@dataclass(frozen=True)
class Services:
    """Settings, database and the FAQ in use."""

    settings: Settings
    db: Database
    faq: Callable[[], Faq]
