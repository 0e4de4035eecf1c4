"""What does an entry add to the story that it joins?

An answer in kinds, each with the detail that makes it news, so that a message can say it and name
the most telling entry first. Where nothing can be named the entry is told as a doubt: nothing here
keeps quiet.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, TypeVar

from watcher.model import Addition, Adds, Entry, News
from watcher.outlets.attribution import attribute
from watcher.outlets.publishers import our_families
from watcher.stories.features import in_other_languages
from watcher.stories.given import NOTHING
from watcher.stories.guards import contradicted, heads
from watcher.stories.numbers import beside, shown, tells
from watcher.stories.signature import Signature
from watcher.stories.silence import denies, takes_back

_T = TypeVar("_T")

#: Entries whose speakers are kept: the members of a story are asked with every entry that joins.
_REMEMBERED: Final = 1_024
#: More details of one kind say no more, and a message has no room for them.
MOST_DETAILS: Final = 3


def news_of(late: Signature, earlier: Sequence[Signature]) -> News:
    """Return what an entry adds to the members of its story that came before it."""
    found = chain(
        _denials(late, earlier),
        _corrections(late, earlier),
        _capped(Adds.ACT, _new_acts(late, earlier)),
        _capped(
            Adds.OFFICIAL,
            _missing(officials(late.entry), (officials(one.entry) for one in earlier)),
        ),
        _capped(Adds.NUMBER, _new_numbers(late, earlier)),
        _capped(Adds.NAME, sorted(_missing(_asked(late), (one.lists for one in earlier)))),
        _capped(Adds.DAY, _new_days(late, earlier)),
        _languages(late, earlier),
    )
    return News(tuple(dict.fromkeys(found)) or (Addition(Adds.DOUBT),))


@lru_cache(_REMEMBERED)
def officials(entry: Entry) -> tuple[str, ...]:
    """Return the official bodies whose word an entry is or quotes; a user adds none."""
    said = attribute(entry, "", our_families())
    return tuple(filter(None, (said.official, *said.speakers)))


def _asked(signature: Signature) -> frozenset[str]:
    """Return the lists that an entry mentions and its topics ask for; all where no line is known.

    A list that serves another topic says nothing here: "also about: war" of an earthquake.
    """
    if not signature.given.asked:
        return signature.lists
    return signature.lists & NOTHING.union(*(lists for _, lists in signature.given.asked))


def _denials(late: Signature, earlier: Iterable[Signature]) -> Iterator[Addition]:
    """Yield a denial where a title denies what another one tells, or the other way round.

    Opposites are none: who leaves has arrived before, and a ferry may sink while prices rise. Names
    that every entry of the topic has are not what "denies" or "without" is about: "denies Putin met
    Kim" is contradicted by no other report of Putin.
    """
    if any(_denies(late, one) for one in earlier):
        yield Addition(Adds.DENIAL)


def _denies(late: Signature, early: Signature) -> bool:
    if in_other_languages(late, early):
        return denies(late, early)
    names = heads((*late.given.stems, *early.given.stems), late.language)
    return contradicted(late.denied - names, early.denied - names, late.heads, early.heads)


def _corrections(late: Signature, earlier: Sequence[Signature]) -> Iterator[Addition]:
    """Yield a correction where no earlier entry was one."""
    if earlier and all(takes_back(late, one) for one in earlier):
        yield Addition(Adds.CORRECTION)


def _new_acts(late: Signature, earlier: Sequence[Signature]) -> Iterator[str]:
    """Yield the acts that are told for the first time, or are done that were only planned."""
    told = [one.acts for one in earlier]
    done = {act for one in told for act in one.done | one.over}
    planned = {act for one in told for act in one.planned}
    yield from sorted(late.acts.done - done)
    yield from (f"{act} (planned)" for act in sorted(late.acts.planned - done - planned))


def _new_numbers(late: Signature, earlier: Sequence[Signature]) -> Iterator[str]:
    """Yield the numbers that none of the earlier entries names, those of the title first."""
    known = [number for one in earlier for number in one.all_amounts]
    own = (*late.numbers.amounts, *filter(tells, late.summary_numbers.amounts))
    return map(shown, beside(own, known))


def _new_days(late: Signature, earlier: Iterable[Signature]) -> Iterator[str]:
    """Yield the days that none of the earlier entries names, with a year but the present."""
    days = _missing(late.all_days, (one.all_days for one in earlier))
    dated = late.numbers.dated | late.summary_numbers.dated
    years = {one.day: f"{one.year}-" for one in dated if one.year != late.time.year}
    return (f"{years.get(day, '')}{day.month:02}-{day.day:02}" for day in sorted(days) if day.month)


def _languages(late: Signature, earlier: Iterable[Signature]) -> Iterator[Addition]:
    """Yield a language that no earlier entry is in; one whose language nobody knows may be."""
    if late.language and all(one.language not in {None, late.language} for one in earlier):
        yield Addition(Adds.LANGUAGE, late.language)


def _missing(own: Iterable[_T], known: Iterable[Iterable[_T]]) -> list[_T]:
    """Return what of an entry's own is among none of the known, in its order."""
    told = set(chain.from_iterable(known))
    return [one for one in own if one not in told]


def _capped(kind: Adds, details: Iterable[str]) -> Iterator[Addition]:
    distinct = islice(dict.fromkeys(details), MOST_DETAILS)
    return (Addition(kind, detail) for detail in distinct)
