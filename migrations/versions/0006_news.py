"""What an entry adds to its story, kept with each decision; the story that a story follows."""

from textwrap import dedent

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE decision ADD COLUMN news TEXT
    """,
    """
    ALTER TABLE story ADD COLUMN follows INTEGER REFERENCES story (id) ON DELETE SET NULL
    """,
    """
    CREATE INDEX ix_story_follows ON story (follows) WHERE follows IS NOT NULL
    """,
)


def upgrade() -> None:
    """Add the columns; of older decisions and stories nothing is known."""
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
