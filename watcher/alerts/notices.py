"""What becomes of a notice to the operator.

    waits -> tried by each of its roads -> taken by one
                                        -> given up: why, `why_given_up` says
                                        -> waits again, for the next notice or for ten minutes

One whose answer is lost is sent once more, which it says: that outlives a restart, and a third copy
would tell nobody anything. Those that go the same way keep their order: of two that say the
opposite the later one is true.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from watcher.alerts.compose import POSSIBLE_REPEAT
from watcher.errors import DeliveryError

#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE: Final = 10
#: So many wait for a way on which nothing arrives; of more only the newest would ever be read.
MOST_KEPT: Final = 100


def next_try(error: DeliveryError, wait: timedelta | None, longest: timedelta) -> timedelta | None:
    """Return after how long a road is tried again with the same notice; None for a later round.

    Args:
        error: why it did not take it.
        wait: until the next try, if there is one.
        longest: a service that asks for more keeps no other road waiting.
    """
    asked = error.retry_after or timedelta(0)
    if wait is None or error.permanent or error.maybe_sent or asked > longest:
        return None
    return max(wait, asked)


def why_given_up(text: str, errors: Sequence[DeliveryError], newer: int) -> str | None:
    """Return why a notice that no road took is not tried any more; None if it waits.

    A channel that is down, or refuses whatever comes, may be mended.

    Args:
        text: the notice's.
        errors: of each road the last one, one at least.
        newer: how many wait that came after it and go the same way.
    """
    if all(error.text_refused for error in errors):
        return "its text is refused"
    if text.endswith(POSSIBLE_REPEAT) and _is_answer_lost(errors):
        return "it may have arrived twice"
    return f"{newer} came after it" if newer >= MOST_KEPT else None


def said_again(text: str, errors: Sequence[DeliveryError]) -> str:
    """Return how a notice reads when it is tried again; see `why_given_up`."""
    is_repeat = _is_answer_lost(errors) and not text.endswith(POSSIBLE_REPEAT)
    return text + POSSIBLE_REPEAT if is_repeat else text


def joined(texts: Sequence[str]) -> str:
    """Return the text of one message with notices, oldest first: the newest of very many."""
    earlier = len(texts) - MOST_AT_ONCE
    head = [f"{earlier} earlier ones: see `watcher status`"] if earlier > 0 else []
    return "; ".join([*head, *texts[-MOST_AT_ONCE:]])


def _is_answer_lost(errors: Iterable[DeliveryError]) -> bool:
    return any(error.maybe_sent for error in errors)
