"""What a page adds at its foot, below all that two reports are compared by."""

from collections.abc import Sequence
from dataclasses import replace

from watcher.model import Entry
from watcher.stories.closings import without_closings
from watcher.stories.signature import SUMMARY_CHARACTERS
from watcher.stories.summary_words import is_cut_from, is_whole
from watcher.stories.ticking import parts, tells_anew
from watcher.topics.sentences import split_sentences


def tells_below(met: Entry, known: Sequence[tuple[str, str]], language: str | None) -> bool:
    """Whether a long page kept its text and tells a grave act below it, that it never had.

    What more than doubles, or goes on where the text broke off, is a full text in place of its
    beginning, with the background.
    Lines without a full stop are headlines of other reports, or counters of readers.

    Args:
        met: as its own feed has it now.
        known: titles and summaries that it had, the present ones last.
        language: primary subtag, None if unknown.
    """
    before = known[-1][1]
    kept = _report(before, language)
    if len(kept) <= SUMMARY_CHARACTERS or not met.summary.startswith(kept):
        return False
    below = without_closings(met.summary, language)[len(kept) :]
    if len(below) > len(kept) or is_cut_from(before, met.summary, language):
        return False
    added = (replace(met, summary=sentence) for sentence in _whole(below))
    return any(tells_anew(one, known, language) for one in added)


def _report(text: str, language: str | None) -> str:
    """Return a text without what follows its last full stop, and without what closes it."""
    text = without_closings(text, language)
    sentences = reversed(split_sentences(text))
    return next((text[:end] for start, end in sentences if is_whole(text[start:end])), "")


def _whole(text: str) -> list[str]:
    """Return the sentences of a text that end with a full stop."""
    return [one for found in parts(text) if is_whole(one := found[0].strip())]
