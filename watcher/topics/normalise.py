"""One form for every spelling of a text, with the way back to the original characters.

Terms and texts are folded alike: compatibility forms and case (NFKC, casefold), Arabic, Greek and
Cyrillic variant letters, vowel points; hyphens, quotes and dots inside names become spaces. What
is searched is the *key*: the folded text without its spaces, so that "Kim Jong-un", "Kim Jongun"
and "金 正恩" meet; where a space was is known from the positions.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from watcher.lazy import lazy

#: Stands between title and summary in the searched text: no term runs across it.
FIELD_BORDER = "\x00"

#: Characters that part words but not names: they become a space. Hyphens and dashes (category
#: Pd) and spaces (Z*) join them in `_is_separator`. "=" and "゠" part names in Japanese. The space
#: of no width (U+200B) is none: it marks where a long word may break, and hides in "Put\u200bin".
SEPARATORS = frozenset(
    "'’‘‚‛ʼʻʽ`´΄\"“”„‟«»‹›「」『』《》〈〉·•・･‧∙⋅・᛫׳״_=゠−\u200c\x1c\x1d\x1e\x1f"
)

#: Letters that are written one for another: Arabic alef, yeh, teh marbuta and their Persian
#: forms; Russian ё, which print mostly writes е; Belarusian ў, which is у after a vowel; the two
#: signs of a nasal vowel in Hindi (गाँधी, गांधी).
VARIANTS = str.maketrans("أإآٱىیکةۀہڪёў\u0901", "ااااييكهههكеу\u0902")

#: Marks that never decide which word it is: Hebrew points, Arabic vowel signs and tatweel, the
#: dot under letters of loan words in Hindi, which print leaves out (फ़्रांस, फ्रांस),
#: and accents that have no letter of their own (the stress in "Пу́тин").
SILENT_MARKS = frozenset(
    chr(code)
    for first, last in (
        (0x0300, 0x036F),
        (0x0591, 0x05BD),
        (0x05BF, 0x05C2),
        (0x0610, 0x061A),
        (0x0640, 0x0640),
        (0x064B, 0x065F),
        (0x0670, 0x0670),
        (0x06D6, 0x06DC),
        (0x093C, 0x093C),
    )
    for code in range(first, last + 1)
)

#: Latin letters whose stroke or form is not a combining mark to Unicode.
LATIN_STROKES = str.maketrans("đðłøıħŧ", "ddloiht")

#: "U.S.", "N. Korea": the point after a lone letter belongs to the letter.
#: The point stands first in the pattern because that is what is searched for fast.
INITIAL_POINT = re.compile(r"\.(?<=(?<!\w)[^\W\d_]\.)")

#: Letters that fold to their lower case and nothing else, so that a text of them needs no look at
#: each: Latin without what is two letters to Unicode, Cyrillic, Greek without accents, Arabic
#: without variants, Devanagari, Thai, Hangul, kana and Chinese characters. All others are odd.
_ODD = re.compile(
    r"[^ !#$%&()*+,./0-9:;<>?@A-Za-z\[\]|~"
    "\u00c0-\u00d6\u00d8-\u00de\u00e0-\u00f6\u00f8-\u012f\u0131\u0134-\u013e\u0141-\u0148"
    "\u014a-\u017e\u1ea0-\u1ef9\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9"
    "\u0402-\u040d\u040f-\u0450\u0452-\u045d\u045f"
    "\u0490-\u04ff\u05d0-\u05ea\u0621\u0624\u0626\u0627\u0628\u062a-\u063a\u0641-\u0648\u064a"
    "\u0904-\u0939\u093e-\u094d\u0e01-\u0e32\u0e34-\u0e3a\u0e40-\u0e4e\u3001\u3002\u3005"
    "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]"
)

#: Latin letters that have a mark or a stroke, as far as folding leaves them.
_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")

#: More different characters than this are looked up one by one: replacing each costs more.
_FEW_CHARACTERS = 16

#: Folding can create what folds again ("ᾳ" -> "αι"); it settles within this many rounds.
MAX_ROUNDS = 6


#: A stretch of a folded text: its first character in the key and the one after it, the same in
#: the original, where spaces part it, and whether one, or nothing, stands at either side.
Spot = tuple[int, int, int, int, tuple[int, ...], bool]


class Folded:
    """A text in the form that terms are compared in.

    Attributes:
        original: the text as published.
        spaced: the folded text, separators as spaces (as many as there were).
        exact: the folded text without spaces, with its diacritics.
        key: the searched text: as `exact`, and as long, but Latin letters bare of diacritics.
    """

    def __init__(
        self,
        original: str,
        spaced: str,
        starts: Sequence[int] | None = None,
        ends: Sequence[int] | None = None,
    ) -> None:
        """Take a folded text and, per character, its span in the original; None: the same."""
        self.original = original
        self.spaced = spaced
        self.exact = spaced.replace(" ", "")
        self.key = _bare(self.exact)
        self._starts = starts
        self._ends = ends

    # Computed when first asked for: in most texts no term is found, and nobody asks.
    @lazy
    def _part_starts(self) -> list[int]:
        """Where in the key the parts between spaces begin, the last one's end included."""
        return [0, *accumulate(map(len, self.spaced.split(" ")))]

    @lazy
    def borders(self) -> frozenset[int]:
        """The characters of the key that a separator, or nothing, stands before."""
        return frozenset(self._part_starts)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where in the original the key's characters begin and end; they are one or more."""
        parts = self._part_starts
        # In `spaced` a character of the key stands behind so many spaces.
        begin = first + bisect_right(parts, first) - 1
        end = last + bisect_right(parts, last - 1) - 1
        if self._starts is None or self._ends is None:
            return begin, end
        return self._starts[begin], self._ends[end - 1]

    def spot(self, first: int, last: int) -> Spot:
        """Return what there is to know of the key's characters; they are one or more."""
        parts = self._part_starts
        # In `spaced` a character of the key stands behind so many spaces.
        before, upto = bisect_right(parts, first), bisect_left(parts, last)
        begin, end = first + before - 1, last + upto - 1
        gaps = () if before == upto else self.gaps(first, last)
        is_alone = parts[before - 1] == first and parts[upto] == last
        if self._starts is not None and self._ends is not None:
            begin, end = self._starts[begin], self._ends[end - 1]
        return first, last, begin, end, gaps, is_alone

    def gaps(self, first: int, last: int) -> tuple[int, ...]:
        """Return where the key's span is parted, counted from its first character."""
        starts = self._part_starts
        inside = starts[bisect_right(starts, first) : bisect_left(starts, last)]
        return tuple(dict.fromkeys(start - first for start in inside)) if inside else ()


def fold(text: str) -> Folded:
    """Fold a text, keeping the way back from every folded character to the original."""
    if text.isascii():
        return Folded(text, _join_initials(text.translate(_ASCII)))
    folded = _fold_one_to_one(text)
    if folded is not None:
        return Folded(text, _join_initials(folded))
    folded, starts, ends = _fold_clusters(text)
    return Folded(text, _join_initials(folded), starts, ends)


def normalise(text: str) -> str:
    """Return the folded text with single spaces; folding that again changes nothing."""
    return " ".join(part for part in fold(text).spaced.split(" ") if part)


def _join_initials(spaced: str) -> str:
    return INITIAL_POINT.sub(" ", spaced) if "." in spaced else spaced


def _is_separator(char: str) -> bool:
    return char in SEPARATORS or char.isspace() or unicodedata.category(char) in {"Pd", "Zs"}


def _fold_char(char: str) -> str:
    """Fold one character: a space for a separator, nothing for a silent one."""
    if char == "…":
        return "."  # three points would be three characters where there is one
    if _is_separator(char):
        return " "
    for _ in range(MAX_ROUNDS):
        folded = unicodedata.normalize("NFKC", char.casefold()).translate(VARIANTS)
        folded = "".join(map(_fold_piece, folded))
        if folded == char:
            break
        char = folded
    return char


def _fold_piece(char: str) -> str:
    if _is_separator(char):
        return " "
    if char in SILENT_MARKS or unicodedata.category(char) == "Cf":
        return ""
    return (
        _unaccented(char) if "\u0370" <= char <= "\u03ff" or "\u1f00" <= char <= "\u1fff" else char
    )


def _unaccented(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


class _Table(dict[int, str]):
    """Folds each character once; remembers those that fold to none or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = _fold_char(char)
        if len(folded) != 1:
            self.uneven.add(char)
        return folded


class _BareTable(dict[int, str]):
    """Takes the diacritics off Latin letters, one letter for one."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code).translate(LATIN_STROKES))[0]
        self[code] = bare = base if base.isascii() and base.isalpha() else chr(code)
        return bare


_TABLE = _Table()
_BARE = _BareTable()
_ASCII = {code: _fold_char(chr(code)) for code in range(128)}


def _fold_one_to_one(text: str) -> str | None:
    """Return the folded text if every character folds to one, which leaves all places as is."""
    odd = set(_ODD.findall(text))
    folded = _replaced(text, odd, _TABLE).casefold()
    even = _TABLE.uneven.isdisjoint(odd) and unicodedata.is_normalized("NFC", text)
    return folded if even and unicodedata.is_normalized("NFC", folded) else None


def _bare(exact: str) -> str:
    """Return a folded text with its Latin letters bare of diacritics."""
    if exact.isascii():
        return exact
    return _replaced(exact, set(_MARKED.findall(exact)), _BARE)


def _replaced(text: str, chars: set[str], table: "dict[int, str]") -> str:
    """Return a text with some of its characters as a table has them; one by one if few."""
    if len(chars) > _FEW_CHARACTERS:
        return text.translate(table)
    for char in chars:
        text = text.replace(char, table[ord(char)])
    return text


def _fold_clusters(text: str) -> tuple[str, list[int], list[int]]:
    """Fold letter by letter with its marks; again, until nothing changes."""
    starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    for _ in range(MAX_ROUNDS):
        folded, places = _fold_once(text)
        ends = [ends[last - 1] for _, last in places]
        starts = [starts[first] for first, _ in places]
        if folded == text:
            break
        text = folded
    return text, starts, ends


def _fold_once(text: str) -> tuple[str, list[tuple[int, int]]]:
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    first = 0
    while first < len(text):
        last = first + 1
        while last < len(text) and _extends(text[last]):
            last += 1
        piece = unicodedata.normalize("NFC", text[first:last]).translate(_TABLE)
        folded.append(piece)
        places.extend([(first, last)] * len(piece))
        first = last
    return "".join(folded), places


def _extends(char: str) -> bool:
    """Tell whether a character belongs to the letter before it: a mark, a Hangul vowel or tail."""
    return "\u1160" <= char <= "\u11ff" or unicodedata.category(char).startswith("M")
