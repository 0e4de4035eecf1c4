"""The encoder that the configuration names, loaded beside the loop; often there is none."""

import asyncio
from collections.abc import Awaitable, Callable

from watcher.config.values import EncoderName
from watcher.errors import EncoderError
from watcher.service.encoder.encoders import Encoder
from watcher.service.encoder.encoding import EncoderThread, Vectors, use_vectors
from watcher.service.writer import Writer
from watcher.storage.database import Database, Transaction

Look = Callable[[Transaction, Vectors], None]


class EncoderInUse:
    """Answers polls with vectors where there is an encoder.

    Args:
        database: for reading beside the writer.
        writer: runs its transactions.
        load: loads an encoder.
        tell_once: told a key and a sentence when one cannot be loaded.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        load: Callable[[EncoderName], Encoder],
        tell_once: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._database, self._writer = database, writer
        self._load, self._tell_once = load, tell_once
        self._name: EncoderName | None = None
        self._thread: EncoderThread | None = None
        self._is_first = True

    async def use(self, name: EncoderName | None) -> None:
        """Load the encoder of that name, if it is not in use; without one everything works as well.

        Raises:
            StorageError: the database could not take note; to be tried again.
        """
        if self._uses(name):
            return
        if old := self._taken_out():
            await asyncio.to_thread(old.close)
        encoder = None if name is None else await self._loaded(name)
        digest = encoder.digest if encoder else ""
        await self._writer.run(lambda tx: use_vectors(tx, digest))
        self._thread = EncoderThread(encoder) if encoder else None
        self._name, self._is_first = name, False  # last: what failed before is tried again

    def _uses(self, name: EncoderName | None) -> bool:
        """Whether nothing is to be done; an encoder that was missing may be installed by now."""
        is_same = name == self._name and not self._is_first
        return is_same and (name is None or self._thread is not None)

    async def _loaded(self, name: EncoderName) -> Encoder | None:
        try:
            encoder = await asyncio.to_thread(self._load, name)
        except EncoderError as error:
            await self._tell_once(f"encoder {name}", str(error))
            return None
        await self._writer.run(lambda tx: tx.notices.clear(f"encoder {name}"))
        return encoder

    async def prepare(self, look: Look) -> Vectors | None:
        """Return the vectors that `look` asks for, as far as they are ready in time.

        None where there is no encoder.
        """
        if self._thread is None:
            return None

        def ask(vectors: Vectors) -> None:
            with self._database.read() as tx:
                look(tx, vectors)

        return await self._thread.prepare(ask)

    def close(self) -> None:
        """Let go of the encoder."""
        if old := self._taken_out():
            old.close()

    def _taken_out(self) -> EncoderThread | None:
        """Take the encoder out of use, before it ends: a poll must find none, or one that works."""
        old, self._thread = self._thread, None
        return old
