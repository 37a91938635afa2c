"""What is sealed in words and drafts may hold picked words and a drawing; no table changes.

A Catkin from before would open such words and show them without the drawing. It reads this
version, and does not start.
"""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What was sealed before is read as it is: without picked words and without a drawing."""


def downgrade() -> None:
    """Nothing is taken away: what was sealed stays as it is."""
