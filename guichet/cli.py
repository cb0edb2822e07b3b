"""The ``guichet`` command."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from guichet import outbox, schema
from guichet.chat_client import ChatClient, typed_lines
from guichet.cli_accounts import accounts_app
from guichet.cli_shop import api_app, import_app
from guichet.db import Database, run_with
from guichet.demo_data import describe_demo, load_demo
from guichet.faq import load_faq
from guichet.faq_compile import compile_faq
from guichet.faq_files import FaqError
from guichet.models import MailState
from guichet.settings import get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Guichet, l’assistant du service client.")
faq_app = typer.Typer(no_args_is_help=True, help="La FAQ : vérifier, compiler.")
demo_app = typer.Typer(no_args_is_help=True, help="La boutique de démonstration.")
app.add_typer(faq_app, name="faq")
app.add_typer(demo_app, name="demo")
app.add_typer(api_app, name="api")
app.add_typer(import_app, name="import")
app.add_typer(accounts_app, name="accounts")


def _with_db(work: Callable[[Database], Awaitable[None]]) -> None:
    run_with(get_settings().database_url, work)


@app.command()
def migrate() -> None:
    """Amène la base de données à la dernière version du schéma."""
    _with_db(schema.migrate)


@app.command()
def revision(message: str) -> None:
    """Écrit une migration d’après la différence entre les modèles et la base (pour les développeurs)."""
    _with_db(lambda db: schema.new_migration(db, message))


@app.command()
def run() -> None:
    """Lance la boutique de démonstration : Rasa et le service, relancés s’ils tombent. Ctrl-C arrête tout."""
    from guichet.supervisor import Supervisor

    raise SystemExit(asyncio.run(Supervisor(get_settings()).run()))


@app.command()
def chat(url: Annotated[str, typer.Option(help="Adresse du serveur.")] = "http://127.0.0.1:8000") -> None:
    """Discute avec un serveur en marche ; un numéro appuie sur le bouton de ce numéro. Accepte aussi un fichier en entrée."""
    try:
        asyncio.run(ChatClient(url).talk(typed_lines(), sys.stdout, echo=not sys.stdin.isatty()))
    except OSError:
        typer.echo(f"Aucun serveur ne répond à {url}. Lancez d’abord « make run ».", err=True)
        raise typer.Exit(1) from None


@app.command()
def mails(retry: Annotated[bool, typer.Option(help="Donne une nouvelle chance aux e-mails abandonnés.")] = False) -> None:
    """Dit où en sont les e-mails aux clients : en attente, envoyés, abandonnés, et les dernières erreurs."""

    async def show(db: Database) -> None:
        async with db.transaction() as session:
            if retry:
                typer.echo(f"{await outbox.retry_failed(session)} e-mails remis en attente.")
            counts, errors = await outbox.count_by_state(session), await outbox.last_errors(session)
        labels = {MailState.WAITING: "en attente", MailState.SENT: "envoyés", MailState.FAILED: "abandonnés"}
        typer.echo("\n".join(f"{counts[state]:6d} {label}" for state, label in labels.items()))
        for mail in errors:
            typer.echo(f"n° {mail.id} ({mail.kind}, tentatives : {mail.attempts}) {mail.last_error}")

    _with_db(show)


@faq_app.command("check")
def faq_check() -> None:
    """Vérifie les fichiers de faq/ et dit, ligne par ligne, ce qui est à corriger."""
    try:
        faq = load_faq(get_settings().faq_dir)
    except FaqError as error:
        typer.echo(str(error))
        count = len(error.problems)
        typer.echo(f"\n{count} problème{'s' if count > 1 else ''} à corriger.")
        raise typer.Exit(1) from None
    phrasings = sum(len(entry.phrasings) for entry in faq.entries.values())
    typer.echo(f"FAQ correcte : {len(faq.entries)} entrées, {phrasings} formulations.")


@faq_app.command("compile")
def faq_compile() -> None:
    """Écrit dans build/ ce que Rasa apprend de la FAQ."""
    try:
        compile_faq(load_faq(get_settings().faq_dir), Path("domain.yml"), Path("build"))
    except FaqError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@demo_app.command("load")
def demo_load() -> None:
    """Remplit une base vide avec la boutique de démonstration (docs/demo.md)."""

    async def load(db: Database) -> None:
        await schema.migrate(db)
        async with db.transaction() as session:
            loaded = await load_demo(session)
        typer.echo("Données de démonstration chargées." if loaded else "La base contient déjà des commandes : rien n’a été changé.")

    _with_db(load)


@demo_app.command("describe")
def demo_describe() -> None:
    """Imprime docs/demo.md."""
    typer.echo(describe_demo(), nl=False)


def main() -> None:
    """Entry point."""
    app()
