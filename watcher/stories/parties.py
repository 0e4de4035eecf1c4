"""Do two titles tell of one act between two, done with somebody else?

"Macron meets Merz in Berlin", "Macron meets Meloni in Rome": all words but the names are the same.
A meeting has two parties, and whoever meets one after the other is in two stories. Of many guests
of one place each title may name others, and a name may stand in the summary that the title leaves
out: either parts no two.
"""

from itertools import pairwise
from typing import Final

from watcher.stories.cast import is_country, is_person
from watcher.stories.features import exchanged, in_other_languages
from watcher.stories.signature import SUMMARY_CHARACTERS, Signature
from watcher.stories.words import stem

#: Acts between two.
_BETWEEN: Final = frozenset({"call", "invite", "meet", "sign"})
_TWO: Final = 2
#: German writes a chancellor as it writes Merz.
_NOUNS_AS_NAMES: Final = "de"


def is_with_another(a: Signature, b: Signature) -> bool:
    """Whether both tell of one act between two, and of each the other party is another one."""
    if _BETWEEN.isdisjoint(a.acts.told & b.acts.told):
        return False
    return _are_others_of_cast(a, b) or _are_others_in_place(a, b)


def _are_others_of_cast(a: Signature, b: Signature) -> bool:
    """Whether each title names two people that are known, of whom one is the other title's."""
    ours, theirs = frozenset(filter(is_person, a.cast)), frozenset(filter(is_person, b.cast))
    both = ours & theirs
    if not len(ours) == len(theirs) == _TWO or len(both) != 1:
        return False
    is_elsewhere = all(map(is_country, (a.cast & b.cast) - both))
    return is_elsewhere and ours & _summarised(b) <= both and theirs & _summarised(a) <= both


def _summarised(signature: Signature) -> frozenset[str]:
    """Return who and where the summary tells of."""
    return frozenset(signature.cast_in(signature.entry.summary[:SUMMARY_CHARACTERS]))


def _are_others_in_place(a: Signature, b: Signature) -> bool:
    """Whether whom and where both name is another in the same place of titles otherwise alike."""
    if in_other_languages(a, b) or a.spoken == _NOUNS_AS_NAMES:
        return False
    places = [(x, y) for x, y in exchanged(a, b) if _is_lone(x, a, b) and _is_lone(y, b, a)]
    return sum(_is_country(x, a) == _is_country(y, b) for x, y in places) >= _TWO


def _is_lone(word: str, a: Signature, b: Signature) -> bool:
    """Whether a word is a name of `a` alone that a plain word stands before: "meets Merz"."""
    if word not in a.names or stem(word) in b.text.terms:
        return False
    return any(late == word and early not in a.names for early, late in pairwise(a.words))


def _is_country(word: str, signature: Signature) -> bool:
    """Whether a word names a country, as a title may whose leader or city another one names."""
    return any(map(is_country, signature.cast_in(word)))
