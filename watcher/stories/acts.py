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
from functools import lru_cache
from typing import Final, NamedTuple, Self

from watcher.model import Evidence, Field, Rule
from watcher.stories.act_kinds import MANIFOLD, ONCE_A_DAY, SET_FOR_A_DAY
from watcher.stories.between import AT_TALKS, OF_OFFER, OF_TALKS
from watcher.stories.guards import tense
from watcher.stories.lexicon import Lexicon, longest, spoken_family
from watcher.stories.vocabulary import word_list
from watcher.stories.words import fold, words
from watcher.topics.evaluate import covers
from watcher.topics.terms import LANGUAGES_AT_HAND, ListTerm

#: Names of the lists, as they stand beside those of a watchlist where terms are hidden.
PREFIX: Final = "act:"
_LISTS: Final = Lexicon("acts", PREFIX)
_FUTURE: Final = f"{PREFIX}future"
_SOON: Final = f"{PREFIX}soon"
#: As much a place as a time: "vor der Wahl", "vor der Küste".
_BEFORE: Final = f"{PREFIX}before"
_AFTER: Final = f"{PREFIX}after"
_NONE: Final = f"{PREFIX}none"
_DISASTER: Final = f"{PREFIX}quake"
_CANCEL: Final = f"{PREFIX}cancel"
_REJECT: Final = f"{PREFIX}reject"
_COUP: Final = f"{PREFIX}coup"
#: What a claim may be of and that is no act here: what was hacked, whoever is held hostage.
_DEED: Final = f"{PREFIX}deed"
_KIDNAP: Final = f"{PREFIX}kidnap"
#: Beside these a kidnapping says of whom they are.
_RELEASES: Final = frozenset({f"{PREFIX}free", f"{PREFIX}rescue"})
#: "And", which Arabic writes to the next word.
_ARABIC_AND: Final = "\u0648"
_MARKS: Final = frozenset({_FUTURE, _SOON, _BEFORE, _AFTER, _DEED})
#: Characters between a mark of the future and the act: "Putin to travel to Pyongyang for talks".
_FUTURE_REACH: Final = 30
#: Where the verb ends the clause: "will Putin noch vor dem Winter in Oslo treffen".
_BRACKET_REACH: Final = 90
#: How the infinitives of such a language end, unlike what is done or was done.
_INFINITIVE: Final = "n"
#: Between "after" and the act: "after the long-awaited summit".
_AFTER_REACH: Final = 20
#: Between a quake or a storm and what it does: "typhoon Nando slams".
_FORCE_REACH: Final = 8
#: With how strong it is: "earthquake of magnitude 5.8 hits".
_MEASURED_REACH: Final = 20
_DIGIT: Final = re.compile(r"\d")
#: Further than any mark reaches.
_FAR: Final = 1000
#: What parts two clauses: no mark reaches over it, and who is named before it does nothing behind.
#: Three points are one sign in headlines, in Korean and Japanese the usual one.
BORDER: Final = re.compile(r"[,;:!?。、，；：！？…|]|\s[-–—]\s|\.[\s.]")
#: Of these three points alone are no end: what stands behind them may be when, and nothing else.
_PAUSE: Final = re.compile(r"\s?(?:\.{2,}|…+)\s?")
_TALKS: Final = frozenset({f"{PREFIX}meet", f"{PREFIX}agree"})
_OFFERS: Final = frozenset({f"{PREFIX}invite"})
#: Parts words as a space does.
_HYPHEN: Final = re.compile(r"[-‐‑–]")
#: A year straight before or behind a coup: "the 2021 coup", "golpe de 1973", "2021년 쿠데타".
_YEAR_BEFORE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d\s?(?:年の?|년\s)?\Z")
#: Not an hour: "Putsch um 2030 Uhr".
_YEAR_BEHIND: Final = re.compile(
    r"(?:\s\w{1,3}){1,2}\s(?:19|20)\d\d(?!\d|\s?(?:uhr|h|hrs|hours|local|gmt|utc)\b)", re.IGNORECASE
)
#: Of these a claim is an act; else it is of a right, a task or a title.
_CLAIMED: Final = frozenset(
    {_DEED, *(f"{PREFIX}{act}" for act in ("attack", "crash", "die", "kidnap", "launch"))}
)


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


class _Grammar(NamedTuple):
    """How a language orders an act and its marks.

    Attributes:
        behind: the marks that it puts behind the act.
        brackets: terms of the future whose infinitive stands at the end of the clause.
        carried: terms of acts that go on with what is to come, straight behind a comma.
        nouns: terms of acts that are no form of a verb, so that they tell no time.
        to_come: how verbs end that tell what is to come or only said: "livrerait", "entregará".
        forces: terms of acts that are no act of anybody where a quake or a storm does it.
        fails: terms that call off the talks before them, and else tell of a building.
        declines: terms that reject the invitation behind them, and else tell of a price.
        claims: terms that claim an attack which the text tells of, and else a right or a task.
    """

    behind: frozenset[str] = frozenset()
    brackets: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    to_come: frozenset[str] = frozenset()
    forces: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    declines: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()


def are_acts_known(text: str, language: str | None) -> bool:
    """Whether there are words for acts in the language of a text at all."""
    return bool(_LISTS.table(spoken_family(language, text)))


def find_acts(text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()) -> Acts:
    """Return the acts of a text; none in a language that has no words for them.

    Args:
        text: a headline or a sentence.
        language: of the text; unknown when None.
        hidden: terms to pass over, as if the lists did not hold them.
    """
    return _read(text, language, _known(text, language, hidden))


def _read(text: str, language: str | None, found: list[Evidence]) -> Acts:
    """Return the acts that the terms found in a text tell."""
    found = _meant(found)
    grammar = _grammar(spoken_family(language, text))
    acts = longest([one for one in found if one.list not in _MARKS])
    acts = [act for act in acts if act.term not in grammar.forces or not _is_blind(text, act, acts)]
    acts = [act for act in acts if not _is_misread(text, act, found, grammar)]
    acts = [act for act in acts if act.list != _KIDNAP or not _is_ended(text, language, act, acts)]
    if not acts:
        return NO_ACTS
    marks = [one for one in found if one.list in _MARKS and not _is_word_of(one, acts)]
    planned, over = _phases(text, acts, marks, grammar)
    planned |= _named_again(text, acts, planned) - over
    if not planned and tense(fold(text)) > 0:
        planned = set(range(len(acts))) - over
    return _told(acts, planned, over, grammar.nouns)


def _is_blind(text: str, act: Evidence, acts: list[Evidence]) -> bool:
    """Whether a quake or a storm stands straight before an act, and does it: "quake struck"."""
    for other in acts:
        between = text[other.end : act.start]
        reach = _MEASURED_REACH if _DIGIT.search(between) else _FORCE_REACH
        if other.list == _DISASTER and other.end <= act.start and len(between) <= reach:
            return not BORDER.search(between)
    return False


def _is_misread(text: str, act: Evidence, found: list[Evidence], grammar: _Grammar) -> bool:
    """Whether what is said of a verb's object or subject makes it another act than this one."""
    if act.term in grammar.fails:
        of_talks = any(
            one.list in _TALKS
            and _joins(OF_TALKS, text, one, act)
            and not AT_TALKS.search(text[: one.start])
            for one in found
        )
        return of_talks != (act.list == _CANCEL)
    if act.term in grammar.declines:
        of_offer = any(one.list in _OFFERS and _joins(OF_OFFER, text, act, one) for one in found)
        return of_offer != (act.list == _REJECT)
    if act.list == _COUP and _is_of_a_year(text, act):
        return True
    return act.term in grammar.claims and not any(one.list in _CLAIMED for one in found)


def _is_of_a_year(text: str, act: Evidence) -> bool:
    """Whether a coup is told with its year: background, for nobody writes that on its day."""
    before = _YEAR_BEFORE.search(text, 0, act.start)
    return bool(before or _YEAR_BEHIND.match(text, act.end))


def _joins(between: re.Pattern[str], text: str, first: Evidence, second: Evidence) -> bool:
    """Whether one act stands before another, and just such words between them."""
    return first.end <= second.start and bool(between.fullmatch(text[first.end : second.start]))


def _told(acts: list[Evidence], planned: set[int], over: set[int], nouns: Collection[str]) -> Acts:
    """Return what acts tell, of which some are still to come and some are over."""
    done = set(range(len(acts))) - planned - over
    happened = _names(acts, [place for place in done if acts[place].term not in nouns])
    names = _names(acts, done)
    return Acts(names, _names(acts, planned), _names(acts, over), names - happened)


def _is_ended(text: str, language: str | None, kidnapping: Evidence, acts: list[Evidence]) -> bool:
    """Whether a release beside it says whom a kidnapping was of: "kidnapped priest freed"."""
    return any(
        act.list in _RELEASES and not _are_parted(text, language, kidnapping, act) for act in acts
    )


def _are_parted(text: str, language: str | None, one: Evidence, other: Evidence) -> bool:
    """Whether a border or an "and" stands between two acts."""
    first, second = sorted((one, other), key=lambda act: act.start)
    between = text[first.end : second.start]
    if BORDER.search(between) or second.text.startswith(_ARABIC_AND):
        return True
    return not word_list("joining", language).isdisjoint(words(fold(between)))


def _named_again(text: str, acts: list[Evidence], planned: set[int]) -> set[int]:
    """Return the further mentions of what is planned: "to meet him on Friday for summit talks".

    What is done on and on may be both, in two clauses: "threatens to strike, strikes port".
    """
    again: set[int] = set()
    nearest: dict[str, Evidence] = {}  # the last one of each that is planned
    for place in sorted(range(len(acts)), key=lambda place: acts[place].start):
        act = acts[place]
        first = nearest.get(act.list)
        if first is not None and first.end <= act.start and _goes_on(text, first, act):
            again.add(place)
        if place in planned:
            nearest[act.list] = act
    return again


def _goes_on(text: str, first: Evidence, act: Evidence) -> bool:
    """Whether a further mention is of the same doing, not of another one in the next clause."""
    is_once = act.list.removeprefix(PREFIX) in ONCE_A_DAY
    return is_once or not BORDER.search(text[first.end : act.start])


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
    skipped = {_SOON, _NONE, _DEED, *(f"{PREFIX}{act}" for act in but)}
    if not _read(text, language, found).over:
        skipped.add(_AFTER)
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
    return _LISTS.find(text, family) + _letters(text, family)


def _letters(text: str, language: str) -> list[Evidence]:
    """Return the marks that are one letter of a script without spaces: 将, 後.

    A watchlist's single letters count between other scripts only; a mark stands amid its own.
    """
    return [
        Evidence(mark, letter, letter, Field.TITLE, place, place + 1, Rule.INSIDE)
        for mark in (_FUTURE, _AFTER)
        for letter in _LISTS.row(language, mark)
        if len(letter) == 1
        for place in _places(letter, text)
    ]


def _places(letter: str, text: str) -> list[int]:
    return [place for place, one in enumerate(text) if one == letter]


def _meant(found: list[Evidence]) -> list[Evidence]:
    """Return what stands in no words that mean something else: "signs", but not "signs of"."""
    found = [one for one in found if one.list != _NONE or not _is_parted(one)]
    others = [one for one in found if one.list == _NONE]
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


def _phases(
    text: str, acts: list[Evidence], marks: list[Evidence], grammar: _Grammar
) -> tuple[set[int], set[int]]:
    """Return which acts are still to come, and which are over: of two marks the nearer one says."""
    soon: dict[int, int] = {}
    # "Next week" stands before the verb where "plans to" stands behind it.
    turned, plain = _Grammar(behind=frozenset({_SOON})), _Grammar()
    for name, order in ((_FUTURE, grammar), (_BEFORE, grammar), (_SOON, turned), (_SOON, plain)):
        for place, gap in _gaps(text, acts, marks, name, order).items():
            soon[place] = min(gap, soon.get(place, gap))
    soon.update(dict.fromkeys((*_ending_so(acts, grammar), *_before_pause(text, acts, marks)), 0))
    over = _gaps(text, acts, marks, _AFTER, grammar)
    later = {place for place, gap in over.items() if gap < soon.get(place, _FAR)}
    return soon.keys() - later, later


def _ending_so(acts: list[Evidence], grammar: _Grammar) -> list[int]:
    """Return the acts whose verb itself says, by its ending, that it is to come or only said.

    Only where the ending is the text's own, not the term's.
    """
    ends = tuple(grammar.to_come)
    return (
        [
            place
            for place, act in enumerate(acts)
            if act.term.endswith("*") and act.text.casefold().endswith(ends)
        ]
        if ends
        else []
    )


def _before_pause(text: str, acts: list[Evidence], marks: list[Evidence]) -> Iterator[int]:
    """Yield the acts straight before three points that a mark straight behind them puts off.

    "회담...내일": talks, tomorrow. Not where something is done in its own clause: "회담...내일
    귀국", talks, who returns tomorrow.
    """
    for mark in marks:
        if mark.list not in {_FUTURE, _SOON} or _is_followed(text, mark, acts):
            continue
        for place, act in enumerate(acts):
            is_met = _PAUSE.fullmatch(text[act.end : mark.start])
            if is_met and act.list.removeprefix(PREFIX) in ONCE_A_DAY:
                yield place


def _is_followed(text: str, mark: Evidence, acts: list[Evidence]) -> bool:
    """Whether something is done behind a mark, in its clause."""
    behind = (act.start for act in acts if act.start >= mark.end)
    return any(not BORDER.search(text[mark.end : start]) for start in behind)


def _gaps(
    text: str, acts: list[Evidence], marks: list[Evidence], name: str, grammar: _Grammar
) -> dict[int, int]:
    """Return the acts that a mark of the future, or an "after", speaks of, and how near it is."""
    gaps: dict[int, int] = {}
    for mark in (one for one in marks if one.list == name):
        found = {
            place: gap
            for place, act in enumerate(acts)
            if (gap := _gap(text, mark, act, grammar)) is not None
        }
        if name == _AFTER and found:  # "after the summit Kim leaves": the leaving is not over
            nearest = acts[min(found, key=lambda place: found[place])].list
            found = {place: gap for place, gap in found.items() if acts[place].list == nearest}
        for place, gap in found.items():
            gaps[place] = min(gap, gaps.get(place, gap))
    return gaps


def _gap(text: str, mark: Evidence, act: Evidence, grammar: _Grammar) -> int | None:
    """Return the letters between a mark and an act behind it (before it in some languages).

    None where they are too far apart; 0 where it is part of the act.
    """
    if mark.list == _BEFORE and act.list.removeprefix(PREFIX) not in SET_FOR_A_DAY:
        return None
    if mark.start < act.end and act.start < mark.end:
        return 0
    first, second = (act, mark) if mark.list in grammar.behind else (mark, act)
    between = text[first.end : second.start]
    if mark.list != _AFTER and act.term in grammar.carried:
        between = between.removesuffix(", ")  # "to visit Oslo, meet farmers"
    if first.end > second.start or len(between) > _BRACKET_REACH:
        return None
    # A character of an unspaced script tells about as much as three letters.
    wide = len(between) if between.isascii() or " " in between else 3 * len(between)
    if wide > _reach(mark, act, grammar) or BORDER.search(between):
        return None
    return wide


def _reach(mark: Evidence, act: Evidence, grammar: _Grammar) -> int:
    if mark.list == _AFTER:
        return _AFTER_REACH
    is_bracket = mark.term in grammar.brackets and act.text.endswith(_INFINITIVE)
    return _BRACKET_REACH if is_bracket else _FUTURE_REACH


def _names(acts: list[Evidence], places: Collection[int]) -> frozenset[str]:
    return frozenset(acts[place].list.removeprefix(PREFIX) for place in places)


@lru_cache(LANGUAGES_AT_HAND)
def _grammar(language: str) -> _Grammar:
    table = _LISTS.table(language)
    lists = {name: frozenset(table.get(name, ())) for name in _Grammar._fields}
    marks = frozenset(f"{PREFIX}{mark}" for mark in lists.pop("behind"))
    return _Grammar(marks, **lists)
