"""The identity token: the shop says, signed, which of its customers is logged in (docs/integration.md).

A JSON Web Token, HMAC-SHA256 with the secret that shop and guichet share. Whatever is wrong with a token, the error is the same.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import jwt
from pydantic import BaseModel, EmailStr, SecretStr, StringConstraints, ValidationError

from guichet import clock

ALGORITHM, AUDIENCE = "HS256", "guichet"
LONGEST_LIFE_S = 3600
CLOCK_SKEW_S = 60
"""How far the shop's clock may be from ours, in seconds."""


class InvalidIdentity(Exception):  # noqa: N818
    """The token proves nothing: forged, expired, for somebody else, or without a secret to check it."""

    def __init__(self) -> None:
        super().__init__("invalid identity token")


@dataclass(frozen=True)
class Identity:
    """Who is logged in at the shop: ``email`` in lower case, ``name`` when the shop gave one."""

    email: str
    name: str | None


class _Claims(BaseModel):
    sub: Annotated[EmailStr, StringConstraints(max_length=254)]
    iat: int
    exp: int
    name: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None


def verify(token: str, secret: SecretStr | None) -> Identity:
    """Whom the shop vouches for.

    Raises:
        InvalidIdentity: not signed with ``secret``, not for guichet, expired, from the future, or valid for more than an hour.
    """
    if secret is None:
        raise InvalidIdentity
    try:
        claims = _Claims.model_validate(_signed_claims(token, secret))
    except (jwt.PyJWTError, ValidationError):
        raise InvalidIdentity from None
    now = clock.now().timestamp()
    in_time = claims.iat - CLOCK_SKEW_S <= now < claims.exp + CLOCK_SKEW_S
    if not in_time or claims.exp - claims.iat > LONGEST_LIFE_S:
        raise InvalidIdentity
    return Identity(claims.sub.lower(), claims.name or None)


def _signed_claims(token: str, secret: SecretStr) -> dict[str, Any]:
    """Signature and audience are checked here, times by the caller: PyJWT does not know our clock."""
    options: Any = {"require": ["sub", "iat", "exp", "aud"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    return jwt.decode(token, secret.get_secret_value(), algorithms=[ALGORITHM], audience=AUDIENCE, options=options)
