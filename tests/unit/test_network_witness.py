from datetime import UTC, datetime, timedelta

import pytest

from watcher.feeds.schedule import Reach
from watcher.service.network import WITNESS_SPAN, NetworkWitness

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def lost(host: str) -> Reach:
    return Reach(host, reached=False, was_well=True)


def reached(host: str) -> Reach:
    return Reach(host, reached=True, was_well=True)


def offline_witness() -> NetworkWitness:
    witness = NetworkWitness()
    witness.note(NOW, 1, lost("a.example"))
    witness.note(NOW, 2, lost("b.example"))
    return witness


def test_the_verdict_changes_once_and_names_those_to_excuse() -> None:
    witness = NetworkWitness()

    changes = [witness.note(NOW, number, lost(f"{number}.example")) for number in range(1, 5)]

    assert changes == [False, True, False, False]
    assert witness.is_offline
    assert witness.unreached() == {1, 2, 3, 4}


def test_one_success_is_enough_to_be_back() -> None:
    witness = offline_witness()

    assert witness.note(NOW + SECOND, 3, reached("c.example"))
    assert not witness.is_offline
    assert not witness.note(NOW + SECOND, 1, lost("a.example"))


def test_we_stay_offline_however_long_nothing_is_reached() -> None:
    witness = offline_witness()

    assert not witness.note(NOW + 10 * WITNESS_SPAN, 1, lost("a.example"))
    assert witness.is_offline


def test_failures_far_apart_are_the_feeds_own() -> None:
    witness = NetworkWitness()
    witness.note(NOW, 1, lost("a.example"))

    assert not witness.note(NOW + WITNESS_SPAN + SECOND, 2, lost("b.example"))


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "localhost", "x.localhost", "fd00::1"])
def test_hosts_nearby_say_nothing_about_the_way_out(host: str) -> None:
    witness = offline_witness()

    assert not witness.note(NOW + SECOND, 3, reached(host))
    assert witness.is_offline
