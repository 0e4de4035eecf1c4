"""Write what CLDR calls the months: watcher/stories/data/months.json.

    .venv/bin/python scripts/make_months.py

Source: Unicode CLDR (Unicode License v3) as packed in babel, a development dependency; the daemon
reads the file alone. Month -> the words for it, folded, of every language that news is written in,
as they stand in dates and alone. A word that names different months in different languages is left
out ("listopada" is October in Zagreb, November in Warsaw), and so are names of several words.
What CLDR does not have (abbreviations, cases) stands in vocabulary.toml.
"""

import json
from collections import defaultdict
from pathlib import Path

from babel import Locale
from make_countries import LANGUAGES

from watcher.stories.words import fold

TARGET = Path(__file__).resolve().parents[1] / "watcher" / "stories" / "data" / "months.json"

#: Letters that a language puts before a month in a date: "18 ביוני".
BEFORE = {"he": ("", "ב")}


def main() -> None:
    """Write the data file and say how much is in it."""
    months = collect()
    table = {str(month): sorted(words) for month, words in sorted(months.items())}
    TARGET.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {sum(map(len, months.values()))} words")


def collect() -> dict[int, set[str]]:
    """Return month -> the words that name it and no other month."""
    named: dict[str, set[int]] = defaultdict(set)
    for language in LANGUAGES:
        for width in ("format", "stand-alone"):
            for month, name in Locale(language).months[width]["wide"].items():
                for word in words_of(name, language):
                    named[word].add(month)
    months: dict[int, set[str]] = defaultdict(set)
    for word, meant in named.items():
        if len(meant) == 1:
            months[min(meant)].add(word)
    return months


def words_of(name: str, language: str) -> list[str]:
    """Return how one word for a month may be written; none where it is several, or numbered."""
    word = fold(name)
    if not word.isprintable() or any(mark.isspace() or mark.isdigit() for mark in word):
        return []
    return [before + word for before in BEFORE.get(language, ("",))]


if __name__ == "__main__":
    main()
