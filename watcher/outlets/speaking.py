"""Does a name in a text speak? "according to TASS", "Кремль сообщил", "국방부는 ... 밝혔다".

The words stand in `data/attribution.toml`; all languages' are tried, since they count only beside
a name. Where a name is a place ("met in the Kremlin") or is spoken of, it does not speak.
"""

import re
from typing import Final

from watcher.outlets.phrases import phrases, pieces, value

#: Characters looked at on either side of a name, and of a sentence whose verb stands at its end.
_NEAR: Final = 90
_SENTENCE: Final = 220
#: Words that may stand between a name and its verb: "Kremlin spokesman Dmitry Peskov said".
_BETWEEN: Final = 3
#: Characters of a title written onto the name, before the subject's mark: 크렘린궁은.
_TITLE_LETTERS: Final = 4
_SENTENCE_END: Final = re.compile(r"[!?。！？;；\n…]|\.(?=\s|$)")
_CLAUSE_END: Final = re.compile(r"[!?。！？;；\n…,，،、:：()（）]|\.(?=\s|$)")
#: A headline's speaker before a quotation, where particles are left out: 국방부 "북한, ...".
_QUOTE_FOLLOWS: Final = re.compile(r"^\s?[\"“「『«]")
_BEYOND_LATIN: Final = "\u1100"
#: A headline's speaker at either end: "Kremlin: ...", "... - Peskov", "...: KCNA".
_COLON_FOLLOWS: Final = re.compile(r"^\s?[:：]")
_MARK_BEFORE: Final = re.compile(r"(?:[:：＝=]|\s[-–—|]|…)\s?$")
_COMMA_BEFORE: Final = re.compile(r"[,\"”»]\s(?:the\s)?$", re.IGNORECASE)
#: "..., says White House": after a comma or quotation the verb has nobody before it.
_SAYS_BEFORE: Final = re.compile(r"[,\"”’'–—-]\s*(?:says?|said)\s(?:the\s)?$", re.IGNORECASE)


def speaks(text: str, start: int, end: int, *, whole_title: bool) -> bool:
    """Tell whether the name at `start` to `end` is who says something.

    Args:
        text: the title or summary that it stands in.
        start: where the name begins.
        end: where it ends.
        whole_title: the text is a headline, which may name its speaker at either end.
    """
    before = _after_last(_SENTENCE_END, text[max(start - _NEAR, 0) : start])
    after = text[end : end + _SENTENCE]
    if whole_title and _at_an_end(text[:start], text[end:]):
        return True
    if _told_before(_after_last(_CLAUSE_END, before)):
        return True
    if _is_another(after):
        return False
    if _is_place(before):
        return _told_by_those_within(after)
    return _told_after(after) or _told_in_one_run(after) or _told_at_the_end(text[start:end], after)


def reports(text: str, start: int, end: int) -> bool:
    """Tell whether the agency named at `start` to `end` is who reports, or was told, something."""
    before, after = text[:start], text[end : end + _NEAR]
    clause = _after_last(_CLAUSE_END, before[-_NEAR:])
    if _only_names_an_agency(before):
        return bool(_COLON_FOLLOWS.search(after))
    verbs = list(phrases("reporting").finditer(clause))
    if verbs and _only_names_an_agency(clause[verbs[-1].end() :]):
        return True
    return bool(_COMMA_BEFORE.search(before)) and _reported(after)


def _only_names_an_agency(text: str) -> bool:
    """Tell whether nothing but "the news agency" stands before a name."""
    return {*_words(text)} <= {*pieces("place", "articles"), *pieces("agency", "words")}


def _reported(after: str) -> bool:
    """Tell whether a verb and at most a day end the clause: "AP reported on Monday"."""
    clause = _CLAUSE_END.split(after, maxsplit=1)[0].strip()
    found = phrases("reported").match(clause)
    return found is not None and len(_words(clause[found.end() :])) < _BETWEEN


def _at_an_end(before: str, after: str) -> bool:
    if not before.strip(" \"“«'"):
        return bool(_COLON_FOLLOWS.search(after))
    if after.strip(' ."”»)'):
        return False
    return bool(_MARK_BEFORE.search(before) or _SAYS_BEFORE.search(before))


def _told_before(clause: str) -> bool:
    """Tell whether a verb or "according to" leads to the name."""
    found = None
    for found in phrases("before").finditer(clause):  # noqa: B007 - the last one
        pass
    if found is None or len(_words(clause[found.end() :])) > _BETWEEN:
        return False
    if _place_word(clause[found.end() :]):
        return bool(re.search(value("place", "plural"), found[0]))
    return True


def _is_place(before: str) -> bool:
    return before.rstrip().endswith(pieces("place", "marks")) or _place_word(before)


def _is_another(after: str) -> bool:
    """Tell whether the name only describes who speaks: "Kremlin critic"."""
    near = _words(after[:_NEAR])
    return bool(near) and after[:1] == " " and near[0] in pieces("place", "others")


def _place_word(before: str) -> bool:
    near = _words(before)
    while near and near[-1] in pieces("place", "articles"):
        near.pop()
    return bool(near) and near[-1] in pieces("place", "words", "verbs")


def _told_by_those_within(after: str) -> bool:
    """Tell whether a verb without a subject follows a place: "в Кремле заявили"."""
    found = phrases("after").match(after.lstrip())
    return found is not None and bool(re.search(value("place", "plural"), found[0]))


def _told_after(after: str) -> bool:
    clause = _CLAUSE_END.split(after[:_NEAR], maxsplit=1)[0]
    found = phrases("after").search(clause)
    return found is not None and len(_words(clause[: found.start()])) <= _BETWEEN


def _told_in_one_run(after: str) -> bool:
    """Tell whether a word of saying is written onto the name, or a quotation follows it."""
    run = re.split(r"[，,、。]", after, maxsplit=1)[0][: value("attached", "characters")]
    return any(piece in run for piece in pieces("attached", "zh", "ja", "ko"))


def _told_at_the_end(name: str, after: str) -> bool:
    """Tell whether the name is its sentence's subject, and a verb of saying follows somewhere."""
    sentence = _SENTENCE_END.split(after, maxsplit=1)[0]
    if name[-1] >= _BEYOND_LATIN and _QUOTE_FOLLOWS.search(after):
        return True
    marked = any(mark in sentence[:_TITLE_LETTERS] for mark in pieces("subject", "marks"))
    return marked and any(verb in sentence for verb in pieces("subject", "verbs"))


def _after_last(border: re.Pattern[str], text: str) -> str:
    ends = [found.end() for found in border.finditer(text)]
    return text[ends[-1] :] if ends else text


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
