"""outgoing mails and subscriptions to an order's changes"""

import sqlalchemy as sa
from alembic import op

revision = "5d1c0a7be3f2"
down_revision = "3c1f5a7b9e20"
branch_labels = None
depends_on = None

KINDS = ("case_receipt", "case_update", "return_receipt", "order_update", "transcript")
STATES = ("waiting", "sent", "failed")


def upgrade() -> None:
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(length=200), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="mailkind", native_enum=False, length=40), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("unsubscribe_url", sa.String(), nullable=True),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="mailstate", native_enum=False, length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["sav_cases.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedup_key"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("ix_outgoing_mails_due", "outgoing_mails", ["state", "next_attempt_at"])
    op.create_index("ix_outgoing_mails_recipient", "outgoing_mails", ["recipient", "created_at"])
    for column in ("conversation_id", "order_id", "case_id"):
        op.create_index(f"ix_outgoing_mails_{column}", "outgoing_mails", [column])
    op.create_table(
        "order_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "email"),
    )
    op.create_table(
        "unsubscribe_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["order_subscriptions.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_unsubscribe_links_subscription_id", "unsubscribe_links", ["subscription_id"])


def downgrade() -> None:
    op.drop_table("unsubscribe_links")
    op.drop_table("order_subscriptions")
    op.drop_table("outgoing_mails")
