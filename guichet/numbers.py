"""Numbers given to customers, in series: ``SAV-2026-000123``, ``RET-2026-000007``."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.models import Counter


async def next_number(session: AsyncSession, series: str) -> str:
    """The next number of a series: ``SAV-2026-000123`` for ``SAV-2026``. Concurrent callers wait for each other."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(Counter)
        .values(series=series, value=1)
        .on_conflict_do_update(index_elements=[Counter.series], set_={"value": Counter.value + 1})
        .returning(Counter.value)
    )
    value = (await session.execute(statement)).scalar_one()
    return f"{series}-{value:06d}"
