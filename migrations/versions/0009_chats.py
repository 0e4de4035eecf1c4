"""Which chat each channel's messages stand in: their numbers mean nothing in another one."""

from textwrap import dedent

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = """
    CREATE TABLE channel_chat (
        channel TEXT NOT NULL,
        chat TEXT NOT NULL,
        PRIMARY KEY (channel)
    ) STRICT, WITHOUT ROWID
"""


def upgrade() -> None:
    """Make the table; what stands where is noted at the next start."""
    op.execute(dedent(TABLE).strip())
