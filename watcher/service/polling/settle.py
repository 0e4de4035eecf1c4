"""What follows from a visit for a feed: rhythm, validators, moves, gaps, and the next poll."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from watcher.errors import FeedError
from watcher.feeds.backoff import HostTrouble, after_failure, after_refused_page
from watcher.feeds.delta import NO_KEY, heading_key, link_key, recall
from watcher.feeds.doubt import after_doubt, is_stale
from watcher.feeds.fetch import Fetched
from watcher.feeds.hosts import host_of
from watcher.feeds.moves import with_move, with_refuser, without_lost_address
from watcher.feeds.parsed import KEY_BYTES, ParsedFeed
from watcher.feeds.rhythm import Rhythm, from_dates, observed
from watcher.feeds.schedule import Pace, PollState, Wish, after_success
from watcher.service.polling.visit import PollOutcome

#: The word for what a publisher asks by its answers' head.
CACHE = "Cache-Control/Expires"

#: Keys remembered of a document; a longer one is no news feed, and its count need not be exact.
MOST_KEYS = 2000

#: Pages read to close one gap: more than a day of any outlet, and yet not its whole archive.
MOST_PAGES = 10

#: It is no gap where no more than this share of a document is new to us: a list of what is read
#: most shows old entries again, and a feed in order of time would show none after a gap.
KNOWN_SHARE = 0.5

#: After so many of its intervals without a good poll, and no sooner than an hour, it was not the
#: feed that was silent: we did not look, or could not.
UNWATCHED_INTERVALS, UNWATCHED_TIME = 3, timedelta(hours=1)

#: A document of a single entry is new as a whole each time; that tells nothing of a gap.
LEAST_FOR_GAP = 2


def settled(
    outcome: PollOutcome, pace: Pace, *, chance: float, most_fresh: int | None = None
) -> PollOutcome:
    """Return the outcome of a poll that worked, with the state that follows from it.

    Args:
        outcome: what came.
        pace: the user's wishes; the price is that of before.
        chance: in [0, 1), for the jitter.
        most_fresh: how many entries can be new to us, where more is known than the last document.
    """
    before, fetched = outcome.feed.state, outcome.fetched
    if fetched is None:
        raise ValueError("a poll without an answer did not succeed")
    if before.page is not None:
        state, fresh = _after_page(before, outcome.parsed, outcome.at, most_fresh)
        return outcome._replace(state=state, fresh=fresh, planned_by=(pace, chance))
    state = _answered(outcome, fetched)
    gap, fresh = False, 0
    if outcome.parsed is not None:
        keys = outcome.parsed.keys
        fresh = _fresh(before, outcome.parsed, keys)
        gap = _is_gap(before, fetched, len(keys), fresh)
        if most_fresh is not None:
            fresh = min(fresh, most_fresh)
            gap = gap and fresh > KNOWN_SHARE * len(keys)
        state = _read(state, fetched, outcome.parsed, keys, outcome.at)
    state = state._replace(rhythm=_rhythm(outcome, fresh, gap=gap))
    stale = is_stale(state, outcome.at)
    if stale != state.stale:
        state = state._replace(stale=stale)
    wishes = _wishes(fetched, state)
    state = after_success(state, pace, now=outcome.at, wishes=wishes, gap=gap, chance=chance)
    next_page = outcome.parsed.next_page if gap and outcome.parsed else None
    if next_page and next_page not in (outcome.feed.url, fetched.url):
        state = _begin_pages(state, before, next_page, outcome.at)
    return outcome._replace(state=state, gap=gap, fresh=fresh, planned_by=(pace, chance))


def recognised(outcome: PollOutcome, fresh: int) -> PollOutcome:
    """Return what follows from a poll of whose entries only so many are new to the database.

    Others may have come up again that the last document had not, and are no news.
    """
    if outcome.planned_by is None or fresh >= outcome.fresh:
        return outcome
    pace, chance = outcome.planned_by
    return settled(outcome, pace, chance=chance, most_fresh=fresh)


def failed(
    outcome: PollOutcome,
    error: FeedError,
    pace: Pace,
    *,
    chance: float,
    has_neighbours: bool,
    trouble: HostTrouble,
) -> PollState:
    """Return the state that follows from a poll that failed; see `after_failure`."""
    feed, now = outcome.feed, outcome.at
    if feed.state.page is not None:  # not the feed failed, a page of its past
        return after_refused_page(without_page(feed.state, now), pace, error, now=now)
    state = after_failure(
        after_doubt(feed.state, now) if outcome.doubted else feed.state,
        pace,
        error,
        now=now,
        chance=chance,
        has_neighbours=has_neighbours,
        trouble=trouble,
    )
    state = with_refuser(state, error, asked=feed.hosts[0])
    return without_lost_address(state)._replace(asked_with=outcome.asked_with)


def _answered(outcome: PollOutcome, fetched: Fetched) -> PollState:
    """Return the state with what the answer's head says: the validators of this very answer."""
    before, at = outcome.feed.state, outcome.at
    is_unchanged = fetched.body is None
    is_whole = not is_unchanged and fetched.status != HTTPStatus.IM_USED
    if outcome.parsed is not None and outcome.parsed.cut_off:
        # What is missing must not be "not modified", or known, when we ask next.
        fetched = replace(fetched, etag=None, last_modified=None)
        outcome = outcome._replace(body_hash=None)
    host = host_of(fetched.url)
    state = before._replace(
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=outcome.body_hash if is_whole else before.body_hash,
        unchanged_since=(before.unchanged_since or at) if is_unchanged else None,
        last_full=at if outcome.doubted else before.last_full,
    )
    state = with_move(state, fetched.moved_to, own=outcome.feed.settings.url, now=at)
    own = host_of(state.address or outcome.feed.settings.url)
    elsewhere = None if host == own else host
    return state if elsewhere == state.host else state._replace(host=elsewhere)


def _read(
    state: PollState, fetched: Fetched, parsed: ParsedFeed, keys: frozenset[bytes], at: datetime
) -> PollState:
    """Return the state with what the document says."""
    if fetched.status == HTTPStatus.IM_USED:  # only what changed; the rest is there still
        keys = keys.union(split_keys(state.keys))
    is_empty = not keys  # for once, as when a site's database is away: its entries come back
    return state._replace(
        emptied=is_empty,
        read_at=at,
        keys=state.keys if is_empty else b"".join(sorted(keys)[:MOST_KEYS]),
        memory=state.memory if is_empty else parsed.memory,
        ttl=parsed.ttl,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _is_gap(before: PollState, fetched: Fetched, length: int, fresh: int) -> bool:
    """Tell whether nothing of the last document is left, so that more may have come and gone."""
    if fetched.status == HTTPStatus.IM_USED or not before.keys:
        return False
    return LEAST_FOR_GAP <= length == fresh


def _fresh(before: PollState, parsed: ParsedFeed, keys: frozenset[bytes]) -> int:
    """Return how many entries were not in the last document, as far as it is remembered.

    Where not one id was, their addresses and headings tell: some outlets make up new ids for every
    answer, or new addresses as well.
    """
    known = split_keys(before.keys)
    if not keys.isdisjoint(known):
        return len(set(sorted(keys)[:MOST_KEYS]).difference(known))
    remembered = list(recall(before.memory or b""))
    links = {one.link for one in remembered} - {NO_KEY}
    headings = {one.heading for one in remembered} - {NO_KEY}
    return sum(
        link_key(entry.link) not in links and heading_key(entry) not in headings
        for entry in parsed.entries
    )


def _rhythm(outcome: PollOutcome, fresh: int, *, gap: bool) -> Rhythm:
    before, parsed, at = outcome.feed.state, outcome.parsed, outcome.at
    if parsed is not None and not before.keys:
        dates = [entry.time for entry in parsed.entries if entry.time]
        rhythm = from_dates(dates, at)
        is_undated = rhythm.last_news is None and bool(parsed.entries)
        return rhythm._replace(last_news=at) if is_undated else rhythm
    since, was_watched = before.last_success or at, _was_watched(before, at)
    if gap and parsed is not None and not was_watched:
        since = _seen_since(parsed, since, at)
    usual = was_watched and not outcome.doubted
    return observed(before.rhythm, since, at, fresh, usual=usual)


def _was_watched(before: PollState, at: datetime) -> bool:
    longest = max(UNWATCHED_INTERVALS * (before.interval or timedelta()), UNWATCHED_TIME)
    return at - (before.last_success or at) <= longest


def _seen_since(parsed: ParsedFeed, since: datetime, at: datetime) -> datetime:
    """Return from when on a document shows what came after a pause: it holds so many entries."""
    dates = [entry.time for entry in parsed.entries if entry.time]
    return max(since, min(dates)) if dates and min(dates) < at else since


def _wishes(fetched: Fetched, state: PollState) -> list[Wish]:
    said = ((CACHE, _max_age(fetched, state.wish)), ("ttl/updatePeriod", state.ttl))
    return [Wish(word, interval) for word, interval in said if interval]


def _max_age(fetched: Fetched, before: Wish | None) -> timedelta | None:
    """Return how long the answer is fresh; a 304 that says nothing leaves it as it was (RFC 9111).

    The last wish is all that is remembered of it: one that was less than others counts no more.
    """
    is_silent = fetched.body is None and fetched.max_age is None
    if is_silent and before is not None and before.word == CACHE:
        return before.interval
    return fetched.max_age


def _begin_pages(state: PollState, before: PollState, page: str, at: datetime) -> PollState:
    return state._replace(
        page=page, pages=0, before_gap=before.keys, resume=state.next_due, next_due=at
    )


def _after_page(
    state: PollState, parsed: ParsedFeed | None, at: datetime, most_fresh: int | None
) -> tuple[PollState, int]:
    """Return the state after a page, and how many entries were new to us.

    It asks for the next one, until the gap is closed or nobody can tell. Some sites' last page
    leads to itself, or back to one before.
    """
    if parsed is None:
        return without_page(state, at), 0
    known, read = set(split_keys(state.before_gap)), set(split_keys(state.keys + state.read))
    keys = parsed.keys - known - read
    fresh = len(keys) if most_fresh is None else min(len(keys), most_fresh)
    rhythm = state.rhythm._replace(entries=state.rhythm.entries + fresh)
    state = state._replace(rhythm=rhythm, pages=state.pages + 1)
    is_closed = bool(parsed.keys & known) or not fresh or state.pages >= MOST_PAGES
    if is_closed or parsed.next_page in (None, "", state.page):
        return without_page(state, at), fresh
    read_now = state.read + b"".join(sorted(keys)[:MOST_KEYS])
    return state._replace(page=parsed.next_page, read=read_now, next_due=at), fresh


def without_page(state: PollState, at: datetime) -> PollState:
    """Return the state of a feed whose pages are done with: it goes on as was planned."""
    due = max(state.resume or at, at)
    return state._replace(page=None, pages=0, before_gap=b"", read=b"", resume=None, next_due=due)


def gave_way(outcome: PollOutcome) -> frozenset[bytes]:
    """Return the keys of the entries that a document lacks though the one before had them.

    None are where they may still stand, or where so much time went by that others, of which we do
    not know, may have stood in between.
    """
    before, parsed, fetched = outcome.feed.state, outcome.parsed, outcome.fetched
    if parsed is None or parsed.cut_off or before.emptied or not _was_watched(before, outcome.at):
        return frozenset()
    if fetched is not None and fetched.status == HTTPStatus.IM_USED:
        return frozenset()
    return frozenset(split_keys(before.keys)) - parsed.keys


def split_keys(keys: bytes) -> Sequence[bytes]:
    """Return the keys that a state remembers."""
    return [keys[start : start + KEY_BYTES] for start in range(0, len(keys), KEY_BYTES)]
