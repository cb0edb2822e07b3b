"""Tokens of the API; a refund has the shop's own reference."""

import sqlalchemy as sa
from alembic import op

revision = "8e41f7a2c6d3"
down_revision = "5b0c7d1e94a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("token_hash"),
    )
    op.add_column("refunds", sa.Column("reference", sa.String(length=64), nullable=True))
    op.create_index("ix_refunds_reference", "refunds", ["order_id", "reference"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_refunds_reference", "refunds")
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.drop_column("reference")
    op.drop_table("api_tokens")
