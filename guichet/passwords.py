"""Passwords: which are accepted, and how they are kept (argon2id; the rules are those of NIST SP 800-63B, 5.1.1.2).

Hashing takes a tenth of a second and 64 MiB on purpose. It runs in two threads of its own, so that neither the event loop nor the memory
suffers from many sign-ins at once; callers do it outside of any transaction.
"""

import asyncio
import enum
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$WMp04348A8V0ZPc+SxisNg$Hpn7GC0lhwDItqDdM+kPsMoDyX4Zb4AFKB6bTxxtlHo"
"""Verified in place of the hash of an account that does not exist, so that the answer takes as long."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, "passwords")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are read for one another
_COMMON = (
    "administrateur", "administrator", "motdepasse", "serviceclient", "utilisateur", "changezmoi", "changeme", "bienvenue", "connexion", "loulou",
    "azertyuiop", "qwertyuiop", "azerty", "qwerty", "password", "passwort", "passw", "secret", "guichet", "welcome", "letmein", "iloveyou",
    "jetaime", "bonjour", "soleil", "doudou", "chocolat", "marseille", "football", "princesse", "dragon", "monkey", "sunshine", "superman",
    "admin", "agent", "editor", "login", "client", "demo", "test", "toto", "pass", "boutique", "topaz", "abcdef", "abcd",
)  # fmt: skip
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm")
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")


class Weakness(enum.StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    PERSONAL = "personal"
    COMMON = "common"


class WeakPassword(Exception):  # noqa: N818
    """The password would be guessed; ``weakness`` says how."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness)
        self.weakness = weakness


def check_password(password: str, *, email: str, name: str) -> None:
    """Accept a password for an account.

    Raises:
        WeakPassword: fewer than 12 characters, more than 128, made of the person's e-mail or name, or of what everybody chooses.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(Weakness.TOO_SHORT)
    if len(password) > LONGEST:
        raise WeakPassword(Weakness.TOO_LONG)
    plain = _plain(password)
    if any(part in plain for part in _personal_parts(email, name)):
        raise WeakPassword(Weakness.PERSONAL)
    if _is_common(plain):
        raise WeakPassword(Weakness.COMMON)


async def hash_password(password: str) -> str:
    """What is kept of a password: argon2id, with its salt and parameters."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))


async def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; None, for want of an account, takes as long and is False."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password_hash, password)


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def new_password() -> str:
    """A random password that can be read out: four groups of four letters and digits, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        same = _hasher.verify(password_hash or NOBODYS_HASH, _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return same and password_hash is not None


def _normal(password: str) -> str:
    """One form of what keyboards and systems write differently."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    """In lower case, without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))


def _personal_parts(email: str, name: str) -> set[str]:
    local = _plain(email.partition("@")[0])
    words = re.split(r"\W+|_", f"{local} {_plain(name)}")
    return {part for part in (local, *words) if len(part) >= 4}


def _is_common(plain: str) -> bool:
    """Few different characters, a run of the alphabet or the keyboard, or well-known words with little else."""
    if len(set(plain)) < 5 or any(plain in run or plain in run[::-1] for run in _RUNS):
        return True
    return any(_is_made_of_common_words(letters) for letters in (plain, plain.translate(_LOOKALIKES)))


def _is_made_of_common_words(text: str) -> bool:
    letters = re.sub(r"[^a-z]", "", text)
    rest = re.sub("|".join(_COMMON), "", letters)
    return len(rest) < 4 and rest != letters
