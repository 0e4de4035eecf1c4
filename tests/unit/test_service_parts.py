from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from watcher.alerts.outbox import MOST_REFUSED_ALONE, Part, after_failure, halves
from watcher.errors import DeliveryError
from watcher.service.delivery.parts import Parts
from watcher.storage.rows import Claimed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SPAM = DeliveryError("554 spam", permanent=True, text_refused=True)


def message(numbers: Iterable[int]) -> Claimed:
    stories = tuple(numbers)
    return Claimed("key", "mail", stories, stories, 1, NOW, False, None, None, "thread")


def served(
    *messages: Iterable[int], bad: Iterable[int], at_once: bool = True
) -> tuple[list[int], int]:
    """Return what arrives of messages to a service that refuses these stories, in how many tries.

    Whole messages go before parts, unless they come after them; the first part goes first.
    """
    refused, parts, arrived, tries = set(bad), Parts(), list[int](), 0
    whole, parted = [message(one) for one in messages], list[Claimed]()
    while whole or parted:
        one = whole.pop(0) if whole and (at_once or not parted) else parted.pop(0)
        tries += 1
        if refused.isdisjoint(one.deliveries):
            parts.taken(one)
            arrived += one.deliveries
        elif _is_parted(parts, one):
            parts.begin(one.deliveries)
            parted += [message(one.deliveries[n] for n in h) for h in halves(one.deliveries)]
            parted.sort(key=lambda part: part.deliveries)
        else:
            parts.died(one, str(SPAM))
    return sorted(arrived), tries


def _is_parted(parts: Parts, one: Claimed) -> bool:
    stories, count = len(one.deliveries), parts.refused(one)
    verdict = after_failure(
        SPAM, attempts=1, lost=0, tried=(), now=NOW, chance=0.5, rings=stories, refused=count
    )
    return isinstance(verdict, Part)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
@pytest.mark.parametrize("first", [9, 30], ids=["nine", "many"])
def test_what_was_refused_of_one_message_says_nothing_of_another(
    first: int, *, at_once: bool
) -> None:
    bad = {*range(first), 110}

    arrived, _ = served(range(first), range(100, 120), bad=bad, at_once=at_once)

    assert arrived == [number for number in range(100, 120) if number != 110]


@pytest.mark.parametrize("good", [MOST_REFUSED_ALONE, MOST_REFUSED_ALONE + 1])
def test_a_good_story_in_a_pair_behind_those_that_were_refused_alone_arrives(good: int) -> None:
    bad = {*range(MOST_REFUSED_ALONE + 2)} - {good}

    arrived, _ = served(range(80), bad=bad)

    assert arrived == [number for number in range(80) if number not in bad]


def test_a_message_that_is_refused_whatever_is_in_it_costs_few_tries() -> None:
    arrived, tries = served(range(80), bad=range(80))

    assert (arrived, tries <= 4 * MOST_REFUSED_ALONE) == ([], True)
