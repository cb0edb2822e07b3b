"""The three accounts of the demo. Their passwords are made anew at each start and said once: none is written anywhere."""

from dataclasses import dataclass

from guichet.accounts import account_by_email, create_account
from guichet.audit import record
from guichet.db import Database
from guichet.models import Role
from guichet.passwords import hash_password, new_password

DEMO_ACCOUNTS = (
    ("agent@example.com", "Agent de démonstration", Role.AGENT),
    ("redaction@example.com", "Rédaction de démonstration", Role.EDITOR),
    ("admin@example.com", "Administration de démonstration", Role.ADMIN),
)


@dataclass(frozen=True)
class DemoAccess:
    """How one signs in for a while."""

    email: str
    name: str
    password: str


async def renew_demo_accounts(db: Database) -> list[DemoAccess]:
    """Create the demo's accounts, or give them new passwords; sessions that are open go on, and disabled accounts stay so."""
    accesses = [DemoAccess(email, name, new_password()) for email, name, _ in DEMO_ACCOUNTS]
    hashes = [await hash_password(access.password) for access in accesses]
    async with db.transaction() as session:
        for (email, name, role), password_hash in zip(DEMO_ACCOUNTS, hashes, strict=True):
            account = await account_by_email(session, email)
            if account is None:
                await create_account(session, email=email, name=name, role=role, password_hash=password_hash)
                continue
            account.password_hash, account.password_temporary = password_hash, False
            record(session, None, "account.password_reset", f"account:{account.id}")
    return accesses
