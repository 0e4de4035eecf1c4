"""Feeds that were told as sick by programs that did not note it are not told again."""

from textwrap import dedent

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Those programs told of a feed at its third failure in a row, and stored every value, also zeros.
#: Later ones leave out what has its default: a feed that fails there may not have been told yet.
STATEMENT = """
    UPDATE feed SET state = json_set(state, '$.sick', json('true'))
    WHERE failures >= 3
    AND json_extract(state, '$.moved_count') = 0
    AND json_type(state, '$.sick') IS NULL
"""


def upgrade() -> None:
    """Note what was told."""
    op.execute(dedent(STATEMENT).strip())
