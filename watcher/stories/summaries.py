"""What does the summary of a report tell that another under the same headline does not?"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Final

from watcher.stories.act_kinds import BESIDE_ANY, COUNTED, GRAVE, MANIFOLD
from watcher.stories.act_lists import BORDER
from watcher.stories.acts import are_acts_known, terms_of
from watcher.stories.asides import is_aside
from watcher.stories.bags import Bag, bag_of
from watcher.stories.cast import label, with_countries
from watcher.stories.days import find_weekdays
from watcher.stories.guards import is_correction
from watcher.stories.han import simplified
from watcher.stories.numbers import Number, beside, shown, tells
from watcher.stories.phases import in_other_phases
from watcher.stories.signature import Signature
from watcher.stories.summary_words import first_beside, is_cut_from, is_whole
from watcher.stories.ticking import TIME
from watcher.stories.unread import as_written, first_unread_below
from watcher.stories.words import fold, is_unspaced, squared_weight, stem, words
from watcher.topics.sentences import split_sentences

#: Shorter ones that are no sentence are a place or a byline. Too little to compare texts by tells
#: an act all the same, so this is less than is asked of a summary that words are compared of.
_LEAST: Final = 20
#: Share of the lesser summary's weight that the other has too. Under one headline 21 of 388 pairs
#: of one event have less (wirepool, neus, allsides2021, basil, ecbplus); of 4,741 pairs of other
#: events in one country 47 have more.
_ALIKE: Final = 0.3
#: Letters that tell as much as one of a script without spaces.
_WIDE: Final = 3


def summary_adds(late: Signature, early: Signature) -> str:
    """Return what the later summary names that nothing of the earlier entry does; "" if nothing."""
    if fact := adds_fact(late, early):
        return fact
    is_read = _is_text(early.brief) or are_acts_known(late.brief, late.language)
    if is_read and _is_hardly_more(late, early):
        return _aside(late, early)
    return _word(late, early)  # where no act is known, nobody knows whether one is grave


def adds_fact(late: Signature, early: Signature) -> str:
    """Return which figure, act or doer the later summary adds; its other words are not read.

    A missing summary is no ground for more than a grave act: most feeds that repeat a headline have
    one where others do not.
    """
    if is_correction(late.brief) and not is_correction(early.brief):
        return "its summary is a correction"
    if _is_hardly_more(late, early):
        return _named_act(_new_acts(late, early) & GRAVE)
    return _figure(late, early) or _named_act(_new_acts(late, early)) or _doer(late, early)


def tells_beside(late: Signature, earlier: Collection[Signature]) -> str:
    """Return what a summary tells, or may tell, that no entry in other languages does; or "".

    Across languages what nothing here reads could be anything.
    """
    if not late.brief:
        return ""
    if acts := _beside(late, earlier):
        return _named_act(acts)
    if any(in_other_phases(late.brief_acts, one.acts) for one in earlier):
        return "its summary tells as to come what is done, or the other way round"
    if named := frozenset(late.cast_in(late.brief)).difference(late.cast, *map(_named, earlier)):
        return f"its summary names {min(map(label, named))}"
    if figures := _figures_beside(late, earlier):
        return f"its summary names {figures[0]}"
    word = first_unread_below(late, earlier)  # who says it, or that it is "on the agenda"
    return f"its summary adds \u201c{as_written(word, late)}\u201d" if word else ""


def _figures_beside(late: Signature, earlier: Collection[Signature]) -> list[str]:
    """Return the figures of a summary, also of a short one, that none of some entries names."""
    told = [late.numbers, *chain(*((one.numbers, one.brief_numbers) for one in earlier))]
    added = beside(late.brief_numbers.amounts, [one for each in told for one in each.amounts])
    days = late.brief_numbers.dates.difference(*(each.dates for each in told))
    return [*map(shown, added), *("another day" for _ in days)]


def _is_hardly_more(late: Signature, early: Signature) -> bool:
    """Whether a summary is missing, or the earlier one is the later one cut off."""
    ours, theirs = late.brief, early.brief
    return not (_is_text(ours) and _is_text(theirs)) or is_cut_from(theirs, ours, late.language)


def _is_text(summary: str) -> bool:
    """Whether a summary is more than a place or a byline: long, or a sentence."""
    return _length(summary) >= _LEAST or is_whole(summary)


def tells_of_another(late: Signature, early: Signature) -> str:
    """Return why an equal headline is not enough to make a copy; "" if it is.

    A headline that does not say what is watched may stand above anything ("World news in brief").
    Then the summaries have to be alike.
    """
    if not late.given.by_summary or is_cut_from(early.brief, late.brief, late.language):
        return ""
    if lists := late.lists - early.lists:
        return f"its summary names the list \u201c{min(lists)}\u201d"
    return "" if _are_alike(late, early) else "only the headline is the same"


def _are_alike(late: Signature, early: Signature) -> bool:
    """Whether two summaries have more in common than what their topics ask for."""
    ours, theirs = late.brief, early.brief
    if fold(ours) == fold(theirs):
        return True
    one, other = (_own_terms(summary, late) for summary in (ours, theirs))
    least = min(one.norm, other.norm)
    return sum(map(squared_weight, one.terms & other.terms)) >= _ALIKE * least**2


def _own_terms(summary: str, late: Signature) -> Bag:
    """Return the terms of a summary but those that the later entry matches by."""
    text = simplified(fold(summary), late.language)
    return bag_of(frozenset(map(stem, words(text))) - late.given.stems)


def _length(text: str) -> int:
    """Return how long a text is: a letter of a script without spaces tells as much as three."""
    return _WIDE * len(text) if is_unspaced(text) else len(text)


def _figure(late: Signature, early: Signature) -> str:
    """Return a figure or a day of the later summary alone."""
    ours, theirs = late.brief_numbers, early.brief_numbers
    known = (*theirs.amounts, *early.numbers.amounts)
    added = list(beside(ours.amounts, known))
    for own in (*filter(tells, added), *_counted(added, late)):
        return f"its summary names {shown(own)}"
    days = ours.dates - theirs.dates - early.numbers.dates
    is_other = bool(days and theirs.dates) or _on_other_weekdays(late, early)
    return "its summary names another day" if is_other else ""


def _counted(added: Sequence[Number], late: Signature) -> Iterator[Number]:
    """Yield those of some figures, however small, that count what is done: "killed 5"."""
    added = [one for one in added if one.value > 1]  # "one of them" counts nothing
    text = late.brief
    for sentence in (text[slice(*span)] for span in split_sentences(text) if added):
        if not COUNTED.isdisjoint(_told(sentence, late)):
            figures = late.figures(fold(TIME.sub(" ", sentence))).amounts
            yield from (one for one in added if one in figures)


def _on_other_weekdays(late: Signature, early: Signature) -> bool:
    """Whether both summaries name days of the week, and none that the other names."""
    ours, theirs = (find_weekdays(fold(one.brief)) for one in (late, early))
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _named_act(acts: frozenset[str]) -> str:
    act = min(acts, default="")
    return f"its summary tells of another act: {act}" if act else ""


def _new_acts(late: Signature, early: Signature) -> frozenset[str]:
    """Return the acts that the later summary tells of alone.

    What stands for many things is told anew by each word for it: "capsized" behind "missing".
    """
    added = _beside(late, [early])
    if not _manifold(late, late.brief) <= _manifold(early, f"{early.written}. {early.brief}"):
        added |= late.brief_acts.told & MANIFOLD
    return added - BESIDE_ANY


def _beside(late: Signature, earlier: Collection[Signature]) -> frozenset[str]:
    """Return the acts that the later summary tells of, and no earlier report.

    A kidnapping told apart from a release was told before only where one was told so; of whom a
    release is says nothing of it: "Gunmen seized a nun" below "Kidnapped priest freed".
    """
    added = late.brief_acts.told.difference(*(one.all_acts for one in earlier))
    return added | late.plain_brief_acts.told.difference(*(one.plain_acts for one in earlier))


def _manifold(signature: Signature, text: str) -> frozenset[str]:
    """Return the terms of what stands for many things in a text."""
    return terms_of(MANIFOLD, text, signature.language, signature.hidden)


def _doer(late: Signature, early: Signature) -> str:
    """Return that the later summary alone names somebody beside an act: who has done it."""
    clauses = filter(lambda clause: _told(clause, late), BORDER.split(late.brief))
    named = frozenset(chain.from_iterable(map(late.cast_in, clauses))) - _named(early)
    return f"its summary tells what is done by {min(map(label, named))}" if named else ""


def _named(signature: Signature) -> frozenset[str]:
    """Return whom and what places title and summary name."""
    return with_countries(signature.cast.union(signature.cast_in(signature.brief)))


def _aside(late: Signature, early: Signature) -> str:
    """Return that the only summary has nothing of the headline."""
    if _is_text(early.brief) or not is_aside(late, early):
        return ""
    return "its summary tells of something else than the headline"


def _word(late: Signature, early: Signature) -> str:
    """Return a word of the later summary alone."""
    word = first_beside(late.brief, early.brief, late, early)
    return f"its summary adds \u201c{as_written(word, late)}\u201d" if word else ""


def _told(text: str, signature: Signature) -> frozenset[str]:
    """Return the acts that a text tells, but what most reports mention beside theirs."""
    return signature.acts_in(text).told - BESIDE_ANY
