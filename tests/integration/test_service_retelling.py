"""Who tells of what after a split or a merge: nothing is lost, nothing is told of another story."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from house import TIMES, WIRE, House, OpenHouse, Recorder
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from stored import NOW, an_entry, claim, entries_of, open_in, ring, store
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.alerts.decide import Decision
from watcher.alerts.render import plain_text
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError, UsageError
from watcher.model import Action, MuteKind, Reason
from watcher.service.by_hand.corrections import merge_stories, split_story
from watcher.storage.database import Transaction
from watcher.storage.rows import State

POST = "https://post.example/feed"
FORTY, FIFTY = SIGNS.format(40), SIGNS.format(50)
MORE = f"{FORTY}, 12 of them on energy"
BALLET = "Ballet company tours the provinces in spring"
TOPIC = {"id": "news", "name": "News", "match": "(kim NEAR putin) OR others"}
DESK = {"telegram": {"chat": "-100", "token": "123456:token"}}
DAILY = {"digest": "daily 18:00"}
CONSOLE = {"console": True}
HOOK = {"console": False, "apprise": "json://127.0.0.1/"}
NIGHT = {"quiet_hours": "12:00-18:00"}

Enter = Callable[..., Awaitable[House]]


@pytest.fixture
def enter(open_house: OpenHouse) -> Enter:
    """Return a function that builds a house with three feeds, a desk and perhaps a mailbox."""

    async def entered(
        *,
        desk: dict[str, object] | None = None,
        mail: dict[str, object] | None = None,
        **alerts: object,
    ) -> House:
        channels = {"desk": {**DESK, **(desk or {})}}
        channels |= {} if mail is None else {"mail": {**CONSOLE, **mail}}
        configured = settings(
            feeds=[{"url": url, "name": url} for url in (WIRE, TIMES, POST)],
            channels=channels,
            topics=[TOPIC],
            words={"others": {"en": ["ferry line", "ballet"]}},
            watcher={"timezone": "UTC"},
            alerts={"edit_interval": "0s", **alerts},
        )
        return await open_house(configured, {name: Recorder() for name in channels})

    return entered


async def reported(house: House, title: str, url: str = WIRE) -> int:
    """Report something; return the number of its entry."""
    await house.poll(title, url=url)
    return house.entries()[-1].number


async def told(house: House, title: str, url: str = WIRE) -> int:
    number = await reported(house, title, url)
    await later(house)
    return number


async def later(house: House, **by: float) -> None:
    await house.deliver(**(by or {"minutes": 10}))


async def split(house: House, *leaving: int) -> tuple[int, int]:
    """Split entries off their story; return its number, and that of the new one."""

    def do(tx: Transaction) -> dict[str, object]:
        story = next(one.story for one in entries_of(tx) if one.number == leaving[0])
        return split_story(tx, story, leaving, house.clock())

    done = await house.writer.run(do)
    return int(str(done["story"])), int(str(done["new_story"]))


async def merge(house: House, a: int = 1, b: int = 2) -> int:
    done = await house.writer.run(lambda tx: merge_stories(tx, a, b, house.clock()))
    return int(str(done["story"]))


async def mute(house: House, story: int) -> None:
    end = house.clock() + timedelta(days=1)
    await house.writer.run(lambda tx: tx.mutes.add(MuteKind.STORY, str(story), end, house.clock()))


def heard(house: House, channel: str = "desk") -> list[tuple[Action, set[str]]]:
    """Return what a channel was told: each ring's kind and headlines."""
    return [
        (view.action, {report.title for report in view.reports})
        for message in house.senders[channel].sent
        for view in message.views
    ]


def titles(house: House, channel: str = "desk") -> list[set[str]]:
    return [headlines for _, headlines in heard(house, channel)]


def text(message: Outgoing) -> str:
    return "\n".join(plain_text(message))


ALERT, REPLY = Action.ALERT, Action.REPLY


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param({}, id="group wait"),
        pytest.param(DAILY, id="digest"),
        pytest.param(NIGHT, id="quiet hours"),
    ],
)
async def test_what_waits_is_told_by_the_story_that_a_split_put_it_into(
    enter: Enter, channel: dict[str, object]
) -> None:
    house = await enter(desk=channel)
    await reported(house, MEETS)
    second = await reported(house, FORTY, TIMES)
    await house.deliver()
    old, _ = await split(house, second)
    await mute(house, old)

    await later(house, hours=7)

    assert heard(house) == [(ALERT, {FORTY})]
    assert {one.reason for one in house.decisions()} == {Reason.FIRST_REPORT, Reason.GATHERED}
    with house.database.read() as tx:
        (made,) = tx.alerts.decisions([second])
    assert made.ring == house.alerts()[-1].id


async def test_each_story_is_told_by_an_alert_of_its_own_when_the_lead_of_one_that_waits_leaves(
    enter: Enter,
) -> None:
    house = await enter()
    first = await reported(house, MEETS)
    await reported(house, FORTY, TIMES)
    old, opened = await split(house, first)

    await later(house)

    assert heard(house) == [(ALERT, {MEETS}), (ALERT, {FORTY})]
    assert [alert.story for alert in house.alerts()] == [opened, old]


async def test_a_waiting_reply_that_is_left_without_its_alert_is_one(enter: Enter) -> None:
    house = await enter(reply_intervals=["1h"])
    first = await told(house, MEETS)
    await reported(house, FORTY, TIMES)
    await split(house, first)

    await later(house, hours=2)

    assert heard(house) == [(ALERT, {MEETS}), (ALERT, {FORTY})]


async def test_what_leaves_a_waiting_reply_is_the_alert_of_its_story(enter: Enter) -> None:
    house = await enter(reply_intervals=["1h"])
    await told(house, MEETS)
    await reported(house, FORTY, TIMES)
    third = await reported(house, FIFTY, POST)
    await split(house, third)

    await later(house, hours=2)

    assert heard(house) == [(ALERT, {MEETS}), (REPLY, {FORTY}), (ALERT, {FIFTY})]


async def test_what_was_tried_in_vain_before_a_split_is_told_by_both_stories(enter: Enter) -> None:
    house = await enter()
    house.senders["desk"].failures = [DeliveryError("no network")]
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)

    await later(house, hours=1)

    assert titles(house) == [{MEETS}, {FORTY}]
    assert not any(message.possible_repeat for message in house.senders["desk"].sent)


async def test_what_may_have_arrived_before_a_split_is_told_as_a_possible_repeat(
    enter: Enter,
) -> None:
    house = await enter()
    house.senders["desk"].failures = [DeliveryError("no answer", maybe_sent=True)]
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)

    await later(house, hours=1)

    assert titles(house) == [{MEETS}, {FORTY}]
    assert all(message.possible_repeat for message in house.senders["desk"].sent)


async def test_a_channel_that_was_told_before_a_split_hears_nothing_and_one_that_waits_hears_all(
    enter: Enter,
) -> None:
    house = await enter(mail=DAILY)
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)

    await later(house, hours=7)

    assert titles(house) == [{MEETS, FORTY}]
    assert heard(house, "mail") == [(ALERT, {MEETS}), (ALERT, {FORTY})]


async def test_a_reply_is_the_alert_to_a_channel_that_heard_nothing_before_a_split(
    enter: Enter,
) -> None:
    house = await enter(mail={**NIGHT, **HOOK})
    await told(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)
    await later(house, hours=7)
    await told(house, MORE, POST)
    await told(house, f"{MORE}, 3 of them secret", WIRE)

    assert heard(house)[:2] == [(ALERT, {MEETS}), (REPLY, {FORTY})]
    assert heard(house, "mail")[:2] == [(ALERT, {MEETS}), (ALERT, {FORTY})]
    assert [(action, MORE in told) for action, told in heard(house, "mail")[2:]] == [(REPLY, True)]


async def test_of_two_replies_in_one_message_the_first_is_the_alert_to_who_heard_nothing(
    enter: Enter,
) -> None:
    house = await enter(mail=NIGHT)
    await told(house, MEETS)
    second = await told(house, FORTY, TIMES)
    third = await told(house, MORE, POST)
    await split(house, second, third)
    await later(house, hours=7)

    assert [action for action, _ in heard(house, "mail")] == [ALERT, ALERT, REPLY]


async def test_what_a_mute_kept_from_people_comes_from_both_stories_when_it_is_taken_back(
    enter: Enter,
) -> None:
    house = await enter()
    await reported(house, MEETS)
    second = await reported(house, FORTY, TIMES)
    await mute(house, 1)
    await later(house)
    old, opened = await split(house, second)
    assert {one.state for one in house.deliveries()} == {State.MUTED}

    for story in (old, opened):
        await house.do("mutes.remove", kind="story", subject=str(story))
    await later(house)

    assert titles(house) == [{MEETS}, {FORTY}]


async def test_an_alert_whose_lead_was_split_off_is_of_that_ones_story(enter: Enter) -> None:
    house = await enter(reply_intervals=["0s"])
    first = await told(house, MEETS)
    await told(house, FORTY, TIMES)
    old, opened = await split(house, first)

    await told(house, MORE, POST)
    again = await told(house, MEETS, TIMES)

    with house.database.read() as tx:
        views = [tx.alerts.view(alert.id, "desk") for alert in house.alerts()]
        moved = tx.entries.get(again)
    assert [(view.story, [report.title for report in view.reports]) for view in views] == [
        (opened, [MEETS]),
        (old, [FORTY]),
        (old, [MORE]),
    ]
    assert views[2].openings[0].title == FORTY
    assert moved
    assert moved.story == opened
    _, edited = house.senders["desk"].edited[-1]
    assert (edited.views[0].story, edited.views[0].shown.title) == (opened, MEETS)


async def test_an_alert_names_nothing_that_was_split_off_it(enter: Enter) -> None:
    house = await enter()
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    assert FORTY in text(house.senders["desk"].sent[0])
    await split(house, second)

    await told(house, MEETS, POST)

    _, edited = house.senders["desk"].edited[-1]
    assert FORTY not in text(edited)
    assert MEETS in text(edited)


async def test_what_was_only_edited_into_a_message_rings_in_the_story_it_is_split_into(
    enter: Enter,
) -> None:
    house = await enter(updates="edit")
    await told(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)

    await told(house, FORTY, POST)

    assert heard(house) == [(ALERT, {MEETS}), (ALERT, {FORTY})]


async def test_news_of_a_story_whose_message_is_anothers_now_opens_one_of_its_own(
    enter: Enter,
) -> None:
    house = await enter(updates="edit")
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    _, opened = await split(house, second)

    await told(house, MORE, POST)

    assert house.entries()[-1].story == opened
    assert heard(house)[1:] == [(ALERT, {MORE})]


async def test_stories_merged_before_either_is_told_are_told_by_one_alert(enter: Enter) -> None:
    house = await enter()
    await reported(house, MEETS)
    await reported(house, FERRY, TIMES)
    await merge(house)

    await later(house)

    assert heard(house) == [(ALERT, {MEETS, FERRY})]
    assert FERRY in text(house.senders["desk"].sent[0])


async def test_a_merged_story_that_waits_answers_what_was_told_already(enter: Enter) -> None:
    house = await enter()
    await told(house, MEETS)
    await reported(house, FERRY, TIMES)
    await merge(house)

    await later(house)

    assert heard(house) == [(ALERT, {MEETS}), (REPLY, {FERRY})]
    assert house.senders["desk"].sent[1].reply_to == "1"


async def test_a_merged_story_is_an_alert_where_nothing_of_the_other_was_told(
    enter: Enter,
) -> None:
    house = await enter(mail={"only": {"tags": ["other"]}})
    await told(house, MEETS)
    await reported(house, FERRY, TIMES)
    with house.database.begin() as tx:
        tx.revival.hand_over("desk", "mail", house.clock(), is_former=True)
    await merge(house)

    await later(house)

    assert heard(house) == [(ALERT, {MEETS})]
    assert heard(house, "mail") == [(ALERT, {FERRY})]


async def test_after_half_of_the_channels_were_told_what_is_new_repeats_nothing(
    enter: Enter,
) -> None:
    house = await enter(mail=DAILY, reply_intervals=["0s"])
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)

    await told(house, MORE, POST)
    await later(house, hours=7)

    assert heard(house) == [(ALERT, {MEETS, FORTY}), (REPLY, {MORE})]
    assert titles(house, "mail") == [{MEETS}, {FORTY}, {MORE}]


async def test_a_story_merged_into_a_muted_ones_wait_is_told_where_nothing_mutes_it(
    enter: Enter,
) -> None:
    house = await enter()
    await reported(house, MEETS)
    end = house.clock() + timedelta(days=1)
    await house.writer.run(lambda tx: tx.mutes.add(MuteKind.OUTLET, WIRE, end, house.clock()))
    await later(house)
    await reported(house, FERRY, TIMES)
    await merge(house)

    await later(house)

    assert titles(house) == [{MEETS, FERRY}]


@pytest.mark.parametrize("told_first", [False, True])
async def test_a_digest_names_what_opened_a_story_that_was_merged(
    enter: Enter, told_first: bool
) -> None:
    house = await enter(desk=DAILY, mail={})
    await reported(house, MEETS)
    if told_first:  # to the mailbox, so that the one ring cannot join the other
        await later(house)
    await reported(house, FERRY, TIMES)
    await merge(house)
    await told(house, BALLET, POST)

    await later(house, hours=7)

    digest = text(house.senders["desk"].sent[0])
    assert f"• {MEETS}" in digest
    assert f"+ {FERRY}\n" in f"{digest}\n"


async def test_a_split_that_is_taken_back_before_it_is_told_changes_nothing(enter: Enter) -> None:
    house = await enter()
    await reported(house, MEETS)
    second = await reported(house, FORTY, TIMES)
    await merge(house, *await split(house, second))

    await later(house)

    assert heard(house) == [(ALERT, {MEETS, FORTY})]


async def test_a_split_that_is_taken_back_repeats_nothing_to_a_channel_that_was_told(
    enter: Enter,
) -> None:
    house = await enter(mail=DAILY, reply_intervals=["0s"])
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await merge(house, *await split(house, second))

    await told(house, MORE, POST)
    await later(house, hours=7)

    for channel in ("desk", "mail"):
        assert heard(house, channel) == [(ALERT, {MEETS, FORTY}), (REPLY, {MORE})]


async def test_a_split_that_is_taken_back_repeats_nothing_to_a_channel_in_trouble(
    enter: Enter,
) -> None:
    house = await enter(mail={})
    house.senders["mail"].failures = [DeliveryError("no network")] * 3
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    await split(house, second)
    await later(house)
    await merge(house)

    await later(house, hours=1)

    assert titles(house, "mail") == [{MEETS, FORTY}]


async def test_what_a_channel_heard_before_a_split_was_taken_back_is_not_new_to_it(
    enter: Enter,
) -> None:
    house = await enter(mail={}, reply_intervals=["1h"])
    house.senders["mail"].failures = [DeliveryError("no network")]
    await reported(house, MEETS)
    second = await told(house, FORTY, TIMES)
    old, opened = await split(house, second)
    await mute(house, opened)
    house.senders["mail"].failures = []
    await later(house, hours=1)
    await house.do("mutes.remove", kind="story", subject=str(opened))
    await merge(house, old, opened)

    await told(house, MORE, POST)
    await later(house, hours=2)

    assert titles(house) == [{MEETS, FORTY}, {MORE}]
    assert titles(house, "mail") == [{MEETS}, {FORTY}, {MORE}]


@settings_of_hypothesis(max_examples=20)
@given(st.randoms(use_true_random=False), st.sampled_from([["desk"], ["desk", "mail"]]))
def test_whatever_is_corrected_each_report_is_told(
    tmp_path_factory: pytest.TempPathFactory, dice: random.Random, channels: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("retold")
    with open_in(folder) as database, database.begin() as tx:
        heard: Counter[tuple[str, int]] = Counter()
        for number in range(1, 9):
            _report_at_random(tx, dice, number, channels)
            for _ in range(dice.randint(0, 3)):
                _correct_at_random(tx, dice)
            if dice.random() < 0.5:
                heard += _told(tx, dice.choice([channels, channels[:1], channels[1:]]))
        heard += _told(tx, channels)

        assert set(heard) == {(name, number) for name in channels for number in range(1, 9)}
        assert set(heard.values()) == {1}
        for one in tx.alerts.latest():
            lead = tx.entries.get(one.lead)
            assert lead
            assert one.story == lead.story


def _report_at_random(
    tx: Transaction, dice: random.Random, number: int, channels: list[str]
) -> None:
    """Store a report of an old story or a new one, and let a ring tell of it."""
    stories = sorted({one.story for one in entries_of(tx)})
    added = store(tx, an_entry(str(number)), story=dice.choice([None, *stories]))
    rings = tx.alerts.rings("summit", added.story)
    action = REPLY if rings else ALERT
    if rings and rings[-1].gathers(NOW):
        told = rings[-1].id
        assert tx.alerts.gather(told, added.entry)
        tx.alerts.reach(told, channels, NOW)
    else:
        told = ring(tx, added, channels=channels, action=action)
    tx.alerts.record(added.entry, "summit", Decision(action, Reason.GATHERED), told, NOW)


def _correct_at_random(tx: Transaction, dice: random.Random) -> None:
    with suppress(UsageError):
        stories = sorted({one.story for one in entries_of(tx)})
        if dice.random() < 0.5:
            merge_stories(tx, dice.choice(stories), dice.choice(stories), NOW)
        else:
            story = dice.choice(stories)
            members = [one.number for one in entries_of(tx) if one.story == story]
            leaving = dice.sample(members, dice.randint(1, len(members)))
            done = split_story(tx, story, leaving, NOW)
            if dice.random() < 0.5:  # taken back
                merge_stories(tx, story, int(str(done["new_story"])), NOW)


def _told(tx: Transaction, channels: list[str]) -> Counter[tuple[str, int]]:
    """Send all that waits for some channels; return what it tells of."""
    heard: Counter[tuple[str, int]] = Counter()
    while channels and (claimed := claim(tx, NOW, channels=channels, limit=1)):
        for one in claimed[0].alerts:
            reports = tx.alerts.view(one, claimed[0].channel).reports
            heard.update((claimed[0].channel, report.number) for report in reports)
        tx.outbox.sent(claimed[0].deliveries, claimed[0].key, NOW)
    return heard
