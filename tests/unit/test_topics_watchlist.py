import random
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.config import Settings
from watcher.model import Entry, Field, Reading, Rule
from watcher.topics import unspaced
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)

LISTS: dict[str, dict[str, object]] = {
    "entities": {
        "kim": {
            "label": "Kim Jong Un",
            "names": ["Kim Jong Un", "김정은", "金正恩", "Ким Чен Ын", "كيم جونغ أون"],
            "short": ["Kim", "Ким"],
            "roles": ["North Korean leader"],
            "not": ["Kim Kardashian", "Kim Yo Jong"],
        },
        "putin": {"names": ["Putin", "푸틴", "普京", "Путин", "بوتين"], "not": ["Rasputin"]},
        "sister": {"names": ["Kim Yo Jong"]},
        "north_korea": {"country": "KP", "names": ["Pyongyang"]},
        "russia": {"country": "RU", "names": ["Moscow"]},
        "us": {"names": ["=US"]},
    },
    "words": {
        "arms": {"en": ["arms", "weapon*"], "id": ["senjata"], "fr": ["obus"], "zh": ["武器"]},
        "meeting": {"en": ["meet*", "summit"], "id": ["bertemu", "temui"]},
    },
}


def watchlist(*lines: str, **topic: object) -> Watchlist:
    tables = [{"id": f"t{number}", "match": line, **topic} for number, line in enumerate(lines)]
    return Watchlist(Settings.model_validate({**LISTS, "topics": tables}))


def entry(title: str, summary: str = "", language: str | None = "en") -> Entry:
    return Entry("1", title, SEEN, summary, language=language)


def found(reading: Reading) -> set[tuple[str, str]]:
    return {(one.list, one.text) for one in reading.mentions}


@pytest.mark.parametrize(
    ("line", "title", "summary", "matched"),
    [
        ("kim AND putin", "Kim Jong Un", "Putin left.", True),
        ("kim AND putin", "Kim Jong Un left", "", False),
        ("kim NEAR putin", "Kim Jong Un", "Putin left.", False),
        ("kim NEAR putin", "Kim Jong Un and Putin", "", True),
        ("kim NEAR putin", "", "He came. Kim Jong Un met Putin. He left.", True),
        ("kim NEAR putin", "", "Kim Jong Un came. Putin left.", False),
        ("kim NEAR putin", "", "金正恩抵达。普京离开。", False),
        ("north_korea AND NOT kim", "Kim leaves Pyongyang", "", False),
        ("kim NEAR/2 putin", "Kim Jong Un met Putin", "", True),
        ("kim NEAR/2 putin", "Kim Jong Un met Mr Putin", "", False),
        ("kim NEAR/1 putin", "金正恩普京", "", True),
        ("kim NEAR/2 putin", "金正恩今晤普京", "", True),
        ("kim NEAR/2 putin", "金正恩今日晚上會晤普京", "", False),
        ("kim BEFORE/5 putin", "Kim Jong Un met Putin", "", True),
        ("kim BEFORE/5 putin", "Putin met Kim Jong Un", "", False),
        ("(kim NEAR/9 us) BEFORE/5 putin", "Kim Jong Un leaves the US for Putin", "", True),
        ("(kim NEAR/9 us) BEFORE/5 putin", "Kim Jong Un and Putin leave the US", "", False),
        ("kim BEFORE putin", "Kim Jong Un for the first time in many years met Putin", "", True),
        ("kim NEAR NOT us", "Kim Jong Un", "US left.", True),
        ("kim NEAR NOT us", "US met Kim Jong Un", "", False),
        ("kim NEAR/2 NOT us", "Kim Jong Un left early for the US", "", True),
        ("kim AND NOT us", "Kim Jong Un", "US left.", False),
        ("kim AND NOT us", "Kim Jong Un tells us all", "", True),
        ("kim AND NOT us IN sentence", "Kim Jong Un", "US left.", True),
        ("kim AND putin IN title", "Kim Jong Un", "Putin left.", False),
        ("kim AND putin IN title OR russia", "Moscow", "", True),
        ("kim AND putin AND meeting IN sentence", "Kim Jong Un", "Putin will meet.", False),
        ("kim AND putin IN text", "Kim Jong Un", "Putin will meet.", True),
        ("2 of (kim, putin, russia)", "Putin in Moscow", "", True),
        ("2 of (kim, putin, russia)", "Putin left", "", False),
        ("(kim OR north_korea) NEAR/3 (putin OR russia)", "Pyongyang visit by Putin", "", True),
        ("(kim AND arms) NEAR/3 putin", "Kim Jong Un brings arms to Putin", "", True),
        ('"gave weapons" AND russia', "Moscow gave weapons away", "", True),
        ('"gave weapons" AND russia', "Moscow gave its weapons away", "", False),
        ("NOT us", "Kim Jong Un left", "", False),
        ("kim NEAR north_korea", "North Korean leader left", "", False),
        ("kim NEAR north_korea", "North Korean leader left Pyongyang", "", True),
    ],
)
def test_line_holds_or_not(line: str, title: str, summary: str, *, matched: bool) -> None:
    assert bool(watchlist(line).read(entry(title, summary)).matches) is matched


def test_match_shows_its_evidence_and_the_most_telling_sentence() -> None:
    summary = "He came by train. Kim Jong Un will meet Putin in Moscow. Nothing else."
    (match,) = watchlist("kim NEAR putin").read(entry("Talks with Putin", summary)).matches

    assert [(one.list, one.field, one.text) for one in match.evidence] == [
        ("kim", Field.SUMMARY, "Kim Jong Un"),
        ("putin", Field.SUMMARY, "Putin"),
    ]
    field, start, end = match.sentence
    assert field is Field.SUMMARY
    assert summary[start:end] == "Kim Jong Un will meet Putin in Moscow."


def test_lists_of_no_matching_topic_are_mentioned_too() -> None:
    reading = watchlist("kim AND putin").read(entry("Putin in Moscow sells arms"))

    assert not reading.matches
    assert found(reading) == {("putin", "Putin"), ("russia", "Moscow"), ("arms", "arms")}


def test_a_reading_tells_words_and_phrases_from_names() -> None:
    reading = watchlist('putin AND arms AND "sells"').read(entry("Putin in Moscow sells arms"))

    assert reading.word_lists == {"arms", '"sells"'}


@pytest.mark.parametrize(
    ("title", "by_summary"),
    [
        pytest.param("Putin in Moscow sells arms", set(), id="the title says it all"),
        pytest.param("Putin in Moscow: what we know", {"t1"}, id="one of two topics needs more"),
        pytest.param("World news in brief", {"t0", "t1"}, id="a standing headline"),
    ],
)
def test_a_reading_tells_which_topics_the_title_alone_would_not_meet(
    title: str, by_summary: set[str]
) -> None:
    looks = watchlist("putin AND russia", "putin AND arms").read(
        entry(title, "Putin sells arms in Moscow.")
    )

    assert looks.by_summary == by_summary


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        pytest.param("Kim meets Putin", {"Kim"}, id="beside another list"),
        pytest.param("Kim left early", set(), id="alone"),
        pytest.param("Kim Yo Jong meets Putin", set(), id="a not name covers it"),
        pytest.param("Kim Kardashian and Kim: Putin", {"Kim"}, id="only one is covered"),
        pytest.param("Kim Jong Un, Putin", {"Kim Jong Un"}, id="once per place"),
        pytest.param("Kimberly meets Putin", set(), id="another word"),
    ],
)
def test_short_name_counts_beside_another_list_only(title: str, texts: set[str]) -> None:
    reading = watchlist("kim AND putin").read(entry(title))

    assert {text for name, text in found(reading) if name == "kim"} == texts


def test_short_name_is_not_part_of_somebody_elses_name() -> None:
    tables = {
        "entities": {
            "kim": {"names": ["Kim Jong Un"], "short": ["Kim"]},
            "sister": {"names": ["Kim Yo Jong"]},
        },
        "topics": [{"id": "t", "match": "kim AND sister"}],
    }
    read = Watchlist(Settings.model_validate(tables)).read

    assert not read(entry("Kim Yo Jong speaks")).matches
    assert read(entry("Kim, Kim Yo Jong speak")).matches


@pytest.mark.parametrize(
    ("title", "language", "lists"),
    [
        pytest.param("obus", "fr", {"arms"}, id="its language"),
        pytest.param("obus", "en", set(), id="another language"),
        pytest.param("obus", None, {"arms"}, id="unknown language"),
        pytest.param("senjata", "ms", {"arms"}, id="a sister language"),
        pytest.param("senjatanya", "id", {"arms"}, id="with an enclitic"),
        pytest.param("出售武器", "zh-TW", {"arms"}, id="primary subtag"),
        pytest.param("Putin", "fr", {"putin"}, id="names count everywhere"),
    ],
)
def test_words_count_in_their_language(title: str, language: str | None, lists: set[str]) -> None:
    reading = watchlist("kim AND arms").read(entry(title, language=language))

    assert {one.list for one in reading.mentions} == lists


@pytest.mark.parametrize(
    ("title", "language", "lists"),
    [
        pytest.param("Triều Tiên và Nga", "vi", {"north_korea", "russia"}, id="Vietnamese"),
        pytest.param("Nga", "en", set(), id="short name elsewhere"),
        pytest.param("Korea Utara dan Rusia", "en", {"north_korea", "russia"}, id="everywhere"),
        pytest.param("白俄罗斯", "zh", set(), id="Belarus is not Russia"),
        pytest.param("俄罗斯、白俄罗斯", "zh", {"russia"}, id="beside Belarus"),
        pytest.param("北朝鮮がロシアに", "ja", {"north_korea", "russia"}, id="Japanese"),
        pytest.param("переговоры в России", "ru", {"russia"}, id="Russian case"),
        pytest.param("przez Rosję", "pl", {"russia"}, id="Polish case"),
        pytest.param("Rosję", "en", set(), id="Polish case elsewhere"),
        pytest.param("Rusijoje", "lt", {"russia"}, id="Lithuanian case"),
        pytest.param("เกาหลีเหนือส่งให้รัสเซีย", "th", {"north_korea", "russia"}, id="Thai"),
    ],
)
def test_country_is_known_in_every_language(title: str, language: str, lists: set[str]) -> None:
    reading = watchlist("kim AND putin").read(entry(title, language=language))

    assert {one.list for one in reading.mentions} == lists


def test_never_vetoes_and_explain_tells() -> None:
    list_ = watchlist("kim NEAR putin", never=["Kim Kardashian"])
    vetoed = entry("Putin, Kim Jong Un and Kim Kardashian")
    (finding,) = list_.explain(vetoed)

    assert not list_.read(vetoed).matches
    assert not finding.matched
    assert [one.text for one in finding.vetoes] == ["Kim Kardashian"]
    assert finding.reason == "vetoed by “Kim Kardashian”"


@pytest.mark.parametrize(
    ("title", "summary", "missing", "reason"),
    [
        ("Putin left", "", ("kim",), "nothing found of Kim Jong Un"),
        (
            "Kim Jong Un",
            "Putin left.",
            (),
            "all lists found, but not in one sentence: Kim Jong Un, Putin (“Kim Jong Un”, “Putin”)",
        ),
        ("Kim Jong Un met Putin", "", (), "found Kim Jong Un, Putin"),
        ("Moscow", "", ("arms",), "nothing found of arms"),
    ],
)
def test_explain_tells_what_is_missing(
    title: str, summary: str, missing: tuple[str, ...], reason: str
) -> None:
    (finding,) = watchlist("(kim NEAR putin) OR (russia AND arms)").explain(entry(title, summary))

    assert finding.missing == missing
    assert finding.reason == reason


def test_only_the_topics_asked_for_are_tried() -> None:
    list_ = watchlist("kim", "putin")

    assert [m.topic for m in list_.read(entry("Putin, Kim Jong Un"), {"t1"}).matches] == ["t1"]
    assert len(list_.explain(entry(""), {"t1"})) == 1


def test_unreadable_line_leaves_the_other_topics_at_work() -> None:
    assert [m.topic for m in watchlist("kim and", "putin").read(entry("Putin")).matches] == ["t1"]


def test_labels_are_for_people() -> None:
    labels = watchlist("kim").labels

    assert labels["kim"] == "Kim Jong Un"
    assert labels["north_korea"] == "North Korea"
    assert labels["russia"] == "Russia"
    assert labels["putin"] == "Putin"
    assert labels["arms"] == "arms"


def test_role_and_country_say_so() -> None:
    reading = watchlist("kim AND russia").read(entry("North Korean leader in Rusia"))

    assert {(one.list, one.rule) for one in reading.mentions} == {
        ("kim", Rule.ROLE),
        ("north_korea", Rule.COUNTRY),
        ("russia", Rule.COUNTRY),
    }


def test_empty_watchlist_finds_nothing() -> None:
    reading = Watchlist(Settings()).read(entry("Kim Jong Un met Putin"))

    assert (reading.mentions, reading.matches) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kim Putin " * 20_000, id="names"),
        pytest.param("." * 200_000, id="points"),
        pytest.param("1. " * 70_000, id="numbers"),
        pytest.param("?" * 200_000, id="question marks"),
        pytest.param("\n " * 100_000, id="line breaks"),
        pytest.param("e\u0301" * 100_000, id="marks"),
        pytest.param("e" + "\u0301" * 100_000, id="marks on one letter"),
        pytest.param("金正恩普京" * 20_000, id="Chinese"),
        pytest.param("﷽" * 20_000, id="ligatures"),
        pytest.param("\x00" * 100_000, id="zeros"),
    ],
)
def test_endless_text_is_read_all_the_same(text: str) -> None:
    reader = watchlist("kim NEAR/3 putin OR kim NEAR putin OR (kim AND putin) NEAR/9 russia")

    reading = reader.read(entry(text, text, None))

    assert all(one.text for one in reading.mentions)


LINES = ("kim NEAR putin", "(kim OR sister) AND russia", "arms AND NOT us", "2 of (kim, putin, us)")
PIECES = (
    *("Kim Jong-un", "Kim", "Putin", "Rasputin", "Ким Чен Ыном", "金正恩", "普京", "US", "arms"),
    *("senjatanya", "وبوتين", "白俄罗斯", "Kim Yo Jong", "North Korean leader", "Nga"),
    *(". ", "! ", "，", "。", "\n\n", "ß", "ﷺ", "e\u0301", "\x00"),
)
SAMPLES = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
READER = watchlist(*LINES, never=["Kardashian"])


def shuffled(seed: int) -> Watchlist:
    chance = random.Random(seed)  # noqa: S311 - an order to try, no secret

    def mix(value: object) -> object:
        if isinstance(value, dict):
            pairs = [(key, mix(item)) for key, item in value.items()]
            chance.shuffle(pairs)
            return dict(pairs)
        return chance.sample(value, len(value)) if isinstance(value, list) else value

    topics = [
        {"id": f"t{number}", "match": line, "never": ["Kardashian"]}
        for number, line in enumerate(LINES)
    ]
    return Watchlist(
        Settings.model_validate({**{k: mix(v) for k, v in LISTS.items()}, "topics": mix(topics)})
    )


SHUFFLED = [shuffled(seed) for seed in range(4)]


@given(SAMPLES, SAMPLES, st.sampled_from([None, "en", "id", "vi"]))
def test_order_of_lists_changes_nothing(title: str, summary: str, language: str | None) -> None:
    one = entry(title, summary, language)

    assert all(other.read(one) == READER.read(one) for other in SHUFFLED)


@settings(max_examples=200)
@given(st.one_of(SAMPLES, st.text()), st.one_of(SAMPLES, st.text()))
def test_evidence_cuts_the_original_exactly(title: str, summary: str) -> None:
    one = entry(title, summary, None)
    reading = READER.read(one)

    for evidence in (*reading.mentions, *(e for m in reading.matches for e in m.evidence)):
        assert evidence.text == one.text(evidence.field)[evidence.start : evidence.end]
        assert evidence.text
    for field, start, end in (match.sentence for match in reading.matches):
        assert 0 <= start < end <= len(one.text(field))


@given(SAMPLES, SAMPLES)
def test_reading_and_explaining_agree(title: str, summary: str) -> None:
    one = entry(title, summary, None)
    matches = {match.topic: match for match in READER.read(one).matches}

    assert {f.topic: f.match for f in READER.explain(one) if f.match} == matches


def test_a_long_run_of_one_character_is_not_walked_anew_from_each_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    joins = Mock(wraps=unspaced._joins)
    monkeypatch.setattr(unspaced, "_joins", joins)
    words = {"gold": {"zh": ["金"], "ko": ["금"]}}
    topics = [{"id": "gold", "match": "gold"}]
    read = Watchlist(Settings.model_validate({"words": words, "topics": topics})).read

    for letter in "金금":
        read(entry(letter * 900, letter * 900, language=None))

    assert joins.call_count < 20 * 4 * 900


WORDS = ("Alpha", "Beta", "Gamma", "Delta", "said", ".")


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.lists(st.sampled_from(WORDS), max_size=9))
def test_a_choice_near_a_list_is_any_of_its_pairs_near_it(
    title: list[str], text: list[str]
) -> None:
    names = {word.lower(): {"names": [word]} for word in WORDS[:4]}
    lines = {
        "choice": "2 of (alpha, beta, gamma, NOT delta) NEAR/2 delta",
        "pairs": "((alpha AND beta) OR (alpha AND gamma) OR (beta AND gamma)) NEAR/2 delta",
    }
    topics = [{"id": name, "match": line} for name, line in lines.items()]
    reader = Watchlist(Settings.model_validate({"entities": names, "topics": topics}))

    found = {
        match.topic: match
        for match in reader.read(entry(" ".join(title), " ".join(text), None)).matches
    }

    assert found.get("choice") is None or found["choice"].evidence == found["pairs"].evidence
    assert found.keys() in (set(lines), set())


PLACES = {
    "entities": {"brazil": {"country": "BR"}, "coach": {"names": ["Fenerbahce", "Mourinho"]}},
    "words": {"shrinks": {"en": ["shrinks"]}, "part": {"en": ["part ways"]}},
    "topics": [
        {"id": "crop", "match": "brazil AND shrinks"},
        {"id": "leaves", "match": "coach AND part"},
    ],
}


@pytest.mark.parametrize(
    ("title", "language", "topic"),
    [
        ("Brazil's coffee crop shrinks", None, "crop"),
        ("Fenerbahce part ways with Jose Mourinho", None, "leaves"),
        ("The coffee crop of Brazil shrinks, and it was the best", "en", "crop"),
    ],
)
def test_names_alone_make_no_language(title: str, language: str | None, topic: str) -> None:
    reading = Watchlist(Settings.model_validate(PLACES)).read(entry(title, language=None))

    assert reading.language == language
    assert [match.topic for match in reading.matches] == [topic]


def test_a_language_that_a_title_without_its_names_has_too_stands() -> None:
    title = "Brasilien: Kaffeeernte schrumpft weiter"
    reading = Watchlist(Settings.model_validate(PLACES)).read(entry(title, language=None))

    assert (reading.language, found(reading)) == ("de", {("brazil", "Brasilien")})


SHOUTED = {
    "entities": {
        "us": {"country": "US"},
        "who": {"names": ["=WHO", "World Health Organization"]},
        "nato": {"names": ["=NATO"]},
        "pope": {"names": ["Pope"]},
        "korea": {"use": "pack:north-korea"},
    },
    "words": {"word": {"en": ["today"]}},
    "topics": [
        {"id": "who", "match": "who"},
        {"id": "us", "match": "us"},
        {"id": "nato", "match": "nato"},
        {"id": "korea", "match": "korea"},
        {"id": "both", "match": "who AND pope"},
    ],
}


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("WHO IS THE NEXT MINISTER?", []),
        ("JOIN US TODAY", []),
        ("WHO warns of the virus", ["who"]),
        ("WORLD HEALTH ORGANIZATION (WHO) WARNS", ["who"]),
        ("WHO SAYS THE POPE IS WELL", ["both"]),
        ("NATO TO MEET TODAY", ["nato"]),
        ("UNITED STATES STRIKES TARGETS", ["us"]),
        ("WHO 警告新病毒", ["who"]),
        ("N. KOREA FIRES MISSILE", ["korea"]),
        ("N KOREA, N.KOREAN", ["korea"]),
        ("TALKS WITH N KOREA", ["korea"]),
    ],
)
def test_in_a_title_all_in_capitals_an_everyday_word_does_not_count_alone(
    title: str, topics: list[str]
) -> None:
    shouted = Watchlist(Settings.model_validate(SHOUTED))

    assert [match.topic for match in shouted.read(entry(title, language=None)).matches] == topics


def test_an_everyday_word_in_capitals_is_explained() -> None:
    shouted = Watchlist(Settings.model_validate(SHOUTED))
    (finding,) = shouted.explain(entry("WHO IS THE NEXT MINISTER?"), {"who"})

    assert finding.reason == (
        "nothing found of WHO; “WHO” may be an everyday word in a title all in capitals, where it "
        "counts beside another list of the topic"
    )
