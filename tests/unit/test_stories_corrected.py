"""What the entries of a story that was corrected by hand are to each other."""

import pytest

from watcher.model import Relation
from watcher.stories.corrected import Kept, related_anew

NEW, SAME, COPY = Relation.NEW, Relation.SAME, Relation.COPY


@pytest.mark.parametrize(
    ("members", "changes"),
    [
        pytest.param([], [], id="nothing is left"),
        pytest.param([(1, NEW, None), (2, COPY, 1), (3, SAME, None)], [], id="as it was"),
        pytest.param([(2, COPY, 1), (3, COPY, 2)], [(2, NEW)], id="a copy comes first"),
        pytest.param([(2, SAME, None), (3, COPY, 1)], [(2, NEW), (3, SAME)], id="what it repeats"),
        pytest.param([(1, NEW, None), (2, NEW, None), (3, COPY, 2)], [(2, SAME)], id="two joined"),
    ],
)
def test_the_first_is_new_and_copies_repeat_their_own(
    members: list[tuple[int, Relation, int | None]], changes: list[tuple[int, Relation]]
) -> None:
    assert list(related_anew([Kept(*one) for one in members])) == changes
