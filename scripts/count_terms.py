"""Count in how many stories each term occurs and write the weights that the stories room ships.

    python scripts/count_terms.py items.jsonl [...] > watcher/stories/data/terms.txt

An item counts once per story (`cluster`), so that a story told two hundred times does not make
its own words common. Only terms of several stories are written, so no text can be read back.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from watcher.stories.titles import clean_title
from watcher.stories.words import RAREST, fold, stem, words

#: A term of fewer stories is as rare as an unknown one.
LEAST = 4
#: A language with fewer stories than this says nothing about its words.
MAIN = 300
SUMMARY_CHARACTERS = 400


def main() -> None:
    """Read the files named on the command line, write the table to standard output."""
    stories: dict[str, set[str]] = defaultdict(set)
    for name in sys.argv[1:]:
        for number, line in enumerate(Path(name).read_text("utf-8").splitlines()):
            item = json.loads(line)
            story = item.get("cluster") or f"{name}:{number}"
            text = clean_title(item.get("title") or "", item.get("outlet") or "")
            text += " " + fold((item.get("summary") or "")[:SUMMARY_CHARACTERS])
            stories[f"{item.get('lang')}:{story}"].update(map(stem, words(text)))
    print(*_rows(stories), sep="\n")


def _rows(stories: dict[str, set[str]]) -> list[str]:
    languages = Counter(key.split(":")[0] for key in stories)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, terms in stories.items():
        counts[key.split(":")[0]].update(terms)
    main = [language for language, total in languages.items() if total >= MAIN]
    shares: dict[str, float] = defaultdict(float)
    for language in main:
        for term, count in counts[language].items():
            if count >= LEAST:
                shares[term] += count / languages[language] / len(main)
    weights = {term: min(RAREST, -math.log(share)) for term, share in shares.items()}
    rows: dict[str, list[str]] = defaultdict(list)
    for term, rarity in weights.items():
        rows[f"{rarity:.1f}"].append(term)
    head = (
        "# Weight (ln of stories per story with the term), then the terms: scripts/count_terms.py"
    )
    return [
        head,
        *(f"{rarity} {' '.join(sorted(rows[rarity]))}" for rarity in sorted(rows, key=float)),
    ]


if __name__ == "__main__":
    main()
