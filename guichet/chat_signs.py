"""What a customer's socket says beside messages: what was read, that somebody is writing, what the help was worth."""

from guichet.db import Database
from guichet.hub import Hub
from guichet.models import Author
from guichet.protocol import CustomerRating, CustomerRead, CustomerTyping, Sign
from guichet.reception import rate, read_by_customer


class Signs:
    """The signs of one socket."""

    def __init__(self, db: Database, hub: Hub, conversation_id: str) -> None:
        self._db, self._hub, self._conversation_id = db, hub, conversation_id
        self._typing = False

    async def take(self, sign: Sign) -> None:
        """Carry out a sign."""
        if isinstance(sign, CustomerTyping):
            await self.type(on=sign.on)
        elif isinstance(sign, CustomerRead):
            await self._read(sign)
        else:
            await self._rate(sign)

    async def type(self, *, on: bool) -> None:
        """The customer begins or stops writing."""
        if on != self._typing:
            self._typing = on
            await self._hub.notify(self._conversation_id, on, Author.CUSTOMER)

    async def _read(self, sign: CustomerRead) -> None:
        async with self._db.transaction() as session:
            news = await read_by_customer(session, self._conversation_id, sign.seq)
        if news:
            await self._hub.notify(self._conversation_id)

    async def _rate(self, sign: CustomerRating) -> None:
        async with self._db.transaction() as session:
            await rate(session, self._conversation_id, sign.score, sign.comment)
