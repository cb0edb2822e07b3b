"""Customers, known by their e-mail in lower case."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.db import insert_if_missing
from guichet.models import Customer, CustomerKind


async def customer_by_email(session: AsyncSession, email: str) -> Customer | None:
    """The customer with this e-mail, whatever its case."""
    return await session.scalar(select(Customer).where(Customer.email == email.lower()))


async def ensure_customer(session: AsyncSession, email: str, name: str | None = None) -> Customer:
    """The customer with this e-mail, made (a private one) when the shop has not sent any order of theirs yet."""
    known = await customer_by_email(session, email)
    if known is not None:
        return known
    await insert_if_missing(session, Customer.email, kind=CustomerKind.PRIVATE, name=name or email.lower(), email=email.lower())
    return (await session.scalars(select(Customer).where(Customer.email == email.lower()))).one()
