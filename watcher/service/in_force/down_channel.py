"""Stands in for a channel that cannot be used, so that its deliveries meet the usual rules.

They are retried for 48 hours and then dead, and told; nothing waits for ever unseen.
"""

from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError


class DownSender:
    """Refuses every message with the reason why the channel is down.

    Attributes:
        reason: a sentence.
    """

    def __init__(self, name: str, reason: str, *, permanent: bool = False) -> None:
        self.limit_key = f"down-{name}"
        self.reason, self._permanent = reason, permanent

    async def send(self, outgoing: Outgoing) -> str | None:  # noqa: ARG002 - a Sender's
        """Refuse.

        Raises:
            DeliveryError: always.
        """
        raise DeliveryError(self.reason, permanent=self._permanent)

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:  # noqa: ARG002 - an Editor's
        """Refuse.

        Raises:
            DeliveryError: always.
        """
        raise DeliveryError(self.reason, permanent=self._permanent)

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Refuse.

        Raises:
            DeliveryError: always.
        """
        raise DeliveryError(self.reason, permanent=True)

    async def close(self) -> None:
        """Do nothing."""
