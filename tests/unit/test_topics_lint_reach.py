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


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("2 of (kim, putin, kim)", True, id="the same name"),
        pytest.param("putin AND NOT 2 of (bob, kim AND bob, kim AND bob)", True, id="deep inside"),
        pytest.param("1 of (kim, putin, kim)", False, id="one is enough"),
        pytest.param("2 of (kim, putin, kim AND putin)", False, id="not the same"),
    ],
)
def test_what_a_choice_lists_twice_is_told(line: str, told: bool) -> None:
    message = "stands twice in `2 of (...)`, and is counted twice"
    assert any(message in one for one in warned(line)) is told


def test_names_that_never_count_are_told_each() -> None:
    problems = lint(Settings.model_validate({"entities": ENTITIES}))
    covered = [one.path for one in problems if "never counts" in one.message]
    assert covered == [
        ("entities", "masked", "names", 0),
        ("entities", "masked", "names", 1),
        ("entities", "partly", "names", 1),
    ]


@pytest.mark.parametrize(
    ("never", "said"),
    [
        pytest.param("Kim Jong-un", '"Kim Jong-un" is a term of `kim`', id="a name"),
        pytest.param("Jong Un", '"Jong Un" stands in "Kim Jong Un" of `kim`', id="part of one"),
        pytest.param("Kim", '"Kim" is a term of `kim`', id="a short name"),
        pytest.param("Puti*", '"Puti*" stands in "Putin" of `putin`', id="a wildcard"),
        pytest.param("Pyongyang", '"Pyongyang" is a term of `north`', id="of the pack"),
        pytest.param("Korea", '"Korea" stands in ', id="part of the pack's"),
        pytest.param("Kim Kardashian", None, id="somebody else"),
        pytest.param("Korean Air", None, id="no part of a name"),
        pytest.param("chemical weapons", None, id="more than a word"),
        pytest.param("weapon", None, id="another form of a word"),
    ],
)
def test_veto_of_what_the_topic_looks_for_is_told(never: str, said: str | None) -> None:
    tables = {
        "entities": {
            "kim": {"names": ["Kim Jong Un"], "short": ["Kim"]},
            "putin": {"names": ["Putin"]},
            "north": {"use": ["pack:pyongyang", "pack:north-korea"]},
        },
        "words": {"weapons": {"en": ["weapons"]}},
        "topics": [
            {"id": "t", "match": "kim AND putin AND north AND weapons", "never": ["Xi", never]}
        ],
    }
    problems = lint(Settings.model_validate(tables))
    told = [one.message for one in problems if one.path == ("topics", 0, "never", 1)]

    assert len(told) == (said is not None)
    assert all(said in one and one.endswith("it vetoes itself") for one in told if said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('kim AND NOT "Kim Jong"', '"Kim Jong" stands in "Kim Jong Un" of `kim`'),
        (
            'putin AND (kim AND NOT ("Jong Un" OR "tower"))',
            '"Jong Un" stands in "Kim Jong Un" of `kim`',
        ),
        ('kim AND NOT "kim jong un"', '"kim jong un" is a term of `kim`'),
        ('"Kim Jong Un" AND NOT "Kim"', '"Kim" stands in the phrase "Kim Jong Un"'),
        ('kim AND NOT "Kim Yo Jong"', None),
        ('kim AND NOT "Putin"', None),
        ('putin OR (kim AND NOT "Putin")', None),
        ('"Kim" AND NOT "Kim Kardashian"', None),
    ],
)
def test_a_phrase_under_not_that_stands_in_what_is_looked_for_is_told(
    line: str, said: str | None
) -> None:
    told = f"{said}, which the line looks for: NOT rules it out" if said else None

    assert warned(line) == ([told] if told else [])


@pytest.mark.parametrize("line", ['"Moscow" AND NOT "moscow"', '"J.D." AND NOT ("J. D." OR kim)'])
def test_a_phrase_and_its_absence_in_another_spelling_can_never_hold(line: str) -> None:
    assert warned(line) == ["the match line can never hold: it asks for a list and for its absence"]
