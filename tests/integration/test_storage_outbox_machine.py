"""Whatever happens to the outbox in whatever order, nothing is lost and threads stay in order."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from stored import LEASE, MINUTE, NOW, an_entry, claim, open_in, ring, store

from watcher.model import Action, Hold
from watcher.storage.deliveries import delivery_counts
from watcher.storage.rows import Claimed, State

STORIES = st.integers(0, 2)
CHANNELS = st.lists(st.sampled_from(["desk", "mail"]), min_size=1, unique=True)


class OutboxMachine(RuleBasedStateMachine):
    """Rings are opened, claimed, sent, retried, held and killed; the process dies and returns."""

    sending = Bundle("sending")

    def __init__(self) -> None:
        super().__init__()
        self.directory = TemporaryDirectory()
        self.database = open_in(Path(self.directory.name))
        self.now = NOW
        self.expected = 0
        self.threads: dict[tuple[str, str], list[int]] = defaultdict(list)
        with self.database.begin() as tx:
            self.entries = [store(tx, an_entry(str(number))) for number in range(3)]

    @rule(story=STORIES, channels=CHANNELS, wait=st.integers(0, 3))
    def open_ring(self, story: int, channels: list[str], wait: int) -> None:
        with self.database.begin() as tx:
            ring(
                tx, self.entries[story], channels=channels, action=Action.REPLY, wait=wait * MINUTE
            )
        self.expected += len(channels)

    @rule(minutes=st.integers(0, 5))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(target=sending, limit=st.integers(1, 5))
    def claim(self, limit: int) -> object:
        with self.database.begin() as tx:
            return multiple(*claim(tx, self.now, LEASE, limit=limit))

    @rule(claimed=consumes(sending))
    def send(self, claimed: Claimed) -> None:
        with self.database.begin() as tx:
            tx.outbox.sent(claimed.deliveries, "m", self.now)
        for alert in claimed.alerts:
            self.threads[claimed.channel, claimed.thread].append(alert)

    @rule(claimed=consumes(sending), minutes=st.integers(0, 3), maybe=st.booleans())
    def fail(self, claimed: Claimed, minutes: int, maybe: bool) -> None:
        with self.database.begin() as tx:
            due = self.now + minutes * MINUTE
            tx.outbox.retry(claimed.deliveries, due, "HTTP 500", maybe_sent=maybe, now=self.now)

    @rule(claimed=consumes(sending), until=st.integers(0, 3))
    def hold(self, claimed: Claimed, until: int) -> None:
        with self.database.begin() as tx:
            tx.outbox.hold(claimed.deliveries, Hold.DIGEST, self.now + until * MINUTE, f"b{until}")

    @rule(claimed=consumes(sending), until=st.integers(0, 3))
    def silence(self, claimed: Claimed, until: int) -> None:
        with self.database.begin() as tx:
            end = self.now + until * MINUTE
            tx.outbox.silence(claimed.deliveries, end, "story 1 was muted", f"b{until}")

    @rule()
    def unmute(self) -> None:
        with self.database.begin() as tx:
            tx.outbox.release(Hold.MUTED, self.now)

    @rule(claimed=consumes(sending))
    def give_up(self, claimed: Claimed) -> None:
        with self.database.begin() as tx:
            tx.outbox.dead(claimed.deliveries, "chat not found", self.now)

    @invariant()
    def nothing_is_lost(self) -> None:
        with self.database.read() as tx:
            assert sum(delivery_counts(tx.connection).values()) == self.expected

    @invariant()
    def what_was_tried_is_on_record(self) -> None:
        with self.database.read() as tx:
            for alert in tx.alerts.latest(limit=100):
                attempts = tx.alerts.attempts(alert.id)
                for delivery in alert.deliveries:
                    mine = [one for one in attempts if one.delivery == delivery.id]
                    assert len(mine) == delivery.attempts
                    running = [one for one in mine if one.ended is None]
                    assert len(running) == (delivery.state is State.SENDING)

    def teardown(self) -> None:
        self.database.close()
        self.directory.cleanup()


OutboxMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestOutbox = OutboxMachine.TestCase
