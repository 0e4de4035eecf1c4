"""Which addresses a feed may live at: public ones, and those the user allows.

Names, redirects and proxies all lead to an address in the end. It is judged just before the
connection is made (feeds.fetch), so that what is checked is what is connected. Python's own
`is_global` is not enough: it lets pass IPv4 addresses wrapped in NAT64, 6to4 and IPv4-compatible
forms, and fec0::/10. Everything here is pure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from watcher.errors import FeedError

Address = IPv4Address | IPv6Address
#: As in config.values, whose package brings pydantic: some commands start sooner without.
Network = IPv4Network | IPv6Network

#: IANA IPv4 special-purpose registry, multicast and the reserved class E: never a public feed.
_CLOSED_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; cloud metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation, as the other two below
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)

#: The only IPv6 space handed out to the public; all else is closed unless it wraps IPv4.
_OPEN_IPV6 = IPv6Network("2000::/3")

#: Special-purpose blocks within it (IANA IPv6 special-purpose registry).
_CLOSED_IPV6 = (
    IPv6Network("2001::/23"),  # protocol assignments: benchmarking, ORCHID
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),  # documentation
)

#: IPv6 blocks whose last 32 bits are the IPv4 address that is really reached: mapped
#: (RFC 4291), NAT64 (RFC 6052) and NAT64 for local use in its usual length (RFC 8215).
_WRAPS_IPV4_LAST = (
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/96"),
)
_TEREDO = IPv6Network("2001::/32")
_6TO4 = IPv6Network("2002::/16")


def spelt(address: Address | str) -> Address | None:
    """Return the address that a text is, as a host of a URL may be; None for any other text."""
    try:
        return ip_address(address)
    except ValueError:
        return None


@lru_cache(8192)  # outlets live at the same addresses poll after poll
def is_public(address: Address | str) -> bool:
    """Return whether anyone may be reached there; text that is no address is not public."""
    given = spelt(address)
    if given is None:
        return False
    real = unwrap(given)
    if isinstance(real, IPv4Address):
        return not any(real in network for network in _CLOSED_IPV4)
    return real in _OPEN_IPV6 and not any(real in network for network in _CLOSED_IPV6)


def unwrap(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 transition form leads to, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    number = int(address)
    if any(address in network for network in _WRAPS_IPV4_LAST):
        return IPv4Address(number & 0xFFFF_FFFF)
    if address in _TEREDO:  # RFC 4380: the client's address, every bit flipped
        return IPv4Address(~number & 0xFFFF_FFFF)
    if address in _6TO4:  # RFC 3056: bits 16 to 47
        return IPv4Address(number >> 80 & 0xFFFF_FFFF)
    return address


#: What helps where a configuration says which feed is meant.
_ADVICE = "set allow_private if this feed is yours"


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses addresses that are not public, save those in the `allow` networks."""

    allow: tuple[Network, ...] = ()

    def check(self, address: Address | str) -> None:
        """Raise FeedError, naming the address and what to set, unless it may be connected."""
        if not self.allows(address):
            raise FeedError(refusal(address), refused=str(address))

    def check_spelt(self, host: str) -> None:
        """Raise FeedError if a host is spelt as a closed address; what a name has is seen later."""
        if spelt(host):
            self.check(host)

    def allows(self, address: Address | str) -> bool:
        """Return whether a connection to the address is permitted."""
        return is_public(address) or self._is_listed(address)

    def _is_listed(self, address: Address | str) -> bool:
        given = spelt(address)
        forms = {given, unwrap(given)} if given else ()
        return any(form in network for form in forms for network in self.allow)

    def check_host(self, host: str) -> None:
        """Raise FeedError if a host, as a URL spells it, is a closed address or this machine.

        For hosts that a proxy would look up for us, out of reach of the check at connect time.
        """
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            self.check("127.0.0.1")
        elif ":" in name or _ends_in_number(name):
            self.check(name)


def refusal(address: Address | str, *, redirected: bool = False) -> str:
    """Return the sentence that refuses an address, and what helps where it may be the user's own.

    Nobody is told to open an address for whoever redirects there, nor one that is of the link
    alone, where clouds keep the keys of a machine.
    """
    if redirected:
        return f"the server redirects to the address {address}, which is private"
    told = f"the address {address} is private"
    return told if is_of_link(address) else f"{told}; {_ADVICE}"


def is_of_link(address: Address | str) -> bool:
    """Tell whether an address, however it is wrapped, is of the link alone (169.254/16, fe80::)."""
    given = spelt(address)
    return given is not None and unwrap(given).is_link_local


def with_option(sentence: str) -> str:
    """Return what a command says that takes `--allow-private`: the option, not the setting."""
    found = re.search(rf"(\S+) is private; {_ADVICE}", sentence)
    given = spelt(found[1]) if found else None
    if given is None:  # or an odd spelling, which no network has
        return sentence
    return sentence.replace(_ADVICE, f"repeat with --allow-private {_network_of(given)}")


def _network_of(address: Address) -> Network:
    """Return the closed network that an address is of, or the address alone."""
    real = unwrap(address)
    closed = _CLOSED_IPV4 if isinstance(real, IPv4Address) else ()
    return next((network for network in closed if real in network), ip_network(address.packed))


def _ends_in_number(name: str) -> bool:
    """Say whether resolvers take the host for an IPv4 address, as 127.1 or 0x7f000001."""
    last = name.rpartition(".")[2]
    return last.isdecimal() or last.startswith("0x")
