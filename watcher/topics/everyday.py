"""Everyday words of languages: what stands in every other text (Stopwords ISO)."""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from watcher.topics.language import COMMON_WORDS
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family


@cache
def everyday_languages(word: str) -> frozenset[str]:
    """Return the languages in which a folded word is an everyday one (Stopwords ISO)."""
    return frozenset(_everyday().get(word, ()))


@lru_cache(LANGUAGES_AT_HAND)
def everyday_words(language: str) -> frozenset[str]:
    """Return the everyday words of a language, in small letters (Stopwords ISO)."""
    own = (word for word, languages in _everyday().items() if language in languages)
    return COMMON_WORDS.get(language, frozenset()).union(own)


@cache
def _everyday() -> dict[str, set[str]]:
    from stopwordsiso import langs, stopwords  # read only where one is asked for

    found: dict[str, set[str]] = {}
    for language in langs():
        for word in stopwords(language):
            found.setdefault(word.casefold(), set()).add(language_family(language))
    return found


def everyday_among(words: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return those of some folded words that are everyday ones, with their languages.

    What is read for it, eight megabytes, is let go of.
    """
    known = _everyday()
    found = {word: frozenset(known[word]) for word in words if word in known}
    _everyday.cache_clear()
    return found
