"""The second factor: codes of six digits from an application (TOTP, RFC 6238), each accepted once.

A secret is on trial until its owner has given a first code of it (``totp_last_step`` is then set): who mistyped it is not locked out.
"""

import hmac
import re

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.models import Account

STEP_S = 30
TOLERANCE = 1
"""Steps that the clock of a phone may be late or early."""


def has_second_factor(account: Account) -> bool:
    """Whether a code is asked for at sign-in."""
    return account.totp_secret is not None and account.totp_last_step is not None


def start_second_factor(account: Account) -> None:
    """Give the account a new secret, on trial until ``accept_code``."""
    account.totp_secret, account.totp_last_step = pyotp.random_base32(), None


def drop_second_factor(account: Account) -> None:
    """The password alone is enough from now on."""
    account.totp_secret = account.totp_last_step = None


def setup_address(account: Account, issuer: str) -> str:
    """What applications read from the QR code."""
    return pyotp.TOTP(account.totp_secret or "").provisioning_uri(name=account.email, issuer_name=issuer)


async def accept_code(session: AsyncSession, account: Account, code: str) -> bool:
    """Whether this is a code of the present moment that was never used. One statement decides between two that come at once."""
    step = _step_of(account.totp_secret, re.sub(r"\s", "", code))
    if step is None:
        return False
    unused = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
    same_secret = Account.totp_secret == account.totp_secret
    taken = await session.execute(
        update(Account)
        .where(Account.id == account.id, same_secret, unused)
        .values(totp_last_step=step)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    if taken.first() is None:
        return False
    await session.refresh(account)
    return True


def _step_of(secret: str | None, code: str) -> int | None:
    if not secret or not re.fullmatch(r"[0-9]{6}", code):
        return None
    now = int(clock.now().timestamp()) // STEP_S
    codes = pyotp.TOTP(secret)
    steps = [step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if hmac.compare_digest(codes.at(step * STEP_S), code)]
    return steps[0] if steps else None
