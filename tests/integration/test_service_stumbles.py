from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from house import House
from stored import entries_of
from watchlists import FERRY, MEETS, NOON

from watcher.feeds.parsed import ParsedEntry
from watcher.feeds.schedule import PollState
from watcher.model import Entry, Reading
from watcher.service.intake.acquaintances import Acquaintances
from watcher.service.intake.pipeline import Pipeline, kept
from watcher.service.intake.taken import Taken
from watcher.storage.alerts import Alerts
from watcher.storage.archive import SqlArchive
from watcher.storage.sightings import Sighting
from watcher.stories.signature import Signature
from watcher.topics.terms import ListTerm
from watcher.topics.watchlist import Watchlist


async def test_a_poll_that_cannot_be_stored_leaves_nothing_behind(house: House) -> None:
    entries = [house.report(MEETS, "1"), house.report(FERRY, "2")]
    outcome = house.outcome(*entries)
    outcome = outcome._replace(state=PollState(last_success=house.clock(), etag="new"))

    def take_and_fail(tx: object) -> None:
        house.pipeline.take(tx, outcome)  # type: ignore[arg-type]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await house.writer.run(take_and_fail)

    with house.database.read() as tx:
        status = tx.status(NOON)
        assert (status.entries, status.stories, status.alerts) == (0, 0, 0)
        assert [feed.state.etag for feed in tx.feeds.states()] == [None, None]
    assert house.decisions() == []

    assert (await house.poll(*entries)).entries == 2
    assert len(house.alerts()) == 1


class _Stumbling:
    """A watchlist with a fault: one title makes it stumble."""

    def __init__(self, inner: Watchlist) -> None:
        self._inner = inner
        self.labels = inner.labels

    def read(
        self,
        entry: Entry,
        topics: Collection[str] | None = None,
        hidden: Collection[ListTerm] = frozenset(),
    ) -> Reading:
        if "poison" in entry.title:
            raise ZeroDivisionError
        return self._inner.read(entry, topics, hidden)


async def test_an_entry_that_makes_us_stumble_keeps_no_other_from_being_told(house: House) -> None:
    faulty = cast("Watchlist", _Stumbling(house.watch.watchlist))
    house.pipeline = Pipeline(replace(house.watch, watchlist=faulty), house.clock)
    await house.poll(FERRY, "poison", MEETS)

    with house.database.read() as tx:
        assert {stored.entry.title for stored in entries_of(tx)} == {FERRY, MEETS}
    assert [alert.title for alert in house.alerts()] == [MEETS]


async def test_an_entry_that_cannot_be_compared_opens_a_story_and_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_archive: object, signature: Signature, _since: datetime) -> list[object]:
        raise OverflowError(signature.entry.title)

    monkeypatch.setattr(SqlArchive, "candidates", stumble)
    await house.poll(FERRY, MEETS)

    with house.database.read() as tx:
        assert {stored.entry.title for stored in entries_of(tx)} == {FERRY, MEETS}
    assert [alert.title for alert in house.alerts()] == [MEETS]


async def test_what_a_fault_takes_back_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Alerts.record

    def stumble(alerts: Alerts, *decided: Any) -> None:
        record(alerts, *decided)
        raise ZeroDivisionError

    monkeypatch.setattr(Alerts, "record", stumble)
    taken = await house.poll(FERRY, MEETS)

    assert taken == Taken(entries=1, fresh=1, failed=1, stories=1, delays=[timedelta()])


async def test_a_stumble_over_what_is_known_of_an_entry_costs_that_entry_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_id = Acquaintances.by_id

    def stumble(known: Acquaintances, entry: Entry, parsed: ParsedEntry) -> Sighting | None:
        if entry.title == FERRY:
            raise ZeroDivisionError
        return by_id(known, entry, parsed)

    monkeypatch.setattr(Acquaintances, "by_id", stumble)
    taken = await house.poll(FERRY, MEETS)

    assert (taken.failed, taken.entries) == (1, 1)


async def test_a_document_with_an_entry_that_failed_is_not_remembered(house: House) -> None:
    faulty = cast("Watchlist", _Stumbling(house.watch.watchlist))
    house.pipeline = Pipeline(replace(house.watch, watchlist=faulty), house.clock)
    outcome = house.outcome(house.report("poison"))
    outcome = outcome._replace(state=outcome.state._replace(memory=b"seen"))
    taken = await house.writer.run(lambda tx: house.pipeline.take(tx, outcome))

    assert taken.failed == 1
    assert kept(outcome, taken).state.memory is None
    with house.database.read() as tx:
        assert tx.feeds.state(outcome.feed.id).memory is None
