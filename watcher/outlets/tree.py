"""A story as a tree: its founder, the copies beneath, other reports with theirs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.outlets.coverage import Account


@dataclass(frozen=True, slots=True)
class Branch:
    """An entry at its place in the tree.

    Attributes:
        lasts: per level from the top, whether it is (or hangs from) the last one there; empty for
            a report, one value for a copy, two for a copy of a copy.
        repeats: the entry that it is a copy of; None for a report.
    """

    account: Account
    lasts: tuple[bool, ...]
    repeats: Account | None


def branches(accounts: Iterable[Account]) -> Iterator[Branch]:
    """Yield a story's entries as a tree, top down, each level in the order of our numbers.

    An entry whose original is not among them (it was deleted, or moved) is a report of its own.
    """
    known = {account.number: account for account in accounts}
    copies: defaultdict[int | None, list[Account]] = defaultdict(list)
    for account in sorted(known.values(), key=lambda one: one.number):
        copies[_original(account, known)].append(account)
    # No recursion: a chain of copies may be longer than Python's stack.
    waiting = [Branch(account, (), None) for account in reversed(copies[None])]
    while waiting:
        branch = waiting.pop()
        yield branch
        waiting += _below(branch, copies[branch.account.number])


def _original(account: Account, known: dict[int, Account]) -> int | None:
    """Return which entry it hangs from: always an earlier one, so that no circle can form."""
    original = account.copy_of
    return original if original in known and original < account.number else None


def _below(branch: Branch, copies: Sequence[Account]) -> list[Branch]:
    """Return the copies of an entry, the last one first: they wait on a stack."""
    return [
        Branch(copy, (*branch.lasts, copy is copies[-1]), branch.account)
        for copy in reversed(copies)
    ]
