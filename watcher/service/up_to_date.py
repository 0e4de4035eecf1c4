"""Bringing the database to today's schema at a start, and saying so."""

from datetime import datetime
from pathlib import Path

from watcher.service.log import get_logger
from watcher.service.monitoring.sd_notify import more_time
from watcher.storage.migrate import upgrade

log = get_logger(__name__)


def bring_up_to_date(database: Path, now: datetime) -> None:
    """Make the database ready for this program, or a new one where none was.

    Raises:
        StorageError: it cannot be used; nothing was changed.
    """
    with more_time("bringing the database up to date"):  # a large one takes minutes
        upgraded = upgrade(database, now)
    if upgraded.before is None:
        log.info("new database made", path=str(database), schema=upgraded.after)
    elif upgraded.backup:
        log.info("database upgraded", schema=upgraded.after, backup=str(upgraded.backup))
