"""Alembic's environment: the schema of ``guichet.models``, on the database it is given."""

from typing import Any, Literal

from alembic import context

from guichet.db import UtcDateTime
from guichet.models import Base


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations stand on their own: our instants are written as the type they are stored as."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item)
with context.begin_transaction():
    context.run_migrations()
