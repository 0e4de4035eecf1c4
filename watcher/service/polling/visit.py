"""One visit to one feed: fetch, compare, parse."""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple, Self

from watcher.config.settings import FeedTable, PollingTable
from watcher.errors import ConfigError, FeedError
from watcher.feeds.backoff import SICK_FAILURES
from watcher.feeds.doubt import doubts_304
from watcher.feeds.fetch import Admit, Fetched, Limits, NotItsTurnError, Request
from watcher.feeds.hosts import host_of
from watcher.feeds.parsed import ParsedFeed, broken_off
from watcher.feeds.redirects import may_share_secrets
from watcher.feeds.schedule import Pace, PollState
from watcher.service.log import get_logger
from watcher.service.moments import Clock

log = get_logger(__name__)

#: Bytes of the hashes that tell one body from the next; chance equality is out of the question.
_HASH_SIZE = 16


@dataclass(frozen=True, slots=True)
class PolledFeed:
    """A feed as the poller knows it; `id` is storage's number, `name` what listings call it.

    `way` are the hosts that it was led to lately, the one that matters most first; `turned_away` is
    how many polls running ended before one of them, whose turn it was not.
    """

    id: int
    settings: FeedTable
    state: PollState
    name: str | None = None
    way: tuple[str, ...] = ()
    turned_away: int = 0

    @property
    def url(self) -> str:
        """Where it is asked: its own URL, where that has led for good, or a page of it."""
        return self.state.page or self.state.address or self.settings.url

    @property
    def host(self) -> str:
        """The host to be polite to: the one that answers, as far as we know."""
        return self.state.host or host_of(self.url)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host that is asked, and those that this leads to, where they are others."""
        asked = host_of(self.url)
        if self.way:
            return tuple(dict.fromkeys((asked, *self.way, self.host)))
        return (asked,) if self.host == asked else (asked, self.host)


def look_up_hosts(feeds: Iterable[PolledFeed]) -> None:
    """Have the hosts of all feeds at hand: the list of domains alone takes 70 ms to read."""
    for feed in feeds:
        _ = feed.hosts


class PollOutcome(NamedTuple):
    """What came of one poll; to be kept together with `state`.

    Where `fetched` and `error` are both None there was no poll: only `state` changed, because the
    host asked for patience, or because a failure turned out to be our own network's.

    Attributes:
        feed: with the state before the poll.
        at: when it ended.
        state: what to keep; its `next_due` is when the feed is polled again.
        parsed: None when it failed, or the body is the one we know (304, or equal bytes).
        error: what failed, in the fetch or in the parsing.
        body_hash: of the body that came, if one came.
        duration: from start to end.
        offline: we seem to be offline: the failure is not counted against the feed.
        doubted: it went out without validators, because "not modified" was not to be believed.
        gap: entries may have come and gone unseen since the poll before.
        asked_with: a mark of the settings that it went out with.
        fresh: entries that are new, as far as is known.
        planned_by: wishes and chance by which the next poll was planned, after one that worked.
        led_to: the hosts that it was led to, one after the other.
    """

    feed: PolledFeed
    at: datetime
    state: PollState
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    error: FeedError | None = None
    body_hash: bytes | None = None
    duration: timedelta = timedelta()
    offline: bool = False
    doubted: bool = False
    gap: bool = False
    asked_with: bytes = b""
    fresh: int = 0
    planned_by: tuple[Pace, float] | None = None
    led_to: tuple[str, ...] = ()

    @property
    def is_poll(self) -> bool:
        """Whether the feed was asked at all."""
        return self.fetched is not None or self.error is not None

    def without_documents(self) -> Self:
        """Return it without what was read, of which a round of thousands would hold too much."""
        fetched = replace(self.fetched, body=None) if self.fetched else None
        return self._replace(fetched=fetched, parsed=None)


#: Reads a body in a worker process: its bytes, content type and address, the time, and what is
#: remembered of the document before; see feeds.workers.
Parse = Callable[[bytes, str | None, str, datetime, bytes], Awaitable[ParsedFeed]]
Fetch = Callable[[Request], Awaitable[Fetched]]
#: Told a host, and what time it is there; tells whether it is clear what time it is.
Hear = Callable[[str, datetime], bool]


async def visit(
    feed: PolledFeed,
    *,
    fetch: Fetch,
    parse: Parse,
    clock: Clock,
    hear: Hear,
    admit: Admit,
) -> PollOutcome:
    """Fetch and parse a feed; whatever goes wrong is an outcome. Its `state` is the old one yet.

    What time it is at its host is told before anything is judged by the clock.
    """
    started, began_s = clock(), time.monotonic()
    outcome = PollOutcome(feed, started, feed.state, doubted=doubts_304(feed.state, started))
    try:
        fetched = await fetch(request_for(feed, doubted=outcome.doubted, admit=admit))
        outcome = outcome._replace(fetched=fetched, body_hash=_hash_of(fetched.body))
        _demand_clear_time(fetched, hear)
        if fetched.body is not None and outcome.body_hash != feed.state.body_hash:
            parsed = await _parsed(fetched, fetched.body, feed.state.memory or b"", parse, clock)
            _demand_whole(feed.state, parsed, fetched.broken)
            outcome = outcome._replace(parsed=parsed)
    except FeedError as error:
        outcome = outcome._replace(error=_bare(error))
    except ConfigError as error:  # a secret's file is missing
        outcome = outcome._replace(error=FeedError(str(error)))
    except Exception as error:
        # The border of one feed: a fault of ours ends this poll and no other.
        log.exception("poll failed unexpectedly", url=feed.settings.url)
        outcome = outcome._replace(error=FeedError(f"an unexpected fault: {error!r}"))
    took = timedelta(seconds=time.monotonic() - began_s)
    return outcome._replace(at=clock(), duration=took)


def _bare(error: FeedError) -> FeedError:
    """Return a failure without its traceback, and those of its causes: they hold the body."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _demand_clear_time(fetched: Fetched, hear: Hear) -> None:
    """Raise NotItsTurnError while it is not clear what time it is: others may tell meanwhile."""
    if fetched.date is not None and not hear(host_of(fetched.url), fetched.date):
        raise NotItsTurnError(host_of(fetched.url))


def _demand_whole(state: PollState, parsed: ParsedFeed, broken: FeedError | None) -> None:
    """Raise FeedError over a feed's first document without its end: that would be news later.

    It is asked for again soon; of a feed whose documents never come whole it is taken then.
    """
    is_first = state.last_success is None and state.failures < SICK_FAILURES
    if is_first and parsed.cut_off:
        what = broken or "the feed's first document is cut off"
        raise FeedError(str(what), unfinished=True)


async def _parsed(
    fetched: Fetched, body: bytes, memory: bytes, parse: Parse, clock: Clock
) -> ParsedFeed:
    """Read what came; of an answer that broke off what can be read, or else say that it did."""
    try:
        parsed = await parse(body, fetched.content_type, fetched.url, clock(), memory)
    except FeedError as error:
        if fetched.broken:
            raise fetched.broken from error
        raise
    return broken_off(parsed, fetched.broken) if fetched.broken else parsed


def request_for(feed: PolledFeed, *, doubted: bool, admit: Admit) -> Request:
    """Return the request for a feed: its settings, and the validators of the last answer.

    Its own header fields and login go to its own place only, wherever it has moved.

    Args:
        feed: the feed.
        doubted: leave the validators out.
        admit: see `Request`.

    Raises:
        ConfigError: its secret cannot be read.
    """
    settings, state = feed.settings, feed.state
    is_plain = doubted or state.page is not None
    request = Request(
        url=feed.url,
        etag=None if is_plain else state.etag,
        last_modified=None if is_plain else state.last_modified,
        proxy=settings.proxy,
        tls_verify=settings.tls_verify,
        allow_private=settings.allow_private,
        admit=admit,
    )
    if not may_share_secrets(settings.url, feed.url):
        return request
    login = settings.basic_auth.reveal() if settings.basic_auth else None
    return replace(request, headers=settings.headers, basic_auth=login)


def limits_of(polling: PollingTable) -> Limits:
    """Return what the fetcher is to know of the settings for all feeds."""
    return Limits(
        timeout=polling.timeout,
        max_body=polling.max_body,
        user_agent=polling.user_agent,
        allow_private=polling.allow_private,
        proxy=polling.proxy,
    )


def _hash_of(body: bytes | None) -> bytes | None:
    return None if body is None else blake2b(body, digest_size=_HASH_SIZE).digest()
