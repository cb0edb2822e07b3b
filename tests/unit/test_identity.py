"""The identity token: what is believed, and that everything else is refused alike."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from guichet import clock
from guichet.identity import CLOCK_SKEW_S, Identity, InvalidIdentity, verify
from guichet.settings import Settings
from tests.integration_page import SECRET, documented_code, documented_function

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
KEY = SecretStr(SECRET)


def token(key: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    issued = int(NOW.timestamp())
    given = {"sub": "Camille@Example.com", "iat": issued, "exp": issued + 3600, "aud": "guichet"} | claims
    return jwt.encode({name: value for name, value in given.items() if value is not None}, key, algorithm)


def test_a_signed_token_names_the_customer() -> None:
    with clock.at(NOW):
        assert verify(token(name="Camille Fontaine"), KEY) == Identity("camille@example.com", "Camille Fontaine")
        assert verify(token(), KEY) == Identity("camille@example.com", None)
        assert verify(token(aud=["shop", "guichet"]), KEY).email == "camille@example.com"


@pytest.mark.parametrize("shift", [-CLOCK_SKEW_S, 0, 3600, 3600 + CLOCK_SKEW_S - 1])
def test_a_token_holds_for_its_time_and_the_skew_of_clocks(shift: int) -> None:
    with clock.at(NOW + timedelta(seconds=shift)):
        assert verify(token(), KEY).email == "camille@example.com"


@pytest.mark.parametrize("shift", [-CLOCK_SKEW_S - 1, 3600 + CLOCK_SKEW_S, 10**6])
def test_a_token_from_the_future_or_expired_is_refused(shift: int) -> None:
    with clock.at(NOW + timedelta(seconds=shift)), pytest.raises(InvalidIdentity):
        verify(token(), KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(token(key=SECRET.upper()), id="another secret"),
        pytest.param(token(algorithm="HS512"), id="another algorithm"),
        pytest.param(token(key="", algorithm="none"), id="not signed"),
        pytest.param(token(aud="shop"), id="for somebody else"),
        pytest.param(token(aud=None), id="for nobody"),
        pytest.param(token(sub=None), id="of nobody"),
        pytest.param(token(sub="Camille"), id="not an e-mail"),
        pytest.param(token(sub=""), id="empty e-mail"),
        pytest.param(token(exp=None), id="for ever"),
        pytest.param(token(iat=None), id="of no date"),
        pytest.param(token(exp=int(NOW.timestamp()) + 3601), id="longer than an hour"),
        pytest.param(token(exp=2**70), id="longer than any calendar"),
        pytest.param(token(exp="soon"), id="no number"),
        pytest.param(token(name="a\x00b"), id="control characters"),
        pytest.param(token()[:-2], id="cut off"),
        pytest.param("", id="empty"),
        pytest.param("é.è.ê", id="not ASCII"),
    ],
)
def test_everything_else_is_refused_alike(wrong: str) -> None:
    with clock.at(NOW), pytest.raises(InvalidIdentity) as refused:
        verify(wrong, KEY)
    assert str(refused.value) == "invalid identity token"
    assert refused.value.__cause__ is None


@given(st.text() | st.lists(st.text(alphabet="eyJhbGciOiJIUzI1NiJ9_-"), min_size=3, max_size=3).map(".".join))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    with pytest.raises(InvalidIdentity):
        verify(text, KEY)


def test_without_a_secret_nobody_is_believed() -> None:
    with clock.at(NOW), pytest.raises(InvalidIdentity):
        verify(token(), None)


def test_the_documented_python_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUICHET_IDENTITY_SECRET", SECRET)
    signed = documented_function("identity_token")("camille@example.com", "Camille « Zoé » Fontaine")
    assert verify(signed, KEY) == Identity("camille@example.com", "Camille « Zoé » Fontaine")


@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")
def test_the_documented_php_signs() -> None:
    script = documented_code("php", "identity_token") + 'echo identity_token("camille@example.com", "Camille Fontaine");'
    signed = subprocess.run(["php", "-r", script], env={"GUICHET_IDENTITY_SECRET": SECRET}, capture_output=True, text=True, check=True).stdout
    assert verify(signed, KEY) == Identity("camille@example.com", "Camille Fontaine")


def test_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(identity_secret="too-short-a-secret")
    assert "32" in str(refused.value)
    assert "too-short-a-secret" not in str(refused.value)
