import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from random import Random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import FeedError
from watcher.feeds.compression import (
    GZIP_MAGIC,
    MOST_MEMBERS,
    PIECE_BYTES,
    CompressionError,
    Unpacker,
    inflate,
)

BODY = b"<rss version='2.0'><channel><title>Kim</title></channel></rss>" * 50
LIMIT = 1_000_000
#: Of letters that compress to half.
VARIED = Random(1).randbytes(3 * PIECE_BYTES).hex().encode()  # noqa: S311 - repeatable on purpose


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def unpacked(body: bytes, encodings: str, *, at_once: int = 10**9, limit: int = LIMIT) -> bytes:
    unpacker = Unpacker(encodings, limit)
    chunks = (body[start : start + at_once] for start in range(0, len(body), at_once))
    return b"".join(piece for chunk in chunks for piece in unpacker.feed(chunk))


@pytest.mark.parametrize("at_once", [1, 7, 10**9])
@pytest.mark.parametrize(
    "stray",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n", id="a line break"),
        pytest.param(b"\0" * 512, id="padding"),
        pytest.param(b"<!-- cached -->" * 9000, id="a long comment"),
        pytest.param(b"\x1f", id="half a beginning"),
        pytest.param(b"x\x9c and more", id="what looks like zlib"),
    ],
)
@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", gzip.compress(BODY), id="gzip"),
        pytest.param("gzip", gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]), id="members"),
        pytest.param("deflate", zlib.compress(BODY), id="deflate"),
        pytest.param("deflate", raw_deflate(BODY), id="raw deflate"),
        pytest.param("deflate", gzip.compress(BODY), id="gzip by another name"),
    ],
)
def test_what_stands_behind_a_compressed_body_is_passed_over(
    encoding: str, packed: bytes, stray: bytes, at_once: int
) -> None:
    assert unpacked(packed + stray, encoding, at_once=at_once) == BODY


@pytest.mark.parametrize(
    ("encodings", "packed"),
    [
        pytest.param("", BODY, id="none"),
        pytest.param("identity", BODY, id="identity"),
        pytest.param("utf-8", BODY, id="no compression at all"),
        pytest.param(" GZip ", gzip.compress(BODY), id="odd case"),
        pytest.param("x-gzip", gzip.compress(BODY), id="old name"),
        pytest.param("gzip,gzip", gzip.compress(BODY), id="named twice"),
        pytest.param("utf-8, gzip", gzip.compress(BODY), id="beside no compression"),
        pytest.param("br", brotli.compress(BODY), id="brotli"),
        pytest.param("deflate, gzip", gzip.compress(zlib.compress(BODY)), id="two"),
        pytest.param("gzip, br", brotli.compress(gzip.compress(BODY)), id="brotli over gzip"),
    ],
)
@pytest.mark.parametrize("at_once", [1, 10**9])
def test_encodings_are_undone_last_first(encodings: str, packed: bytes, at_once: int) -> None:
    assert unpacked(packed, encodings, at_once=at_once) == BODY


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
@pytest.mark.parametrize("at_once", [1460, 64 * 1024, 10**9])
@pytest.mark.parametrize("body", [VARIED, BODY * 500], ids=["varied", "repeated"])
def test_a_large_body_comes_whole(
    encoding: str, pack: Callable[[bytes], bytes], body: bytes, at_once: int
) -> None:
    assert unpacked(pack(body), encoding, at_once=at_once, limit=10**7) == body


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", gzip.compress(BODY), id="gzip"),
        pytest.param("deflate", zlib.compress(BODY), id="deflate"),
        pytest.param("deflate", raw_deflate(BODY), id="raw deflate"),
        pytest.param("br", brotli.compress(BODY), id="brotli"),
    ],
)
def test_of_a_body_that_breaks_off_comes_what_came(encoding: str, packed: bytes) -> None:
    for length in range(len(packed)):
        assert BODY.startswith(unpacked(packed[:length], encoding))
    assert len(unpacked(packed[:-6], encoding)) > 60 or encoding == "br"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", b"plain", id="not gzip"),
        pytest.param("deflate", b"plain", id="not deflate"),
        pytest.param("br", BODY, id="not brotli"),
        pytest.param("gzip", gzip.compress(BODY)[:-8] + b"12345678", id="wrong sum"),
        pytest.param("zstd", b"whatever", id="unread"),
        pytest.param("gzip", gzip.compress(b"") * (MOST_MEMBERS + 1), id="too many members"),
    ],
)
def test_damage_is_an_error(encoding: str, packed: bytes) -> None:
    with pytest.raises(CompressionError):
        unpacked(packed, encoding)


@pytest.mark.parametrize(
    ("encodings", "packed"),
    [
        pytest.param("gzip", gzip.compress(bytes(30 * LIMIT)), id="gzip"),
        pytest.param("deflate", raw_deflate(bytes(30 * LIMIT)), id="raw deflate"),
        pytest.param("br", brotli.compress(bytes(30 * LIMIT), quality=1), id="brotli"),
        pytest.param("", bytes(LIMIT + 1), id="plain"),
        pytest.param("gzip", gzip.compress(b"x") + bytes(LIMIT), id="stray bytes"),
        pytest.param(
            "deflate, gzip",
            gzip.compress(zlib.compress(b"x") + bytes(30 * LIMIT)),
            id="between two encodings",
        ),
    ],
)
def test_a_bomb_is_stopped_at_the_limit_and_inflated_in_pieces(
    encodings: str, packed: bytes
) -> None:
    tracemalloc.start()
    with pytest.raises(FeedError, match="larger than 1 MB"):
        unpacked(packed, encodings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * LIMIT


def test_a_piece_is_made_when_it_is_asked_for() -> None:
    pieces = Unpacker("gzip", LIMIT).feed(gzip.compress(bytes(LIMIT)))

    assert len(next(pieces)) == PIECE_BYTES
    assert sum(map(len, pieces)) == LIMIT - PIECE_BYTES


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_gzip_that_no_header_announced_is_taken_off(layers: int) -> None:
    body = b"<rss/>"
    for _ in range(layers):
        body = gzip.compress(body)

    assert inflate(body) == b"<rss/>"


def test_gzip_of_several_members_is_one_body() -> None:
    assert inflate(gzip.compress(b"<rss>") + gzip.compress(b"</rss>")) == b"<rss></rss>"
    assert inflate(gzip.compress(b"<item/>") * 2000) == b"<item/>" * 2000


def test_only_what_a_body_inflates_to_counts() -> None:
    noise = VARIED[:LIMIT]
    packed = gzip.compress(noise, compresslevel=0)  # larger than it was

    assert inflate(packed, LIMIT) == noise
    with pytest.raises(FeedError, match="inflates to more than"):
        inflate(packed, LIMIT - 1)
    with pytest.raises(FeedError, match="its compression is damaged"):
        inflate(GZIP_MAGIC + noise, LIMIT)


def test_a_body_that_was_cut_off_is_inflated_as_far_as_it_goes() -> None:
    whole = bytes(range(256)) * 200

    assert whole.startswith(inflate(gzip.compress(whole)[:-30]))


def bomb(size: int) -> bytes:
    squeezer = zlib.compressobj(9, wbits=31)
    blank = bytes(1_000_000)
    pieces = [squeezer.compress(blank) for _ in range(size // len(blank))]
    return b"".join(pieces) + squeezer.flush()


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["once", "twice"])
def test_a_gzip_bomb_ends_at_the_limit(wrap: type[bytes]) -> None:
    with pytest.raises(FeedError, match="inflates to more than 10 MB"):
        inflate(wrap(bomb(50_000_000)))


def test_damaged_gzip_is_a_feed_error() -> None:
    with pytest.raises(FeedError, match="damaged"):
        inflate(b"\x1f\x8bnothing of the kind")


def test_a_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FeedError, match="larger than"):
        inflate(b"x" * 101, limit=100)


@given(st.binary(max_size=300), st.integers(0, 2))
def test_inflating_gives_bytes_within_the_limit_or_a_feed_error(body: bytes, layers: int) -> None:
    for _ in range(layers):
        body = gzip.compress(body)
    with suppress(FeedError):
        assert len(inflate(body, limit=200)) <= 200
