import pytest

from watcher.config import Settings
from watcher.topics.lint import lint

ENTITIES: dict[str, dict[str, object]] = {
    "kim": {"names": ["Kim Jong Un"], "short": ["Kim"]},
    "putin": {"names": ["Putin"]},
    "bob": {"short": ["Bob"]},
    "nobody": {"names": []},
    "masked": {"names": ["North Korea", "Kim Yo Jong"], "not": ["North Korea*", "Kim Yo-jong"]},
    "partly": {"names": ["Korea", "Korea Utara"], "not": ["Korea Utara", "=KOREA"]},
}


def warned(line: str) -> list[str]:
    """Return what is said of a match line."""
    tables = {"entities": ENTITIES, "topics": [{"id": "t", "match": line}]}
    problems = lint(Settings.model_validate(tables))
    assert all(problem.warning for problem in problems)
    return [one.message for one in problems if one.path == ("topics", 0, "match")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("bob", "`bob` has only `short` names", id="a short name alone"),
        pytest.param("kim AND nobody", "nothing can be found of `nobody`", id="no names"),
        pytest.param("masked NEAR putin", "nothing can be found of `masked`", id="all covered"),
        pytest.param("2 of (nobody, masked, kim)", "`masked`, `nobody`", id="too few are left"),
    ],
)
def test_line_that_nothing_can_make_true_is_told(line: str, reason: str) -> None:
    assert any("can never hold" in one and reason in one for one in warned(line))


@pytest.mark.parametrize(
    "line",
    [
        "kim",
        "bob AND kim",
        'bob AND "tower"',
        "kim OR nobody",
        "partly AND kim",
        "2 of (nobody, kim, putin)",
        "kim AND NOT nobody",
    ],
)
def test_line_that_may_hold_is_no_matter(line: str) -> None:
    assert warned(line) == []


def test_choice_of_what_is_absent_is_told() -> None:
    assert warned("kim OR NOT putin") == [
        "a choice that asks only for what must be absent matches nothing by itself"
    ]


def test_names_that_never_count_are_told_each() -> None:
    problems = lint(Settings.model_validate({"entities": ENTITIES}))
    covered = [one.path for one in problems if "never counts" in one.message]
    assert covered == [
        ("entities", "masked", "names", 0),
        ("entities", "masked", "names", 1),
        ("entities", "partly", "names", 1),
    ]
