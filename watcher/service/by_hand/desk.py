"""What whoever does something by hand works with."""

from dataclasses import dataclass
from datetime import datetime

from watcher.config.settings import Settings
from watcher.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """One write transaction, the settings in force, and the present time."""

    tx: Transaction
    settings: Settings
    now: datetime
