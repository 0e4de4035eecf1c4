"""Inflating an answer's body piece by piece as it comes, as its Content-Encoding says, or whole.

Servers write a line break, padding or a warning behind a compressed body; like browsers and curl
we read what stands before it. A body that breaks off is what came of it: feeds begin with the
newest. Damage within is an error. Everything here is pure.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import brotli

from watcher.errors import FeedError

#: Bytes of a document. The largest of 319 real feeds has 0.4 MB; 1 MB of gzip can hold 1 GB.
MAX_BODY_BYTES = 10_000_000

#: A body compressed once by the program and once by a proxy is seen in the wild; more never.
MAX_GZIP_LAYERS = 2

GZIP_MAGIC = b"\x1f\x8b"

#: What is asked for: what `Unpacker` reads.
ACCEPTED = "gzip, deflate, br"

#: Bytes inflated at once, in less than a millisecond; who reads them may give others a turn then.
PIECE_BYTES = 256 * 1024

#: Bytes taken at once: zlib copies what follows a member, for each member anew.
_SLICE_BYTES = 64 * 1024

#: Members of a body; each costs its set-up of 7 us, which may yield nothing.
MOST_MEMBERS = 20_000

#: Bytes that tell how a stream begins.
_HEAD_BYTES = 2

#: zlib's names for what a stream is wrapped in.
_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS

#: Other names that servers give; those that name no compression ("utf-8", "none") are passed over.
_ALIASES = {"x-gzip": "gzip", "x-deflate": "deflate"}

#: Compressions that we do not read.
_UNREAD = {"zstd", "compress", "x-compress", "dcb", "dcz"}


class CompressionError(ValueError):
    """A body is not compressed as it says, or in a way that we do not read."""


def too_large(limit: int) -> FeedError:
    """Return what the user is told of an answer of more than `limit` bytes."""
    return FeedError(f"the answer is larger than {_size(limit)}; raise max_body")


def _size(count: int) -> str:
    return f"{count / 1_000_000:g} MB" if count >= 1_000_000 else f"{count / 1000:g} kB"  # noqa: PLR2004 - units


def inflate(body: bytes, limit: int = MAX_BODY_BYTES) -> bytes:
    """Return the body without gzip layers that no HTTP header announced.

    Args:
        body: as received.
        limit: the greatest size, in bytes, that the result may have.

    Raises:
        FeedError: the body is larger than that, or its compression is damaged.
    """
    for _ in range(MAX_GZIP_LAYERS):
        if body.startswith(GZIP_MAGIC):
            body = _gunzipped(body, limit)
    if len(body) > limit:
        raise FeedError(f"the body is larger than {_size(limit)}")
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    inflated = bytearray()
    try:
        for piece in _Gzip().feed(body):
            inflated += piece
            if len(inflated) > limit:
                raise FeedError(f"the body inflates to more than {_size(limit)}")
    except CompressionError as error:
        raise FeedError("the body is compressed and its compression is damaged") from error
    return bytes(inflated)


class _Inflater(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes inflate to, in pieces."""


class Unpacker:
    """Undoes the encodings of a body, the last one first.

    Args:
        encodings: as Content-Encoding lists them.
        limit: bytes that the body may have, compressed, inflated, and between two encodings.
    """

    def __init__(self, encodings: str, limit: int) -> None:
        self._inflaters = [_inflater(name) for name in reversed(_names(encodings))]
        self._limit = limit
        self._counts = [0] * (len(self._inflaters) + 1)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Return the pieces that these bytes inflate to, each made when it is asked for.

        Raises:
            FeedError: the body is too large.
            CompressionError: it is damaged.
        """
        pieces: Iterator[bytes] = self._counted(0, (data,))
        for number, inflater in enumerate(self._inflaters, 1):
            pieces = self._counted(number, _fed(inflater, pieces))
        return pieces

    def _counted(self, number: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._counts[number] += len(piece)
            if self._counts[number] > self._limit:
                raise too_large(self._limit)
            yield piece


def _fed(inflater: _Inflater, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from inflater.feed(piece)


def _names(encodings: str) -> list[str]:
    """Return the encodings in order; one that is named twice was named by two programs."""
    named = (name.strip().lower() for name in encodings.split(","))
    known = (_ALIASES.get(name, name) for name in named)
    return list(dict.fromkeys(name for name in known if name in _INFLATERS or name in _UNREAD))


def _inflater(name: str) -> _Inflater:
    if name in _UNREAD:
        raise CompressionError(name)
    return _INFLATERS[name]()


class _Deflated:
    """Inflates what zlib reads: gzip, also of several members, and deflate, wrapped or raw."""

    unwrapped = _RAW

    def __init__(self) -> None:
        self._members = 0
        self._head = b""
        self._stream: Any = None
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _SLICE_BYTES):
            try:
                yield from self._inflated(data[start : start + _SLICE_BYTES])
            except zlib.error as error:
                raise CompressionError(str(error)) from error

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        is_full = False
        while (data or is_full) and not self._is_over:
            if self._stream is None:
                data = self._begin(self._head + data)
                continue
            piece = self._stream.decompress(data, PIECE_BYTES)
            is_full = len(piece) == PIECE_BYTES
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data, is_full, self._stream = self._stream.unused_data, False, None
            if piece:
                yield piece

    def _begin(self, data: bytes) -> bytes:
        """Begin the next stream if the data does, and return the data; keep a head too short."""
        self._head = b"" if len(data) >= _HEAD_BYTES else data
        if self._head:
            return b""
        wrapping = _wrapping(data)
        self._is_over = self._members > 0 and wrapping != _GZIP  # text may look like zlib
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise CompressionError("too many members")
        self._stream = zlib.decompressobj(self.unwrapped if wrapping is None else wrapping)
        return data


class _Gzip(_Deflated):
    """Inflates gzip; what is not wrapped at all is damaged."""

    unwrapped = _GZIP


class _Brotli:
    """Inflates brotli, which takes nothing behind its end."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while not self._stream.is_finished():
                piece = self._stream.process(data, output_buffer_limit=PIECE_BYTES)
                # It may want more data and still hold what was not given out yet.
                if not piece and self._stream.can_accept_more_data():
                    return
                yield piece
                data = b""
        except brotli.error as error:
            raise CompressionError(str(error)) from error


_INFLATERS: dict[str, Callable[[], _Inflater]] = {
    "gzip": _Gzip,
    "deflate": _Deflated,
    "br": _Brotli,
}


def _wrapping(head: bytes) -> int | None:
    """Tell by its first bytes what a stream is wrapped in, whatever it is called."""
    if head.startswith(GZIP_MAGIC):
        return _GZIP
    is_zlib = head[0] & 0x8F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
    return _ZLIB if is_zlib else None
