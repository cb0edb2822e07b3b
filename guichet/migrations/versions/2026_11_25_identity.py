"""A conversation knows the logged-in customer."""

import sqlalchemy as sa
from alembic import op

revision = "5b0c7d1e94a2"
down_revision = "5d1c0a7be3f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: on SQLite that would rebuild the table, which its own foreign keys forbid as soon as there are messages.
    column = sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customers.id"), nullable=True)
    op.add_column("conversations", column, inline_references=True)
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])


def downgrade() -> None:
    op.drop_index("ix_conversations_customer_id", "conversations")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("customer_id")
