"""Who is whose: the publisher behind an outlet, and the wire services and official bodies.

Nine editions of one broadcaster are one publisher. The families stand in `data/publishers.toml`
(its source and date are told there) and, before those, under `[publishers]` in the configuration.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from watcher.data_files import read_table
from watcher.feeds.hosts import host_of
from watcher.model import Entry
from watcher.outlets.phrases import UNBORDERED
from watcher.topics.normalise import normalise

#: Feeds are titled "World news | The Guardian", "Reuters: World News".
_PARTS: Final = re.compile(r"\s[-–—|»·]\s|:\s|\s?\|\s?")
#: What an aggregator writes behind a headline: "Kim arrives in Russia - BBC News".
_TAIL: Final = re.compile(r"\s[-–—|]\s([^-–—|]{2,60})$")
#: Labels of addresses that only public bodies may register: mofa.go.kr, gob.mx, state.gov; "go.com"
#: is a company's.
_PUBLIC: Final = re.compile(r"(?:^|\.)(?:gov|mil|go|gob|gouv|gc)(?:\.[a-z]{2})?$")


@dataclass(frozen=True, slots=True)
class Body:
    """A publisher that the data file knows.

    Attributes:
        names: how texts of others call it, as a watchlist spells names.
        bylines: names that count in bylines alone.
        agency: a wire service.
        official: speaks for a state or an organisation of states.
    """

    name: str
    outlets: tuple[str, ...]
    hosts: tuple[str, ...]
    names: tuple[str, ...]
    bylines: tuple[str, ...]
    agency: bool
    official: bool


class Publishers:
    """The families of the data file and the user's own.

    Args:
        own: family -> outlets and hosts, from `[publishers]`; they go before ours.
    """

    def __init__(self, own: Mapping[str, Sequence[str]] | None = None) -> None:
        mine = tuple(_own_bodies(own or {}))
        self._names = _Names(mine, inside_words=True), _Names(bodies())
        self._hosts = {**_hosts(bodies()), **_hosts(mine)}

    def of(self, entry: Entry) -> str:
        """Return the publisher of an entry: a family, else its host, else its outlet; "" if none.

        On a portal, whose host says nothing, the title's tail names the outlet if it is known.
        """
        if is_portal(entry.url):
            return self._by_name(_tail(entry.title)) or self._by_outlet(entry.outlet)
        host = host_of(entry.url)
        mine, ours = self._names
        known = mine.find(entry.outlet) or _of_host(self._hosts, host) or ours.find(entry.outlet)
        return known or (host if _names_a_site(host) else entry.outlet or host)

    def knows(self, outlet: str) -> bool:
        """Tell whether a family has an outlet of that name."""
        return bool(self._by_name(outlet))

    def _by_outlet(self, outlet: str) -> str:
        """Return the publisher of an outlet of which only the name is known: "Kompas.com"."""
        host = host_of(f"http://{outlet}") if is_host(outlet) else ""
        return self._by_name(outlet) or _of_host(self._hosts, host) or host or outlet

    def _by_name(self, outlet: str) -> str:
        return self._names[0].find(outlet) or self._names[1].find(outlet)


@cache
def our_families() -> Publishers:
    """Return the program's own families alone."""
    return Publishers()


def is_official(publisher: str, url: str) -> bool:
    """Tell whether a publisher, or the host that it publishes at, speaks for a state."""
    known = by_name().get(publisher)
    if known is not None:
        return known.official
    return not is_portal(url) and bool(_PUBLIC.search(host_of(url)))


@cache
def bodies() -> tuple[Body, ...]:
    """Return every publisher of the data file."""
    return tuple(
        _body(row, kind)
        for kind in ("agency", "official", "family")
        for row in read_table("outlets", "publishers.toml")[kind]
    )


@cache
def by_name() -> Mapping[str, Body]:
    """Return the publishers of the data file by their name."""
    return {body.name: body for body in bodies()}


def folded(outlet: str) -> str:
    """Return the form in which outlets' names are compared."""
    return normalise(outlet)


class _Names:
    """Patterns of outlets' names; the longest that fits wins.

    Args:
        known: who has which patterns.
        inside_words: a star also stands for the rest of a word. In ours it stands for further
            words alone: "RIA*" is no "Riau Post".
    """

    def __init__(self, known: Iterable[Body], *, inside_words: bool = False) -> None:
        self._inside_words = inside_words
        self._exact: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        #: Feeds have few outlets, and each is asked for with every entry.
        self.find = lru_cache(1024)(self._look_up)
        for body in known:
            for pattern in body.outlets:
                patterns = self._beginnings if pattern.endswith("*") else self._exact
                patterns.setdefault(folded(pattern.removesuffix("*")), body.name)

    def _look_up(self, outlet: str) -> str:
        """Return the family of an outlet, by its whole name or a part of it; "" if unknown."""
        parts = (outlet, *_PARTS.split(outlet))
        return next((name for part in parts if (name := self._find(folded(part)))), "")

    def _find(self, outlet: str) -> str:
        if outlet in self._exact:
            return self._exact[outlet]
        for end in range(len(outlet), 0, -1):
            name = self._beginnings.get(outlet[:end])
            if name and (self._inside_words or _is_border(outlet, end)):
                return name
        return ""


def _hosts(known: Iterable[Body]) -> dict[str, str]:
    """Return host -> its publisher; "ukrinform.*" stands for all countries' domains."""
    return {host: body.name for body in known for host in body.hosts}


def _of_host(names: Mapping[str, str], host: str) -> str:
    return names.get(host) or names.get(f"{host.partition('.')[0]}.*", "")


def _is_border(outlet: str, end: int) -> bool:
    """Tell whether a word ends here: Chinese, kana and Hangul run on without spaces."""
    if end == len(outlet) or outlet[end] == " ":
        return True
    return max(outlet[end - 1], outlet[end]) >= UNBORDERED


def is_portal(url: str) -> bool:
    """Tell whether a page stands where texts of many outlets do: its host says not whose it is."""
    return bool(_of_host(_portals(), host_of(url)))


def _tail(title: str) -> str:
    found = _TAIL.search(title)
    return found[1] if found else ""


def _names_a_site(host: str) -> bool:
    """Tell whether a host is a name on the Internet: not an address, nor a machine next door."""
    return "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host


def _own_bodies(own: Mapping[str, Sequence[str]]) -> Iterator[Body]:
    for name, members in own.items():
        hosts = tuple(host_of(f"http://{m.removeprefix('*.')}") for m in members if is_host(m))
        yield Body(name, tuple(members), hosts, (), (), agency=False, official=False)


def is_host(member: str) -> bool:
    """Tell whether a member of a user's family can be a host: "outlet-b.example"."""
    return bool(re.fullmatch(r"(?:\*\.)?[^\s/*:.]+(?:\.[^\s/*:.]+)+", member))


def _body(row: Mapping[str, Any], kind: str) -> Body:
    return Body(
        name=row["name"],
        outlets=tuple(row.get("outlets", ())),
        hosts=tuple(row.get("hosts", ())),
        names=tuple(row.get("names", ())),
        bylines=tuple(row.get("bylines", ())),
        agency=kind == "agency",
        official=kind == "official" or row.get("official", False),
    )


@cache
def _portals() -> Mapping[str, str]:
    return dict.fromkeys(read_table("outlets", "publishers.toml")["portals"]["hosts"], "portal")
