"""The channels' senders, and what is known of them: what moved, is gone, or refuses somebody."""

from collections.abc import Iterator, Mapping

from watcher.alerts.senders import Addressing, Moving, Sender
from watcher.config.settings import Settings
from watcher.service.care.health import is_recipient
from watcher.service.delivery.ops import Once, Ops
from watcher.service.delivery.rests import Rests
from watcher.service.in_force.channels import DownSender
from watcher.service.moments import Clock
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.notes import CHANNEL_GONE, EDITS_REFUSED, RECIPIENT_REFUSED

#: A channel, and its number of a message.
Message = tuple[str, str]


class Channels:
    """Who sends to each channel now, and which of its messages show what holds no more.

    Attributes:
        changes: how often buttons were changed; a message on its way then may carry older ones.
        outdated: messages whose buttons are to be shown anew.
        once: tells of what lasts.

    Args:
        writer: runs its transactions.
        ops: hears, once, of a chat that moved, and of a channel or recipient that is gone or back.
        rests: who must be left alone.
        clock: the present time.
    """

    def __init__(self, writer: Writer, ops: Ops, rests: Rests, clock: Clock) -> None:
        self._writer, self._ops, self._clock = writer, ops, clock
        self.rests = rests
        self.once = Once(writer, ops, clock)
        self.changes = 0
        self.outdated: set[Message] = set()
        self._senders: Mapping[str, Sender] = {}
        self._addressing: dict[str, Addressing] = {}
        self._moved: dict[str, str] = {}
        self._gone: set[str] = set()
        self._fixed: set[str] = set()
        self._refused: set[tuple[str, str]] = set()

    async def restore(self) -> None:
        """Take over what earlier runs learned."""
        moved = await self._writer.run(lambda tx: tx.chats.moved())
        rests = await self._writer.run(lambda tx: tx.bots.rests(self._clock()))
        gone = await self._writer.run(lambda tx: tx.notices.gone_channels())
        refused = await self._writer.run(lambda tx: tx.notices.refused_recipients())
        self._moved = dict(moved)
        self._refused = {(channel, one) for channel, who in refused.items() for one in who}
        self._gone = set(gone)
        self._fixed = await self._writer.run(lambda tx: tx.notices.refused_edits())
        self.rests.restore(rests)
        self._follow()

    def use(self, senders: Mapping[str, Sender]) -> None:
        """Send by these from now on, each with what the one before it knew of its messages."""
        self._senders = senders
        self._hand_over()
        self._follow()

    async def forget_former(self, settings: Settings) -> None:
        """Forget whose refusals were told that the configuration does not name any more.

        Who is put into it again is told of again, as of then.
        """
        former = {one for one in self._refused if not is_recipient(settings, *one)}
        if former:
            keys = [_refusal(*one) for one in former]
            await self._writer.run(lambda tx: [tx.notices.clear(key) for key in keys])
            self._refused -= former

    def all(self) -> Mapping[str, Sender]:
        """Return the senders by channel."""
        return self._senders

    def get(self, channel: str) -> Sender:
        """Return a channel's sender; that of one that left the configuration refuses for good."""
        gone = (
            f"the channel {channel} is not in the configuration any more;"
            f" `watcher alerts retry --channel {channel} --to NAME` gives this to another"
        )
        return self._senders.get(channel) or DownSender(channel, gone, permanent=True)

    def is_ready(self, channel: str) -> bool:
        """Tell whether a channel's service may be asked now."""
        return not self.rests.is_resting(self.get(channel).limit_key)

    def chat_of(self, configured: str) -> str:
        """Return where a chat of the configuration is now."""
        return self._moved.get(configured, configured)

    async def arrived(self, channel: str) -> None:
        """Take note that a message reached a channel."""
        await self._note(channel)
        if channel in self._gone:
            await self.back(channel)

    async def edited(self, channel: str) -> None:
        """Take note that a message of a channel was changed, which says nothing of new ones."""
        await self._note(channel)
        if channel not in self._fixed:
            return
        self._fixed.discard(channel)
        text = f"messages of channel {channel} can be changed again"
        await self.once.take_back(EDITS_REFUSED + channel, text, anywhere=True)

    async def failed(self, channel: str) -> None:
        """Take note that one did not, or not to all."""
        await self._note(channel)

    async def moved(self, channel: str, to: str) -> None:
        """Remember where the chat of a channel is now, and tell once."""
        sender = _moving(self._senders.get(channel))
        if sender is None:
            return
        home, now = sender.home, self._clock()
        self._moved[home] = to
        self._follow()
        there = {name: home for name, one in self._homes() if one == home}

        def note(tx: Transaction) -> bool:
            is_news = tx.chats.move(home, to, now)
            tx.chats.settle(there, now)
            return is_news

        if await self._writer.run(note):
            self._ops.tell(
                f"the chat {home} of channel {channel} has another number now: messages go to {to}"
                f' already; write chat = "{to}" in the configuration'
            )

    async def gone(self, channel: str, reason: str) -> None:
        """Tell once, by another road, that nothing reaches a channel any more."""
        self._gone.add(channel)
        await self.once.tell(
            CHANNEL_GONE + channel,
            f"channel {channel} is dead: {_ended(reason)} What dies on its way there"
            f" meanwhile, `watcher alerts retry --channel {channel}` sends once that is mended",
            about=channel,
            anywhere=True,
        )

    async def refuses_edits(self, channel: str, reason: str) -> None:
        """Tell once that messages of a channel cannot be changed; others may reach it."""
        if channel in self._gone:  # that nothing does was told
            return
        self._fixed.add(channel)
        await self.once.tell(
            EDITS_REFUSED + channel,
            f"messages of channel {channel} cannot be changed: {_ended(reason)} What they"
            " were to show more, they show after the next report once that is mended",
            anywhere=True,
        )

    async def back(self, channel: str) -> None:
        """Tell that messages reach a channel again."""
        self._gone.discard(channel)
        text = f"channel {channel} is well again"
        await self.once.take_back(CHANNEL_GONE + channel, text, about=channel, anywhere=True)

    async def _note(self, channel: str) -> None:
        await self.note_move(channel)
        for recipient, why in _answers(self._senders.get(channel)).items():
            if (why is None) is ((channel, recipient) in self._refused):
                await self._answered(channel, recipient, why)

    async def _answered(self, channel: str, recipient: str, why: str | None) -> None:
        """Tell once that a recipient is refused for good, while others are not, or taken again."""
        key, server = _refusal(channel, recipient), f"the mail server of {channel}"
        if why is None:
            self._refused.discard((channel, recipient))
            text = f"{server} takes mail for {recipient} again"
            await self.once.take_back(key, text, anywhere=True)
            return
        self._refused.add((channel, recipient))
        await self.once.tell(
            key,
            f"{server} refuses {recipient} for good ({why}): the others get their mail,"
            " and nothing of it is sent there later; mend that address, or take it out",
            anywhere=True,
        )

    async def note_move(self, channel: str) -> None:
        """Remember a move that the sender met by itself."""
        sender = _moving(self._senders.get(channel))
        if sender and sender.chat != self.chat_of(sender.home):
            await self.moved(channel, sender.chat)

    def _hand_over(self) -> None:
        """Let new senders go on from the last ones, also where a channel was down in between."""
        last = {name: one for name, one in self._addressing.items() if name in self._senders}
        for name, sender in self._senders.items():
            if isinstance(sender, Addressing):
                if former := last.get(name):
                    sender.go_on_from(former)
                last[name] = sender
        self._addressing = last

    def _follow(self) -> None:
        for sender in filter(None, map(_moving, self._senders.values())):
            if sender.home in self._moved:
                sender.follow(self._moved[sender.home])

    def _homes(self) -> Iterator[tuple[str, str]]:
        """Yield each channel that has a chat, and which chat the configuration names."""
        for name, sender in self._senders.items():
            if found := _moving(sender):
                yield name, found.home


def unreached(sender: object) -> str | None:
    """Return whom the last message that arrived did not reach, and why; None for nobody."""
    refused = [f"{to} ({why})" for to, why in _answers(sender).items() if why]
    return f"not to {'; '.join(refused)}" if refused else None


def _refusal(channel: str, recipient: str) -> str:
    return f"{RECIPIENT_REFUSED}{channel} {recipient}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", "!", ".")) else f"{sentence}."


def _answers(sender: object) -> Mapping[str, str | None]:
    return sender.answers if isinstance(sender, Addressing) else {}


def _moving(sender: object) -> Moving | None:
    return sender if isinstance(sender, Moving) else None
