"""A deterministic encoder for tests: texts about one thing, in any language, lie together."""

import threading
from collections.abc import Sequence

from watcher.errors import EncoderError
from watcher.service.encoder.encoders import Encoder
from watcher.stories.vectors import Vector

#: Words that mean one thing; each thing is an axis.
THINGS = (
    ("kim", "김정은", "ким"),
    ("putin", "푸틴", "путин", "путиным"),
    ("meet", "meets", "만나다", "встретился", "bertemu"),
    ("ferry", "feri", "паром"),
    ("fire", "kebakaran", "пожар"),
    ("volcano", "gunung", "вулкан"),
)


class Things:
    """Knows a few words in a few languages, and keeps what it was asked."""

    digest = "things"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return for each text what of the things it names."""
        self.asked += texts
        return [Vector.of([*map(float, _named(text)), 0.1]) for text in texts]


class Stuck(Things):
    """Takes for ever, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asking, self.let_go = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Wait before answering."""
        self.asking.set()
        self.let_go.wait()
        return super().encode(texts)


def missing(name: str) -> Encoder:
    """Load an encoder that is not installed."""
    raise EncoderError(f'the encoder "{name}" is not installed')


def _named(text: str) -> list[bool]:
    words = set(text.lower().split())
    return [not words.isdisjoint(thing) for thing in THINGS]
