"""Handing over to a person: who holds a conversation, the history of handovers, presence, notes, ratings."""

import sqlalchemy as sa
from alembic import op

revision = "a41c7e0d5b93"
down_revision = "5d3f8a91c7e4"
branch_labels = None
depends_on = None

REASONS = ("asked", "misunderstood", "bot_failure", "needs_person", "agent_silent", "transferred", "reopened")
OUTCOMES = ("back_to_bot", "closed", "requeued", "transferred", "case", "customer_left")
NEW_COLUMNS = ("team", "waiting_since", "closed_at", "customer_read_seq", "agent_read_seq", "last_customer_at", "last_agent_at", "agent_id")


def _team() -> sa.Enum:
    return sa.Enum("sav", "orders", "accounts", name="casequeue", native_enum=False, length=40)


def upgrade() -> None:
    # Not in batch mode: on SQLite that would rebuild the tables, which their own foreign keys forbid as soon as there are messages.
    op.add_column("conversations", sa.Column("agent_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True), inline_references=True)
    op.create_index("ix_conversations_agent_id", "conversations", ["agent_id"])
    op.add_column("conversations", sa.Column("team", _team(), nullable=True))
    for name in ("waiting_since", "closed_at", "last_customer_at", "last_agent_at"):
        op.add_column("conversations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("customer_read_seq", "agent_read_seq"):
        op.add_column("conversations", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversation_events", sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=True), inline_references=True)
    op.create_index("ix_conversation_events_account_id", "conversation_events", ["account_id"])
    op.execute(
        "UPDATE conversations SET last_customer_at = (SELECT max(at) FROM conversation_events"
        " WHERE conversation_id = conversations.id AND author = 'customer')"
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Enum(*REASONS, name="handoverreason", native_enum=False, length=40), nullable=False),
        sa.Column("team", _team(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="handoveroutcome", native_enum=False, length=40), nullable=True),
        sa.Column("motive", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("conversation_id", "requested_at", "agent_id"):
        op.create_index(f"ix_handovers_{name}", "handovers", [name])
    still_open = sa.text("ended_at IS NULL")
    op.create_index("ix_handovers_open", "handovers", ["conversation_id"], unique=True, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "presences",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("available", "busy", "away", name="presencestate", native_enum=False, length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "internal_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_id"),
    )
    for name in ("conversation_id", "account_id"):
        op.create_index(f"ix_internal_notes_{name}", "internal_notes", [name])
    op.create_table(
        "ratings",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )


def downgrade() -> None:
    for table in ("ratings", "internal_notes", "presences", "handovers"):
        op.drop_table(table)
    op.drop_index("ix_conversation_events_account_id", "conversation_events")
    op.drop_index("ix_conversations_agent_id", "conversations")
    with op.batch_alter_table("conversation_events") as batch_op:
        batch_op.drop_column("account_id")
    with op.batch_alter_table("conversations") as batch_op:
        for name in NEW_COLUMNS:
            batch_op.drop_column(name)
