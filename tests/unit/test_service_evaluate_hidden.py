"""The figures that cannot flatter: what items may use of lists that others wrote."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from watchlists import FERRY, MEETS, SIGNS, entry, settings

from watcher.service.evaluate.alerts import OURS, compare_alerts
from watcher.service.evaluate.hidden import FOLDS, halved_terms, hidden_terms
from watcher.service.evaluate.topics import evaluate_topics, mean_topics
from watcher.service.trials.items import Item
from watcher.stories.acts import act_terms
from watcher.stories.cast import cast_terms
from watcher.stories.subjects import subject_terms
from watcher.topics.terms import ListTerm
from watcher.topics.watchlist import Watchlist

RUSSIAN = "Ким Чен Ын и Путин встретились"
KIM = ("kim", "Kim Jong Un")


def item(title: str, minutes: int = 0, cluster: str | None = None) -> Item:
    return Item(entry(title, minutes), cluster, frozenset({"summit"}))


def terms(title: str) -> frozenset[ListTerm]:
    return Watchlist(settings()).terms(entry(title))


def hideable(title: str) -> frozenset[ListTerm]:
    """Return the terms of the watchlist and of the lists of acts, subjects and cast."""
    language = Watchlist(settings()).read(entry(title)).language
    told = act_terms(title, language) | subject_terms(title, language)
    return terms(title) | told | cast_terms(title, language)


def test_the_terms_of_an_entry_are_all_that_stand_in_it() -> None:
    assert terms(MEETS) == {KIM, ("kim", "Kim"), ("putin", "Putin")}
    assert terms(RUSSIAN) == {("kim", "Ким Чен Ын"), ("putin", "Путин")}
    assert terms(FERRY) == set()


def test_the_names_of_countries_are_nobodys_list() -> None:
    watchlist = Watchlist(settings(entities={"russia": {"country": "RU", "names": ["Moscow"]}}))

    assert watchlist.terms(entry("Russia says Moscow is calm")) == {("russia", "Moscow")}


def test_a_hidden_term_is_as_if_its_list_did_not_hold_it() -> None:
    watchlist = Watchlist(settings())
    read = watchlist.read(entry(MEETS), hidden={KIM})

    assert [(one.list, one.term) for one in read.mentions] == [("kim", "Kim"), ("putin", "Putin")]
    assert watchlist.read(entry(MEETS), hidden={KIM, ("putin", "Putin")}).matches == ()


def test_a_term_that_only_one_story_holds_is_hidden_from_its_items() -> None:
    items = [item(RUSSIAN, 0, "a"), item(RUSSIAN, 1, "a"), item(MEETS, 2, "b")]

    for run in hidden_terms(items, settings()):
        assert [one.hidden for one in run] == [*map(hideable, (RUSSIAN, RUSSIAN, MEETS))]


def test_a_term_that_stories_of_several_folds_hold_is_hidden_from_none() -> None:
    items = [item(MEETS, place, f"story {place}") for place in range(FOLDS)]

    for run in hidden_terms(items, settings()):
        assert all(one.hidden == frozenset() for one in run)


def test_items_without_a_gold_story_are_stories_of_their_own() -> None:
    items = [item(MEETS, place) for place in range(FOLDS)]

    assert all(not one.hidden for run in hidden_terms(items, settings()) for one in run)


titles = st.lists(
    st.tuples(st.sampled_from([MEETS, RUSSIAN, FERRY, "Putin"]), st.sampled_from("abcdefgh")),
    max_size=20,
)


@hypothesis_settings(max_examples=30)
@given(titles)
def test_hiding_takes_away_only_what_stands_there_and_changes_nothing_else(
    rows: list[tuple[str, str]],
) -> None:
    items = [item(title, place, cluster) for place, (title, cluster) in enumerate(rows)]

    for run in hidden_terms(items, settings()):
        assert [one.entry for one in run] == [one.entry for one in items]
        assert all(one.hidden <= hideable(one.entry.title) for one in run)
    assert hidden_terms(items, settings()) == hidden_terms(items, settings())


def test_half_of_every_list_is_taken_away_from_all_items_alike() -> None:
    items = [item(MEETS), item(RUSSIAN, 1)]

    for run in halved_terms(items, settings()):
        hidden = run[0].hidden
        assert run[1].hidden == hidden
        # Of "Kim Jong Un", "Kim" and "Ким Чен Ын" one, of "Putin" and "Путин" one.
        lists = sorted(name for name, _ in hidden if ":" not in name)
        assert lists == ["kim", "putin"]


def test_topics_are_scored_without_what_is_hidden() -> None:
    items = [item(RUSSIAN, 0, "a"), item(MEETS, 1, "b"), item(MEETS, 2, "c")]
    all_terms = evaluate_topics(items, settings())
    runs = [evaluate_topics(run, settings()) for run in hidden_terms(items, settings())]

    assert all_terms[0].score.recall == 1
    assert mean_topics(runs)["summit"].recall < 1


def test_alerts_are_scored_without_what_is_hidden() -> None:
    items = [item(RUSSIAN, 0, "a"), item(RUSSIAN, 5, "a")]

    for run in hidden_terms(items, settings()):
        score = compare_alerts(run, settings(), blur=timedelta(0), seeds=1)[OURS]
        assert (score.alerts, score.untold, score.silenced) == (0, 1, 0)


def test_simpler_rules_are_given_our_matches() -> None:
    items = [
        item(MEETS, 0, "a"),
        item(SIGNS.format(9), 5, "a"),
        item(MEETS, 24 * 60, "b"),
        item(FERRY, 24 * 60 + 1, "c"),
    ]

    scores = compare_alerts(items, settings(), blur=timedelta(0), seeds=1)

    every = scores["a ring for every item"]
    assert (every.alerts, every.rings, every.untold) == (1, 1, 1 / 3)
    quiet, told = (scores[f"same day and watched, {how}"] for how in ("one ring", "all told"))
    assert (quiet.rings, told.rings, quiet.grouping.pairwise.f1) == (2 / 3, 1, 1)
    # The copy of the next day is put to the first story, and its own is never told.
    assert (scores["ratio 85"].untold, scores["ratio 85"].silenced) == (2 / 3, 1 / 3)


def test_given_topics_never_err_and_so_hide_nothing_but_what_stories_use() -> None:
    items = [item(RUSSIAN, 0, "a"), item("Rencontre au sommet", 60, "b"), item(FERRY, 90, "c")]
    items[2] = replace(items[2], labels=frozenset({"a topic of others"}))

    for run in hidden_terms(items, settings()):
        score = compare_alerts(run, settings(), blur=timedelta(0), seeds=1, given=True)[OURS]
        assert (score.stories, score.alerts, score.untold) == (2, 1, 0)
