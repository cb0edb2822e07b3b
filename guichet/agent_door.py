"""Who is at the other end of the console's socket."""

from sqlalchemy.ext.asyncio import AsyncSession

from guichet.console_sessions import session_of
from guichet.models import Account
from guichet.presence import AGENT_ROLES


async def account_of(session: AsyncSession, token: str | None) -> Account | None:
    """The agent whose session this token opens; None when it is over, awaits a second factor or a new password, or is not an agent's."""
    found = await session_of(session, token) if token else None
    if found is None or found.account.password_temporary or found.account.role not in AGENT_ROLES:
        return None
    return found.account
