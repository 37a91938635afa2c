"""Answers know what came before them and what is remembered, runs the text they began with.

What was answered before stands in one row: nobody could look again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
EVERY = {"every_school": "all are brought to the new form"}


def upgrade() -> None:
    op.add_column("attempt", sa.Column("edition", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("tip_id", sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("after_id", sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("state", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE answer SET after_id = (SELECT max(earlier.id) FROM answer AS earlier "
        "WHERE earlier.attempt_id = answer.attempt_id AND earlier.id < answer.id)",
        execution_options=EVERY,
    )
    op.execute(
        "UPDATE attempt SET tip_id = "
        "(SELECT max(answer.id) FROM answer WHERE answer.attempt_id = attempt.id)",
        execution_options=EVERY,
    )


def downgrade() -> None:
    for table, column in (
        ("answer", "state"),
        ("answer", "after_id"),
        ("attempt", "tip_id"),
        ("attempt", "edition"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
