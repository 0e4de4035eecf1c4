"""The channels' senders, as a configuration wants them."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

import structlog

from watcher.alerts.senders import Sender
from watcher.config.settings import Settings
from watcher.errors import ConfigError
from watcher.service.down import DownSender
from watcher.service.log import redactor

log = structlog.get_logger(__name__)


def open_channels(
    settings: Settings, make: Callable[..., Sender], screen: TextIO
) -> dict[str, Sender]:
    """Return the channels' senders; a channel that cannot be used is down and says so.

    From here on no log line shows their secrets.
    """
    redactor.know(set(_secrets(settings)))
    senders: dict[str, Sender] = {}
    for name, channel in settings.channels.items():
        try:
            senders[name] = make(name, channel, console=screen)
        except ConfigError as error:
            log.error("channel is down", channel=name, error=str(error))  # noqa: TRY400 - a user's mistake
            senders[name] = DownSender(name, str(error))
    return senders


def down(senders: Mapping[str, Sender]) -> dict[str, str]:
    """Return the channels that cannot be used, and why."""
    return {
        name: sender.reason for name, sender in senders.items() if isinstance(sender, DownSender)
    }


def _secrets(settings: Settings) -> Iterator[str]:
    """Yield every secret that can be revealed, to be cut out of logs."""
    for secret in settings.secrets():
        with contextlib.suppress(ConfigError):
            yield secret.reveal()
