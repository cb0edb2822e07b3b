"""Photos and documents of conversations; a mail may carry one."""

import sqlalchemy as sa
from alembic import op

revision = "4a6de0b38c17"
down_revision = "e4a90c3d7f15"
branch_labels = None
depends_on = None

AUTHORS = ("customer", "bot", "agent", "system")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.Enum(*AUTHORS, name="author", native_enum=False, length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["sav_cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attachments_message", "attachments", ["conversation_id", "event_seq"])
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"])
    # Not in batch mode: a plain new column rebuilds nothing.
    column = sa.Column("attachment_id", sa.String(length=36), sa.ForeignKey("attachments.id"), nullable=True)
    op.add_column("outgoing_mails", column, inline_references=True)


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.drop_column("attachment_id")
    op.drop_table("attachments")
