"""The encoder is slow: how often it is asked, and who waits for it."""

import asyncio

import pytest
from encoders import Stuck, Things

from watcher.service.encoder.encoding import Computed, EncoderThread, Prepared, Vectors

TEXTS = [f"ferry {number}" for number in range(10)]


def test_a_poll_asks_a_bounded_number_of_times() -> None:
    encoder = Things()
    prepared = Prepared(encoder, most=6)

    assert list(prepared.of(TEXTS)) == TEXTS[:6]
    assert prepared.of(TEXTS[8:]) == {}
    assert encoder.asked == TEXTS[:6]


def test_a_text_is_asked_about_once() -> None:
    encoder = Things()
    for source in (Prepared(encoder), Computed(encoder)):
        encoder.asked.clear()
        assert set(source.of([*TEXTS, *TEXTS])) == set(source.of(TEXTS)) == set(TEXTS)
        assert encoder.asked == TEXTS


def test_once_closed_only_what_is_known_is_told() -> None:
    encoder = Things()
    prepared = Prepared(encoder)
    prepared.of(TEXTS[:2])
    prepared.close()

    assert list(prepared.of(TEXTS)) == TEXTS[:2]
    assert encoder.asked == TEXTS[:2]


async def test_a_poll_gets_the_vectors_it_asked_for() -> None:
    thread = EncoderThread(Things())
    vectors = await thread.prepare(lambda source: source.of(TEXTS))
    thread.close()

    assert set(vectors.of([*TEXTS, "volcano"])) == set(TEXTS)


async def test_a_poll_does_not_wait_for_a_slow_encoder() -> None:
    encoder = Stuck()
    thread = EncoderThread(encoder, patience_s=0)
    vectors = await thread.prepare(lambda source: source.of(TEXTS))
    assert vectors.of(TEXTS) == {}
    encoder.let_go.set()
    thread.close()


async def test_a_poll_behind_a_slow_one_goes_without() -> None:
    encoder = Stuck()
    thread = EncoderThread(encoder, patience_s=0)
    await thread.prepare(lambda source: source.of(TEXTS[:1]))
    second = await thread.prepare(lambda source: source.of(TEXTS[1:]))
    encoder.let_go.set()
    await asyncio.to_thread(thread.close)

    assert second.of(TEXTS) == {}


async def test_a_fault_of_the_encoder_costs_its_vectors_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def look(_: Vectors) -> None:
        raise MemoryError

    thread = EncoderThread(Things())
    vectors = await thread.prepare(look)
    thread.close()

    assert vectors.of(TEXTS) == {}
    assert "asyncio" not in {record.name for record in caplog.records}
