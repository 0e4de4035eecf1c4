import pytest

from watcher.wording import plural, some_of


@pytest.mark.parametrize(
    ("count", "words", "told"),
    [(1, ("story", "stories"), "1 story"), (2, ("story", "stories"), "2 stories"),
     (0, ("alert",), "0 alerts")],
)  # fmt: skip
def test_a_count_has_the_form_of_the_word_that_fits(
    count: int, words: tuple[str, ...], told: str
) -> None:
    assert plural(count, *words) == told


@pytest.mark.parametrize(
    ("names", "told"), [("", ""), ("a", "a"), ("ab", "a, b"), ("abc", "a, b and 1 more")]
)
def test_of_many_names_the_first_are_told_and_the_others_counted(names: str, told: str) -> None:
    assert some_of(names, 2) == told
