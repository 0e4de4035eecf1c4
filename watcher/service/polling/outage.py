"""What keeps us from all outlets at once, told in one sentence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from watcher.errors import FeedError
from watcher.feeds.guard import is_of_link

_OFFLINE = "we seem to be offline"
_UNTRUSTED = "no outlet can be trusted from here"
_UNTRUSTED_ADVICE = (
    "install the system's authorities (ca-certificates), or name in SSL_CERT_FILE the one of a"
    " proxy that looks into TLS here"
)


@dataclass(frozen=True, slots=True)
class Outage:
    """Why no outlet can be read: what failed at most hosts, and where names lead meanwhile.

    Attributes:
        error: the commonest failure, without what one feed's user would set; empty if unknown.
        hosts: at how many hosts it was met, `of` so many that were lost.
        untrusted: it is their certificates: the hosts answer, or what stands in their place does.
        closed: the closed address that several hosts lead to; empty where none does.
    """

    error: str = ""
    hosts: int = 0
    of: int = 0
    untrusted: bool = False
    closed: str = ""

    @classmethod
    def by(cls, errors: Sequence[FeedError], closed: str = "") -> Self:
        """Return what the last failure of each lost host has in common."""
        sentences = Counter(_without_advice(error) for error in errors)
        commonest, hosts = max(sentences.items(), key=lambda one: one[1], default=("", 0))
        untrusted = any(
            error.certificate for error in errors if _without_advice(error) == commonest
        )
        return cls(commonest, hosts, len(errors), untrusted=untrusted, closed=closed)

    @property
    def head(self) -> str:
        """What kind of trouble it is, in constant words."""
        return _UNTRUSTED if self.untrusted else _OFFLINE

    @property
    def where(self) -> str:
        """What failed, and at how many hosts."""
        if not self.error:
            return "most hosts are out of reach"
        return f"at {self.hosts} of {self.of} {'host' if self.of == 1 else 'hosts'}: {self.error}"

    @property
    def advice(self) -> str:
        """What the user can do about it; empty where nothing is known to help."""
        if self.closed and not is_of_link(self.closed):
            return f"they lead to {self.closed}; set allow_private if it is yours"
        return _UNTRUSTED_ADVICE if self.untrusted else ""

    def __str__(self) -> str:
        told = f"{self.head}: {self.where}"
        return f"{told}; {self.advice}" if self.advice else told


def _without_advice(error: FeedError) -> str:
    """Return what failed alone: what stands behind the semicolon would mend a single feed."""
    return str(error).partition(";")[0]
