"""How many entries a second a large watchlist reads: 1,000 topics with 10,000 terms, and more.

    python benchmarks/match.py [--topics 1000] [--terms 10] [--entries 4000]

Words are made up (the same every time) in three alphabets and Chinese characters, the frequent
ones as frequent as in news; a tenth of the terms is among the thousand most frequent words.
The entries are as long as a title with a summary: 30 words.
"""

import argparse
import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from watcher.config import Settings
from watcher.heap import look_seldom, making_to_last
from watcher.model import Entry
from watcher.topics.language import COMMON_WORDS
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS_PER_ENTRY = 30
TITLE_WORDS = 9
VOCABULARY = 20_000
FREQUENT = 1_000
LISTS_PER_TOPIC = 3
ROUNDS = 5

#: One word in so many is an everyday one, from which a language is known.
COMMON_SHARE = 0.25

#: Consonants and vowels to make words of, and the language that they are taken for.
ALPHABETS = {
    "id": ([*"bcdghjklmnprsty", "ng", "ny"], "aeiou"),
    "en": ([*"bcdfgklmnprstvw", "th", "sh", "st"], ["a", "e", "i", "o", "u", "ea", "ou"]),
    "ru": ("бвгджзклмнпрстхч", "аеиоуя"),
}


def main() -> None:
    """Print build time, memory and rates."""
    arguments = parse_arguments()
    chance = random.Random(1)  # noqa: S311 - the same words every time, no secret
    vocabularies = {name: make_words(chance, *parts) for name, parts in ALPHABETS.items()}
    vocabularies["zh"] = make_characters(chance)
    entries = list(make_entries(chance, vocabularies, arguments.entries))
    settings = make_settings(chance, vocabularies, arguments.topics, arguments.terms)
    look_seldom()  # garbage is looked for as the daemon does
    with making_to_last():
        watchlist = build(settings)
    measure("language declared", watchlist, entries)
    undeclared = [Entry(e.id, e.title, e.seen, e.summary) for e in entries]
    measure("language not declared", watchlist, undeclared)


def parse_arguments() -> argparse.Namespace:
    """Read the size of the watchlist from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=1000)
    parser.add_argument("--terms", type=int, default=10, help="per topic")
    parser.add_argument("--entries", type=int, default=4000)
    return parser.parse_args()


def make_words(
    chance: random.Random, consonants: Sequence[str], vowels: Sequence[str]
) -> list[str]:
    """Return different words of two to four syllables."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = chance.choice((2, 3, 3, 4))
        words[
            "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(syllables))
        ] = None
    return list(words)


def make_characters(chance: random.Random) -> list[str]:
    """Return different words of two to four common Chinese characters."""
    characters = [chr(code) for code in range(0x4E00, 0x5A00)]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choices(characters, k=chance.choice((2, 2, 3, 4))))] = None
    return list(words)


def make_entries(
    chance: random.Random, vocabularies: dict[str, list[str]], count: int
) -> Iterator[Entry]:
    """Yield entries whose words are as unequally frequent as in natural text (Zipf)."""
    weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
    for number in range(count):
        language = chance.choice(list(vocabularies))
        words = chance.choices(vocabularies[language], weights, k=WORDS_PER_ENTRY)
        common = sorted(COMMON_WORDS.get(language, ()))
        words = [
            one if not common or chance.random() > COMMON_SHARE else chance.choice(common)
            for one in words
        ]
        space = "" if language == "zh" else " "
        title = space.join(words[:TITLE_WORDS]).capitalize()
        summary = space.join(words[TITLE_WORDS:]).capitalize() + "."
        yield Entry(str(number), title, SEEN, summary, language=language)


def make_settings(
    chance: random.Random, vocabularies: dict[str, list[str]], topics: int, terms: int
) -> Settings:
    """Return topics of three lists each: two entities near each other and a word list."""
    lists: dict[str, dict[str, object]] = {"entities": {}, "words": {}}
    tables = []
    for number in range(topics):
        language = chance.choice(list(vocabularies))
        texts = [pick(chance, vocabularies[language]) for _ in range(terms)]
        share = -(-terms // LISTS_PER_TOPIC)
        lists["entities"][f"one{number}"] = {"names": texts[:share]}
        lists["entities"][f"two{number}"] = {"names": texts[share : 2 * share]}
        lists["words"][f"act{number}"] = {language: texts[2 * share :]}
        line = f"(one{number} NEAR two{number}) OR (one{number} AND act{number})"
        tables.append({"id": f"topic{number}", "match": line})
    return Settings.model_validate({**lists, "topics": tables})


def pick(chance: random.Random, vocabulary: list[str]) -> str:
    """Return a word, a tenth of the time a frequent one."""
    first, last = (50, FREQUENT) if chance.random() < 0.1 else (FREQUENT, VOCABULARY)
    return vocabulary[chance.randrange(first, last)]


def build(settings: Settings) -> Watchlist:
    """Compile the watchlist, telling time and memory."""
    before, started = peak_mib(), time.perf_counter()
    watchlist = Watchlist(settings)
    elapsed = time.perf_counter() - started
    print(f"build: {elapsed:.2f} s, +{peak_mib() - before:.0f} MiB at most")
    return watchlist


def peak_mib() -> float:
    """Return the most memory that the process had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(what: str, watchlist: Watchlist, entries: list[Entry]) -> None:
    """Print the median rate of several rounds, and how much there was to find."""
    readings = [watchlist.read(entry) for entry in entries]
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for entry in entries:
            watchlist.read(entry)
        rates.append(len(entries) / (time.process_time() - started))
    mentions = sum(len(reading.mentions) for reading in readings) / len(readings)
    matches = sum(len(reading.matches) for reading in readings)
    rate, best = statistics.median(rates), max(rates)
    print(
        f"{what}: {rate:,.0f} entries/s ({1e6 / rate:.0f} us; best {best:,.0f}), "
        f"{mentions:.1f} mentions an entry, {matches} matches"
    )


if __name__ == "__main__":
    main()
