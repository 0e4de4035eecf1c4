"""Write which Chinese characters are one: watcher/topics/data/simplified.txt.

    .venv/bin/pip install opencc-python-reimplemented && .venv/bin/python scripts/make_simplified.py

Source: TSCharacters.txt of OpenCC (Apache License 2.0) as packed in opencc-python-reimplemented,
which nothing else here needs. Of several simplified characters the first, which is the common one,
is taken; what is outside the Basic Multilingual Plane stands in no news and is left out.
"""

from importlib import resources
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "watcher" / "topics" / "data" / "simplified.txt"
LAST = 0xFFFF
A_LINE = 30
HEAD = """\
# Traditional Chinese characters, each with the simplified one that is written for it; made by
# scripts/make_simplified.py from TSCharacters.txt of OpenCC, https://github.com/BYVoid/OpenCC,
# Copyright BYVoid and contributors, Apache License 2.0; shortened, and otherwise unchanged.
"""


def main() -> None:
    """Write the data file and say how much is in it."""
    source = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt")
    pairs = sorted(collect(source.read_text("utf-8")).items())
    rows = (pairs[first : first + A_LINE] for first in range(0, len(pairs), A_LINE))
    lines = (" ".join(map("".join, row)) for row in rows)
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(pairs)} characters")


def collect(text: str) -> dict[str, str]:
    """Return traditional -> simplified, where these are two and not simplified further."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    found = {row[0]: row[1] for row in rows if max(map(ord, row[0] + row[1])) <= LAST}
    return {char: found.get(simple, simple) for char, simple in found.items() if char != simple}


if __name__ == "__main__":
    main()
