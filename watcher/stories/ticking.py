"""What of a page ticks while its report stands still: a clock, a counter, a line that rotates.

Learnt from the words that the page had. A place of its summary that changed before (a figure
twice), while all else stood still, tells nothing by changing again under the same headline. What
the page matches by is told wherever it stands, and so is a sentence that tells a grave act and that
the page never had, and a figure in that of any act until the page is restless.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from watcher.model import Entry, Evidence, Field
from watcher.stories.act_kinds import BY_READERS, GRAVE
from watcher.stories.acts import find_acts
from watcher.stories.mended import is_beginning
from watcher.stories.words import fold, words
from watcher.topics.sentences import split_sentences

#: A time of day, of which the date is not told; "10.02" is a rate as well and needs a word for it.
#: In German five die "am Montag".
_CLOCK: Final = (
    r"(?<![\d:])(?:[01]?\d|2[0-3])(?::[0-5]\d(?::[0-5]\d)?(?![\d:])(?:\s?[ap]\.?m\b\.?)?"
    r"|\.[0-5]\d(?=\s?(?:wib|wita|wit|uhr|gmt|utc|[ap]m)\b)|(?:\s?(?:[ap]\.m|pm)|am)\b\.?)"
)
#: How old something is: "struck 12 minutes ago".
_AGE: Final = (
    r"\d+\s?(?:(?:second|sec|minute|min|hour|hr|day)s?\sago|(?:detik|menit|jam|hari)\s(?:yang\s)?lalu"
    r"|(?:минут|час|дн|день)\w*\sназад|(?:хвилин|годин|дн|день)\w*\sтому"
    r"|(?:分钟|分鐘|小时|小時|天|日|分|時間)前(?!後)|(?:분|시간|일)\s?전(?=에|부터|까지|\W|$))"
    r"|(?<!\w)(?:vor\s\d+\s(?:minute|stunde|tage)n?|il\sy\sa\s\d+\s(?:minute|heure|jour)s?"
    r"|hace\s\d+\s(?:minuto|hora|día)s?|há\s\d+\s(?:minuto|hora|dia)s?)(?!\w)"
)
#: A time of day or an age.
TIME: Final = re.compile(rf"{_AGE}|{_CLOCK}", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"(?P<time>{_AGE}|{_CLOCK})|(?P<figure>\d+(?:[.,\u00a0\u202f]\d+)*)|\w+|[^\w\s]",
    re.IGNORECASE,
)
#: What stands for a time or a figure; no feed has it.
_MARK: Final = "\x00"
#: Words and signs that have to stand still around what rotates, and their least share of all: two
#: reports may begin and end alike, too.
_LEAST_STANDING: Final = 4
_LEAST_SHARE: Final = 1 / 3
#: So often a figure has to have changed: a count of the missing was put right once, too.
_LEAST_CHANGES: Final = 2

#: A summary of so many wordings under one headline will have others: "struck 12 minutes ago",
#: related headlines in another order. From then on neither its words nor a figure beside any act
#: tell anything; grave acts still do. At two hours between replies that was 27 of them in two days.
RESTLESS: Final = 5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in words and signs.

    Attributes:
        written: as they are, but for times of day and ages.
        shape: the same with a mark for each figure.
        spans: where they stand.
    """

    written: tuple[str, ...]
    shape: tuple[str, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        found = list(_TOKEN.finditer(text))
        written = tuple(_MARK if one["time"] else one[0] for one in found)
        shape = tuple(_MARK if one["time"] or one["figure"] else one[0] for one in found)
        return cls(written, shape, tuple(one.span() for one in found))


@dataclass(frozen=True, slots=True)
class _Change:
    """How a text became another.

    Attributes:
        text: what it became.
        first: words and signs that stand still at the beginning, whatever their figures.
        last: those at the end.
        figures: places in the new text of figures that changed among them.
        is_of_figures: whether all else stands still.
    """

    text: _Text
    first: int
    last: int
    figures: tuple[int, ...]
    is_of_figures: bool

    @classmethod
    def between(cls, old: _Text, new: _Text) -> Self:
        ours, theirs = new.shape, old.shape
        first = _common(ours, theirs)
        last = min(_common(ours[::-1], theirs[::-1]), min(len(ours), len(theirs)) - first)
        before = (*old.written[:first], *old.written[len(theirs) - last :])
        places = (*range(first), *range(len(ours) - last, len(ours)))
        pairs = zip(places, before, strict=True)
        changed = tuple(at for at, was in pairs if new.written[at] != was)
        return cls(new, first, last, changed, ours == theirs)

    @property
    def size(self) -> int:
        """Words and signs of the new text."""
        return len(self.text.shape)

    @property
    def rotates(self) -> bool:
        """Whether enough stands still around what is another text."""
        return self.first + self.last >= max(_LEAST_STANDING, _LEAST_SHARE * self.size)

    @property
    def span(self) -> Span:
        """Where in the new text that stands which does not stand still."""
        changed = self.text.spans[self.first : self.size - self.last]
        return (changed[0][0], changed[-1][1]) if changed else (0, 0)

    def places(self) -> Iterator[int]:
        """Yield the places of the figures that changed, counted from both ends."""
        for at in self.figures:
            yield from (at, at - self.size)

    def repeats(self, learnt: Sequence[Self]) -> bool:
        """Whether all that changes has changed before."""
        counts = Counter(place for change in learnt for place in change.places())
        known = {place for place, count in counts.items() if count >= _LEAST_CHANGES}
        if not all(at in known or at - self.size in known for at in self.figures):
            return False
        return self.is_of_figures or any(
            one.rotates and self.first >= one.first and self.last >= one.last for one in learnt
        )


def ticks_since(
    met: Entry,
    known: Sequence[tuple[str, str]],
    evidence: Iterable[Evidence],
    language: str | None,
) -> int | None:
    """Return which of the words known of an entry it repeats but for what ticks; None if none.

    Args:
        met: as the feed has it now.
        known: titles and summaries that it had, the present ones last.
        evidence: what it matches by.
        language: primary subtag, None if unknown.

    Returns:
        The place among `known`, from 0: of those that it repeats, the last.
    """
    title, now = _Text.of(met.title).written, _Text.of(met.summary)
    under = [
        (place, _Text.of(text))
        for place, (above, text) in enumerate(known)
        if _Text.of(above).written == title
    ]
    learnt = [_Change.between(*pair) for pair in pairwise(text for _, text in under)]
    spans = [(one.start, one.end) for one in evidence if one.field is Field.SUMMARY]
    for place, text in reversed(under):
        change = _Change.between(text, now)
        if text.written == now.written or (
            change.repeats(learnt)
            and not any(_overlap(change.span, one) for one in spans)
            and (len(under) >= RESTLESS or not _counts(change, met.summary, language))
        ):
            return place
    return None


def _counts(change: _Change, summary: str, language: str | None) -> bool:
    """Whether a figure that changes stands in the sentence of an act: so many shells fired."""
    figures = [change.text.spans[at] for at in change.figures]
    return bool(_acts_around(figures, summary, language) - BY_READERS)


def tells_anew(met: Entry, known: Sequence[tuple[str, str]], language: str | None) -> bool:
    """Whether a page tells a grave act in a sentence that it never had.

    Args:
        met: as the feed has it now.
        known: titles and summaries that it had, the present ones last.
        language: primary subtag, None if unknown.
    """
    said = _sentences(text for _, text in known)
    ours = _sentences([met.summary]) - said
    grave = [one for one in ours if find_acts(one, language).told & GRAVE]
    read = [(one, _word_set(one)) for one in said] if grave else []
    return not all(_is_said(one, read) for one in grave)


def _is_said(sentence: str, said: Iterable[tuple[str, frozenset[str]]]) -> bool:
    """Whether one that was said begins with it, or has its words: headlines in another order."""
    ours = _word_set(sentence)
    return any(ours <= theirs or is_beginning(sentence, one) for one, theirs in said)


def _word_set(sentence: str) -> frozenset[str]:
    return frozenset(words(fold(sentence)))


#: A sentence, or what stands of it between such signs: "Kim meets Putin | 1,234 views".
_PART: Final = re.compile(r"[^|·•\n]+")


def parts(text: str) -> Iterator[re.Match[str]]:
    """Yield the sentences of a text, and what signs or lines set apart in them."""
    for sentence in split_sentences(text):
        yield from _PART.finditer(text, *sentence)


def _sentences(texts: Iterable[str]) -> frozenset[str]:
    """Return the sentences of some texts, without the times in them."""
    written = {one[0] for text in set(texts) for one in parts(text)}
    return frozenset(TIME.sub(_MARK, one).strip() for one in written)


def _acts_around(spans: Sequence[Span], summary: str, language: str | None) -> frozenset[str]:
    """Return the acts of the sentences that some spans stand in."""
    found = parts(summary) if spans else ()
    around = (one[0] for one in found if any(_overlap(one.span(), span) for span in spans))
    return frozenset().union(*(find_acts(one, language).told for one in around))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return how many of the first are the same."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
