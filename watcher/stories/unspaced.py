"""What parts two reports where words run on: the guards by whole words find nothing there.

Of "Putin met Kim" and "Putin did not meet Kim" only a syllable is another one in Korean, and of
"Putin invites Kim" and "Kim invites Putin" none in Chinese. Denials, plans, questions and acts are
looked for by the lists that a watched topic is kept quiet by, and who is named first.
"""

from watcher.stories.acts import MUTUAL
from watcher.stories.guards import asks
from watcher.stories.phases import in_other_phases
from watcher.stories.signature import Signature
from watcher.stories.words import is_unspaced


def parted_unspaced(a: Signature, b: Signature) -> str:
    """Return what parts two titles one of which is of a script without spaces; or ""."""
    if a.title == b.title or not (is_unspaced(a.title) or is_unspaced(b.title)):
        return ""
    if kinds := a.qualifiers.keys() ^ b.qualifiers.keys():
        kind = min(kinds)
        return f"one says \u201c{(a.qualifiers.get(kind) or b.qualifiers[kind])}\u201d"
    if asks(a.written) != asks(b.written):
        return "one of them asks"
    return _parted_acts(a, b)


def _parted_acts(a: Signature, b: Signature) -> str:
    ours, theirs = a.acts.told, b.acts.told
    if ours and theirs and ours.isdisjoint(theirs):
        return "another act"
    if in_other_phases(a.acts, b.acts) or a.tense != b.tense:
        return "one is still to come"
    return "names in another order" if _turned(a, b) else ""


def _turned(a: Signature, b: Signature) -> bool:
    """Whether both name the same ones in another order, and tell more than what is mutual."""
    if a.cast != b.cast or a.acts.told | b.acts.told <= MUTUAL:
        return False
    return a.named != b.named
