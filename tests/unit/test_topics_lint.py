import pytest

from watcher.config import Settings
from watcher.topics.lint import lint
from watcher.topics.lint_languages import lint_scripts
from watcher.topics.lint_terms import WrittenTerm, lint_term
from watcher.topics.pack import PREFIX, Part, find_pack, pack_names
from watcher.topics.terms import Kind

ENTITIES = {"kim": {"names": ["Kim Jong Un"]}, "putin": {"names": ["Putin"]}}


def messages(**tables: object) -> list[tuple[tuple[str | int, ...], str, bool]]:
    settings = Settings.model_validate({"entities": ENTITIES, **tables})
    return [(problem.path, problem.message, problem.warning) for problem in lint(settings)]


def topic(**keys: object) -> dict[str, object]:
    return {"topics": [{"id": "t", "match": "kim AND putin", **keys}]}


def test_sound_watchlist_has_no_problem() -> None:
    assert messages(**topic(tests={"yes": ["Kim Jong Un, Putin"], "no": ["Putin left"]})) == []


def test_without_warnings_every_mistake_is_still_found() -> None:
    tables = {
        "entities": {**ENTITIES, "other": {"names": ["Putin"]}},
        "words": {"arms": {"en": ["the", "ar*ms"]}},
        **topic(match="kim and putin", tests={"yes": ["nobody"]}),
    }
    settings = Settings.model_validate(tables)
    every, mistakes = lint(settings), lint(settings, warnings=False)

    assert [one for one in every if not one.warning] == mistakes
    assert {one.path[0] for one in mistakes} == {"words", "topics"}
    assert any(one.warning for one in every)


def test_mistake_in_a_match_line_stands_at_its_column() -> None:
    settings = Settings.model_validate({"entities": ENTITIES, **topic(match="kim and putin")})
    (problem,) = lint(settings)

    assert problem.path == ("topics", 0, "match")
    assert problem.message == "operators are written in capitals: AND"
    assert (problem.offset, problem.length, problem.warning) == (4, 3, False)


def test_unknown_name_stands_at_its_column_with_the_nearest_one() -> None:
    line = '"puttin kim" AND kim AND puttin'
    settings = Settings.model_validate({"entities": ENTITIES, **topic(match=line)})
    (problem,) = lint(settings)

    assert problem.message == "no entity or word list is called `puttin`; did you mean `putin`?"
    assert (problem.offset, problem.length) == (line.rindex("puttin"), 6)


@pytest.mark.parametrize("table", ["entities", "words"])
@pytest.mark.parametrize("name", ["AND", "or", "NOT", "NEAR", "Before", "IN", "2"])
def test_a_list_that_no_match_line_can_name_is_told(table: str, name: str) -> None:
    lists = {name: {"names": ["Partai"]} if table == "entities" else {"id": ["partai"]}}
    known = {**ENTITIES, **lists} if table == "entities" else ENTITIES
    words = lists if table == "words" else {}

    assert messages(entities=known, words=words, **topic()) == [
        (
            (table, name),
            f"a match line reads `{name}` as an operator: give the list another name",
            True,
        ),
    ]


@pytest.mark.parametrize("name", ["of", "title", "x-ray.1", "北朝鮮", "android"])
def test_any_other_name_will_do(name: str) -> None:
    assert messages(entities={**ENTITIES, name: {"names": ["Partai Baru"]}}, **topic()) == []


@pytest.mark.parametrize(
    ("tables", "path", "message", "warning"),
    [
        pytest.param(
            topic(match="NOT kim"),
            ("topics", 0, "match"),
            "the match line asks only for what must be absent; name a list that must be found",
            False,
            id="only absence",
        ),
        pytest.param(
            {"words": {"arms": {"en": ["ar*"]}}},
            ("words", "arms", "en", 0),
            '"ar*" begins too many words; write at least 4 letters before `*`',
            True,
            id="short wildcard",
        ),
        pytest.param(
            {"words": {"arms": {"en": ["ar*ms"]}}},
            ("words", "arms", "en", 0),
            "`*` stands only at the end of a term",
            False,
            id="wildcard inside",
        ),
        pytest.param(
            {"words": {"arms": {"en": ["..."]}}},
            ("words", "arms", "en", 0),
            '"..." has no letter or digit to look for',
            False,
            id="no letters",
        ),
        pytest.param(
            {"words": {"arms": {"en": ["x"]}}},
            ("words", "arms", "en", 0),
            '"x" is a single character and counts only where it stands alone',
            True,
            id="single letter",
        ),
        pytest.param(
            {"entities": {"nobody": {"label": "Nobody"}}},
            ("entities", "nobody"),
            "entity `nobody` has no names, so nothing is found",
            True,
            id="no names",
        ),
        pytest.param(
            {"entities": {"land": {"country": "QQ"}}},
            ("entities", "land", "country"),
            "no country has the code QQ",
            False,
            id="no country",
        ),
        pytest.param(
            {"entities": {"a": {"names": ["Kim Jong-un"]}, "b": {"roles": ["KIM JONG UN"]}}},
            ("entities", "b", "roles", 0),
            '"KIM JONG UN" is a name of `a` too',
            True,
            id="shared name",
        ),
        pytest.param(
            topic(tests={"yes": ["Putin left"]}),
            ("topics", 0, "tests", "yes", 0),
            "this headline should match `t` and does not: nothing found of Kim Jong Un",
            True,
            id="failing yes",
        ),
        pytest.param(
            topic(tests={"no": ["Putin, Kim Jong Un"]}),
            ("topics", 0, "tests", "no", 0),
            "this headline should not match `t` and does: Putin (“Putin”), "
            "Kim Jong Un (“Kim Jong Un”)",
            True,
            id="failing no",
        ),
    ],
)
def test_problem_is_told(
    tables: dict[str, object], path: tuple[str | int, ...], message: str, *, warning: bool
) -> None:
    assert messages(**tables) == [(path, message, warning)]


@pytest.mark.parametrize("term", ["бое*", "=US", "武*", "北", "Munition*", "أسل*"])
def test_terms_of_other_scripts_are_lint_by_their_own_measure(term: str) -> None:
    short = {"бое*": True, "武*": True, "北": True}

    told = lint_term(("words", "arms", "en", 0), term, Kind.WORD)
    assert bool(list(told)) is short.get(term, False)


def test_all_problems_come_at_once() -> None:
    tables = {"words": {"arms": {"en": ["a*", "."]}}, **topic(match="kim AND (arms")}

    assert len(messages(**tables)) == 3


@pytest.mark.parametrize(
    ("term", "sign"),
    [
        ("Xi Jinping|习近平", "|"),
        ("(Kim|Putin)", "("),
        ("Пут.н", "."),
        ("Kim.*", "."),
        ("kim+", "+"),
        ("[Kk]im", "["),
        (r"kim\s", "\\"),
        ("^Kim", "^"),
        ("kim$", "$"),
        ("/kims?/", "/"),
        ("kims?", "?"),
        ("colou?r", "?"),
        ("colou?r TV", "?"),
    ],
)
def test_a_term_that_looks_like_a_pattern_is_told_at_its_sign(term: str, sign: str) -> None:
    settings = Settings.model_validate({"entities": {"kim": {"names": [term]}}})
    problems = [one for one in lint(settings) if "no pattern" in one.message]

    assert [(one.path, one.offset, one.warning) for one in problems] == [
        (("entities", "kim", "names", 0), term.index(sign), True)
    ]
    assert f"`{sign}` is looked for as it stands" in problems[0].message


@pytest.mark.parametrize(
    "name",
    [
        *("J.D. Vance", "U.S.", "=U.S", "St. Petersburg", "Korea (Korut)", "example.com", "Ph.D"),
        *("OPEC+", "Disney+", "C++", "P5+1", "A$AP Rocky", "US$", "$TRUMP", "Газета.Ру"),
        *("พล.อ.", "ปธน.จีน", "Yahoo!", "AT&T", "Who is next?", "¿Quién es?", "24/7", "/e/OS"),
        *("COVID-вирус", "5 μm", "Mi-8 или Ми-8", "Х101", "RHYTHM AND BLUES", "War and Peace"),
    ],
)
def test_a_name_with_signs_of_its_own_is_none(name: str) -> None:
    assert messages(entities={**ENTITIES, "other": {"names": [name]}}, **topic()) == []


@pytest.mark.parametrize(
    ("term", "operator"),
    [("arms NEAR guns", "NEAR"), ("arms NEAR/3 guns", "NEAR/3"), ("Kim AND Putin", "AND")],
)
def test_an_operator_within_a_term_is_told_to_be_a_word(term: str, operator: str) -> None:
    settings = Settings.model_validate({"words": {"arms": {"en": [term]}}})
    (problem,) = (one for one in lint(settings) if "operator" in one.message)

    assert (problem.path, problem.offset) == (("words", "arms", "en", 0), term.index(operator))
    assert problem.message == (
        f'"{term}" is one term: `{operator}` is looked for as a word of it; operators stand in '
        "match lines only"
    )
    assert problem.warning


@pytest.mark.parametrize(
    ("term", "letter", "script", "others"),
    [
        ("Р\u006fссия", "o", "Latin", "Cyrillic"),
        ("P\u0443tin", "\u0443", "Cyrillic", "Latin"),
        ("Владимир Пути\u0068", "h", "Latin", "Cyrillic"),
        ("Αθή\u006eα", "n", "Latin", "Greek"),
    ],
)
def test_a_word_of_mixed_letters_is_told_at_the_odd_one(
    term: str, letter: str, script: str, others: str
) -> None:
    settings = Settings.model_validate({"entities": {"kim": {"names": [term]}}})
    (problem,) = (one for one in lint(settings) if "letter `" in one.message)

    assert (problem.path, problem.warning) == (("entities", "kim", "names", 0), True)
    assert problem.offset == term.index(letter)
    assert problem.message == (
        f'"{term}" has the {script} letter `{letter}` amid {others} ones, and is found only where '
        "a text has it too"
    )


def test_a_pattern_in_a_quoted_phrase_stands_at_its_column() -> None:
    line = 'kim AND "arms|weapons"'
    settings = Settings.model_validate({"entities": ENTITIES, **topic(match=line)})
    (problem,) = lint(settings)

    assert (problem.offset, problem.warning) == (line.index("|"), True)


def test_no_term_of_the_pack_is_taken_for_a_pattern_or_for_another_script() -> None:
    packs = [pack for pack in map(find_pack, map(PREFIX.__add__, pack_names())) if pack]
    names = [(("entities", "x", "names", 0), one.text, Kind.NAME) for p in packs for one in p.terms]
    words: list[WrittenTerm] = [
        (("words", "x", language, 0), one.text, Kind.WORD)
        for pack in packs
        for one in pack.terms
        if one.part is Part.WORDS
        for language in one.languages
    ]

    told = [one.message for term in names for one in lint_term(*term)]
    assert [message for message in told if "pattern" in message] == []
    assert list(lint_scripts(words)) == []


@pytest.mark.parametrize("quotes", ["“”", "„“", "‘’", "«»", "''", "``"])
def test_other_quotes_are_told_from_those_of_a_phrase(quotes: str) -> None:
    (found,) = messages(**topic(match=f"kim AND {quotes[0]}Kim Jong{quotes[1]}"))

    assert found[1] == f'`{quotes[0]}Kim`: a phrase stands in straight double quotes (")'
