"""Accounts, sessions and sign-in, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from guichet import clock, passwords, sign_in
from guichet.accounts import (
    EmailTaken,
    InvalidEmail,
    LastAdmin,
    account_by_email,
    accounts,
    change_account,
    change_own_password,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    reset_second_factor,
)
from guichet.audit import PAGE_SIZE, Search, find_entries, record
from guichet.console_sessions import HALF_OPEN, IDLE, LONGEST, count_sessions, open_session, session_of
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.models import Account, AuditEntry, CaseQueue, ConsoleSession, Role, SignInAttempt
from guichet.passwords import hash_password
from guichet.second_factor import STEP_S, accept_code, has_second_factor, start_second_factor
from guichet.services import Services
from guichet.settings import Settings
from guichet.sign_in import Outcome, confirm_password, give_code

PASSWORD, WRONG = "trois chevaux dorment", "quatre chevaux dorment"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _quick_hashes(quick_hashes: None) -> None:
    """Real ones are slow on purpose; tests/unit/test_passwords.py has them."""


@pytest.fixture
async def services(db: Database, settings: Settings, faq_store: FaqStore) -> AsyncIterator[Services]:
    limited = settings.model_copy(update={"sign_in_attempts": 3, "sign_in_attempts_address": 5})
    with clock.at(NOON):
        yield Services(limited, db, faq_store)


async def make(db: Database, email: str = "agent@example.com", role: Role = Role.AGENT) -> Account:
    async with db.transaction() as session:
        return await create_account(session, email=email, name="Agent de test", role=role, password_hash=await hash_password(PASSWORD))


async def stored(db: Database, account: Account) -> Account:
    async with db.transaction() as session:
        return await session.get_one(Account, account.id)


async def outcomes(services: Services, email: str, password: str, times: int, address: str = HERE) -> list[Outcome]:
    return [(await sign_in.sign_in(services, email, password, address)).outcome for _ in range(times)]


async def actions(db: Database) -> list[str]:
    async with db.transaction() as session:
        return list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# --- accounts


async def test_an_account_has_its_email_in_lower_case_once(services: Services) -> None:
    account = await make(services.db, " Agent@Example.COM")
    assert (account.email, account.active, account.max_chats, account.team) == ("agent@example.com", True, 4, None)
    with pytest.raises(EmailTaken):
        await make(services.db, "AGENT@example.com")
    with pytest.raises(InvalidEmail):
        await make(services.db, "agent")
    assert await actions(services.db) == ["account.created"]


async def test_changes_are_logged_with_what_was_before(services: Services) -> None:
    account = await make(services.db)
    async with services.db.transaction() as session:
        current = await session.get_one(Account, account.id)
        await change_account(session, current, name="Agent de test", role=Role.EDITOR, max_chats=6, team=CaseQueue.SAV, by=None)
        await change_account(session, current, name="Agent de test", role=Role.EDITOR, max_chats=6, team=CaseQueue.SAV, by=None)
    async with services.db.transaction() as session:
        found = await find_entries(session, Search(action="account.changed"))
    assert [entry.details for entry in found.entries] == [{"role": ["agent", "editor"], "max_chats": [4, 6], "team": [None, "sav"]}]


async def test_the_last_administrator_stays(services: Services) -> None:
    admin = await make(services.db, "admin@example.com", Role.ADMIN)
    for change in (
        lambda session, account: disable_account(session, account, by=None),
        lambda session, account: change_account(session, account, name="A", role=Role.AGENT, max_chats=4, team=None, by=None),
    ):
        with pytest.raises(LastAdmin):
            async with services.db.transaction() as session:
                await change(session, await session.get_one(Account, admin.id))
    assert (await stored(services.db, admin)).active


async def test_two_administrators_cannot_remove_each_other_at_once(services: Services) -> None:
    both = [await make(services.db, f"admin{number}@example.com", Role.ADMIN) for number in range(2)]

    async def remove(account: Account) -> bool:
        try:
            async with services.db.transaction() as session:
                await disable_account(session, await session.get_one(Account, account.id), by=None)
        except LastAdmin:
            return False
        return True

    assert sorted(await asyncio.gather(*map(remove, both))) == [False, True]


async def test_those_who_left_come_last_and_may_come_back(services: Services) -> None:
    first, second = await make(services.db, "a@example.com"), await make(services.db, "b@example.com")
    async with services.db.transaction() as session:
        await disable_account(session, await session.get_one(Account, first.id), by=None)
        assert [account.id for account in await accounts(session)] == [second.id, first.id]
        await enable_account(session, await session.get_one(Account, first.id), by=None)
    assert await outcomes(services, "a@example.com", PASSWORD, 1) == [Outcome.ACCEPTED]


# --- sessions


async def session_at(services: Services, token: str, instant: datetime) -> ConsoleSession | None:
    with clock.at(instant):
        async with services.db.transaction() as session:
            return await session_of(session, token)


async def opened(services: Services, account: Account, **more: bool) -> str:
    async with services.db.transaction() as session:
        return await open_session(session, account, **more)


async def test_a_session_ends_when_nobody_uses_it(services: Services) -> None:
    token = await opened(services, await make(services.db))
    assert await session_at(services, token, NOON + IDLE - timedelta(seconds=1)) is not None
    assert await session_at(services, token, NOON + 2 * IDLE - timedelta(seconds=2)) is not None
    assert await session_at(services, token, NOON + 3 * IDLE) is None


async def test_a_session_ends_after_a_week_however_used(services: Services) -> None:
    token = await opened(services, await make(services.db))
    instant = NOON
    while instant < NOON + LONGEST - timedelta(hours=6):
        assert await session_at(services, token, instant) is not None
        instant += timedelta(hours=6)
    assert await session_at(services, token, NOON + LONGEST) is None


async def test_the_token_is_not_stored(services: Services) -> None:
    token = await opened(services, await make(services.db))
    async with services.db.transaction() as session:
        row = (await session.scalars(select(ConsoleSession))).one()
    assert token not in (row.token_hash, row.csrf)
    assert len(row.csrf) >= 43
    assert await session_at(services, row.token_hash, NOON) is None


async def test_a_disabled_account_is_out_at_once(services: Services) -> None:
    account = await make(services.db)
    token = await opened(services, account)
    async with services.db.transaction() as session:
        await disable_account(session, await session.get_one(Account, account.id), by=None)
    assert await session_at(services, token, NOON) is None
    assert await outcomes(services, account.email, PASSWORD, 1) == [Outcome.REFUSED]


async def test_a_new_password_ends_the_sessions_elsewhere(services: Services) -> None:
    account = await make(services.db)
    here, there = await opened(services, account), await opened(services, account)
    new_hash = await hash_password(WRONG)
    async with services.db.transaction() as session:
        assert await count_sessions(session, account) == 2
        current = await session_of(session, here)
        assert current is not None
        await change_own_password(session, current.account, new_hash, here=current)
    assert await session_at(services, here, NOON) is not None
    assert await session_at(services, there, NOON) is None


async def test_a_reset_password_is_temporary_and_ends_every_session(services: Services) -> None:
    account = await make(services.db)
    token = await opened(services, account)
    new_hash = await hash_password(WRONG)
    async with services.db.transaction() as session:
        await reset_password(session, await session.get_one(Account, account.id), new_hash, by=None)
    assert (await stored(services.db, account)).password_temporary
    assert await session_at(services, token, NOON) is None
    assert await outcomes(services, account.email, PASSWORD, 1) == [Outcome.REFUSED]
    assert await outcomes(services, account.email, WRONG, 1) == [Outcome.ACCEPTED]


# --- sign-in


async def test_the_right_password_opens_a_session_and_replaces_the_one_before(services: Services) -> None:
    account = await make(services.db)
    first = await sign_in.sign_in(services, "AGENT@example.com ", PASSWORD, HERE)
    second = await sign_in.sign_in(services, account.email, PASSWORD, HERE, replaces=first.token)
    assert first.token
    assert second.token
    assert await session_at(services, first.token, NOON) is None
    assert await session_at(services, second.token, NOON) is not None
    assert await actions(services.db) == ["account.created", "session.opened", "session.opened"]


async def test_wrong_unknown_and_disabled_have_one_answer_after_as_many_hashes(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(services.db)
    gone = await make(services.db, "partie@example.com")
    async with services.db.transaction() as session:
        await disable_account(session, await session.get_one(Account, gone.id), by=None)
    hashes: list[str | None] = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda kept, password: hashes.append(kept) or verify(kept, password))
    for email, password in (("agent@example.com", WRONG), ("nobody@example.com", WRONG), (gone.email, PASSWORD), ("not an address", WRONG)):
        hashes.clear()
        assert await sign_in.sign_in(services, email, password, email) == sign_in.SignIn(Outcome.REFUSED)
        assert len(hashes) == 1


@pytest.mark.parametrize("email", ["agent@example.com", "nobody@example.com"])
async def test_after_too_many_wrong_passwords_the_right_one_waits(services: Services, email: str) -> None:
    await make(services.db)
    refused, blocked = [Outcome.REFUSED] * 3, [Outcome.TOO_MANY_ATTEMPTS]
    assert await outcomes(services, email, WRONG, 4) == refused + blocked
    assert await outcomes(services, email.upper(), PASSWORD, 1, ELSEWHERE) == blocked
    with clock.at(NOON + timedelta(minutes=services.settings.sign_in_window_minutes)):
        expected = Outcome.ACCEPTED if email.startswith("agent") else Outcome.REFUSED
        assert await outcomes(services, email, PASSWORD, 1) == [expected]


async def test_one_address_cannot_try_many_accounts(services: Services) -> None:
    await make(services.db)
    tried = [(await outcomes(services, f"nobody{number}@example.com", WRONG, 1))[0] for number in range(6)]
    assert tried == [Outcome.REFUSED] * 5 + [Outcome.TOO_MANY_ATTEMPTS]
    assert await outcomes(services, "agent@example.com", PASSWORD, 1) == [Outcome.TOO_MANY_ATTEMPTS]
    assert await outcomes(services, "agent@example.com", PASSWORD, 1, ELSEWHERE) == [Outcome.ACCEPTED]


async def test_attempts_that_come_together_are_counted(services: Services) -> None:
    await make(services.db)
    together = await asyncio.gather(*(outcomes(services, "agent@example.com", WRONG, 1) for _ in range(8)))
    assert sum(outcome == [Outcome.REFUSED] for outcome in together) <= 3


async def test_success_forgets_the_failures(services: Services) -> None:
    await make(services.db)
    await outcomes(services, "agent@example.com", WRONG, 2)
    assert await outcomes(services, "agent@example.com", PASSWORD, 1) == [Outcome.ACCEPTED]
    async with services.db.transaction() as session:
        assert (await session.scalars(select(SignInAttempt))).all() == []


async def test_an_old_hash_is_renewed(services: Services) -> None:
    account = await make(services.db)
    async with services.db.transaction() as session:
        weaker = passwords.PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
        (await session.get_one(Account, account.id)).password_hash = weaker
    assert await outcomes(services, account.email, PASSWORD, 2) == [Outcome.ACCEPTED] * 2
    assert not passwords.needs_new_hash((await stored(services.db, account)).password_hash)


async def test_the_password_asked_again_is_limited_too(services: Services) -> None:
    account = await make(services.db)
    asked = [await confirm_password(services, account, password, HERE) for password in (PASSWORD, WRONG, WRONG, WRONG, PASSWORD)]
    assert asked == [Outcome.ACCEPTED, *[Outcome.REFUSED] * 3, Outcome.TOO_MANY_ATTEMPTS]


# --- second factor


async def with_second_factor(services: Services) -> tuple[Account, pyotp.TOTP]:
    account = await make(services.db)
    async with services.db.transaction() as session:
        current = await session.get_one(Account, account.id)
        start_second_factor(current)
        await session.flush()
        codes = pyotp.TOTP(current.totp_secret or "")
        assert not has_second_factor(current)
        assert await accept_code(session, current, codes.at(NOON - timedelta(seconds=STEP_S)))
        assert has_second_factor(current)
    return account, codes


async def half_opened(services: Services) -> str:
    step = await sign_in.sign_in(services, "agent@example.com", PASSWORD, HERE)
    assert step.outcome is Outcome.CODE_NEEDED
    assert step.token
    return step.token


async def test_password_and_code_open_a_session(services: Services) -> None:
    _, codes = await with_second_factor(services)
    token = await half_opened(services)
    assert await session_at(services, token, NOON) is None
    entered = await give_code(services, token, codes.at(NOON)[:3] + " " + codes.at(NOON)[3:], HERE)
    assert entered.outcome is Outcome.ACCEPTED
    assert entered.token is not None
    assert entered.token != token
    assert await session_at(services, entered.token, NOON) is not None
    assert (await give_code(services, token, codes.at(NOON + timedelta(seconds=STEP_S)), HERE)).outcome is Outcome.EXPIRED


async def test_a_code_is_accepted_once_even_at_the_same_moment(services: Services) -> None:
    _, codes = await with_second_factor(services)
    tokens = [await half_opened(services) for _ in range(2)]
    entered = await asyncio.gather(*(give_code(services, token, codes.at(NOON), HERE) for token in tokens))
    assert sorted(step.outcome for step in entered) == [Outcome.ACCEPTED, Outcome.REFUSED]
    again = await half_opened(services)
    assert (await give_code(services, again, codes.at(NOON), HERE)).outcome is Outcome.REFUSED


@pytest.mark.parametrize("wrong", ["", "12345", "abcdef", "１２３４５６", "0000000"])
async def test_what_is_no_code_is_refused(services: Services, wrong: str) -> None:
    await with_second_factor(services)
    assert (await give_code(services, await half_opened(services), wrong, HERE)).outcome is Outcome.REFUSED


async def test_codes_of_another_time_are_refused(services: Services) -> None:
    _, codes = await with_second_factor(services)
    token = await half_opened(services)
    for minutes in (-2, 2):
        assert (await give_code(services, token, codes.at(NOON + timedelta(minutes=minutes)), HERE)).outcome is Outcome.REFUSED


async def test_codes_are_limited_and_the_right_password_does_not_help(services: Services) -> None:
    _, codes = await with_second_factor(services)
    for _ in range(3):
        assert (await give_code(services, await half_opened(services), "000000", HERE)).outcome is Outcome.REFUSED
    assert await outcomes(services, "agent@example.com", PASSWORD, 1) == [Outcome.TOO_MANY_ATTEMPTS]
    async with services.db.transaction() as session:
        account = await account_by_email(session, "agent@example.com")
        assert account is not None
        token = await open_session(session, account, half_open=True)
    assert (await give_code(services, token, codes.at(NOON), HERE)).outcome is Outcome.TOO_MANY_ATTEMPTS


async def test_the_code_must_come_soon(services: Services) -> None:
    _, codes = await with_second_factor(services)
    token = await half_opened(services)
    with clock.at(NOON + HALF_OPEN):
        assert (await give_code(services, token, codes.at(NOON + HALF_OPEN), HERE)).outcome is Outcome.EXPIRED


async def test_a_lost_phone_is_taken_off(services: Services) -> None:
    account, _ = await with_second_factor(services)
    async with services.db.transaction() as session:
        await reset_second_factor(session, await session.get_one(Account, account.id), by=None)
    assert await outcomes(services, account.email, PASSWORD, 1) == [Outcome.ACCEPTED]


# --- audit


async def test_the_log_is_searched_by_person_action_subject_and_time(services: Services) -> None:
    account = await make(services.db)
    async with services.db.transaction() as session:
        record(session, account, "case.settled", "case:SAV-2026-000001", note=False)
        await session.flush()
        with clock.at(NOON + timedelta(days=1)):
            record(session, None, "case.settled", "case:SAV_2026_000001")
            await session.flush()
    everything = Search()
    for search, count in (
        (everything, 3),
        (replace(everything, account_id=account.id), 1),
        (replace(everything, action="case.settled"), 2),
        (replace(everything, subject="sav-2026"), 1),
        (replace(everything, subject="SAV_2026"), 1),
        (replace(everything, subject="%"), 0),
        (replace(everything, since=NOON + timedelta(hours=1)), 1),
        (replace(everything, until=NOON + timedelta(hours=1)), 2),
    ):
        async with services.db.transaction() as session:
            found = await find_entries(session, search)
        assert (found.total, len(found.entries)) == (count, count), search


async def test_the_log_is_read_page_by_page(services: Services) -> None:
    async with services.db.transaction() as session:
        for number in range(PAGE_SIZE + 1):
            record(session, None, "account.changed", f"account:{number}")
            await session.flush()
    async with services.db.transaction() as session:
        first, last, beyond = [await find_entries(session, Search(), page) for page in (0, 2, 9)]
    assert (first.page, first.pages, first.entries[0].subject, len(first.entries)) == (1, 2, f"account:{PAGE_SIZE}", PAGE_SIZE)
    assert [entry.subject for entry in last.entries] == ["account:0"]
    assert beyond.page == 2
