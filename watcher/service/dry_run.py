"""A dry run decides as the daemon would, on a copy of the database, and sends nothing."""

from dataclasses import replace
from pathlib import Path

from watcher.alerts.render import plain_text
from watcher.alerts.views import Outgoing
from watcher.config.channels import ChannelTable
from watcher.service.in_force.config_file import ConfigFile
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.storage.backup import copy_database
from watcher.storage.migrate import HEAD, demand_none_lost, refuse_newer, revision

log = get_logger(__name__)


class DrySender:
    """Logs what a channel would be sent."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.limit_key = f"dry-{name}"

    async def send(self, outgoing: Outgoing) -> str | None:
        """Log the message's title and headlines."""
        headlines = [report.title for view in outgoing.views for report in view.reports]
        title, _ = plain_text(outgoing)
        log.info("would send", channel=self._name, title=title, headlines=" / ".join(headlines))
        return None

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Log the message's title."""
        title, _ = plain_text(outgoing)
        log.info("would edit", channel=self._name, message=message_id, title=title)

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Log the notice."""
        log.info("would tell", channel=self._name, text=text)

    async def close(self) -> None:
        """Do nothing."""


def make_dry_sender(name: str, channel: ChannelTable, **_: object) -> DrySender:  # noqa: ARG001 - as make_sender
    """Return a sender that only tells, whatever the channel's kind."""
    return DrySender(name)


class DryFile(ConfigFile):
    """A configuration file, read for a dry run."""

    async def read(self) -> tuple[Watch | None, str]:
        """Return what to watch in a dry run, or None and the first complaint."""
        watch, complaint = await super().read()
        return watch and unheard(watch), complaint


def unheard(watch: Watch) -> Watch:
    """Return the same with settings for which no monitor takes the dry run for the daemon.

    The daemon may run beside it: the monitor would not miss it, and find its port taken.
    """
    settings = watch.settings
    watcher = settings.watcher.model_copy(update={"heartbeat_url": None})
    http = settings.http.model_copy(update={"listen": None})
    return replace(watch, settings=settings.model_copy(update={"watcher": watcher, "http": http}))


def copy_into(folder: Path, database: Path) -> Path:
    """Copy the database, if there is one yet, into a folder; return the copy's path.

    Raises:
        StorageError: it is newer than the program, no database of ours, gone while copies of it are
            there, or cannot be copied.
    """
    demand_none_lost(database)
    copy = folder / database.name
    if database.exists():
        refuse_newer(database, revision(database) or HEAD)  # of the copy nobody knows
        copy_database(database, copy)
    return copy
