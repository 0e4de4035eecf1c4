"""What is of a country, and its people: Chinese, japonais, amerikanische.

English writes them with a capital, which tells "Polish" from "polish".
"""

from collections.abc import Iterator

from watcher.data_files import read_table
from watcher.topics.terms import Kind, Term, compile_term, one_for_all
from watcher.topics.wordsets import word_set

#: What may follow a stem of the table, or nothing: gender, number and case.
_ENDINGS = {
    language: endings | {""}
    for language, endings in {
        "en": word_set("s"),
        "es": word_set("s o os a as e es"),
        "fr": word_set("s e es ne nes"),
        "pt": word_set("s o os a as e es"),
        "it": word_set("o i a e hi he"),
        "de": word_set("e en er es em n s"),
    }.items()
}


def country_adjectives(name: str, code: str) -> Iterator[Term]:
    """Yield the adjectives of a country, each counting in its language.

    Args:
        name: the list that they belong to.
        code: of the country, as in ISO 3166-1.
    """
    for language, countries in read_table("topics", "adjectives.toml").items():
        for text in filter(None, countries.get(code, "").split("|")):
            term = compile_term(text, name, Kind.COUNTRY, one_for_all(frozenset({language})))
            if term is not None:
                yield term.standing(endings=_ENDINGS[language], capital=language == "en")
