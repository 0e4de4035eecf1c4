"""Do two titles tell of one act between two, done with somebody else?

"Macron meets Modi in Delhi", "Macron meets Meloni in Rome": all words but the names are the same.
A meeting has two parties, and whoever meets one after the other is in two stories. A name may stand
in the summary that the title leaves out, and "Trump's envoy" is not Trump: either parts no two. Nor
does a name that nobody listed: it may be another name for the same.
"""

import re
from typing import Final

from watcher.stories.cast import is_person
from watcher.stories.signature import SUMMARY_CHARACTERS, Signature
from watcher.stories.words import fold

#: Acts between two.
_BETWEEN: Final = frozenset({"call", "invite", "meet", "sign"})
_TWO: Final = 2
#: Who is called by the name of somebody else: "Trump's envoy", "Putin's aide", "Kim's sister".
_STAND_INS: Final = frozenset({"aide", "envoy", "relative"})
#: Who mostly holds that office ("Turkish foreign minister Fidan"), and is called by another's name
#: only straight behind it.
_OFFICE: Final = "minister"
_BEHIND: Final = r"(?:['\u2019]s?|s) (?:\w+ )?"


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
    kinds = signature.qualifiers
    if not _STAND_INS.isdisjoint(kinds):
        return True
    return _OFFICE in kinds and _is_behind_person(kinds[_OFFICE], signature)


def _is_behind_person(office: str, signature: Signature) -> bool:
    """Whether an office is somebody's in a title: "Putin's foreign minister"."""
    title = fold(signature.written)
    people = (name for name in signature.cast_words if any(map(is_person, signature.cast_in(name))))
    return any(
        re.search(re.escape(fold(name)) + _BEHIND + re.escape(office), title) for name in people
    )


def _summarised(signature: Signature) -> frozenset[str]:
    """Return who and where the summary tells of."""
    return frozenset(signature.cast_in(signature.entry.summary[:SUMMARY_CHARACTERS]))
