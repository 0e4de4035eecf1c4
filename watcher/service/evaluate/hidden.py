"""Would the figures hold on items that the writer of the lists had not read?

Lists written after reading the items that they are scored on flatter themselves: on watched
stories a list scorer fell from F1 .80 to .27 on unseen items, and no split of the items into
folds showed it, because all folds share the lists. Hiding terms shows it beforehand.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from watcher.config.settings import Settings
from watcher.model import Entry
from watcher.service.trials.items import Item
from watcher.stories.acts import act_terms
from watcher.stories.cast import cast_terms
from watcher.stories.signature import sign
from watcher.stories.subjects import subject_terms
from watcher.topics.terms import ListTerm
from watcher.topics.watchlist import Watchlist

#: Parts that the stories are split into. Fewer hide more: the figures that we quote are for 5.
FOLDS = 5
#: Splits whose figures are averaged.
SHUFFLES = 3


def hidden_terms(items: Sequence[Item], settings: Settings) -> list[list[Item]]:
    """Return the items several times, each time with what their lists' writer could not know.

    The stories are dealt into folds; an item may use a term of a list only if the term also
    stands in an item of another fold, as if the writer had read only those.
    """
    terms = _terms(items, settings)
    return [_without_own(items, terms, _deal(items, seed)) for seed in range(SHUFFLES)]


def halved_terms(items: Sequence[Item], settings: Settings) -> list[list[Item]]:
    """Return the items several times, each time without a random half of every list's terms."""
    terms = _terms(items, settings)
    return [_without_half(items, terms, seed) for seed in range(SHUFFLES)]


def _terms(items: Sequence[Item], settings: Settings) -> list[frozenset[ListTerm]]:
    watchlist = Watchlist(settings)
    return [watchlist.terms(item.entry) | _ours(item.entry, watchlist) for item in items]


def _ours(entry: Entry, watchlist: Watchlist) -> frozenset[ListTerm]:
    """Return the terms of acts, subjects and cast: their lists were written by somebody too."""
    language = sign(entry, watchlist.read(entry)).language
    text = f"{entry.title}\n{entry.summary}"
    told = act_terms(text, language) | subject_terms(text, language)
    return told | cast_terms(entry.title, language)


def _deal(items: Sequence[Item], seed: int) -> list[int]:
    """Return each item's fold; the items of a story share one."""
    stories = [item.cluster or f"\x00{place}" for place, item in enumerate(items)]
    shuffled = sorted(set(stories))
    _dice(seed).shuffle(shuffled)
    folds = {story: place % FOLDS for place, story in enumerate(shuffled)}
    return [folds[story] for story in stories]


def _without_own(
    items: Sequence[Item], terms: Sequence[frozenset[ListTerm]], folds: Sequence[int]
) -> list[Item]:
    known: dict[ListTerm, set[int]] = {}
    for own, fold in zip(terms, folds, strict=True):
        for term in own:
            known.setdefault(term, set()).add(fold)
    return [
        replace(item, hidden=frozenset(term for term in own if len(known[term]) == 1))
        for item, own in zip(items, terms, strict=True)
    ]


def _without_half(
    items: Sequence[Item], terms: Iterable[frozenset[ListTerm]], seed: int
) -> list[Item]:
    dice = _dice(seed)
    lists = _by_list(frozenset().union(*terms))
    hidden = frozenset(
        (name, term)
        for name, of_list in lists.items()
        for term in dice.sample(of_list, len(of_list) // 2)
    )
    return [replace(item, hidden=hidden) for item in items]


def _by_list(terms: Iterable[ListTerm]) -> Mapping[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, term in sorted(terms):
        lists.setdefault(name, []).append(term)
    return lists


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a split that can be had again, no secret
