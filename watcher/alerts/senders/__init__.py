"""The last hop: each channel kind hands a rendered alert to its service, once per call.

Nothing here repeats a send on its own: the outbox does, by what a `DeliveryError` says. Each sender
imports its library only when a channel asks for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, TextIO, runtime_checkable

from watcher.alerts.pace import Pace
from watcher.alerts.views import Outgoing
from watcher.config.channels import ChannelTable
from watcher.errors import ConfigError


class Sender(Protocol):
    """Sends to one channel; lives in one event loop."""

    @property
    def limit_key(self) -> str:
        """What shares a rate limit: when this sender is told to wait, all with its key wait."""
        ...

    async def send(self, outgoing: Outgoing) -> str | None:
        """Send one message and return its id at the service, None where there is none.

        Raises:
            DeliveryError: the service did not take it, or may not have.
        """
        ...

    async def notice(self, text: str, *, silent: bool = False) -> None:
        """Send one plain line about Watcher itself, without a sound where that can be had.

        Raises:
            DeliveryError: as for `send`.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; no send may follow."""
        ...


@runtime_checkable
class Editor(Protocol):
    """A sender that can change a message that arrived."""

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Let a message say what is to be said now; that it says so already is success.

        Raises:
            DeliveryError: the service did not change it, or may not have.
        """
        ...


@runtime_checkable
class Repeating(Protocol):
    """A sender that knows more of a notice which may have arrived than that."""

    async def repeat(self, text: str, *, silent: bool = False) -> None:
        """Send a notice again whose answer was lost, and say so: to who may have missed it, once.

        Args:
            text: as it was sent before, to be known by; or with newer ones, for everybody.
            silent: as for `notice`.

        Raises:
            DeliveryError: as for `send`.
        """


@runtime_checkable
class Narrow(Protocol):
    """A sender whose service takes short messages only."""

    @property
    def most_stories(self) -> int:
        """Stories that one message may tell of; at least 1."""


@runtime_checkable
class Paced(Protocol):
    """A sender whose service refuses what comes too fast."""

    @property
    def pace(self) -> Pace:
        """How fast its messages may follow each other."""


@runtime_checkable
class Moving(Protocol):
    """A sender whose chat may get another number."""

    @property
    def home(self) -> str:
        """The chat that the configuration names."""

    @property
    def chat(self) -> str:
        """Where it is now, as far as the sender knows."""

    def follow(self, chat: str) -> None:
        """Send there from now on."""


@runtime_checkable
class Addressing(Protocol):
    """A sender with several recipients, of whom its service may refuse some."""

    @property
    def answers(self) -> Mapping[str, str | None]:
        """Why each was refused for good at the last message, None for who was taken.

        Recipients go by how the configuration writes them; who was put off keeps its last answer.
        """

    def go_on_from(self, former: object) -> None:
        """Share what the sender that served the channel before knows of its messages.

        A send of its that is still under way then leaves its answers here, too.
        """


def make_sender(
    name: str, channel: ChannelTable, *, console: TextIO, clock: Callable[[], datetime]
) -> Sender:
    """Return the sender of a channel, its secret revealed.

    Args:
        name: the channel's.
        channel: its table.
        console: where a console channel prints.
        clock: dates what has no date of its own.

    Raises:
        ConfigError: a secret is missing or cannot be what it should be.
    """
    if channel.telegram:
        from watcher.alerts.senders.telegram import TelegramSender

        return TelegramSender(name, channel.telegram)
    if channel.email:
        from watcher.alerts.senders.email import EmailSender

        return EmailSender(name, channel.email, clock)
    if channel.apprise:
        from watcher.alerts.senders.apprise import AppriseSender

        return AppriseSender(name, channel.apprise)
    if channel.console:
        from watcher.alerts.senders.console import ConsoleSender

        return ConsoleSender(name, console)
    raise ConfigError(f"channel {name} says neither telegram, email, apprise nor console")
