"""Terms at rest come back as they were put there."""

import pickle
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from watcher.config.settings import EntityTable
from watcher.topics.compiling import entity_terms, plain_terms
from watcher.topics.shelf import Shelf
from watcher.topics.terms import Kind, Term

TEXTS = (
    *("Kim", "Kim Jong Un", "Čong", "Москва", "=US", "arm*"),
    *("金正恩", "김정은", "الكونغو", "הכנסת"),
)
EVERY = (
    *plain_terms(TEXTS, "one", Kind.NAME),
    *plain_terms(TEXTS, "two", Kind.NAME),
    *plain_terms(TEXTS, "three", Kind.NOT, frozenset({"en"})),
    *entity_terms("poland", EntityTable(country="PL")),
)


@given(st.lists(st.sampled_from(EVERY), max_size=60))
def test_every_term_is_kept_under_its_key(terms: list[Term]) -> None:
    shelf = Shelf(terms)

    assert [*shelf.keys()] == [*dict.fromkeys(term.key for term in terms)]
    kept = [term for key in range(len(shelf)) for alike in shelf[key] for term in alike]
    assert Counter(kept) == Counter(terms)


@given(st.lists(st.sampled_from(EVERY), max_size=60))
def test_a_key_is_spoken_where_any_of_its_terms_counts(terms: list[Term]) -> None:
    shelf = Shelf(terms)

    for number, spoken in enumerate(shelf.spoken):
        manners = [term.manner for alike in shelf[number] for term in alike]
        counts = [manner.languages for manner in manners]
        assert (spoken is None) == (None in counts)
        assert spoken is None or all(languages and languages <= spoken for languages in counts)
        assert shelf.begin_words[number] == all(manner.begins_word for manner in manners)


def test_a_shelf_may_be_sent_to_another_process() -> None:
    shelf = Shelf(EVERY)

    sent = pickle.loads(pickle.dumps(shelf))  # noqa: S301 - our own

    keys = range(len(shelf))
    assert [sent[key] for key in keys] == [shelf[key] for key in keys]
    assert (sent.spoken, sent.declining) == (shelf.spoken, shelf.declining)
