"""Where a request goes next when the server sends it elsewhere; pure.

aiohttp would follow redirects itself, but without the address guard's sentences, without telling
moved from lent addresses, and with our custom headers still on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from yarl import URL

from watcher.errors import FeedError
from watcher.feeds.headers import basic_authorization

#: Redirects followed in one fetch. Real feeds need at most three (http, www, new place).
MOST_HOPS = 5

_PERMANENT = frozenset({301, 308})
REDIRECTS = _PERMANENT | {302, 303, 307}


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a fetch: where to, and what may go along.

    Attributes:
        headers: the feed's own header fields; only for the host they were meant for.
        authorization: the Authorization field, under the same rule.
        visited: where the fetch has been, this hop included.
        moved: every redirect so far was permanent, and there was one.
    """

    url: URL
    headers: Mapping[str, str]
    authorization: str | None
    visited: tuple[URL, ...]
    moved: bool = False


def first_hop(url: str, headers: Mapping[str, str], basic_auth: str | None) -> Hop:
    """Return the request for a feed's URL; a login in the URL becomes a header field.

    Raises:
        FeedError: the URL is not one of http or https.
    """
    try:
        parsed = URL(url)
    except ValueError as error:
        raise FeedError(f"the URL cannot be read: {error}") from error
    _demand_http(parsed, "the URL")
    login = basic_auth or _login(parsed)
    clean = parsed.with_user(None).with_fragment(None)
    authorization = basic_authorization(login) if login else None
    return Hop(clean, headers, authorization, (clean,))


def next_hop(hop: Hop, status: int, location: str | None) -> Hop:
    """Return the request that a redirect asks for.

    Raises:
        FeedError: it leads nowhere, in a circle, too far, or away from http and https.
    """
    url = _target(hop.url, status, location)
    if url in hop.visited:
        raise FeedError("the server redirects in a circle; it may demand cookies", status=status)
    if len(hop.visited) > MOST_HOPS:
        raise FeedError(f"the server redirects more than {MOST_HOPS} times", status=status)
    moved = status in _PERMANENT and (hop.moved or len(hop.visited) == 1)
    further = replace(hop, url=url, moved=moved, visited=(*hop.visited, url))
    return (
        further if _is_same_host(hop.url, url) else replace(further, headers={}, authorization=None)
    )


def _target(base: URL, status: int, location: str | None) -> URL:
    if not location:
        raise FeedError(f"the server redirects ({status}) without saying where", status=status)
    try:
        url = base.join(URL(location.strip()))
        _demand_http(url, "the server redirects to an address that")
        return url.with_user(None).with_fragment(None)
    except ValueError as error:
        raise FeedError(
            "the server redirects to an address that is no URL", status=status
        ) from error


def _demand_http(url: URL, what: str) -> None:
    if url.scheme not in ("http", "https"):
        raise FeedError(f"{what} does not begin with http:// or https://")
    if not url.host:
        raise FeedError(f"{what} names no host")


def _login(url: URL) -> str | None:
    return f"{url.user or ''}:{url.password or ''}" if url.user or url.password else None


def may_share_secrets(own: str, other: str) -> bool:
    """Return whether what is meant for a feed's own URL may go to another one."""
    try:
        return own == other or _is_same_host(URL(own), URL(other))
    except ValueError:
        return False


def _is_same_host(old: URL, new: URL) -> bool:
    """Return whether secrets meant for one may go to the other: same origin, or its TLS twin."""
    if old.origin() == new.origin():
        return True
    upgrade = (old.scheme, new.scheme) == ("http", "https")
    return upgrade and old.host == new.host and old.is_default_port() and new.is_default_port()
