"""Codes of languages that were hardly meant: the words under them never count as they should."""

from collections.abc import Iterator

from watcher.config.languages import LANGUAGE_OF_SHARED_CODE
from watcher.config.problems import Problem
from watcher.config.settings import Settings
from watcher.topics.countries import countries
from watcher.topics.language import NEVER_LATIN
from watcher.topics.lint_languages import KNOWN_SCRIPTS
from watcher.topics.lint_terms import Path
from watcher.topics.scripts import Script, scripts_in
from watcher.topics.terms import language_family
from watcher.topics.wordsets import word_set

#: Languages that write in letters of their own, beside those that a text's language is told by.
_OF_OTHER_LETTERS = NEVER_LATIN | word_set(
    "am ba bn ckb cv dv gu hi kn ky ml mn mr ne or os pa ps sd si ta te tg ug"
)


def lint_codes(settings: Settings) -> Iterator[Problem]:
    """Warn of languages that feeds and word lists name, and that the program knows nothing of.

    Where lists and feeds agree on a rare one, it is meant: what a feed declares mostly stands.
    """
    feeds = {language_family(feed.lang) for feed in settings.feeds if feed.lang}
    lists = {language_family(tag) for words in settings.words.values() for tag in words.languages}
    for name, words in settings.words.items():
        for tag, texts in words.languages.items():
            unmet = (
                f'no feed has `lang = "{tag}"`: the words count only in texts of no known language'
            )
            why = _unknown(tag, "" if language_family(tag) in feeds else unmet)
            why = why or _written_otherwise(tag, texts)
            yield from _warned(("words", name, tag), why, at_key=True)
    for number, feed in enumerate(settings.feeds):
        if feed.lang:
            met = language_family(feed.lang) in lists
            why = _unknown(feed.lang, "" if met else "no word list has words in it")
            yield from _warned(("feeds", number, "lang"), why)


def _warned(path: Path, why: str, *, at_key: bool = False) -> Iterator[Problem]:
    if why:
        yield Problem(path, why, at_key=at_key, warning=True)


def _unknown(tag: str, unmet: str) -> str:
    """Return what is wrong with a language that the program has no word of; "" if nothing is.

    `unmet` says what other part of the configuration knows nothing of it either.
    """
    language = language_family(tag)
    if language in KNOWN_SCRIPTS or any(language in names for names in countries().values()):
        return ""
    meant = LANGUAGE_OF_SHARED_CODE.get(language)
    if meant:
        return f'Watcher has no words in "{tag}", which is a country too; did you mean "{meant}"?'
    return f'Watcher does not recognise "{tag}", and {unmet}' if unmet else ""


def _written_otherwise(tag: str, texts: tuple[str, ...]) -> str:
    """Return what is wrong with Latin words of a language of other letters; "" if nothing is.

    Names stand in Latin letters in texts of any: one word in capitals, or in the language's own
    letters, and all may be meant.
    """
    language = language_family(tag)
    if language not in _OF_OTHER_LETTERS or not texts or not all(map(_is_plain_latin, texts)):
        return ""
    meant = LANGUAGE_OF_SHARED_CODE.get(language)
    hint = f'; did you mean "{meant}"?' if meant else ""
    return f'no word is in letters that "{tag}" writes{hint}'


def _is_plain_latin(text: str) -> bool:
    letters = scripts_in(text) - {Script.NONE, Script.DIGIT}
    return letters == {Script.LATIN} and text.islower() and not text.startswith("=")
