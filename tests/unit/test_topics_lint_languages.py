import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import Settings
from watcher.topics.lint import lint
from watcher.topics.lint_languages import lint_scripts
from watcher.topics.pack import Pack, PackTerm, Part, Source
from watcher.topics.query import And, AtLeast, Name, Node, Not, Or, can_hold, parse_match
from watcher.topics.terms import Kind

FEED = "https://news.example/feed"
SOUND = {
    "entities": {"kim": {"names": ["Kim Jong Un"]}, "putin": {"names": ["Putin"]}},
    "words": {"meeting": {"en": ["summit"], "de": ["Gipfel"]}},
    "topics": [{"id": "t", "match": "kim AND putin AND meeting"}],
}


def warnings(**tables: object) -> list[tuple[tuple[str | int, ...], str]]:
    settings = Settings.model_validate({**SOUND, **tables})
    problems = lint(settings)
    assert all(problem.warning for problem in problems)
    return [(problem.path, problem.message) for problem in problems]


def feeds(*languages: str, topics: list[str] | None = None) -> list[dict[str, object]]:
    return [
        {
            "url": f"{FEED}/{number}",
            "lang": language,
            **({} if topics is None else {"topics": topics}),
        }
        for number, language in enumerate(languages)
    ]


def test_a_sound_watchlist_has_no_warning() -> None:
    assert warnings(feeds=feeds("en", "de")) == []


def test_a_name_that_is_an_everyday_word_of_a_spoken_language_is_told() -> None:
    entities = {**SOUND["entities"], "who": {"names": ["Pada"]}}  # type: ignore[dict-item]
    ((path, message),) = warnings(
        entities=entities, words={"meeting": {"en": ["summit"], "id": ["temu"]}}
    )
    assert path == ("entities", "who", "names", 0)
    assert message == (
        '"Pada" is an everyday word in id, where it counts too; '
        'write "=Pada" for exactly this form, or a longer name'
    )


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["=Pada"], id="exact form"),
        pytest.param(["Pada Bay"], id="two words"),
        pytest.param(["Vladivostok"], id="no everyday word"),
    ],
)
def test_other_names_are_not_told(names: list[str]) -> None:
    entities = {**SOUND["entities"], "who": {"names": names}}  # type: ignore[dict-item]
    assert warnings(entities=entities, feeds=feeds("id"), words={"meeting": {"id": ["temu"]}}) == []


def test_an_everyday_word_of_a_language_that_nothing_speaks_is_not_told() -> None:
    entities = {**SOUND["entities"], "who": {"names": ["Pada"]}}  # type: ignore[dict-item]
    assert warnings(entities=entities, feeds=feeds("en")) == []


def test_a_function_word_in_a_word_list_is_told() -> None:
    words = {"meeting": {"en": ["summit", "with"]}}
    assert warnings(words=words) == [
        (
            ("words", "meeting", "en", 1),
            '"with" is an everyday word in this language and stands in most texts',
        )
    ]


def test_a_list_without_words_in_a_language_of_the_feeds_is_told() -> None:
    assert warnings(feeds=feeds("en", "ko", "ja-JP")) == [
        (
            ("words", "meeting"),
            "`meeting` has no words in ja, ko, as feeds of its topics have",
        )
    ]


def test_a_feed_that_may_not_raise_the_topic_needs_no_words() -> None:
    assert warnings(feeds=[*feeds("en"), {"url": FEED, "lang": "ko", "topics": []}]) == []


def test_a_topic_that_no_feed_may_raise_is_told() -> None:
    assert warnings(feeds=feeds("en", topics=[])) == [
        (("topics", 0, "match"), "no feed may raise `t`: each names other `topics`")
    ]


def test_a_topic_that_vetoes_what_it_looks_for_is_told() -> None:
    topics = [{"id": "t", "match": "kim AND putin", "never": ["Kim Kardashian", "putin"]}]
    assert warnings(topics=topics) == [
        (
            ("topics", 0, "never", 1),
            '"putin" is a term of `putin`, which the topic looks for: it vetoes itself',
        )
    ]


def test_a_line_that_contradicts_itself_is_told() -> None:
    topics = [{"id": "t", "match": "kim AND putin AND NOT kim"}]
    assert warnings(topics=topics) == [
        (
            ("topics", 0, "match"),
            "the match line can never hold: it asks for a list and for its absence",
        )
    ]


def test_everyday_word_in_quotes_is_told_at_its_place() -> None:
    line = 'kim AND "the"'
    ((path, message),) = warnings(topics=[{"id": "t", "match": line}])
    assert path == ("topics", 0, "match")
    assert message.startswith('"the" is an everyday word in en')


@pytest.mark.parametrize(
    ("line", "possible"),
    [
        pytest.param("a", True, id="a list"),
        pytest.param("a AND NOT a", False, id="a list and its absence"),
        pytest.param("a NEAR b AND NOT b", False, id="nearness needs both"),
        pytest.param("(a AND NOT a) OR b", True, id="another way"),
        pytest.param("2 of (a, a AND NOT b, b)", True, id="two of three"),
        pytest.param("2 of (a AND NOT a, b)", False, id="two of which one cannot"),
        pytest.param('"x" AND NOT "x" IN title', False, id="a phrase"),
    ],
)
def test_whether_a_line_can_hold(line: str, *, possible: bool) -> None:
    assert can_hold(parse_match(line)) is possible


NAMES = st.sampled_from([Name("a"), Name("b"), Name("c")])
PLAIN = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda items: And(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Or(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: AtLeast(2, tuple(items))),
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_a_line_without_absence_can_hold_and_not_beside_its_own(line: Node) -> None:
    assert can_hold(line)
    assert not can_hold(And((line, Not(line))))


def test_a_name_of_the_pack_that_is_an_everyday_word_elsewhere_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoken = ("sv",)
    terms = (PackTerm("Pada", Part.NAMES, Source.WRITTEN, spoken),)
    made = Pack("who", "Pada", "place", "made", None, None, {"written": "made"}, terms)
    monkeypatch.setattr("watcher.topics.lint_languages.find_pack", lambda _: made)
    entities = {**SOUND["entities"], "who": {"use": "pack:pyongyang"}}  # type: ignore[dict-item]

    ((path, message),) = warnings(
        entities=entities, words={"meeting": {"en": ["summit"], "id": ["temu"]}}
    )
    assert path == ("entities", "who", "use", 0)
    assert message == (
        '"Pada" of pack:pyongyang is an everyday word in id, where it counts too; '
        'write not = ["=Pada"] if that rings falsely'
    )


def test_a_name_that_the_pack_gives_to_another_entity_is_told() -> None:
    entities = {
        **SOUND["entities"],  # type: ignore[dict-item]
        "capital": {"use": "pack:pyongyang"},
        "north": {"names": ["Пхеньян"]},
    }
    assert warnings(entities=entities) == [
        (("entities", "north", "names", 0), '"Пхеньян" is a name of `capital` too')
    ]


@pytest.mark.parametrize(
    ("language", "word", "told"),
    [
        ("ja", "оружие", "Cyrillic"),
        ("ru", "武器", "Han"),
        ("ms", "оружие", "Cyrillic"),
        ("en", "оружие", "Cyrillic"),
        ("ar", "หมาป่า", "Thai"),
        ("zh", "ミサイル", "kana"),
        ("he", "سلاح", "Arabic"),
        ("ja", "武器", None),
        ("ja", "ICBM発射", None),
        ("ru", "HIMARS", None),
        ("ko", "北", None),
        ("en", "α-particle", None),
        ("mn", "зэвсэг", None),
        ("kk", "قارۋ", None),
        ("yi", "וואָפן", None),
        ("crh", "силя", None),
        ("fa", "سلاح", None),
        ("en", "911", None),
    ],
)
def test_a_word_in_a_script_that_its_language_never_writes_is_told(
    language: str, word: str, told: str | None
) -> None:
    written = [(("words", "arms", language, 0), word, Kind.WORD)]

    assert [one.message for one in lint_scripts(written)] == (
        [f'"{word}" is in {told} letters, which {language} never writes'] if told else []
    )


@pytest.mark.parametrize(
    ("code", "match", "feed", "told"),
    [
        ("GE", "place", "en", True),
        ("JO", "place OR putin", "en", True),
        ("TD", "place IN title", "en", True),
        ("GE", "place AND putin", "en", False),
        ("GE", "place", "de", False),
        ("FR", "place", "en", False),
    ],
)
def test_a_country_that_headlines_in_english_share_with_others_is_told_where_it_matches_alone(
    code: str, match: str, feed: str, told: bool
) -> None:
    found = warnings(
        entities={"place": {"country": code}, "putin": {"names": ["Putin"]}},
        words={},
        topics=[{"id": "t", "match": match}],
        feeds=[{"name": "f", "url": "https://f.example/rss", "lang": feed}],
    )

    assert any("add another list" in message for _, message in found) is told
