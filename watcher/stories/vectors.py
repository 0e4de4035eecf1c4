"""Texts as directions: where an optional encoder sees a headline, in whatever language it is.

Raw vectors of all texts point much the same way, and those of one language still more so: one
threshold would mean another likeness for every pair of languages. A `Frame` takes both out: the
common direction, and the few directions in which languages differ. It comes with the encoder and
never changes, so a vector is kept once and for all.
"""

import base64
import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final, Self

#: The largest code; a signed byte for each number keeps cosines to .01.
_LARGEST: Final = 127
#: The frame's numbers are kept as 16-bit fractions of this.
_ONE: Final = 32_767


@dataclass(frozen=True, slots=True)
class Vector:
    """A direction, coarsely kept: a signed byte for each number, and their length."""

    codes: bytes
    norm: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return the direction of these numbers; of nothing but zeros it is none."""
        most = max(map(abs, values), default=0.0) or 1.0
        codes = array("b", (round(_LARGEST * value / most) for value in values))
        return cls.from_bytes(codes.tobytes())

    @classmethod
    def from_bytes(cls, codes: bytes) -> Self:
        """Return the vector whose codes were stored."""
        signed = memoryview(codes).cast("b")
        return cls(codes, math.sqrt(sum(map(mul, signed, signed))))

    def cosine(self, other: "Vector") -> float:
        """Return -1 to 1, how far two vectors of one encoder point the same way."""
        if len(self.codes) != len(other.codes) or not self.norm or not other.norm:
            return 0.0
        ours, theirs = memoryview(self.codes).cast("b"), memoryview(other.codes).cast("b")
        return int(sum(map(mul, ours, theirs))) / (self.norm * other.norm)


@dataclass(frozen=True, slots=True)
class Frame:
    """What an encoder's vectors have in common, and the axes along which languages differ.

    Args:
        centre: the mean raw vector of headlines, every language counting the same.
        axes: at right angles to each other and of length 1.
    """

    centre: tuple[float, ...]
    axes: tuple[tuple[float, ...], ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Sequence[str]]) -> Self:
        """Return the frame that `scripts/frame_encoder.py` wrote; its first row is the centre."""
        centre, *axes = map(_row, record["rows"])
        return cls(centre, tuple(axes))

    def place(self, raw: Sequence[float]) -> Vector:
        """Return where a text lies, seen without what says only "a text in this language"."""
        rest = [value - common for value, common in zip(raw, self.centre, strict=True)]
        for axis in self.axes:
            along = sum(map(mul, rest, axis))
            rest = [value - along * part for value, part in zip(rest, axis, strict=True)]
        return Vector.of(rest)


def frame_row(values: Sequence[float]) -> str:
    """Return a row of a frame as its file keeps it: 16-bit fractions, little-endian."""
    codes = b"".join(round(_ONE * value).to_bytes(2, "little", signed=True) for value in values)
    return base64.b64encode(codes).decode("ascii")


def _row(text: str) -> tuple[float, ...]:
    codes = base64.b64decode(text)
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return tuple(int.from_bytes(pair, "little", signed=True) / _ONE for pair in pairs)
