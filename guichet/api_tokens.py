"""Tokens of the shop's systems: shown once, stored as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.db import insert_if_missing
from guichet.models import ApiToken

PREFIX = "guichet_"
"""So that a token found where it should not be is recognised."""


class NameTaken(Exception):  # noqa: N818
    """There is a token with this name already."""


async def create_token(session: AsyncSession, name: str, *, read_only: bool = False) -> str:
    """A new token, which cannot be had again.

    Raises:
        NameTaken
    """
    token = PREFIX + secrets.token_urlsafe(32)
    if not await insert_if_missing(session, ApiToken.name, name=name, token_hash=_hash(token), read_only=read_only):
        raise NameTaken(name)
    return token


async def revoke_token(session: AsyncSession, name: str) -> bool:
    """Make a token worthless at once; False when there is none with this name."""
    revoked = await session.execute(delete(ApiToken).where(ApiToken.name == name).returning(ApiToken.id))
    return revoked.first() is not None


async def tokens(session: AsyncSession) -> Sequence[ApiToken]:
    """Every token in use, by name."""
    return (await session.scalars(select(ApiToken).order_by(ApiToken.name))).all()


async def token_in_use(session: AsyncSession, token: str) -> ApiToken | None:
    """What is known of a token, or None when it is worthless."""
    digest = _hash(token)
    known = await session.scalar(select(ApiToken).where(ApiToken.token_hash == digest))
    return known if known is not None and hmac.compare_digest(known.token_hash, digest) else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
