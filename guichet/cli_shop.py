"""Commands for the shop's own systems: ``guichet api …`` and ``guichet import …``."""

from pathlib import Path
from typing import Annotated

import typer

from guichet import texts
from guichet.api_tokens import NameTaken, create_token, revoke_token, tokens
from guichet.db import Database, run_with
from guichet.order_file import FileError
from guichet.order_import import import_orders
from guichet.settings import get_settings
from guichet.webhooks import AlreadyThere, InvalidTarget, add_webhook, remove_webhook, webhooks

api_app = typer.Typer(no_args_is_help=True, help="L’accès des systèmes de la boutique (docs/integration.md).")
token_app = typer.Typer(no_args_is_help=True, help="Les jetons de l’API.")
webhook_app = typer.Typer(no_args_is_help=True, help="Les adresses prévenues de ce qui se passe.")
api_app.add_typer(token_app, name="token")
api_app.add_typer(webhook_app, name="webhook")
import_app = typer.Typer(no_args_is_help=True, help="L’import de fichiers de la boutique (docs/integration.md).")
TokenName = Annotated[str, typer.Argument(help="Le système qui s’en servira, par exemple « erp ».")]


@token_app.command("create")
def token_create(name: TokenName, read_only: Annotated[bool, typer.Option("--read-only", help="Le jeton ne permet que de lire.")] = False) -> None:
    """Crée un jeton et l’imprime, cette seule fois : la base n’en garde qu’une empreinte."""

    async def create(db: Database) -> None:
        try:
            async with db.transaction() as session:
                token = await create_token(session, name, read_only=read_only)
        except NameTaken:
            typer.echo(f"Un jeton « {name} » existe déjà. Révoquez-le d’abord : guichet api token revoke {name}", err=True)
            raise typer.Exit(1) from None
        typer.echo(token)

    run_with(get_settings().database_url, create)


@token_app.command("revoke")
def token_revoke(name: TokenName) -> None:
    """Rend un jeton inutilisable, tout de suite."""

    async def revoke(db: Database) -> None:
        async with db.transaction() as session:
            known = await revoke_token(session, name)
        if not known:
            typer.echo(f"Aucun jeton ne s’appelle « {name} ».", err=True)
            raise typer.Exit(1)
        typer.echo(f"Le jeton « {name} » est révoqué.")

    run_with(get_settings().database_url, revoke)


@token_app.command("list")
def token_list() -> None:
    """Liste les jetons en service."""

    async def show(db: Database) -> None:
        async with db.transaction() as session:
            for token in await tokens(session):
                rights = "lecture" if token.read_only else "lecture et écriture"
                typer.echo(f"{token.name}\t{rights}\tcréé le {token.created_at:%d/%m/%Y}")

    run_with(get_settings().database_url, show)


@webhook_app.command("add")
def webhook_add(url: str) -> None:
    """Prévient cette adresse des dossiers et des retours ; imprime, cette seule fois, le secret qui signe les messages."""

    async def add(db: Database) -> None:
        try:
            async with db.transaction() as session:
                secret = await add_webhook(session, url)
        except InvalidTarget:
            typer.echo("Cette adresse n’est pas acceptée ; attendu : https://…, ou http:// sur cette machine.", err=True)
            raise typer.Exit(1) from None
        except AlreadyThere:
            typer.echo("Cette adresse est déjà prévenue. Pour un nouveau secret, retirez-la d’abord : guichet api webhook remove.", err=True)
            raise typer.Exit(1) from None
        typer.echo(secret)

    run_with(get_settings().database_url, add)


@webhook_app.command("remove")
def webhook_remove(url: str) -> None:
    """Ne prévient plus cette adresse ; ce qui attendait d’y être envoyé est abandonné."""

    async def remove(db: Database) -> None:
        async with db.transaction() as session:
            known = await remove_webhook(session, url)
        if not known:
            typer.echo("Cette adresse n’est pas dans la liste.", err=True)
            raise typer.Exit(1)
        typer.echo("Cette adresse n’est plus prévenue.")

    run_with(get_settings().database_url, remove)


@webhook_app.command("list")
def webhook_list() -> None:
    """Liste les adresses prévenues, et combien de messages y attendent ou ont été abandonnés."""

    async def show(db: Database) -> None:
        async with db.transaction() as session:
            for url, waiting, lost in await webhooks(session):
                typer.echo(f"{url}\ten attente : {waiting}\tabandonnés : {lost}")

    run_with(get_settings().database_url, show)


@import_app.command("orders")
def import_orders_(
    file: Annotated[Path, typer.Argument(help="Fichier CSV en UTF-8, une ligne par article commandé.", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifie tout, n’enregistre rien.")] = False,
) -> None:
    """Importe des commandes et dit, ligne par ligne, ce qui est refusé et pourquoi. Une commande est reprise entière ou pas du tout."""

    async def work(db: Database) -> None:
        try:
            report = await import_orders(db, file.read_bytes(), dry_run=dry_run, tell=lambda problem: typer.echo(str(problem)))
        except FileError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        typer.echo(texts.IMPORT_SUMMARY.format(created=report.created, updated=report.updated, refused=report.refused))
        if dry_run:
            typer.echo(texts.IMPORT_DRY_RUN)
        if report.refused:
            raise typer.Exit(1)

    run_with(get_settings().database_url, work)


@import_app.callback()
def _import_group() -> None:
    """Keep ``orders`` a subcommand while it is the only one."""
