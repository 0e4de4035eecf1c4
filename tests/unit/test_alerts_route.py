from collections.abc import Collection, Mapping
from typing import Any

import pytest

from watcher.alerts.route import (
    Hearers,
    Said,
    admits,
    chooses_entries,
    missing,
    read_languages,
    route,
    still_open,
    unreached,
)
from watcher.config.channels import ChannelTable, OnlyTable
from watcher.model import Action, Priority

SAID = Said("ferry", Priority.NORMAL, "zh-TW", ("wires", "asia"))


def heard(
    *channels: str, by_alert: bool = False, muted: Collection[str] = (), lost: Collection[str] = ()
) -> Hearers:
    return Hearers(by_alert, frozenset(channels), frozenset(muted), frozenset(lost))


def only(**choice: Any) -> OnlyTable:
    return OnlyTable.model_validate(choice)


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        pytest.param({}, True, id="nothing chosen"),
        pytest.param({"topics": ["ferry"]}, True, id="its topic"),
        pytest.param({"topics": ["chess"]}, False, id="another topic"),
        pytest.param({"priorities": ["low", "normal"]}, True, id="its priority"),
        pytest.param({"priorities": ["high"]}, False, id="another priority"),
        pytest.param({"languages": ["zh"]}, True, id="its language by the primary subtag"),
        pytest.param({"languages": ["zh-CN"]}, True, id="another tag of its language"),
        pytest.param({"languages": ["id", "en"]}, False, id="other languages"),
        pytest.param({"tags": ["asia", "europe"]}, True, id="one of its tags"),
        pytest.param({"tags": ["europe"]}, False, id="another tag"),
        pytest.param({"languages": ["zh"], "tags": ["europe"]}, False, id="all keys must hold"),
    ],
)
def test_a_channel_hears_of_what_it_chose(choice: dict[str, Any], *, wanted: bool) -> None:
    assert admits(only(**choice), SAID) is wanted


def test_an_entry_of_unknown_language_is_of_no_chosen_one() -> None:
    unknown = Said("ferry", Priority.HIGH, None, ())

    assert not admits(only(languages=["id"]), unknown)
    assert admits(None, unknown)


@pytest.mark.parametrize(
    ("choice", "chooses"),
    [
        pytest.param({}, False, id="all there is"),
        pytest.param({"only": {"topics": ["ferry"], "priorities": ["high"]}}, False, id="topics"),
        pytest.param({"only": {"languages": ["zh"]}}, True, id="languages"),
        pytest.param({"only": {"tags": ["asia"]}}, True, id="tags"),
    ],
)
def test_a_channel_may_hear_of_a_story_late_if_it_chooses_by_language_or_tag(
    choice: dict[str, Any], *, chooses: bool
) -> None:
    assert chooses_entries(ChannelTable.model_validate({"console": True, **choice})) is chooses


@pytest.mark.parametrize(
    ("hearers", "left"),
    [
        pytest.param(None, ("desk", "phone", "mail"), id="nobody was told"),
        pytest.param(heard(by_alert=True), (), id="told by the alert"),
        pytest.param(heard("desk", "phone"), (), id="whoever is left is younger, or full"),
        pytest.param(heard("desk"), ("phone",), id="one that chooses did not hear of it"),
        pytest.param(heard("desk", muted={"mail"}), ("phone", "mail"), id="one was muted then"),
        pytest.param(heard("desk", "mail", muted={"mail"}), ("phone",), id="muted and told since"),
        pytest.param(heard("desk", lost={"phone", "mail"}), (), id="on its way to two it died"),
    ],
)
def test_a_copy_says_something_to_whom_nobody_tried_to_tell_it(
    hearers: Hearers | None, left: tuple[str, ...]
) -> None:
    assert missing(("desk", "phone", "mail"), hearers, choosing={"phone"}) == left


@pytest.mark.parametrize(
    ("messages", "left"),
    [
        pytest.param({}, ("desk", "phone"), id="to nobody it came"),
        pytest.param({"desk": True, "phone": True, "mail": True}, (), id="to all"),
        pytest.param({"desk": True}, ("phone",), id="to one"),
        pytest.param({"desk": True, "phone": False}, (), id="to one, and for one it waits"),
        pytest.param({"desk": False, "mail": True}, ("desk", "phone"), id="for one it may change"),
    ],
)
def test_an_edited_page_says_something_to_whom_it_did_not_come_by_another(
    messages: Mapping[str, bool], left: tuple[str, ...]
) -> None:
    assert unreached(("desk", "phone"), messages) == left


def channels() -> dict[str, ChannelTable]:
    tables: dict[str, dict[str, Any]] = {
        "desk": {"console": True},
        "urgent": {"console": True, "only": {"priorities": ["high"]}},
        "phone": {"apprise": "ntfy://ntfy.sh/x"},
    }
    return {name: ChannelTable.model_validate(table) for name, table in tables.items()}


def test_channels_keep_their_order_and_unknown_ones_are_left_out() -> None:
    found = route(("phone", "gone", "urgent", "desk"), channels(), SAID)

    assert found == ("phone", "desk")


@pytest.mark.parametrize(
    ("action", "updates", "left"),
    [
        pytest.param(Action.ALERT, {"phone": 1}, ("desk", "phone"), id="alerts are not limited"),
        pytest.param(Action.REPLY, {}, ("desk", "phone"), id="first update"),
        pytest.param(Action.REPLY, {"desk": 9, "phone": 1}, ("desk",), id="second update"),
    ],
)
def test_where_nothing_can_be_edited_one_update_comes(
    action: Action, updates: dict[str, int], left: tuple[str, ...]
) -> None:
    assert still_open(("desk", "phone"), channels(), action, updates) == left


@pytest.mark.parametrize(
    ("chosen", "languages", "read"),
    [
        (None, ("id", "en"), ("id", "en")),
        ({"topics": ["summit"]}, ("id", "en"), ("id", "en")),
        ({"languages": ["ko"]}, ("id", "en"), ("ko", "id", "en")),
        ({"languages": ["ko", "en"]}, ("id", "en"), ("en", "ko", "id")),
        ({"languages": ["zh-TW"]}, ("zh",), ("zh", "zh-TW")),
        ({"languages": ["ko"]}, (), ("ko",)),
    ],
)
def test_who_chooses_languages_reads_them_before_those_of_all(
    chosen: dict[str, list[str]] | None, languages: tuple[str, ...], read: tuple[str, ...]
) -> None:
    assert read_languages(only(**chosen) if chosen else None, languages) == read
