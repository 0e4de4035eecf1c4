"""When the encoder is asked, and how often: it is slow, and nobody may wait for it.

Before a poll's transaction, in a thread of its own, the poll is judged once to learn which
headlines need a vector. They are encoded a few at a time until all are done or the patience is
over; in the transaction, what has a vector uses it and what has none goes without.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, Protocol

from watcher.config.values import EncoderName
from watcher.errors import EncoderError
from watcher.service.encoder.encoders import Encoder, open_encoder
from watcher.service.log import get_logger
from watcher.storage.database import Transaction
from watcher.stories.vectors import Vector

log = get_logger(__name__)

#: Headlines encoded for one poll: a second on one core. Those that match a topic come first.
MOST_TEXTS: Final = 32
#: A poll waits so long for its vectors; an alert is to leave within two seconds.
PATIENCE_S: Final = 1.5
#: Vectors that a replay remembers, half a kilobyte each: several rounds ask for the same.
MOST_KNOWN: Final = 20_000
#: Encoded at once; between two such steps a poll that is out of patience stops.
_STEP: Final = 4


class Vectors(Protocol):
    """Where vectors come from."""

    def of(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Return text -> vector, as far as there are any."""
        ...


class Computed:
    """Vectors of whatever is asked for: for replays, where time does not count."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vector] = {}

    def of(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Return a vector for each text."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return {text: self._known[text] for text in texts}


def computed(name: EncoderName | None) -> Computed | None:
    """Return the vectors of an encoder; None for no encoder, or for one that cannot be used."""
    try:
        return None if name is None else _opened(name)
    except EncoderError:
        return None


@cache
def _opened(name: EncoderName) -> Computed:
    """Return the vectors of an encoder, the same for every replay; a failure is not kept."""
    return Computed(open_encoder(name))


class Prepared:
    """Vectors for one poll: computed until it is closed, then only looked up."""

    def __init__(self, encoder: Encoder, most: int = MOST_TEXTS) -> None:
        self._encoder = encoder
        self._left = most
        self._is_closed = False
        self._known: dict[str, Vector] = {}

    def of(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Return the vectors there are, after computing as many as are still allowed."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        while new and self._left and not self._is_closed:
            step, new = new[: min(_STEP, self._left)], new[_STEP:]
            self._left -= len(step)
            self._known.update(zip(step, self._encoder.encode(step), strict=True))
        return {text: self._known[text] for text in texts if text in self._known}

    def close(self) -> None:
        """Compute no more."""
        self._is_closed = True


class EncoderThread:
    """Runs the encoder beside the loop and the writer.

    Args:
        encoder: what to ask.
        patience_s: seconds that a poll waits; what is not ready then goes without.
    """

    def __init__(self, encoder: Encoder, patience_s: float = PATIENCE_S) -> None:
        self.encoder = encoder
        self._patience_s = patience_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    async def prepare(self, look: Callable[[Vectors], object]) -> Vectors:
        """Return the vectors that `look` asked for, as far as they are ready in time."""
        prepared = Prepared(self.encoder)
        work = asyncio.get_running_loop().run_in_executor(self._thread, look, prepared)
        _, late = await asyncio.wait([work], timeout=self._patience_s)
        prepared.close()
        if late:
            work.cancel()
            log.info("encoder too slow for a poll; some of its entries go without")
        elif not work.cancelled() and (error := work.exception()):
            log.error("encoder failed; a poll goes without", exc_info=error)
        return prepared

    def close(self) -> None:
        """End the thread; what waits for it is dropped."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def use_vectors(tx: Transaction, digest: str) -> None:
    """Keep only the vectors of one encoder, also in the signatures at hand."""
    if tx.vectors.use(digest):
        tx.signatures.clear()
