"""several articles in a case or a return"""

import sqlalchemy as sa
from alembic import op

revision = "e4a90c3d7f15"
down_revision = "c27d90b5e1f8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_articles",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["sav_cases.id"]),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"]),
        sa.PrimaryKeyConstraint("case_id", "order_line_id"),
    )
    op.create_index("ix_case_articles_order_line_id", "case_articles", ["order_line_id"])
    op.create_table(
        "return_articles",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0"),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"]),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"]),
        sa.PrimaryKeyConstraint("return_id", "order_line_id"),
    )
    op.create_index("ix_return_articles_order_line_id", "return_articles", ["order_line_id"])
    op.execute("INSERT INTO case_articles (case_id, order_line_id) SELECT id, order_line_id FROM sav_cases WHERE order_line_id IS NOT NULL")
    op.execute("INSERT INTO return_articles (return_id, order_line_id, quantity) SELECT id, order_line_id, quantity FROM returns")
    with op.batch_alter_table("sav_cases") as batch:
        batch.drop_column("order_line_id")
    op.add_column("returns", sa.Column("request_key", sa.String(length=64), nullable=True))
    op.execute("UPDATE returns SET request_key = number")
    with op.batch_alter_table("returns") as batch:
        batch.drop_column("order_line_id")
        batch.drop_column("quantity")
        batch.alter_column("request_key", existing_type=sa.String(length=64), nullable=False)
        batch.create_unique_constraint("uq_returns_request_key", ["request_key"])


def downgrade() -> None:
    """A return keeps its first article only, as does a case."""
    op.add_column("sav_cases", sa.Column("order_line_id", sa.Integer(), nullable=True))
    op.execute("UPDATE sav_cases SET order_line_id = (SELECT min(order_line_id) FROM case_articles WHERE case_id = sav_cases.id)")
    op.add_column("returns", sa.Column("order_line_id", sa.Integer(), nullable=True))
    op.add_column("returns", sa.Column("quantity", sa.Integer(), nullable=True))
    op.execute("UPDATE returns SET order_line_id = (SELECT min(order_line_id) FROM return_articles WHERE return_id = returns.id)")
    op.execute(
        "UPDATE returns SET quantity = (SELECT quantity FROM return_articles WHERE return_id = returns.id "
        "AND return_articles.order_line_id = returns.order_line_id)"
    )
    op.drop_table("return_articles")
    op.drop_table("case_articles")
    with op.batch_alter_table("sav_cases") as batch:
        batch.create_foreign_key("fk_sav_cases_order_line_id", "order_lines", ["order_line_id"], ["id"])
    with op.batch_alter_table("returns") as batch:
        batch.drop_constraint("uq_returns_request_key", type_="unique")
        batch.drop_column("request_key")
        batch.alter_column("order_line_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("quantity", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key("fk_returns_order_line_id", "order_lines", ["order_line_id"], ["id"])
