"""An entry as the comparisons see it: everything about it that can be computed once."""

import re
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import filterfalse
from sys import intern
from typing import Final, NamedTuple, Self

from watcher.lazy import lazy
from watcher.model import Entry, Reading, primary_subtag
from watcher.stories.act_kinds import MANIFOLD
from watcher.stories.acts import Acts, act_words, find_acts
from watcher.stories.background import is_background
from watcher.stories.bags import Bag, Texts, bag_of
from watcher.stories.cast import cast_words, find_cast, find_others
from watcher.stories.closings import without_closings
from watcher.stories.days import Day, are_ahead
from watcher.stories.given import NOTHING, NOTHING_GIVEN, Given, given_of
from watcher.stories.guards import denied, directions, explains, heads, intended, planned, tense
from watcher.stories.han import simplified
from watcher.stories.numbers import Number, Numbers
from watcher.stories.qualifiers import negates, qualifiers
from watcher.stories.subjects import find_subjects
from watcher.stories.titles import clean_headline, headline, is_sourced, mask, names
from watcher.stories.vectors import Vector
from watcher.stories.words import fold, fold_name, quiet_words, stem, words
from watcher.stories.written_numbers import find_numbers
from watcher.topics.terms import ListTerm

#: What of a summary is compared: its first sentences tell the event, the rest is background.
SUMMARY_CHARACTERS: Final = 400
#: A shorter summary is a teaser or a boilerplate, not a report. With all summaries fewer copies of
#: one report were told by their words than by titles alone (F1 .866, .963); where summaries are
#: reports, more events were (.755, .715).
SUMMARY_LEAST: Final = 80
#: Characters of a summary that stands in for a missing title.
HEADLINE_CHARACTERS: Final = 120
#: Characters of a word at most; more without a space are of a script that writes none.
_LONGEST_WORD: Final = 30
#: Long enough that two reporters do not write the same by chance.
_LEAD_CHARACTERS: Final = 90
_HOUR: Final = 3600.0
#: Who writes the month before the day.
_MONTH_FIRST: Final = "en-us"
#: Where news is written a day begins this long before it does in Greenwich: in Seoul and Tokyo.
_EAST: Final = timedelta(hours=9)
_FIGURE: Final = r"[\d.,〇一二三四五六七八九十百千万萬億亿兆만억]"
#: What goes from the end of a text that was cut: a word begun, and the figure that counts it.
_BEGUN: Final = re.compile(rf"(?:\s+\d[\d.,]*)*\s+\S{{0,{_LONGEST_WORD}}}$|{_FIGURE}+\S?$|\S$")
_DATELINE: Final = re.compile(
    r"^(?:[a-z]{3,9}\.? \d{1,2}(?:, \d{4})? ?[:–—-] ?"  # "aug 22 : "
    r"|[\w .,/]{2,40}\((?:reuters|ap|afp|bloomberg|antara|xinhua|yonhap|tass)\) ?[:–—-]{0,2} ?"
    r"|[\w .]{2,30}, [\w.]{2,20} ?[–—-]{1,2} )"
)


@dataclass(frozen=True)
class Signature:
    """What is compared of an entry.

    All that is compared follows from the entry and its reading, and is computed when a comparison
    first asks for it: most entries are never asked for most of it.

    Attributes:
        language: primary subtag, None if unknown.
        topics: ids of the topics that it matches.
        lists: ids of the lists that it mentions.
        vector: where an encoder sees the title; None if none was asked.
        hidden: terms of acts, subjects and names that nothing may be concluded from; an evaluation
            hides some.
        given: what it shares with others of its topics by matching. Of stored entries only the
            words that lists were found by are known: the rest is asked of the later one alone.
    """

    entry: Entry
    language: str | None
    topics: frozenset[str]
    lists: frozenset[str]
    vector: Vector | None = None
    hidden: Collection[ListTerm] = field(default=frozenset(), compare=False)
    given: Given = field(default=NOTHING_GIVEN, compare=False)

    def placed(self, vector: Vector | None) -> Self:
        """Return the same signature with a vector; what was computed of it is kept."""
        twin = copy(self)
        object.__setattr__(twin, "vector", vector)
        return twin

    def shares_topic(self, other: "Signature") -> bool:
        """Whether both match one topic."""
        return not self.topics.isdisjoint(other.topics)

    @lazy
    def time(self) -> datetime:
        """When it was reported."""
        return self.entry.time

    @lazy
    def day(self) -> date | None:
        """The day on which it was reported, in the east, where days begin; None if unknown."""
        return None if self.bare else (self.time + _EAST).date()

    @lazy
    def outlet(self) -> str:
        """Who published it, folded; "" if unknown."""
        return fold_name(self.entry.outlet)

    @lazy
    def written(self) -> str:
        """The title as it is written, without labels, outlet tails and attributions."""
        entry = self.entry
        return headline(entry.title, entry.outlet, sourced=is_sourced(entry.url))

    @lazy
    def title(self) -> str:
        """The clean title; the first words of the summary if the entry has no title."""
        clean = clean_headline(self.written)
        title = clean or _beginning(fold(self.entry.summary))
        return simplified(title, self.language)

    @lazy
    def mask(self) -> str:
        """The title without figures and names; "" if little is left."""
        return mask(self.entry.title)

    @lazy
    def summary(self) -> str:
        """What is compared of the summary, folded; "" where it is no report of its own."""
        summary = fold(self.entry.summary[:SUMMARY_CHARACTERS])
        return simplified(summary, self.language) if _tells_more(summary, self.entry.title) else ""

    @lazy
    def brief(self) -> str:
        """The beginning of the summary as it is written, without what closes it."""
        text = without_closings(" ".join(self.entry.summary.split()), self.language)
        return text[:SUMMARY_CHARACTERS].rstrip()

    @lazy
    def brief_numbers(self) -> Numbers:
        """Its figures."""
        return self.figures(fold(self.brief))

    @lazy
    def brief_acts(self) -> Acts:
        """All that it says is done, a kidnapping beside a release as well."""
        return find_acts(self.brief, self.language, self.hidden, beside_release=True)

    @lazy
    def plain_brief_acts(self) -> Acts:
        """What it says is done, but no kidnapping that may only say of whom a release is."""
        return self.acts_in(self.brief)

    @lazy
    def all_acts(self) -> frozenset[str]:
        """The acts that title and summary name, a kidnapping beside a release as well."""
        title = find_acts(self.written, self.language, self.hidden, beside_release=True)
        return title.named | self.brief_acts.named

    @lazy
    def plain_acts(self) -> frozenset[str]:
        """Those that they name without such a kidnapping."""
        return self.title_acts.named | self.plain_brief_acts.named

    @lazy
    def bare(self) -> bool:
        """Whether nothing but a text is known: neither outlet nor address nor date."""
        return not (self.entry.outlet or self.entry.url or self.entry.published)

    @lazy
    def names(self) -> frozenset[str]:
        """The words of the title that are written as names."""
        return names(self.entry.title)

    @lazy
    def hour(self) -> float:
        """When it was reported, in hours since 1970."""
        return self.time.timestamp() / _HOUR

    @lazy
    def words(self) -> tuple[str, ...]:
        """The words of the title in order."""
        return tuple(words(self.title))

    @lazy
    def spelled_out(self) -> frozenset[str]:
        """The words of the title but figures and names of its topics, which are of any language."""
        found = frozenset(word for word in self.words if not word.isdecimal())
        return frozenset(word for word in found if stem(word) not in self.given.stems) or found

    @lazy
    def beside_given(self) -> str:
        """The title without the words that lists were found by, as it is heard."""
        runs = (run for run in self.title.split() if not self._is_given(run))
        return " ".join(runs)

    def _is_given(self, run: str) -> bool:
        found = words(run)
        return bool(found) and self.given.stems.issuperset(map(stem, found))

    @lazy
    def grams(self) -> frozenset[str]:
        """The title's letter triples."""
        text = f" {self.title} "
        # Interned, as terms are (`_bag`): of all that a signature keeps they would take most.
        return frozenset([intern(text[place : place + 3]) for place in range(len(text) - 2)])

    @lazy
    def headline(self) -> Bag:
        """The title's terms."""
        return self._bag(self.words)

    @lazy
    def text(self) -> Bag:
        """The terms of title and summary; the headline's where there is no summary."""
        if not self.has_summary:
            return self.headline
        if self._stored_text:
            terms, norm = self._stored_text
            return Bag(frozenset(map(intern, terms.split())), norm)
        return self._bag((*self.words, *words(self.summary)))

    def _bag(self, found: Iterable[str]) -> Bag:
        return bag_of(map(stem, filterfalse(quiet_words(self.language).__contains__, found)))

    @lazy
    def texts(self) -> Texts:
        """What is compared first with every candidate."""
        return Texts(self.headline, self.text if self.has_summary else None)

    @lazy
    def _stored_text(self) -> tuple[str, float] | None:
        """What a sketch holds of `text`, to be taken apart only when it is compared."""
        return None

    @lazy
    def has_summary(self) -> bool:
        """Whether it has a summary that is a report of its own."""
        return bool(self.summary)

    @lazy
    def lead(self) -> str:
        """How the summary begins, without its dateline."""
        return _DATELINE.sub("", self.summary, count=1)[:_LEAD_CHARACTERS]

    @lazy
    def numbers(self) -> Numbers:
        """The figures of the title."""
        return self.figures(self.title)

    @lazy
    def numbered(self) -> bool:
        """Whether the title names a figure."""
        return bool(self.numbers)

    @lazy
    def summary_numbers(self) -> Numbers:
        """The figures of the summary."""
        return self.figures(self.summary)

    def figures(self, text: str) -> Numbers:
        """Return the figures of a folded text that was reported with it."""
        month_first = (self.entry.language or "").casefold() == _MONTH_FIRST
        return find_numbers(text, self.language, self.day, month_first=month_first)

    @lazy
    def all_days(self) -> frozenset[Day]:
        """The days that title and summary name."""
        return self.numbers.dates | self.summary_numbers.dates or NOTHING

    @lazy
    def all_amounts(self) -> tuple[Number, ...]:
        """The amounts that title and summary name."""
        return (*self.numbers.amounts, *self.summary_numbers.amounts)

    @lazy
    def directions(self) -> frozenset[tuple[int, int]]:
        """The sides that the title's words take."""
        return directions(frozenset(self.words), self.language)

    @lazy
    def heads(self) -> frozenset[str]:
        """The heads of the title's words."""
        return heads(self.words, self.language)

    @lazy
    def denied(self) -> frozenset[str]:
        """The heads of the words that the title denies."""
        return denied(self.words, self.language)

    @lazy
    def negates(self) -> bool:
        """Whether the title says "not"; some words for it count in its own language only."""
        return negates(self.title, self.spoken)

    @lazy
    def planned(self) -> frozenset[str]:
        """The heads of the words that the title puts into the future."""
        return planned(self.words, self.language)

    @lazy
    def intended(self) -> frozenset[str]:
        """The words after an English "to"."""
        return intended(self.words)

    @lazy
    def qualifiers(self) -> Mapping[str, str]:
        """What the title puts on what it tells: kind -> word."""
        return qualifiers(self.entry.title or self.title, self.spoken)

    @lazy
    def acts(self) -> Acts:
        """What the title says is done; the beginning of the summary where it says nothing.

        What stands for many things joins, parts and adds nothing.
        """
        told = self.title_acts.without(MANIFOLD)
        if told.done and self.day and are_ahead(self.numbers.dates, self.day):
            return told.to_come()
        lead = _beginning(self.entry.summary)
        found = told or self.acts_in(lead).with_background()
        return found.without(MANIFOLD)

    @lazy
    def title_acts(self) -> Acts:
        """All that the title says is done."""
        return self.acts_in(self.written)

    def acts_in(self, text: str) -> Acts:
        """Return what a text says is done that was reported with it."""
        return find_acts(text, self.language, self.hidden)

    @lazy
    def act_words(self) -> tuple[str, ...]:
        """The words of the title that tell what is done, and when."""
        return tuple(act_words(self.written, self.language, self.hidden))

    @lazy
    def given_acts(self) -> frozenset[str]:
        """The acts that it tells of because it matches: those that its topics are about."""
        return NOTHING.union(*map(self._told_by_each, self.given.needed))

    @lazy
    def matched_acts(self) -> frozenset[str]:
        """The acts that any word tells which it matches by."""
        return NOTHING.union(*(self._told_by(one) for lists in self.given.needed for one in lists))

    def _told_by_each(self, lists: tuple[frozenset[str], ...]) -> frozenset[str]:
        """Return the acts that the words of each of some lists tell."""
        return frozenset.intersection(*(self._told_by(texts) for texts in lists))

    def _told_by(self, texts: frozenset[str]) -> frozenset[str]:
        return NOTHING.union(*(self.acts_in(text).named for text in texts))

    @lazy
    def subjects(self) -> Mapping[str, str]:
        """What the title is about: subject -> its word."""
        return find_subjects(self.written or self.title, self.language, self.hidden)

    @lazy
    def all_subjects(self) -> frozenset[str]:
        """What title and summary are about."""
        summary = self.entry.summary[:SUMMARY_CHARACTERS]
        return frozenset(self.subjects) | find_subjects(summary, self.language, self.hidden).keys()

    @lazy
    def spoken(self) -> str:
        """The language, English for unaccented Latin letters of unknown one, else ""."""
        return self.language or ("en" if self.entry.title.isascii() else "")

    @lazy
    def named(self) -> tuple[str, ...]:
        """Whom and what places the title names, in its order."""
        return self.cast_in(self.written)

    def cast_in(self, text: str) -> tuple[str, ...]:
        """Return who and where a text tells of that was reported with it, in its order."""
        return find_cast(text, self.language, self.hidden)

    @lazy
    def cast_words(self) -> tuple[str, ...]:
        """The words of the title that name somebody or somewhere."""
        return tuple(cast_words(self.written, self.language, self.hidden))

    @lazy
    def cast(self) -> frozenset[str]:
        """Who and where the title tells of."""
        return frozenset(self.named)

    @lazy
    def own_cast(self) -> frozenset[str]:
        """Who and where the title tells of beside those that no entry of its topics is without."""
        return find_others(self.written, self.language, self.hidden, but=self.given.usual)

    @lazy
    def tense(self) -> int:
        """1 for a title of what is to come, -1 of what is done, 0 if it does not say."""
        return tense(self.title)

    @lazy
    def explains(self) -> bool:
        """Whether the title announces background instead of news."""
        return explains(self.title)

    @lazy
    def is_background(self) -> bool:
        """Whether it is an explainer, a schedule or a round-up, and reports no one event."""
        return is_background(self.entry.title, self.language)


class Member(NamedTuple):
    """An entry that belongs to a story, by our numbers."""

    entry: int
    story: int
    signature: Signature


def sign(
    entry: Entry,
    reading: Reading | None,
    hidden: Collection[ListTerm] = frozenset(),
) -> Signature:
    """Return an entry's signature; any text is accepted."""
    language = (reading.language if reading else None) or entry.language
    return Signature(
        entry,
        primary_subtag(language) if language else None,
        frozenset(match.topic for match in reading.matches) or NOTHING if reading else NOTHING,
        frozenset(one.list for one in reading.mentions) or NOTHING if reading else NOTHING,
        None,
        hidden,
        given_of(reading) if reading and reading.matches else NOTHING_GIVEN,
    )


def _tells_more(summary: str, title: str) -> bool:
    """Whether a folded summary is a report of its own, not the title again."""
    return len(summary) >= SUMMARY_LEAST and not fold(title).startswith(summary[:SUMMARY_LEAST])


def _beginning(text: str) -> str:
    """Return the first words of a text, no word and no figure of which is cut."""
    if len(text) <= HEADLINE_CHARACTERS:
        return text
    return _BEGUN.sub("", text[: HEADLINE_CHARACTERS + 1])
