"""The channels' senders, as a configuration wants them."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from watcher.alerts.senders import Sender, make_sender
from watcher.alerts.views import Outgoing
from watcher.config.problems import Problem
from watcher.config.secrets import Secret
from watcher.config.settings import Settings
from watcher.errors import ConfigError, DeliveryError
from watcher.service.in_force.secrets import hide_secrets
from watcher.service.log import get_logger
from watcher.service.moments import utc_now

log = get_logger(__name__)


class DownSender:
    """Stands in for a channel that cannot be used, so that its deliveries meet the usual rules.

    They are retried for 48 hours and then dead, and told; nothing waits for ever unseen.

    Attributes:
        reason: a sentence.
    """

    def __init__(self, name: str, reason: str, *, permanent: bool = False) -> None:
        self.limit_key = f"down-{name}"
        self.reason, self._permanent = reason, permanent

    async def send(self, outgoing: Outgoing) -> str | None:  # noqa: ARG002 - a Sender's
        """Refuse."""
        raise DeliveryError(self.reason, permanent=self._permanent)

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:  # noqa: ARG002 - an Editor's
        """Refuse."""
        raise DeliveryError(self.reason, permanent=self._permanent)

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Refuse."""
        raise DeliveryError(self.reason, permanent=True)

    async def close(self) -> None:
        """Do nothing."""


def open_channels(
    settings: Settings, make: Callable[..., Sender], screen: TextIO
) -> dict[str, Sender]:
    """Return the channels' senders; a channel that cannot be used is down and says so.

    From here on no log line shows their secrets.
    """
    hide_secrets(settings)
    senders: dict[str, Sender] = {}
    for name, channel in settings.channels.items():
        try:
            senders[name] = make(name, channel, console=screen)
        except ConfigError as error:
            log.error("channel is down", channel=name, error=str(error))  # noqa: TRY400 - a user's mistake
            senders[name] = DownSender(name, str(error))
    return senders


def channel_problems(settings: Settings) -> Iterator[Problem]:
    """Yield a warning for each channel whose token or address cannot be one: it would be down.

    Apprise alone knows its addresses; it is loaded only where a channel names one.
    """
    for name, channel in settings.channels.items():
        secret = channel.telegram.token if channel.telegram else channel.apprise
        if secret is None or not _is_there(secret):
            continue
        try:
            if channel.telegram:
                channel.telegram.bot_token(name)
            else:
                make_sender(name, channel, console=sys.stdout, clock=utc_now)
        except ConfigError as error:
            yield Problem(("channels", name), str(error), at_key=True, warning=True)


def _is_there(secret: Secret) -> bool:
    """Tell whether a secret can be read again and again; that one cannot is a warning already."""
    with contextlib.suppress(ConfigError):
        return secret.is_lasting() and bool(secret.reveal())
    return False


def down(senders: Mapping[str, Sender]) -> dict[str, str]:
    """Return the channels that cannot be used, and why."""
    return {
        name: sender.reason for name, sender in senders.items() if isinstance(sender, DownSender)
    }
