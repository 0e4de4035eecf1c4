"""What is done in a report: meets, will meet, launches, signs, denies.

The words stand in `data/acts/`, a file for each language; a word counts in its language only.
They tell apart what one cast of people does within a few days, where all other words are shared,
and they agree where languages share no word at all. An act may be done, still to come ("to meet")
or the background of what is told ("after the summit"). What looks like an act or like a mark of its
time, and is none, stands under `none`: prosecutors sue nobody, and nobody marches "in March".
What may be claimed as an attack is, and is no act, stands under `deed`: that a ministry was hacked.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

from watcher.model import Evidence, Field, Rule
from watcher.stories.act_kinds import MANIFOLD
from watcher.stories.act_lists import (
    AFTER,
    BORDER,
    DEED,
    FUTURE,
    LISTS,
    MARKS,
    NONE,
    PREFIX,
    SOON,
    grammar_of,
)
from watcher.stories.act_misread import is_blind, is_misread, is_of_release
from watcher.stories.act_phases import planned_and_over
from watcher.stories.lexicon import longest, spoken_family
from watcher.topics.evaluate import covers
from watcher.topics.terms import ListTerm

#: Parts words as a space does.
_HYPHEN: Final = re.compile(r"[-‐‑–]")


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a text, by what it says of their time.

    Attributes:
        nouns: those of the done ones that only a noun names, which tells no time: "summit".
    """

    done: frozenset[str] = frozenset()
    planned: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()

    @property
    def happened(self) -> frozenset[str]:
        """The acts that a verb tells of as done."""
        return self.done - self.nouns

    @property
    def told(self) -> frozenset[str]:
        """The acts that it tells of, done or to come."""
        return self.done | self.planned

    @property
    def past(self) -> frozenset[str]:
        """The acts that it tells of as done, or as what came before."""
        return self.done | self.over

    @property
    def named(self) -> frozenset[str]:
        """All acts, also those that are the background of what is told."""
        return self.told | self.over

    def to_come(self) -> Self:
        """The same acts where all that is told is still to come."""
        return replace(self, done=frozenset(), planned=self.told, nouns=frozenset())

    def with_background(self) -> Self:
        """The same acts of a text whose "after" says how, and not what came next.

        "After five hours the talks ended": so do bodies tell of the event itself.
        """
        return replace(self, done=self.done | self.over, over=frozenset())

    def without(self, acts: frozenset[str]) -> Self:
        """All but the given acts."""
        if acts.isdisjoint(self.named):
            return self
        kept = (self.done, self.planned, self.over, self.nouns)
        return type(self)(*(one - acts for one in kept))

    def __bool__(self) -> bool:
        return bool(self.done or self.planned or self.over)


NO_ACTS: Final = Acts()


def are_acts_known(text: str, language: str | None) -> bool:
    """Whether there are words for acts in the language of a text at all."""
    return bool(LISTS.table(spoken_family(language, text)))


def find_acts(
    text: str,
    language: str | None,
    hidden: Collection[ListTerm] = frozenset(),
    *,
    beside_release: bool = False,
) -> Acts:
    """Return the acts of a text; none in a language that has no words for them.

    Args:
        text: a headline or a sentence.
        language: of the text; unknown when None.
        hidden: terms to pass over, as if the lists did not hold them.
        beside_release: read a kidnapping too that may only say of whom a release beside it is: it
            ties no two reports, but may be news.
    """
    return _read(text, language, _known(text, language, hidden), beside_release=beside_release)


def _read(
    text: str, language: str | None, found: list[Evidence], *, beside_release: bool = False
) -> Acts:
    """Return the acts that the terms found in a text tell."""
    found = _meant(found)
    grammar = grammar_of(spoken_family(language, text))
    acts = longest([one for one in found if one.list not in MARKS])
    acts = [act for act in acts if act.term not in grammar.forces or not is_blind(text, act, acts)]
    acts = [act for act in acts if not is_misread(text, act, found, grammar)]
    if not beside_release:
        acts = [act for act in acts if not is_of_release(text, language, act, acts)]
    if not acts:
        return NO_ACTS
    marks = [one for one in found if one.list in MARKS and not _is_word_of(one, acts)]
    planned, over = planned_and_over(text, acts, marks, grammar)
    return _told(acts, planned, over, grammar.nouns)


def _told(acts: list[Evidence], planned: set[int], over: set[int], nouns: Collection[str]) -> Acts:
    """Return what acts tell, of which some are still to come and some are over."""
    done = set(range(len(acts))) - planned - over
    happened = _names(acts, [place for place in done if acts[place].term not in nouns])
    names = _names(acts, done)
    return Acts(names, _names(acts, planned), _names(acts, over), names - happened)


def act_terms(text: str, language: str | None) -> frozenset[ListTerm]:
    """Return every term of the lists that stands in a text."""
    return frozenset((one.list, one.term) for one in _find(text, language))


def act_words(
    text: str,
    language: str | None,
    hidden: Collection[ListTerm] = frozenset(),
    but: frozenset[str] = MANIFOLD,
) -> Iterator[str]:
    """Yield the words of a text that tell what is done, and whether it is done or to come.

    Not those that name a day for it ("tomorrow", "next week"), what only looks like an act, what is
    none but may be claimed, nor an "after" that no act stands behind: "talks usai", they are over.

    Args:
        text: a headline or a sentence.
        language: of the text; unknown when None.
        hidden: terms to pass over.
        but: acts whose words are not meant: two words for one of them tell two things.
    """
    found = _known(text, language, hidden)
    skipped = {SOON, NONE, DEED, *(f"{PREFIX}{act}" for act in but)}
    if not _read(text, language, found).over:
        skipped.add(AFTER)
    return (one.text for one in found if one.list not in skipped)


def terms_of(
    acts: Collection[str],
    text: str,
    language: str | None,
    hidden: Collection[ListTerm] = frozenset(),
) -> frozenset[str]:
    """Return the terms by which a text tells some acts; `find_acts` explains the others."""
    found = longest(_meant(_known(text, language, hidden)))
    return frozenset(one.term for one in found if one.list.removeprefix(PREFIX) in acts)


def _known(text: str, language: str | None, hidden: Collection[ListTerm]) -> list[Evidence]:
    return [one for one in _find(text, language) if (one.list, one.term) not in hidden]


def _find(text: str, language: str | None) -> list[Evidence]:
    family = spoken_family(language, text)
    return LISTS.find(text, family) + _letters(text, family)


def _letters(text: str, language: str) -> list[Evidence]:
    """Return the marks that are one letter of a script without spaces: 将, 後.

    A watchlist's single letters count between other scripts only; a mark stands amid its own.
    """
    return [
        Evidence(mark, letter, letter, Field.TITLE, place, place + 1, Rule.INSIDE)
        for mark in (FUTURE, AFTER)
        for letter in LISTS.row(language, mark)
        if len(letter) == 1
        for place in _places(letter, text)
    ]


def _places(letter: str, text: str) -> list[int]:
    return [place for place, one in enumerate(text) if one == letter]


def _meant(found: list[Evidence]) -> list[Evidence]:
    """Return what stands in no words that mean something else: "signs", but not "signs of"."""
    found = [one for one in found if one.list != NONE or not _is_parted(one)]
    others = [one for one in found if one.list == NONE]
    return [one for one in found if not any(covers(other, one) for other in others)]


def _is_parted(found: Evidence) -> bool:
    """Whether a text parts what its term writes as one, so that the words mean themselves.

    Terms of an unspaced script are found over spaces: "국회의" in "3국 회의", a meeting of three.
    A hyphen parts like a space: "award winning" is "award-winning". So does a dash, for good.
    """
    if BORDER.search(found.text):
        return True
    text, term = (_HYPHEN.sub(" ", one).split() for one in (found.text, found.term))
    return len(text) > len(term)


def _is_word_of(mark: Evidence, acts: list[Evidence]) -> bool:
    """Whether a mark is but a word of an act: the "to" of "heads to"."""
    return any(covers(act, mark) and act.text != mark.text and " " in act.text for act in acts)


def _names(acts: list[Evidence], places: Collection[int]) -> frozenset[str]:
    return frozenset(acts[place].list.removeprefix(PREFIX) for place in places)
