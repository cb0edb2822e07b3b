"""what customers wish for cases and returns, reserves on the delivery slip"""

import sqlalchemy as sa
from alembic import op

revision = "3c1f5a7b9e20"
down_revision = "f0e62f85c8a9"
branch_labels = None
depends_on = None

RESERVES = sa.Enum("made", "not_made", "unknown", name="reserves", native_enum=False, length=40)
CASE_WISH = sa.Enum("part", "new_product", "gesture", "refund", "new_delivery", "undecided", name="casewish", native_enum=False, length=40)
RETURN_WISH = sa.Enum("exchange", "refund", "credit", name="returnwish", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("sav_cases", sa.Column("reserves", RESERVES, nullable=True))
    op.add_column("sav_cases", sa.Column("wish", CASE_WISH, nullable=True))
    op.add_column("returns", sa.Column("wish", RETURN_WISH, nullable=True))


def downgrade() -> None:
    op.drop_column("returns", "wish")
    op.drop_column("sav_cases", "wish")
    op.drop_column("sav_cases", "reserves")
