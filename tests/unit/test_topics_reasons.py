"""Why a match line does not hold, told so that one knows what to change."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import Settings
from watcher.model import Entry, Evidence, Field, Rule
from watcher.topics.findings import TopicFinding
from watcher.topics.query import can_hold, list_key, parse_match, wanted
from watcher.topics.reasons import nearest_way, ways
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def watching(match: str) -> Watchlist:
    lists = {name: {"names": [name.capitalize()]} for name in ("alpha", "beta", "gamma", "delta")}
    topics = [{"id": "t", "match": match}]
    return Watchlist(Settings.model_validate({"entities": lists, "topics": topics}))


def explained(match: str, title: str, summary: str = "") -> TopicFinding:
    return watching(match).explain(Entry("1", title, SEEN, summary))[0]


@pytest.mark.parametrize(
    ("match", "title", "reason"),
    [
        ("alpha AND beta", "Alpha", "nothing found of Beta"),
        ("alpha AND (beta OR gamma)", "Alpha", "nothing found of Beta; or of Gamma"),
        ("(alpha AND beta) OR gamma", "none", "nothing found of Gamma"),
        ("2 of (alpha, beta, gamma)", "Alpha", "nothing found of Beta; or of Gamma"),
        (
            "alpha NEAR/2 beta",
            "Alpha and then there was Beta",
            "all lists found, but not within 2 words: Alpha, Beta (“Alpha”, “Beta”)",
        ),
        (
            "alpha NEAR/1 beta",
            "Alpha and Beta",
            "all lists found, but not within 1 word: Alpha, Beta (“Alpha”, “Beta”)",
        ),
        (
            "alpha BEFORE/9 beta",
            "Beta, Alpha",
            "all lists found, but not within 9 words in this order: Alpha, Beta (“Beta”, “Alpha”)",
        ),
        (
            "alpha AND beta AND NOT gamma",
            "Alpha, Beta, Gamma",
            "all lists found, but ruled out by NOT gamma (“Gamma”)",
        ),
        (
            "alpha AND NOT ((beta NEAR gamma OR delta) AND NOT beta)",
            "Alpha, Delta",
            "all lists found, but ruled out by NOT delta (“Delta”)",
        ),
        (
            "alpha AND NOT ((delta OR (beta NEAR/3 gamma)) AND gamma AND NOT delta IN sentence)",
            "Alpha. Beta and Gamma",
            "all lists found, but ruled out by NOT (beta NEAR/3 gamma AND gamma) (“Beta”, “Gamma”)",
        ),
    ],
)
def test_the_reason_names_what_to_change(match: str, title: str, reason: str) -> None:
    assert explained(match, title).reason == reason


def test_lists_apart_are_told_with_their_places() -> None:
    finding = explained("alpha AND beta IN title", "Alpha", "Beta comes later.")

    assert finding.reason == (
        "all lists found, but not in the title: Alpha, Beta (“Alpha”, “Beta”)"
    )


def test_the_nearest_way_lacks_what_most_of_the_line_asks_for() -> None:
    line = "(gamma AND (alpha OR beta)) OR (alpha NEAR beta) OR (beta AND delta)"

    there = {"alpha": (PLACE,)}
    assert ways(parse_match(line), there) == (("gamma",), ("beta",))
    assert nearest_way(parse_match(line), there) == ("beta",)


PLACE = Evidence("a03", "A", "A", Field.TITLE, 0, 1, Rule.EXACT)

LISTS = ("alpha", "beta", "gamma", "delta")


LINES = st.recursive(
    st.sampled_from(LISTS),
    lambda inner: st.builds(
        lambda a, operator, b: f"({a} {operator} {b})",
        inner,
        st.sampled_from(["AND", "OR", "NEAR", "AND NOT", "BEFORE/3"]),
        inner,
    ),
    max_leaves=8,
)


@given(LINES, st.sets(st.sampled_from(LISTS)))
def test_every_way_is_as_short_as_the_fewest_missing_lists(line: str, there: set[str]) -> None:
    node = parse_match(line)
    finding = explained(line, " ".join(name.capitalize() for name in sorted(there)))

    assert {len(way) for way in finding.ways} == {len(finding.missing)}
    if finding.matched:
        assert finding.missing == ()
    elif can_hold(node):
        assert finding.reason


@given(LINES, st.sets(st.sampled_from(LISTS), min_size=1))
def test_what_one_list_would_make_possible_is_a_near_miss(line: str, there: set[str]) -> None:
    title = " ".join(name.capitalize() for name in sorted(there))
    asked = set(map(list_key, wanted(parse_match(line))))

    near = watching(line).nearly(title, "", "en")

    fewest = min(map(len, ways(parse_match(line), dict.fromkeys(there, (PLACE,)))))
    assert bool(near) == (bool(asked & there) and fewest <= 1)


def test_one_list_that_two_conditions_share_is_one_missing() -> None:
    assert watching("delta AND (alpha OR beta) AND (beta OR gamma)").nearly("Delta", "", "en")


def test_a_way_holds_all_of_one_branch() -> None:
    node = parse_match("(alpha AND beta) OR (gamma AND delta)")

    assert ways(node, {}) == (("alpha", "beta"), ("delta", "gamma"))


FOREIGN = "“arms” stands there, but is a word of other languages; the text is taken for de"
LONE = "“Kim” is a short name, which counts beside another list of the topic"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Kim liefert arms nicht", f"nothing found of arms, Kim Jong Un; {FOREIGN}; {LONE}"),
        ("Kim Jong Un liefert arms nicht", f"nothing found of arms; {FOREIGN}"),
        ("Kim Jong Un liefert nichts", "nothing found of arms"),
    ],
)
def test_what_stands_there_and_does_not_count_is_named(title: str, reason: str) -> None:
    tables = {
        "entities": {"kim": {"names": ["Kim Jong Un"], "short": ["Kim"]}},
        "words": {"arms": {"en": ["arms"]}},
        "topics": [{"id": "t", "match": "kim AND arms"}],
    }
    watchlist = Watchlist(Settings.model_validate(tables))
    finding = watchlist.explain(Entry("1", title, SEEN, language="de"))[0]
    assert finding.reason == reason


HELD = "“{}” stands there, but “{}” of its `not` covers it"
OTHER = "“{}” stands there, but is a word of other languages; the text is taken for en"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Iran shows fine art", f"fine; {HELD.format('fine', 'fine art*')}"),
        ("Iran shows feine Ware", f"fine; {OTHER.format('feine')}"),
        ("Iran shows feine Kunst", f"fine; {OTHER.format('feine')}"),
        ("Iran, feine Ware, fine arts", f"fine; {HELD.format('fine', 'fine art*')}"),
        ("Iran", "fine"),
        (
            "Fine, Kim Kardashian",
            f"Iran; or of Kim Jong Un; {HELD.format('Kim', 'Kim Kardashian')}",
        ),
    ],
)
def test_what_a_term_of_its_own_not_covers_is_told_so(title: str, reason: str) -> None:
    tables = {
        "entities": {
            "kim": {"names": ["Kim Jong Un"], "short": ["Kim"], "not": ["Kim Kardashian"]},
            "iran": {"names": ["Iran"]},
        },
        "words": {"fine": {"en": ["fine"], "de": ["feine"], "not": ["fine art*", "feine Kunst"]}},
        "topics": [{"id": "t", "match": "fine AND iran OR fine AND kim"}],
    }
    watchlist = Watchlist(Settings.model_validate(tables))

    finding = watchlist.explain(Entry("1", title, SEEN, language="en"))[0]

    assert finding.reason == f"nothing found of {reason}"


def test_absence_alone_is_told_to_make_no_match() -> None:
    finding = explained("alpha OR NOT beta", "none")
    assert finding.reason == "no list found, and what is absent makes no match by itself"


def test_a_choice_among_many_lists_is_explained() -> None:
    names = [f"a{number:02}" for number in range(40)]
    line = parse_match(f"20 of ({', '.join(names)})")

    least = ways(line, {"a03": [PLACE]})

    assert least[0] == tuple(one for one in names[:20] if one != "a03")
    assert [len(way) for way in least] == [19] * 4


def test_the_ways_through_a_choice_are_its_easiest_items_wherever_they_stand() -> None:
    hard = ", ".join(f"(a{number} AND b{number})" for number in range(20))

    assert ways(parse_match(f"2 of ({hard}, x, y)"), {}) == (("x", "y"),)


def test_a_choice_within_choices_is_explained() -> None:
    inner = ", ".join(
        f"9 of ({', '.join(f'a{at + number}' for number in range(20))})" for at in range(20)
    )

    assert {len(way) for way in ways(parse_match(f"10 of ({inner})"), {})} <= set(range(9, 30))
