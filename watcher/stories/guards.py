"""What forbids to call two texts copies, though nearly all their words agree.

They part "copy" from "same event with something new". news.py finds denials by them, and
act_phases.py what is to come, which may make two stories of one topic.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Never

from watcher.stories.vocabulary import opposites, word_list

_FUTURE_PARTS: Final = re.compile(
    "예정|전망|계획|앞두고|할 듯|될 듯|予定|見通し|へ$|[或恐料]将|[或恐料]將"
    "|将[于会与同在对向]|將[於會與同在對向]|[拟擬]|计划|計劃"
    "|سوف|يعتزم|المقرر"
)
_DONE_PARTS: Final = re.compile("마쳐|마친|마쳤|했다|開催した|終了|已经|已經|结束")
#: Explainers and background share every word with the news that they explain.
_EXPLAINER: Final = re.compile(
    r"^(?:kronologi|sejarah|mengenal|profil|apa itu|siapa|alasan|mengapa|kenapa|fakta"
    r"|explainer|explained|why|how|what|who|timeline|factbox|analysis|opinion|column|view|q&a"
    r"|key takeaways|что|кто|почему|как)\b"
)
#: A title that asks, with a mark or without; ";" is the mark of Greeks.
_ASKS: Final = re.compile(
    r"""
    [?？؟] | [か吗嗎까]$ | [α-ωά-ώ];$ | \sm[iıuü]$
  | (?-i:\sли\s)  # "Ли" is a name
  | ^(?:apa(?:kah)? | (?:akan|benar|bisa|mampu|mungkin)kah | czy | zda | ob(?!\sriver)
      | est-ce | неужели | чи | هل | آیا | क्या | có\sphải | liệu)\s
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What takes back, puts right or checks what was reported. As labels alone: "Korektur" in a
#: sentence may be anybody's.
_CORRECTS: Final = r"""
    correct(?:ed|s|ion|ions|ing) | clarification | clarified | retract(?:ed|ion)
  | erratum | errata(?:\scorrige)?
  | fact[-\s]?check(?:ed)? | fake | false | misleading | hoax | debunked
  | ralat | koreksi | meralat | klarifikasi | cek\sfakta | salah(?!\s?-\s?satu) | keliru | hoaks
  | disinformasi | misinformasi
  | faktencheck | infox | désinformation | bulo | verificação | fejk | фейк
  | correcci[oó]n | rectificaci[oó]n | fe\sde\serratas | rectificatif | r[eé]tractation
  | corre[cç][aã]o | errata | rettifica | correzione | korrektur | berichtigung | korrigiert
  | correctie | rectificatie | rättelse | korjaus | sprostowanie | korekta | oprava | helyesbítés
  | corectare | rectificare | διόρθωση | düzeltme | đính\schính
  | исправлен(?:ие|о) | уточнение | опровержение
  | поправка | виправлен(?:ня|о) | уточнення | спростування
  | تصحيح | توضيح | اصلاحیه | संशोधन | शुद्धिपत्र
  | 更正 | 訂正 | 勘误 | 勘誤 | 정정(?:보도)?
"""
_CORRECTION: Final = re.compile(
    rf"""^\W*(?:{_CORRECTS})(?:\s\d{{1,2}})?\s?[-:–—\uff0d|\]】）)：]
       | ^[(\[](?:{_CORRECTS})(?:\s\w+){{1,4}}[)\]]
       | [(\[【（](?:{_CORRECTS})[)\]】）]\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
#: Letters that the forms of one verb share: "meet" and "met", "send" and "sent".
_HEAD: Final = 3
#: Of verbs without their prefix, Indonesian and Malay: "berlarian", "berpotensi". What the nasal
#: stands for is either of these: "memukul" is "pukul", "memasak" is "masak".
_PREFIXED: Final = re.compile(
    r"(?P<nasal>meny|peny|meng|peng|mem|pem|men|pen)(?=[aiueo])"
    r"|(?:meng|peng|mem|pem|men|pen|me|ber|ter|per|di|ke(?!\w+an$))(?=\w{4})"
)
_BEFORE_NASAL: Final = {"ny": ("s", "ny"), "ng": ("k", ""), "m": ("p", "m"), "n": ("t", "n")}
#: Where verbs have these prefixes.
_PREFIXING: Final = frozenset({"id", "ms"})
_SAYING: Final = word_list("saying")
#: "Moon, says Kim": too short for a clause and who says it.
_CLAUSE: Final = 5
#: One for all: thousands of titles are kept, and most of them hold nothing of the kind.
_NONE: Final[frozenset[Never]] = frozenset()


def denied(title_words: tuple[str, ...], language: str | None = None) -> frozenset[str]:
    """Return the heads of the words that a title denies: what follows a "no" or "not"."""
    return _marked(title_words, word_list("negation", language), language)


def planned(title_words: tuple[str, ...], language: str | None = None) -> frozenset[str]:
    """Return the heads of what a title puts into the future: plans, not what has happened."""
    return _marked(title_words, word_list("future", language), language)


def intended(title_words: tuple[str, ...]) -> frozenset[str]:
    """Return the words after an English "to": "to meet", but "to Russia" as well."""
    if "to" not in title_words:
        return _NONE
    following = pairwise(title_words)
    return frozenset(after for word, after in following if word == "to" and len(after) >= _HEAD)


def done(a: frozenset[str], words: tuple[str, ...]) -> bool:
    """Whether a title tells in another form ("meets", "sent") what `a` only intends."""
    return any(
        word[:_HEAD] == verb[:_HEAD] and word != verb and len(word) - len(verb) <= _HEAD
        for verb in a
        for word in words
    )


def heads(title_words: Iterable[str], language: str | None = None) -> frozenset[str]:
    """Return the first letters of a title's words: "meets" is "meet" there, "sent" is "send".

    Of languages whose verbs begin alike, without their prefixes: "menahan" is "tahan" there.
    """
    if language in _PREFIXING:
        title_words = (root for word in title_words for root in _roots(word))
    return frozenset(word[:_HEAD] for word in title_words)


def _roots(word: str) -> tuple[str, ...]:
    """Return what an Indonesian word may be the verb of; itself where it has no prefix."""
    prefix = _PREFIXED.match(word)
    if not prefix:
        return (word,)
    rest = word[prefix.end() :]
    first = _BEFORE_NASAL[prefix["nasal"][2:]] if prefix["nasal"] else ("",)
    return tuple(letter + rest for letter in first)


def tense(title: str) -> int:
    """Return 1 for a title of what is to come, -1 for one of what is done, 0 if it does not say.

    For languages whose verbs carry it; elsewhere `planned` finds it by words.
    """
    return bool(_FUTURE_PARTS.search(title)) - bool(_DONE_PARTS.search(title))


def contradicted(
    a: frozenset[str], b: frozenset[str], a_heads: frozenset[str], b_heads: frozenset[str]
) -> bool:
    """Whether one title says plainly what the other denies; two that deny deny the same."""
    if bool(a) == bool(b):
        return False
    return not a.isdisjoint(b_heads) or not b.isdisjoint(a_heads)


def _marked(
    title_words: tuple[str, ...], markers: frozenset[str], language: str | None
) -> frozenset[str]:
    """Return the heads of what follows a marker, over small words ("will be sent")."""
    if markers.isdisjoint(title_words):
        return _NONE
    following = (
        next((word for word in title_words[place + 1 : place + 3] if len(word) >= _HEAD), "")
        for place, marker in enumerate(title_words)
        if marker in markers and not markers.issuperset(title_words[place + 1 : place + 2])
    )
    return heads(filter(None, following), language)


def explains(title: str) -> bool:
    """Whether a clean title announces background instead of news."""
    return bool(_EXPLAINER.match(title))


def asks(title: str) -> bool:
    """Whether a title as it is written asks something."""
    return bool(_ASKS.search(title))


def is_correction(title: str) -> bool:
    """Whether a headline is labelled as a correction: "CORRECTED-...", "Ralat: ..."."""
    return bool(_CORRECTION.search(title))


def directions(
    title_words: frozenset[str], language: str | None = None
) -> frozenset[tuple[int, int]]:
    """Return the sides taken by a title's words: (pair of opposites, side)."""
    sides = opposites(language)
    if sides.keys().isdisjoint(title_words):
        return _NONE
    return frozenset(side for word in title_words for side in sides.get(word, ()))


def opposed(a: frozenset[tuple[int, int]], b: frozenset[tuple[int, int]]) -> bool:
    """Whether one side takes the opposite of what the other takes."""
    return bool(a and b) and any((pair, 1 - side) in b - a for pair, side in a - b)


def reordered(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether both hold the very same words, and parts of them have changed places.

    "Arsenal beat Chelsea" does so to "Chelsea beat Arsenal", and "drones hit Russia as missiles hit
    Kyiv" to "missiles hit Russia as drones hit Kyiv". What only moves, such as who says it, is in
    nobody's place.
    """
    if len(a) != len(b) or a == b or sorted(a) != sorted(b):
        return False
    first = next(place for place, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1])
    last = next(place for place in range(len(a), 0, -1) if a[place - 1] != b[place - 1])
    swap = _swapped(a[first:last], b[first:last])
    if swap:
        return not (swap <= _SAYING and last - first == len(a) >= _CLAUSE)
    return not _is_moved(a[first:last], b[first:last])


def _is_moved(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether one part of `a` stands elsewhere in `b`, and the rest as it was."""
    return any(a[place:] + a[:place] == b for place in range(1, len(a)))


def _swapped(a: tuple[str, ...], b: tuple[str, ...]) -> frozenset[str]:
    """Return the words around which the first and the last of `a` have changed places in `b`."""
    size = len(a)
    for before in range(1, size - 1):
        if a[:before] != b[size - before :]:
            continue
        for behind in range(1, size - before):
            if (
                a[size - behind :] == b[:behind]
                and a[before : size - behind] == b[behind : size - before]
            ):
                return frozenset(a[before : size - behind])
    return frozenset()
