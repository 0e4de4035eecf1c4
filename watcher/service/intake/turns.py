"""Polls taken in turn by turn: a document may be very long, and others want the writer as well."""

from collections.abc import Callable
from time import monotonic

from watcher.service.encoder.encoder_in_use import EncoderInUse
from watcher.service.encoder.encoding import Vectors
from watcher.service.failpoints import failpoint
from watcher.service.intake.pipeline import Pipeline
from watcher.service.intake.taken import Taken
from watcher.service.polling.visit import PollOutcome
from watcher.service.writer import Writer
from watcher.storage.database import Transaction


class Turns:
    """Takes in polls; between two turns of one poll all that waits for the writer has its own.

    Args:
        writer: runs a turn in a transaction that others may share.
        encoder: the one in use.
        pipeline: returns the one in force: it may change between two turns.
        is_over: whether no further turn is to begin, because the program ends.
        keep: keeps with a poll what else is to be known of it; called in its last transaction.
        on_turn: told after each turn what the poll brought until then, and the seconds it took.
    """

    def __init__(
        self,
        writer: Writer,
        encoder: EncoderInUse,
        pipeline: Callable[[], Pipeline],
        *,
        is_over: Callable[[], bool],
        keep: Callable[[Transaction, PollOutcome, Taken], None],
        on_turn: Callable[[Taken, float], None],
    ) -> None:
        self._writer, self._encoder, self._pipeline = writer, encoder, pipeline
        self._is_over, self._keep, self._on_turn = is_over, keep, on_turn

    async def take(self, outcome: PollOutcome) -> Taken:
        """Take in a poll, and return what it brought.

        A rest is left where the program ends: the feed is due still, and brings it again.
        """
        pipeline = self._pipeline()
        vectors = await self._encoder.prepare(lambda tx, v: pipeline.foresee(tx, outcome, v))
        taken = await self._turn(outcome, vectors, None)
        while taken.rest and not self._is_over():
            # Another configuration may have brought another encoder, whose vectors are unlike.
            same = self._pipeline() is pipeline
            taken = await self._turn(outcome, vectors if same else None, taken)
        return taken

    async def _turn(
        self, outcome: PollOutcome, vectors: Vectors | None, before: Taken | None
    ) -> Taken:
        pipeline, began_s = self._pipeline(), monotonic()

        def work(tx: Transaction) -> Taken:
            taken = pipeline.take(tx, outcome, vectors, before)
            if taken.rest is None:
                self._keep(tx, outcome, taken)
            return taken

        taken = await self._writer.run(work, shares=True)
        failpoint("after_commit")
        self._on_turn(taken, monotonic() - began_s)
        return taken
