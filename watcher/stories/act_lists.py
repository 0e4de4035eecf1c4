"""How the lists of acts are called, and how each language orders an act and the marks of its time.

They stand in `data/acts/`, a file for each language.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from watcher.stories.lexicon import Lexicon
from watcher.topics.terms import LANGUAGES_AT_HAND

#: Names of the lists, as they stand beside those of a watchlist where terms are hidden.
PREFIX: Final = "act:"
LISTS: Final = Lexicon("acts", PREFIX)
FUTURE: Final = f"{PREFIX}future"
SOON: Final = f"{PREFIX}soon"
#: As much a place as a time: "vor der Wahl", "vor der Küste".
BEFORE: Final = f"{PREFIX}before"
AFTER: Final = f"{PREFIX}after"
NONE: Final = f"{PREFIX}none"
DISASTER: Final = f"{PREFIX}quake"
CANCEL: Final = f"{PREFIX}cancel"
REJECT: Final = f"{PREFIX}reject"
COUP: Final = f"{PREFIX}coup"
KIDNAP: Final = f"{PREFIX}kidnap"
#: What a claim may be of and that is no act here: what was hacked, whoever is held hostage.
DEED: Final = f"{PREFIX}deed"
MARKS: Final = frozenset({FUTURE, SOON, BEFORE, AFTER, DEED})
#: What parts two clauses: no mark reaches over it, and who is named before it does nothing behind.
#: Three points are one sign in headlines, in Korean and Japanese the usual one.
BORDER: Final = re.compile(r"[,;:!?。、，；：！？…|]|\s[-–—]\s|\.[\s.]")


class Grammar(NamedTuple):
    """How a language orders an act and its marks.

    Attributes:
        behind: the marks that it puts behind the act.
        brackets: terms of the future whose infinitive stands at the end of the clause.
        carried: terms of acts that go on with what is to come, straight behind a comma.
        nouns: terms of acts that are no form of a verb, so that they tell no time.
        to_come: how verbs end that tell what is to come or only said: "livrerait", "entregará".
        forces: terms of acts that are no act of anybody where a quake or a storm does it.
        fails: terms that call off the talks before them, and else tell of a building.
        declines: terms that reject the invitation behind them, and else tell of a price.
        claims: terms that claim an attack which the text tells of, and else a right or a task.
    """

    behind: frozenset[str] = frozenset()
    brackets: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    to_come: frozenset[str] = frozenset()
    forces: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    declines: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()


@lru_cache(LANGUAGES_AT_HAND)
def grammar_of(language: str) -> Grammar:
    table = LISTS.table(language)
    lists = {name: frozenset(table.get(name, ())) for name in Grammar._fields}
    marks = frozenset(f"{PREFIX}{mark}" for mark in lists.pop("behind"))
    return Grammar(marks, **lists)
