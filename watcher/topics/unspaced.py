"""Where very short terms may stand in scripts that write without spaces, or join words (Korean).

One to three letters stand in many longer words, so they have to be a word of their own, as far as
what is around them tells.
"""

from watcher.topics.normalise import Folded
from watcher.topics.scripts import Script, script_of
from watcher.topics.terms import Kind, Term
from watcher.topics.wordsets import word_set

# Read off their class, members of an enumeration take ten times as long.
_KANA, _HANGUL = Script.KANA, Script.HANGUL

#: Written to the end of a Korean noun: at, of, with, to, from. Those that mark the subject also
#: make everyday words of one syllable: 일이 is "a thing", not "Japan".
KOREAN_PARTICLES = word_set("에 의 와 과 로 엔 에게 에서 에선 에도 로부터 측")

#: Characters; a run of thousands is walked no further, for each place in it asks anew.
_LONGEST_PARTICLE = max(map(len, KOREAN_PARTICLES))

#: Katakana is written in runs that are words; a term this short must begin or be one.
SHORT_KATAKANA = 3

#: Shorter words that also follow such a term: スイスフラン, イランイラク戦争.
KATAKANA_TAILS = word_set("ドル リラ ペソ ルピー フラン レアル ランド モデル チーム イラク")

#: Letters of katakana after such a term that are a word of their own: メディア, ルーブル.
LONGEST_KATAKANA_TAIL = 4

#: No word begins with these.
NO_KATAKANA_BEGIN = frozenset("ンーッャュョァィゥェォ")

#: Korean names of so many syllables are in the middle of everyday words.
SHORT_HANGUL = 2

#: Written to the front of a country's name: against, anti-, pro-, in, to, north, and countries;
#: and of who is sent to or lives in which country: 주한미국대사.
KOREAN_PREFIXES = frozenset("대반친주북남미한중러일탈재방")
LONG_KOREAN_PREFIXES = frozenset(way + country for way in "주재방" for country in "한미중일러북")


def stands_alone(term: Term, folded: Folded, first: int, last: int) -> bool:
    """Tell whether a very short term is a word of its own, as far as it must be.

    A single character counts only between other scripts, and a Korean syllable before a particle;
    two or three letters of katakana must begin a run, and two also end it: キム is not in キムチ,
    ロシア not in ベロロシア. What begins with a Chinese character, as 積み, may stand anywhere. A
    Korean name of two syllables begins a word: 대만 (Taiwan) is not in 기대만큼 ("as expected").
    """
    if len(term.key) == 1:
        ends = not _joins(folded, last, last) or _has_particle(term, folded, last)
        return ends and not _joins(folded, first - 1, first)
    if _is_short_hangul(term):
        return _begins_korean_word(folded, first)
    if not _is_short_kana(term):
        return True
    return _ends_katakana(term, folded, last) and not _joins(folded, first - 1, first)


def is_short(term: Term) -> bool:
    """Tell whether a term has to be a word of its own: `stands_alone` says where it is one."""
    return len(term.key) == 1 or _is_short_kana(term) or _is_short_hangul(term)


def _is_short_kana(term: Term) -> bool:
    short = term.manner.script is _KANA and len(term.key) <= SHORT_KATAKANA
    return short and script_of(term.key[0]) is _KANA


def _ends_katakana(term: Term, folded: Folded, last: int) -> bool:
    """Tell whether a short word of katakana ends, or another long enough to be a word begins.

    インド (India) is in インドメディア, not in インドネシア or インドア.
    """
    end = last
    while end - last < LONGEST_KATAKANA_TAIL and _joins(folded, end, end):
        end += 1
    if len(term.key) < SHORT_KATAKANA or end == last:
        return end == last
    if folded.key[last:end] in KATAKANA_TAILS:
        return True
    return end - last == LONGEST_KATAKANA_TAIL and folded.key[last] not in NO_KATAKANA_BEGIN


def _is_short_hangul(term: Term) -> bool:
    short = term.manner.script is _HANGUL and len(term.key) == SHORT_HANGUL
    return short and term.manner.names and term.manner.kind is not Kind.NOT


def _begins_korean_word(folded: Folded, first: int) -> bool:
    """Tell whether a Korean word begins, or what is written to the front of a country's name."""
    if first in folded.borders:
        return True
    before = folded.key[first - 1]
    if not _joins(folded, first - 1, first):
        return not before.isdigit()  # 13일본격: on the 13th
    if not _joins(folded, first - 2, first - 1):
        return before in KOREAN_PREFIXES
    long = folded.key[first - 2 : first] in LONG_KOREAN_PREFIXES
    return long and not _joins(folded, first - 3, first - 2)


def _has_particle(term: Term, folded: Folded, last: int) -> bool:
    """Tell whether a Korean particle follows, and its word ends."""
    if term.manner.script is not _HANGUL:
        return False
    end = last
    while end - last <= _LONGEST_PARTICLE and _joins(folded, end, end):
        end += 1
    return folded.key[last:end] in KOREAN_PARTICLES


def _joins(folded: Folded, index: int, border: int) -> bool:
    """Tell whether the letter at `index` continues the unspaced run across `border`."""
    key = folded.key
    if not 0 <= index < len(key) or border in folded.borders:
        return False
    inner = key[border] if index < border else key[border - 1]
    return _run_of(key[index]) == _run_of(inner)


def _run_of(char: str) -> str:
    """Return the script of a character; hiragana and katakana are two."""
    return "hiragana" if "\u3040" <= char <= "\u309f" else script_of(char)
