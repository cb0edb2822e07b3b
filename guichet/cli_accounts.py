"""Commands for the console's accounts: ``guichet accounts …``. The first administrator is made here, and a lost second factor undone."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.accounts import (
    EmailTaken,
    InvalidEmail,
    LastAdmin,
    account_by_email,
    accounts,
    create_account,
    disable_account,
    email_key,
    new_password_hash,
    reset_password,
    reset_second_factor,
)
from guichet.console import texts
from guichet.db import Database, run_with
from guichet.models import Account, Role
from guichet.passwords import WeakPassword, new_password
from guichet.second_factor import has_second_factor
from guichet.settings import get_settings

accounts_app = typer.Typer(no_args_is_help=True, help="Les comptes de la console (docs/console.md).")
Email = Annotated[str, typer.Argument(help="L’adresse e-mail du compte.")]


@accounts_app.command("create")
def create(
    email: Email,
    name: Annotated[str, typer.Option(help="Le nom, tel que ses collègues et les clients le lisent.")],
    role: Annotated[Role, typer.Option(help="agent, editor (la FAQ) ou admin (tout).")],
    generate: Annotated[bool, typer.Option("--generate", help="Ne demande rien : imprime un mot de passe provisoire.")] = False,
) -> None:
    """Crée un compte. Le mot de passe est demandé ; sans réponse, un mot de passe provisoire est imprimé, cette seule fois."""
    try:
        email = email_key(email)
    except InvalidEmail:
        raise _stop(f"« {email} » n’est pas une adresse e-mail.") from None
    name = name.strip()
    if not 0 < len(name) <= 200:
        raise _stop(texts.FIELD_NAME)
    chosen = "" if generate else _asked()

    async def work(db: Database) -> None:
        password = chosen or new_password()
        password_hash = await _hash(password, email, name)
        try:
            async with db.transaction() as session:
                await create_account(session, email=email, name=name, role=role, password_hash=password_hash, password_temporary=not chosen)
        except EmailTaken:
            raise _stop(f"Un compte a déjà l’adresse {email}.") from None
        typer.echo(f"Compte créé : {email} ({texts.ROLES[role]})")
        if not chosen:
            _print_once(password)

    run_with(get_settings().database_url, work)


@accounts_app.command("list")
def list_() -> None:
    """Liste les comptes."""

    async def show(db: Database) -> None:
        async with db.transaction() as session:
            for account in await accounts(session):
                state = "actif" if account.active else "désactivé"
                factor = "double authentification" if has_second_factor(account) else "mot de passe seul"
                typer.echo(f"{account.email}\t{account.name}\t{texts.ROLES[account.role]}\t{state}\t{factor}")

    run_with(get_settings().database_url, show)


@accounts_app.command("disable")
def disable(email: Email) -> None:
    """Désactive un compte et ferme ses sessions, tout de suite."""

    async def work(session: AsyncSession, account: Account) -> None:
        try:
            await disable_account(session, account, by=None)
        except LastAdmin:
            raise _stop(texts.LAST_ADMIN) from None
        typer.echo(f"Le compte {account.email} est désactivé.")

    _with_account(email, work)


@accounts_app.command("reset-password")
def reset_password_(email: Email) -> None:
    """Imprime, cette seule fois, un mot de passe provisoire qui remplace celui du compte ; ferme ses sessions."""
    password = new_password()

    async def work(db: Database) -> None:
        async with db.transaction() as session:
            known = await _known(session, email)
        password_hash = await _hash(password, known.email, known.name)
        async with db.transaction() as session:
            await reset_password(session, await _known(session, email), password_hash, by=None)
        _print_once(password)

    run_with(get_settings().database_url, work)


@accounts_app.command("reset-totp")
def reset_totp(email: Email) -> None:
    """Retire la double authentification d’un compte dont le téléphone est perdu ; ferme ses sessions."""

    async def work(session: AsyncSession, account: Account) -> None:
        await reset_second_factor(session, account, by=None)
        typer.echo(f"La double authentification de {account.email} est retirée.")

    _with_account(email, work)


def _with_account(email: str, work: Callable[[AsyncSession, Account], Awaitable[None]]) -> None:
    async def run(db: Database) -> None:
        async with db.transaction() as session:
            await work(session, await _known(session, email))

    run_with(get_settings().database_url, run)


async def _known(session: AsyncSession, email: str) -> Account:
    account = await account_by_email(session, email)
    if account is None:
        raise _stop(f"Aucun compte n’a l’adresse {email}.")
    return account


async def _hash(password: str, email: str, name: str) -> str:
    try:
        return await new_password_hash(password, email=email, name=name)
    except WeakPassword as weak:
        raise _stop(texts.WEAKNESSES[weak.weakness]) from None


def _asked() -> str:
    answer: str = typer.prompt(
        "Mot de passe (vide : un mot de passe provisoire sera créé)", default="", hide_input=True, show_default=False, err=True
    )
    if answer and typer.prompt("Encore une fois", hide_input=True, default="", show_default=False, err=True) != answer:
        raise _stop(texts.PASSWORDS_DIFFER)
    return answer


def _print_once(password: str) -> None:
    typer.echo("Mot de passe provisoire, à changer à la première connexion :", err=True)
    typer.echo(password)


def _stop(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)
