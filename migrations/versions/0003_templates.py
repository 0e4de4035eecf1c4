"""Templates: which outlet has used which mask of a title, and when."""

from textwrap import dedent

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENT = """
    CREATE TABLE template (
        day INTEGER NOT NULL,
        mask INTEGER NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (day, mask, times)
    ) WITHOUT ROWID, STRICT
    """


def upgrade() -> None:
    """Add an empty table: families are learned anew within days."""
    op.execute(dedent(STATEMENT).strip())
