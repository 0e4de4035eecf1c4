"""Five channels, each with a way of its own, through whatever happens in whatever order.

News, developments, nights, limits, digests, mutes, refusals, lost answers, deaths and restarts:
in the end every channel has told of every report once, or the database says why not; what was
told twice says "possible repeat", and an answer was lost or a process died.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from house import WIRE, Clock, House, Recorder
from hypothesis import settings as given_by
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from stored import entries_of
from unrelated import headline, topics
from watchlists import SIGNS, settings

from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError
from watcher.model import Reason
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.mutes import add_mute, clear_mutes
from watcher.storage.rows import State

T = TypeVar("T")

CHANNELS: dict[str, dict[str, object]] = {
    "desk": {},
    "night": {"quiet_hours": "22:00-06:00"},
    "busy": {"max_per_hour": 2},
    "mail": {"digest": "daily 07:00"},
    "phone": {"quiet_hours": "13:00-14:00", "max_per_hour": 1, "digest": "every 2h"},
}
STORIES = 14
URGENT = 3
SUMMIT = {"id": "summit", "match": "kim NEAR putin"}
WATCHED = [*topics(URGENT, priority="high"), *topics(STORIES)[URGENT:], SUMMIT]
SETTINGS = settings(
    feeds=[{"url": WIRE, "name": "Wire"}],
    channels={name: {"console": True, **table} for name, table in CHANNELS.items()},
    topics=WATCHED,
    watcher={"timezone": "UTC"},
)

#: What may become of a send, and whether the message arrived all the same.
REFUSED, POISON, PATIENCE = "refused", "poison", "patience"
LOST, LOST_ON_THE_WAY = "answer lost", "request lost"
DIED_AFTER, DIED_BEFORE = "died after the send", "died before the send"
FAILURES = {
    REFUSED: DeliveryError("HTTP 500"),
    POISON: DeliveryError("HTTP 400: bad message", permanent=True),
    PATIENCE: DeliveryError("HTTP 429", retry_after=timedelta(minutes=7)),
    LOST: DeliveryError("no answer", maybe_sent=True),
    LOST_ON_THE_WAY: DeliveryError("no answer", maybe_sent=True),
    DIED_AFTER: asyncio.CancelledError(),
    DIED_BEFORE: asyncio.CancelledError(),
}
ARRIVES = {LOST, DIED_AFTER}
DOUBTFUL = {LOST, LOST_ON_THE_WAY, DIED_AFTER, DIED_BEFORE}
TROUBLES = st.tuples(st.sampled_from([*CHANNELS]), st.sampled_from([*FAILURES]))

NOTHING = ("", "")
MUTED = [("story", "1"), ("topic", "summit"), ("channel", "desk"), ("channel", "busy"), NOTHING]


class Channel(Recorder):
    """A channel whose next sends end as it is told; it outlives the process."""

    def __init__(self, name: str) -> None:
        super().__init__(limit_key=name)
        self.fates: list[str] = []
        self.doubts = 0

    async def send(self, outgoing: Outgoing) -> str | None:
        fate = self.fates.pop(0) if self.fates else ""
        self.doubts += fate in DOUBTFUL
        if not fate or fate in ARRIVES:
            await super().send(outgoing)
        if fate:
            raise FAILURES[fate]
        return str(len(self.sent))

    def told(self, *, repeats: bool) -> Counter[str]:
        """Return how often each report was told, by messages that say "possible repeat" or not."""
        return Counter(
            report.title
            for message in self.sent
            if message.possible_repeat is repeats
            for view in message.views
            for report in view.reports
        )


class FiveChannels(RuleBasedStateMachine):
    """A house that is lived in."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.channels = {name: Channel(name) for name in CHANNELS}
        self.reported: list[str] = []
        self.has_muted_a_story = False
        self.house = self.run(self.opened())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def opened(self) -> House:
        house = House(Path(self.folder.name), SETTINGS, self.clock, self.channels)
        await house.courier.channels.restore()
        await house.writer.run(lambda tx: tx.outbox.reclaim(self.clock()))
        return house

    @initialize()
    def the_feed_is_known(self) -> None:
        self.run(self.house.poll())

    @rule(
        news=st.lists(st.integers(0, STORIES - 1), max_size=4, unique=True),
        developments=st.integers(0, 2),
        troubles=st.lists(TROUBLES, max_size=3),
        minutes=st.sampled_from([1, 3, 30, 90, 400]),
    )
    def life_goes_on(
        self, news: list[int], developments: int, troubles: list[tuple[str, str]], minutes: int
    ) -> None:
        titles = [title for one in news if (title := headline(one)) not in self.reported]
        for title in titles:
            self.report(title)
        for _ in range(developments):
            self.report(SIGNS.format(3 + len(self.reported)))
        for channel, fate in troubles:
            self.channels[channel].fates.append(fate)
        self.time_passes(minutes)

    def report(self, title: str) -> None:
        self.reported.append(title)
        self.clock.forward(seconds=1)
        self.run(self.house.poll(title))

    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        self.run(self.house.deliver())

    @rule()
    def restart(self) -> None:
        self.run(self.reopened())

    async def reopened(self) -> None:
        await self.house.__aexit__(None, None, None)
        self.house = await self.opened()

    @rule(what=st.sampled_from(MUTED), minutes=st.integers(1, 300))
    def mute(self, what: tuple[str, str], minutes: int) -> None:
        """Mute something, or let all be heard again."""
        now = self.clock()
        until = now + timedelta(minutes=minutes)
        if what == NOTHING:
            self.change(lambda tx: clear_mutes(Desk(tx, SETTINGS, now)))
        elif self.house.alerts():
            self.has_muted_a_story |= what[0] == "story"
            self.change(lambda tx: add_mute(Desk(tx, SETTINGS, now), *what, until, "Ana"))

    def change(self, work: Callable[[Any], object]) -> None:
        self.run(self.house.writer.run(work))

    @invariant()
    def nothing_is_told_twice_unmarked(self) -> None:
        for channel in self.channels.values():
            assert channel.told(repeats=False).total() == len(channel.told(repeats=False))
            # By report: a mute may part what was in doubt together, and each part is marked then.
            assert max(channel.told(repeats=True).values(), default=0) <= channel.doubts

    def teardown(self) -> None:
        try:
            self.live_on()
            self.every_report_is_told_or_accounted_for()
        finally:
            self.run(self.house.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()

    def live_on(self) -> None:
        """Let three days pass without trouble, so that all that waits is told."""
        for channel in self.channels.values():
            channel.fates.clear()
        self.mute(NOTHING, 1)
        for _ in range(12):
            self.time_passes(360)
        self.nothing_is_told_twice_unmarked()

    def every_report_is_told_or_accounted_for(self) -> None:
        house, why = self.house, self.accounts()
        states = {delivery.state for delivery in house.deliveries()}
        assert states <= {State.SENT, State.DEAD, State.MUTED}
        assert State.MUTED not in states or self.has_muted_a_story
        for name, channel in self.channels.items():
            told = channel.told(repeats=False) + channel.told(repeats=True)
            untold = {title for title in self.reported if title not in told}
            assert untold <= why[name], (name, untold - why[name])

    def accounts(self) -> dict[str, set[str]]:
        """Return for each channel the reports that the database says it was not to hear."""
        with self.house.database.read() as tx:
            titles = {one.number: one.entry.title for one in entries_of(tx)}
            decisions = tx.alerts.decisions(list(titles))
        # What waited when its story was muted is not told when the mute ends (docs/channels.md).
        ended = (d for d in self.house.deliveries() if d.state in {State.DEAD, State.MUTED})
        unheard = {(d.channel, d.alert) for d in ended}
        muted = {titles[d.entry] for d in decisions if d.reason is Reason.MUTED}
        return {
            name: muted | {titles[d.entry] for d in decisions if (name, d.ring) in unheard}
            for name in CHANNELS
        }


FiveChannels.TestCase.settings = given_by(max_examples=4, stateful_step_count=14, deadline=None)
TestFiveChannels = FiveChannels.TestCase
