"""The accounts, for administrators."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.accounts import (
    MOST_CHATS,
    EmailTaken,
    InvalidEmail,
    LastAdmin,
    accounts,
    change_account,
    create_account,
    disable_account,
    email_key,
    enable_account,
    reset_password,
)
from guichet.console import texts
from guichet.console.guard import Signed, require
from guichet.console.pages import go_to, page
from guichet.models import Account, CaseQueue, Role
from guichet.passwords import hash_password, new_password
from guichet.second_factor import has_second_factor
from guichet.services import Services

router = APIRouter()
Admin = Annotated[Signed, Depends(require(Role.ADMIN))]


@dataclass
class AccountForm:
    """What was typed, what it means, and what is wrong with it by field."""

    email: str
    name: str
    role: str
    team: str
    max_chats: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account) -> "AccountForm":
        """The form of an account as it is."""
        return cls(account.email, account.name, account.role.value, account.team.value if account.team else "", str(account.max_chats))

    def check(self) -> None:
        """Note what is wrong."""
        self.name = self.name.strip()
        if not 0 < len(self.name) <= 200:
            self.errors["name"] = texts.FIELD_NAME
        if self.role not in {role.value for role in Role}:
            self.errors["role"] = texts.FIELD_ROLE
        if self.team and self.team not in {team.value for team in CaseQueue}:
            self.errors["team"] = texts.FIELD_TEAM
        if not self.max_chats.isascii() or not self.max_chats.isdigit() or not 1 <= int(self.max_chats) <= MOST_CHATS:
            self.errors["max_chats"] = texts.FIELD_MAX_CHATS.format(most=MOST_CHATS)

    def check_email(self) -> None:
        """Note that the e-mail is none."""
        try:
            self.email = email_key(self.email)
        except InvalidEmail:
            self.errors["email"] = texts.FIELD_EMAIL

    @property
    def typed_team(self) -> CaseQueue | None:
        """The team, of a form without errors."""
        return CaseQueue(self.team) if self.team else None


def _typed(
    email: Annotated[str, Form(max_length=320)] = "",
    name: Annotated[str, Form(max_length=1000)] = "",
    role: Annotated[str, Form(max_length=40)] = "",
    team: Annotated[str, Form(max_length=40)] = "",
    max_chats: Annotated[str, Form(max_length=6)] = "",
) -> AccountForm:
    return AccountForm(email, name, role, team, max_chats)


Typed = Annotated[AccountForm, Depends(_typed)]


@router.get("/comptes")
async def list_accounts(request: Request, _: Admin) -> Response:
    """Everybody."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        everybody = await accounts(session)
    return page(request, "accounts.html", accounts=everybody, has_second_factor=has_second_factor)


@router.get("/comptes/nouveau")
async def show_new_account(request: Request, _: Admin) -> Response:
    """An empty form."""
    return _new_page(request, AccountForm("", "", Role.AGENT.value, "", "4"))


@router.post("/comptes")
async def add_account(request: Request, who: Admin, form: Typed) -> Response:
    """Make an account; its first password is shown this once, to be handed over."""
    services: Services = request.app.state.services
    form.check()
    form.check_email()
    if form.errors:
        return _new_page(request, form)
    password = new_password()
    password_hash = await hash_password(password)
    try:
        async with services.db.transaction() as session:
            made = await create_account(
                session,
                email=form.email,
                name=form.name,
                role=Role(form.role),
                password_hash=password_hash,
                password_temporary=True,
                max_chats=int(form.max_chats),
                team=form.typed_team,
                by=who.account,
            )
    except EmailTaken:
        form.errors["email"] = texts.FIELD_EMAIL_TAKEN
        return _new_page(request, form)
    return page(request, "password_once.html", made=made, password=password, is_new=True)


@router.get("/comptes/{number}")
async def show_account(request: Request, who: Admin, number: int) -> Response:
    """One account, with what can be done to it."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        account = await _account(session, number)
    return _account_page(request, who, account, AccountForm.of(account))


@router.post("/comptes/{number}")
async def save_account(request: Request, who: Admin, number: int, form: Typed) -> Response:
    """Name, role, team and how many conversations."""
    services: Services = request.app.state.services
    form.check()
    async with services.db.transaction() as session:
        account = await _account(session, number)
        form.email = account.email
        if not form.errors:
            role, most = Role(form.role), int(form.max_chats)
            try:
                await change_account(session, account, name=form.name, role=role, max_chats=most, team=form.typed_team, by=who.account)
            except LastAdmin:
                form.errors["role"] = texts.LAST_ADMIN
    if form.errors:
        return _account_page(request, who, account, form)
    return go_to(f"/comptes/{number}", "compte-modifie")


@router.post("/comptes/{number}/desactiver")
async def shut_out(request: Request, who: Admin, number: int) -> Response:
    """Shut somebody out, at once."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        account = await _account(session, number)
        if account.id == who.account.id:
            return _account_page(request, who, account, AccountForm.of(account), error=texts.OWN_ACCOUNT)
        try:
            await disable_account(session, account, by=who.account)
        except LastAdmin:
            return _account_page(request, who, account, AccountForm.of(account), error=texts.LAST_ADMIN)
    return go_to(f"/comptes/{number}", "compte-desactive")


@router.post("/comptes/{number}/reactiver")
async def let_in(request: Request, who: Admin, number: int) -> Response:
    """Let somebody in again."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        await enable_account(session, await _account(session, number), by=who.account)
    return go_to(f"/comptes/{number}", "compte-reactive")


@router.post("/comptes/{number}/mot-de-passe")
async def give_password(request: Request, who: Admin, number: int) -> Response:
    """A temporary password, shown this once, for somebody who forgot theirs."""
    services: Services = request.app.state.services
    password = new_password()
    password_hash = await hash_password(password)
    async with services.db.transaction() as session:
        account = await _account(session, number)
        if account.id == who.account.id:
            return go_to("/compte")
        await reset_password(session, account, password_hash, by=who.account)
    return page(request, "password_once.html", made=account, password=password, is_new=False)


async def _account(session: AsyncSession, number: int) -> Account:
    account = await session.get(Account, number) if number < 2**31 else None
    if account is None:
        raise HTTPException(404)
    return account


def _new_page(request: Request, form: AccountForm) -> Response:
    return page(request, "new_account.html", status=422 if form.errors else 200, form=form, roles_about=texts.ROLES_ABOUT)


def _account_page(request: Request, who: Signed, account: Account, form: AccountForm, *, error: str | None = None) -> Response:
    values = {"shown": account, "form": form, "is_own": account.id == who.account.id, "second_factor": has_second_factor(account)}
    status = 422 if form.errors or error else 200
    return page(request, "account.html", status=status, roles_about=texts.ROLES_ABOUT, error=error, **values)
