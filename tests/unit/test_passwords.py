"""Which passwords are accepted, and what is kept of them."""

import pytest

from guichet import passwords
from guichet.passwords import (
    NOBODYS_HASH,
    Weakness,
    WeakPassword,
    check_password,
    hash_password,
    needs_new_hash,
    new_password,
    verify_password,
)

EMAIL, NAME = "claire.montagnier@example.com", "Claire Montagnier"


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("", Weakness.TOO_SHORT),
        ("Xq7!kfzu2wp", Weakness.TOO_SHORT),
        ("x7" * 65, Weakness.TOO_LONG),
        ("Montagnier-8k2q", Weakness.PERSONAL),
        ("vive.CLAIRE.montagne", Weakness.PERSONAL),
        ("claire.montagnier2026", Weakness.PERSONAL),
        ("motdepasse2026", Weakness.COMMON),
        ("M0tD3P@ss3!!!", Weakness.COMMON),
        ("Password123456", Weakness.COMMON),
        ("AzertyAzerty!1", Weakness.COMMON),
        ("azertyuiopqs", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("210987654321", Weakness.COMMON),
        ("aaaaaaaaaaaaaaaa", Weakness.COMMON),
        ("guichet-admin-2026", Weakness.COMMON),
    ],
)
def test_what_would_be_guessed_is_refused(password: str, weakness: Weakness) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, email=EMAIL, name=NAME)
    assert refused.value.weakness is weakness


@pytest.mark.parametrize("password", ["trois chevaux dorment", "Xq7!kfzu2wpA", "été à la plage verte", "cinq horloges", "9f3k-8d2m-x4kp-7w2q"])
def test_long_and_unusual_ones_are_accepted(password: str) -> None:
    check_password(password, email=EMAIL, name=NAME)


def test_those_we_make_are_accepted_and_differ() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password, email=EMAIL, name=NAME)


async def test_only_the_right_password_is_verified() -> None:
    kept = await hash_password("trois chevaux dorment")
    assert kept.startswith("$argon2id$")
    assert "chevaux" not in kept
    assert await verify_password(kept, "trois chevaux dorment")
    assert not await verify_password(kept, "trois chevaux dorment ")
    assert not await verify_password("not a hash", "trois chevaux dorment")


async def test_accents_may_be_typed_in_either_form() -> None:
    assert await verify_password(await hash_password("e\u0301te\u0301 a\u0300 la plage"), "été à la plage")


async def test_nobody_has_a_password_and_it_costs_a_hash_of_today() -> None:
    assert not await verify_password(None, "trois chevaux dorment")
    assert not needs_new_hash(NOBODYS_HASH)


async def test_a_hash_of_other_parameters_is_replaced() -> None:
    weaker = passwords.PasswordHasher(time_cost=1, memory_cost=8192).hash("trois chevaux dorment")
    assert needs_new_hash(weaker)
    assert await verify_password(weaker, "trois chevaux dorment")
