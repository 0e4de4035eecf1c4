"""What the entries of a story that was corrected by hand are to each other."""

from collections.abc import Sequence

import pytest

from watcher.model import Assignment, Relation
from watcher.stories.corrected import Change, Kept, related_anew

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
    changed = related_anew([Kept(*one) for one in members], lambda *_: None)

    assert list(changed) == [Change(*one) for one in changes]


def test_a_copy_of_what_left_repeats_the_first_copy_that_stays() -> None:
    members = [(2, COPY, 1), (3, COPY, 1), (4, SAME, None), (5, COPY, 1)]

    def judge(entry: int, others: Sequence[int]) -> Assignment | None:
        return Assignment(COPY, 1, others[0], 99.0, "same title") if entry == 3 else None

    assert list(related_anew([Kept(*one) for one in members], judge)) == [
        Change(2, NEW),
        Change(3, COPY, 2, "same title"),
        Change(5, SAME),
    ]
