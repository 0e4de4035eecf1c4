"""Do two titles tell of one act between two, done with somebody else?

"Macron meets Modi in Delhi", "Macron meets Meloni in Rome": all words but the names are the same.
A meeting has two parties, and whoever meets one after the other is in two stories. A name may stand
in the summary that the title leaves out, and "Trump's envoy" is not Trump: either parts no two. Nor
does a name that nobody listed: it may be another name for the same.
"""

from typing import Final

from watcher.stories.cast import is_person
from watcher.stories.signature import SUMMARY_CHARACTERS, Signature

#: Acts between two.
_BETWEEN: Final = frozenset({"call", "invite", "meet", "sign"})
_TWO: Final = 2
#: Who is called by the name of somebody else: "Trump's envoy", "Putin's aide", "Kim's sister".
_STAND_INS: Final = frozenset({"aide", "envoy", "relative"})


def is_with_another(a: Signature, b: Signature) -> bool:
    """Whether both tell of one act between two, and of each the other party is another one.

    Each title names two people that are known, of whom one is the other title's.
    """
    ours = frozenset(filter(is_person, a.cast))
    if len(ours) != _TWO:  # first, as it is told of nearly all, and `a` is asked of all the others
        return False
    theirs = frozenset(filter(is_person, b.cast))
    both = ours & theirs
    if len(theirs) != _TWO or len(both) != 1 or _BETWEEN.isdisjoint(a.acts.told & b.acts.told):
        return False
    if _names_stand_in(a) or _names_stand_in(b):
        return False
    return ours & _summarised(b) <= both and theirs & _summarised(a) <= both


def _names_stand_in(signature: Signature) -> bool:
    return not _STAND_INS.isdisjoint(signature.qualifiers)


def _summarised(signature: Signature) -> frozenset[str]:
    """Return who and where the summary tells of."""
    return frozenset(signature.cast_in(signature.entry.summary[:SUMMARY_CHARACTERS]))
