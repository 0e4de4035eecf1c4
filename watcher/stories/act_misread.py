"""Does what stands around a verb make it another act than its word tells, or nobody's at all?"""

import re
from typing import Final

from watcher.model import Evidence
from watcher.stories.act_lists import (
    BORDER,
    CANCEL,
    COUP,
    DEED,
    DISASTER,
    KIDNAP,
    PREFIX,
    REJECT,
    Grammar,
)
from watcher.stories.vocabulary import word_list
from watcher.stories.words import fold, words

#: Beside these a kidnapping says of whom they are.
_RELEASES: Final = frozenset({f"{PREFIX}free", f"{PREFIX}rescue"})
#: "And", which Arabic writes to the next word.
_ARABIC_AND: Final = "\u0648"
#: "Is" in Portuguese and Italian: without its accent it would be their "and".
_IS: Final = re.compile(r"\b[éè]\b", re.IGNORECASE)
#: How a quake or a storm with its name or number is marked in Japanese where it strikes, and nobody
#: else: "台風10号が沖縄を襲った", but "津波の町を強盗が襲った".
_STRIKES: Final = re.compile(r"(?:第?\d+号|[「『]?[ァ-ヶー・]+[」』]?)?[がはに][^が]*\Z")
_KANA: Final = re.compile(r"[ぁ-ん]")
#: Between a quake or a storm and what it does: "typhoon Nando slams".
_FORCE_REACH: Final = 8
#: With how strong it is: "earthquake of magnitude 5.8 hits".
_MEASURED_REACH: Final = 20
_DIGIT: Final = re.compile(r"\d")
_TALKS: Final = frozenset({f"{PREFIX}meet", f"{PREFIX}agree"})
_OFFERS: Final = frozenset({f"{PREFIX}invite"})
#: A word of the same clause, unlike that of "leaders meet as bridge collapses".
_WORD: Final = (
    r"(?!(?:as|after|before|when|where|while|since|because|despite|following|amid|and|but"
    r"|that|which|who)\b)"
    r"[\w'’-]+\s"
)
#: What falls of itself, whatever was said before it: "meeting hall roof collapses".
_FALLING: Final = (
    r"(?:roof|hall|bridge|building|block|home|tower|wall|ceiling|floor|balcony|stage|stand|crane"
    r"|mine|dam|tunnel|road|school|church|mosque|temple|hotel|factory|stadium|structure|venue"
    r"|price|share|stock|market|currency|rouble|ruble|lira|economy)s?\s(?:\w+ly\s)?\Z"
)
#: What goes on from talks. After any other word it is no talks that collapse: a pavilion of the
#: summit, who speaks there.
_GOING_ON: Final = (
    r"(?:in|on|over|at|for|to|of|with|between|by|from|under|near|about|around|aimed|all|close|set"
    r"|without|through|via|amid|process|hopes?|plans?|efforts?|bid"
    r"|is|are|was|were|has|have|had|may|might|could|would|will|nears?|faces?|risks?|seems?|looks?"
    r"|appears?|struck|made|ends?|again|once|finally|now|then|still|today|yesterday|last|this"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\w+ed|\w+ly)\s"
)
#: Between talks and how they end: "talks between Oslo and Rome on fish have all but collapsed".
_OF_TALKS: Final = re.compile(
    rf"\s(?:(?={_GOING_ON})(?:(?:between|with)\s(?:{_WORD}){{1,3}}and\s)?"
    rf"(?:all\sbut\s|(?!{_FALLING}){_WORD}){{0,5}})?",
    re.IGNORECASE,
)
#: Talks that say where or when somebody else collapses: "at a meeting with Putin Kim collapses".
_AT_TALKS: Final = re.compile(
    r"\b(?:at|during)\s(?!risk\b|brink\b)(?:[\w'’-]+\s){0,4}\Z", re.IGNORECASE
)
#: Between who declines and the offer: "declines the king's invitation", not "decline as firms
#: invite".
_OF_OFFER: Final = re.compile(rf"\s(?:{_WORD}){{0,5}}", re.IGNORECASE)
#: A year straight before or behind a coup: "the 2021 coup", "golpe de 1973", "2021년 쿠데타".
_YEAR_BEFORE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d\s?(?:年の?|년\s)?\Z")
#: Not an hour: "Putsch um 2030 Uhr".
_YEAR_BEHIND: Final = re.compile(
    r"(?:\s\w{1,3}){1,2}\s(?:19|20)\d\d(?!\d|\s?(?:uhr|h|hrs|hours|local|gmt|utc)\b)", re.IGNORECASE
)
#: Of these a claim is an act; else it is of a right, a task or a title.
_CLAIMED: Final = frozenset(
    {DEED, *(f"{PREFIX}{act}" for act in ("attack", "crash", "die", "kidnap", "launch"))}
)


def is_blind(text: str, act: Evidence, acts: list[Evidence]) -> bool:
    """Whether a quake or a storm stands straight before an act, and does it: "quake struck"."""
    forces = (one for one in acts if one.list == DISASTER and one.end <= act.start)
    return any(_strikes(text[one.end : act.start], act) for one in forces)


def _strikes(between: str, act: Evidence) -> bool:
    """Whether what stands between a quake and an act leaves the act to the quake."""
    reach = _MEASURED_REACH if _DIGIT.search(between) else _FORCE_REACH
    if len(between) > reach or BORDER.search(between):
        return False
    return bool(_STRIKES.match(between)) if _KANA.search(act.text) else True


def is_misread(text: str, act: Evidence, found: list[Evidence], grammar: Grammar) -> bool:
    """Whether what is said of a verb's object or subject makes it another act than this one."""
    if act.term in grammar.fails:
        of_talks = any(
            one.list in _TALKS
            and _joins(_OF_TALKS, text, one, act)
            and not _AT_TALKS.search(text[: one.start])
            for one in found
        )
        return of_talks != (act.list == CANCEL)
    if act.term in grammar.declines:
        of_offer = any(one.list in _OFFERS and _joins(_OF_OFFER, text, act, one) for one in found)
        return of_offer != (act.list == REJECT)
    if act.list == COUP and _is_of_a_year(text, act):
        return True
    return act.term in grammar.claims and not any(one.list in _CLAIMED for one in found)


def is_of_release(text: str, language: str | None, act: Evidence, acts: list[Evidence]) -> bool:
    """Whether a kidnapping only says of whom a release beside it is: "kidnapped priest freed"."""
    return act.list == KIDNAP and any(
        one.list in _RELEASES and not _are_parted(text, language, act, one) for one in acts
    )


def _are_parted(text: str, language: str | None, one: Evidence, other: Evidence) -> bool:
    """Whether a border or an "and" stands between two acts."""
    first, second = sorted((one, other), key=lambda act: act.start)
    between = text[first.end : second.start]
    if BORDER.search(between) or second.text.startswith(_ARABIC_AND):
        return True
    return not word_list("joining", language).isdisjoint(words(fold(_IS.sub(" ", between))))


def _is_of_a_year(text: str, act: Evidence) -> bool:
    """Whether a coup is told with its year: background, for nobody writes that on its day."""
    before = _YEAR_BEFORE.search(text, 0, act.start)
    return bool(before or _YEAR_BEHIND.match(text, act.end))


def _joins(between: re.Pattern[str], text: str, first: Evidence, second: Evidence) -> bool:
    """Whether one act stands before another, and just such words between them."""
    return first.end <= second.start and bool(between.fullmatch(text[first.end : second.start]))
