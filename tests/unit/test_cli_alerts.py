from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from watcher.cli.alerts import _went
from watcher.model import Action, Errand, Priority
from watcher.storage.rows import AlertRow, DeliveryRow, State

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def delivery(channel: str, state: State = State.SENT, *, seconds: int = 200) -> DeliveryRow:
    time = NOW - timedelta(seconds=seconds)
    values: dict[str, Any] = dict.fromkeys(("message_id", "hold", "bundle"))
    return DeliveryRow(
        id=1,
        alert=1,
        channel=channel,
        key=channel,
        state=state,
        attempts=1,
        created=time,
        due=time,
        maybe_sent=False,
        last_error="mailbox full" if state is State.DEAD else None,
        sent_at=time if state is State.SENT else None,
        kind=Errand.MESSAGE,
        **values,
    )


FIVE = tuple(delivery(name) for name in ("a", "b", "c", "d", "e"))
DEAD = delivery("mail", State.DEAD)


@pytest.mark.parametrize(
    ("deliveries", "shown"),
    [
        pytest.param((), "", id="none"),
        pytest.param(FIVE[:1], "a: sent 3 min ago", id="one"),
        pytest.param(FIVE[:2], "a: sent 3 min ago; b: sent 3 min ago", id="two"),
        pytest.param(FIVE, "all 5: sent 3 min ago", id="all alike"),
        pytest.param(
            (delivery("x", seconds=300), *FIVE), "all 6: sent 3 min ago", id="all but a minute"
        ),
        pytest.param((DEAD, *FIVE), "mail: dead; the other 5: sent 3 min ago", id="one dead"),
        pytest.param((DEAD, FIVE[0]), "mail: dead; a: sent 3 min ago", id="each its own"),
    ],
)
def test_deliveries_that_stand_alike_are_listed_as_one(
    deliveries: tuple[DeliveryRow, ...], shown: str
) -> None:
    row = AlertRow(
        id=1,
        topic="t",
        story=1,
        action=Action.ALERT,
        priority=Priority.HIGH,
        created=NOW,
        due=NOW,
        entries=1,
        lead=1,
        title="Headline",
        deliveries=deliveries,
    )

    assert _went(row, NOW) == shown
