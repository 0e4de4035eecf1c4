from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.config.settings import FeedTable, PollingTable
from watcher.errors import FeedError
from watcher.feeds.schedule import PollState
from watcher.service.polling.hosts import Hosts
from watcher.service.polling.network import (
    GATEWAY_SPAN,
    WITNESS_SPAN,
    WITNESSES,
    NetworkWitness,
    Reach,
)
from watcher.service.polling.outage import Outage
from watcher.service.polling.verdicts import Verdicts
from watcher.service.polling.visit import PolledFeed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def lost(number: int, host: str | None = None, *, was_well: bool = True) -> Reach:
    return Reach(number, host or f"{number}.example", reached=False, was_well=was_well)


def reached(number: int, host: str | None = None) -> Reach:
    return Reach(number, host or f"{number}.example", reached=True, was_well=True)


def offline_witness() -> NetworkWitness:
    witness = NetworkWitness()
    for number in (1, 2):
        witness.note(NOW, lost(number), in_flight=0)
    assert witness.is_offline
    return witness


def cut_off_witness() -> NetworkWitness:
    witness = NetworkWitness()
    witness.note(NOW, replace(lost(1), cut_off=True), in_flight=9)
    assert witness.is_offline
    return witness


def judged(polls: list[Reach]) -> bool:
    """Return whether we seem to be offline after polls that end at once."""
    witness = NetworkWitness()
    for poll in polls:
        witness.note(NOW, poll, in_flight=0)
    return witness.is_offline


@pytest.mark.parametrize(
    ("polls", "is_offline"),
    [
        pytest.param([lost(1)], False, id="one host may be down"),
        pytest.param([lost(1, "a"), lost(2, "a"), lost(3, "a")], False, id="one host, three feeds"),
        pytest.param([lost(1), lost(2)], True, id="two of two"),
        pytest.param([reached(3), lost(1), lost(2)], False, id="two of three"),
        pytest.param([reached(9), *(lost(number) for number in range(4))], True, id="four of five"),
        pytest.param([reached(1), reached(2), lost(1), lost(2)], True, id="the last word counts"),
        pytest.param(
            [lost(number, was_well=False) for number in range(9)], False, id="sick before"
        ),
        pytest.param(
            [*(reached(number) for number in range(100, 200)), *map(lost, range(WITNESSES))],
            True,
            id="the latest hosts count, however many there are",
        ),
        pytest.param(
            [poll for n in range(99) for poll in (lost(n), reached(n + 100))],
            False,
            id="many lost among as many reached",
        ),
    ],
)
def test_when_most_hosts_fail_at_once_it_is_our_network(
    polls: list[Reach], is_offline: bool
) -> None:
    assert judged(polls) is is_offline


def test_the_verdict_changes_once_and_names_those_to_excuse() -> None:
    witness = NetworkWitness()

    changes = [witness.note(NOW, lost(number), in_flight=0) for number in range(1, 5)]

    assert changes == [False, True, False, False]
    assert witness.unreached() == {1, 2, 3, 4}


def test_all_feeds_of_a_lost_host_are_excused_until_it_is_reached() -> None:
    witness = NetworkWitness()
    for number in (1, 2):
        witness.note(NOW, lost(number, "a.example"), in_flight=0)
    assert witness.unreached() == {1, 2}

    witness.note(NOW, reached(1, "a.example"), in_flight=0)
    assert not witness.unreached()


def test_answers_still_awaited_may_be_successes() -> None:
    witness = NetworkWitness()

    changes = [witness.note(NOW, lost(number), in_flight=10 - number) for number in range(1, 11)]

    assert changes.index(True) == 7  # eight of ten


def test_what_keeps_us_from_most_hosts_is_named_by_the_commonest_of_their_last_failures() -> None:
    refused = FeedError("not valid: no issuer; tls_verify = false would accept it")
    refused.certificate = True
    errors = [FeedError("no route"), FeedError("no route"), refused, refused, refused]
    witness = NetworkWitness()
    for number, error in enumerate(errors):
        witness.note(NOW, replace(lost(number), error=error), in_flight=0)
    trusted = str(witness.outage)
    witness.note(NOW, reached(9), in_flight=0)

    assert trusted.startswith(
        "no outlet can be trusted from here: at 3 of 5 hosts: not valid: no issuer; install"
    )
    assert str(Outage.by(errors[:1])) == "we seem to be offline: at 1 of 1 host: no route"
    assert witness.outage is None


def test_one_host_is_enough_where_the_machine_knows_no_way_out_and_a_sick_feed_stays_sick() -> None:
    witness = NetworkWitness()
    cut_off = replace(lost(1, was_well=False), cut_off=True, error=FeedError("no route"))

    assert witness.note(NOW, cut_off, in_flight=9)
    assert not witness.unreached()
    assert str(witness.outage) == "we seem to be offline: at 1 of 1 host: no route"
    assert witness.note(NOW, reached(1), in_flight=9)


def test_one_success_is_enough_to_be_back() -> None:
    witness = offline_witness()

    assert witness.note(NOW + SECOND, reached(3), in_flight=0)
    assert not witness.is_offline
    assert not witness.note(NOW + SECOND, lost(1), in_flight=0)


def test_we_stay_offline_however_long_nothing_is_reached() -> None:
    witness = offline_witness()

    assert not witness.note(NOW + 10 * WITNESS_SPAN, lost(1), in_flight=9)
    assert witness.is_offline


def test_failures_far_apart_are_the_feeds_own_if_any_is_reached_between() -> None:
    witness = NetworkWitness()
    later = NOW + WITNESS_SPAN + SECOND
    witness.note(NOW, lost(1), in_flight=0)
    witness.note(later, reached(3), in_flight=0)

    assert not witness.note(later + WITNESS_SPAN + SECOND, lost(2), in_flight=0)


def test_failures_far_apart_with_nothing_reached_between_are_our_network() -> None:
    witness = NetworkWitness()
    witness.note(NOW, lost(1), in_flight=0)

    assert witness.note(NOW + 10 * WITNESS_SPAN, lost(2), in_flight=0)
    assert witness.unreached() == {1, 2}


def replaced(number: int, page: str) -> Reach:
    host = f"{number}.example"
    return Reach(number, host, reached=False, was_well=True, stand_in=page, exact=page)


TROUBLE = FeedError("trouble (502)", status=502, stand_in="page")


def marked(number: int, mark: str, exact: str = "", error: FeedError | None = None) -> Reach:
    return replace(replaced(number, mark), exact=exact, error=error)


@pytest.mark.parametrize(
    ("polls", "is_offline"),
    [
        pytest.param([replaced(1, "portal"), replaced(2, "portal")], True, id="one page for two"),
        pytest.param([replaced(1, "a"), replaced(2, "b")], False, id="each a page of its own"),
        pytest.param([replaced(1, "a"), replaced(1, "a")], False, id="one host twice"),
        pytest.param(
            [replaced(1, "portal"), reached(3), replaced(2, "portal")], False, id="one came between"
        ),
        pytest.param(
            [lost(1), lost(2), replaced(3, "a")], True, id="a page does not bring us back"
        ),
    ],
)
def test_one_page_in_place_of_the_feeds_of_several_hosts_is_our_network(
    polls: list[Reach], is_offline: bool
) -> None:
    assert judged(polls) is is_offline


def test_a_page_that_one_host_gives_time_and_again_does_not_bring_us_back() -> None:
    """It may be of a login that lets one name pass, or stands only in the way of plain http."""
    witness = offline_witness()
    for minute in range(1, 9):
        witness.note(NOW + minute * WITNESS_SPAN, replaced(1, "a login"), in_flight=0)
        witness.note(NOW + minute * WITNESS_SPAN, lost(2), in_flight=0)

        assert witness.is_offline


def test_hosts_that_were_lost_and_each_give_a_page_of_their_own_are_there() -> None:
    witness = offline_witness()
    witness.note(NOW + SECOND, replaced(1, "maintenance"), in_flight=0)
    assert witness.is_offline

    assert witness.note(NOW + 2 * SECOND, replaced(2, "trouble"), in_flight=0)
    assert not witness.is_offline


def test_a_page_that_stands_alone_once_does_not_bring_back_one_host_without_a_way_out() -> None:
    """It is a hotel's, which others will meet: it shows when one is asked that was not lost yet."""
    witness = cut_off_witness()
    witness.note(NOW + SECOND, replaced(1, "portal"), in_flight=0)
    assert witness.is_offline

    witness.note(NOW + 2 * SECOND, replaced(2, "portal"), in_flight=0)
    witness.note(NOW + 3 * SECOND, replaced(1, "portal"), in_flight=0)
    assert witness.is_offline


@pytest.mark.parametrize("second", ["maintenance", "the front page of another minute"])
def test_a_host_without_a_way_out_that_gives_a_page_twice_is_there(second: str) -> None:
    witness = cut_off_witness()
    witness.note(NOW + SECOND, replaced(1, "maintenance"), in_flight=0)

    assert witness.note(NOW + 2 * SECOND, replaced(1, second), in_flight=0)
    assert not witness.is_offline


def test_a_page_of_before_the_host_was_lost_is_not_the_first_of_two() -> None:
    witness = NetworkWitness()
    witness.note(NOW, replaced(1, "maintenance"), in_flight=0)
    witness.note(NOW + SECOND, replace(lost(1), cut_off=True), in_flight=0)

    assert not witness.note(NOW + 2 * SECOND, replaced(1, "portal"), in_flight=0)
    assert witness.is_offline


def test_a_host_that_gives_a_page_and_a_dead_connection_in_turns_is_there() -> None:
    witness = cut_off_witness()
    turns = (replaced(1, "maintenance"), lost(1), replaced(1, "maintenance"))
    for turn in turns:
        witness.note(NOW + SECOND, turn, in_flight=0)

    assert not witness.is_offline


def test_no_closed_address_brings_us_back() -> None:
    witness = offline_witness()
    for turn in range(1, 5):
        witness.note(NOW + turn * SECOND, replaced(1, "192.168.8.1"), in_flight=0)
        witness.note(NOW + turn * SECOND, replaced(2, "trouble"), in_flight=0)

    assert witness.is_offline


@pytest.mark.parametrize("page", ["portal", "10.0.0.1"])
def test_one_page_or_closed_address_in_place_of_several_hosts_does_not_bring_us_back(
    page: str,
) -> None:
    witness = offline_witness()
    for minute in range(1, 9):
        witness.note(NOW + minute * WITNESS_SPAN, replaced(minute % 3, page), in_flight=0)

    assert witness.is_offline


@pytest.mark.parametrize(
    ("hosts", "apart", "is_offline"),
    [
        pytest.param([1, 2, 1, 2], WITNESS_SPAN, False, id="two that may share a hoster"),
        pytest.param([1, 2, 3], GATEWAY_SPAN / 3, True, id="three"),
        pytest.param([1, 2, 3], GATEWAY_SPAN, False, id="hours apart"),
        pytest.param([1, 2, None, 3], WITNESS_SPAN, False, id="one was reached between"),
    ],
)
def test_error_pages_alike_far_apart_are_a_gateways_where_more_than_two_hosts_give_them(
    hosts: list[int | None], apart: timedelta, *, is_offline: bool
) -> None:
    witness = NetworkWitness()
    for turn, number in enumerate(hosts):
        page = marked(number, "page", error=TROUBLE) if number else reached(9)
        witness.note(NOW + turn * (apart + SECOND), page, in_flight=0)

    assert witness.is_offline is is_offline
    assert witness.unreached() == ({1, 2, 3} if is_offline else set())


@pytest.mark.parametrize(
    ("hosts", "apart", "is_offline"),
    [
        pytest.param([1, 2], GATEWAY_SPAN / 8, True, id="two, minutes apart"),
        pytest.param([1, 2], 24 * GATEWAY_SPAN, False, id="two block pages of a day"),
        pytest.param([1, 2, 3], 2 * GATEWAY_SPAN, True, id="three, hours apart"),
        pytest.param([1, None, 2], GATEWAY_SPAN / 8, False, id="one was reached between"),
    ],
)
def test_a_login_with_a_token_of_its_own_each_time_is_seen_though_few_feeds_are_polled_far_apart(
    hosts: list[int | None], apart: timedelta, *, is_offline: bool
) -> None:
    witness = NetworkWitness()
    for turn, number in enumerate(hosts):
        page = marked(number, "login", f"token {turn}") if number else reached(9)
        witness.note(NOW + turn * apart, page, in_flight=0)

    assert witness.is_offline is is_offline


def test_a_page_of_long_before_does_not_make_three_of_two_within_an_hour() -> None:
    witness = NetworkWitness()
    for number, at in ((1, NOW), (2, NOW + 9 * GATEWAY_SPAN), (3, NOW + 9.5 * GATEWAY_SPAN)):
        witness.note(at, marked(number, "page", error=TROUBLE), in_flight=0)

    assert not witness.is_offline


def test_the_very_same_page_at_two_hosts_is_a_gateways_however_far_apart() -> None:
    witness = NetworkWitness()
    for number in (1, 2):
        page = marked(number, "page", "its bytes")
        witness.note(NOW + number * 9 * GATEWAY_SPAN, page, in_flight=0)

    assert witness.is_offline


def test_a_machine_without_a_default_route_that_reaches_hosts_is_not_cut_off() -> None:
    witness = NetworkWitness()
    cut_off = replace(lost(1), cut_off=True)
    witness.note(NOW, reached(2), in_flight=0)

    assert not witness.note(NOW + SECOND, cut_off, in_flight=0)
    assert witness.note(NOW + WITNESS_SPAN + SECOND, cut_off, in_flight=0)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "localhost", "x.localhost", "fd00::1"])
def test_hosts_nearby_say_nothing_about_the_way_out(host: str) -> None:
    witness = offline_witness()

    assert not witness.note(NOW + SECOND, reached(3, host), in_flight=0)
    assert witness.is_offline


def test_a_host_that_nobody_asks_any_more_does_not_keep_us_offline() -> None:
    verdicts = Verdicts(PollingTable(), Hosts(), lambda: 0.5, lambda: True)
    witness = verdicts.witness
    for number in (1, 2, 3):
        witness.note(NOW, lost(number), in_flight=0)
    verdicts.forget(PolledFeed(2, FeedTable(url="https://2.example/"), PollState()))
    witness.note(NOW + SECOND, replaced(1, "maintenance"), in_flight=0)
    assert witness.is_offline

    assert witness.note(NOW + SECOND, replaced(3, "trouble"), in_flight=0)
    assert witness.unreached() == set()


def test_a_host_that_gave_several_pages_is_known_by_the_last_one() -> None:
    """So that a login page that is another each time is not kept over and over."""
    witness = offline_witness()
    for number in range(9):
        witness.note(NOW + number * SECOND, replaced(1, f"page {number}"), in_flight=0)
    witness.note(NOW + WITNESS_SPAN, replaced(3, "page 0"), in_flight=0)

    assert witness.note(NOW + WITNESS_SPAN, replaced(2, "trouble"), in_flight=0)
