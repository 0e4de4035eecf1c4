"""What is wrong with single terms of a watchlist."""

import re
from collections import Counter
from collections.abc import Iterator

from watcher.config.problems import Problem
from watcher.config.settings import Settings
from watcher.topics.compiling import KINDS, own_parts
from watcher.topics.pack import Part, find_packs
from watcher.topics.scripts import UNSPACED, Script, script_of
from watcher.topics.terms import Kind, Term, compile_term

#: Letters that must stand before `*`: shorter stems begin too many words.
#: Services that watch news for others ask for 3 or 4.
SHORTEST_STEM = 4
#: The same in Arabic, whose stems are short, and in scripts of syllables and signs.
SHORTEST_ARABIC_STEM = 3
SHORTEST_UNSPACED_STEM = 2

#: What regular expressions say other than by letters. "Korea Utara (Korut)", "J.D. Vance", "Ph.D"
#: and "example.com" are names: a parenthesis behind a space is none, nor a dot unless a sign or a
#: last letter follows. What is asked in several words is a phrase: "Who is next?".
_PATTERN = re.compile(
    r"[|\[\]\\^+$]|(?<!\s)\(|\.(?=[*+?])|(?<=[^\W\d_]{2})\.(?=[^\W\d_](?![\w.]))"
    r"|\A/(?=.+/\Z)|(?<=\w)\?(?=\w|\Z)"
)
#: Signs that names have behind a capital or a digit: "OPEC+", "US$", "A$AP".
_SIGNS_OF_NAMES = frozenset("+$")

#: What a match line reads as an operator, between words of a term.
_OPERATOR = re.compile(r"(?<=\s)(?:(?:NEAR|BEFORE)(?:/\d+)?|AND|OR|NOT)(?=\s)")

#: Scripts with letters that look alike: a keyboard gives one for the other.
_UNMIXED = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK})
#: Shorter words mix them by right: the sign of a micrometre.
_SHORTEST_MIXED = 3

Path = tuple[str | int, ...]

#: Where a term stands in the TOML, how it is written, and what it is to its list.
WrittenTerm = tuple[Path, str, Kind]


def lint_terms(settings: Settings) -> Iterator[Problem]:
    """Return what is wrong with each term by itself."""
    for path, text, kind in written_terms(settings):
        yield from lint_term(path, text, kind)


def written_terms(settings: Settings) -> Iterator[WrittenTerm]:
    """Yield every term as written, with its place in the TOML."""
    for name, entity in settings.entities.items():
        for part, texts in own_parts(entity):
            path: Path = ("entities", name, str(part))
            yield from (((*path, at), text, KINDS[part]) for at, text in enumerate(texts))
    for name, words in settings.words.items():
        for language, texts in words.languages.items():
            path = ("words", name, language)
            yield from (((*path, at), text, Kind.WORD) for at, text in enumerate(texts))
        path = ("words", name, "not")
        yield from (((*path, at), text, Kind.NOT) for at, text in enumerate(words.not_))
    for number, topic in enumerate(settings.topics):
        never: Path = ("topics", number, "never")
        yield from (((*never, at), text, Kind.NEVER) for at, text in enumerate(topic.never))


def lint_term(path: Path, text: str, kind: Kind) -> Iterator[Problem]:
    """Return what is wrong with one term."""
    star = text.find("*")
    if not text.startswith("=") and 0 <= star < len(text) - 1:
        yield Problem(path, "`*` stands only at the end of a term", offset=star)
        return
    term = compile_term(text, "", kind)
    if term is None or not any(char.isalnum() for char in term.key):
        yield Problem(path, f'"{text}" has no letter or digit to look for')
    elif term.manner.wildcard and len(term.key) < (least := _shortest_stem(term)):
        message = f'"{text}" begins too many words; write at least {least} letters before `*`'
        yield Problem(path, message, warning=True)
    elif len(term.key) == 1:
        message = f'"{text}" is a single character and counts only where it stands alone'
        yield Problem(path, message, warning=True)
    elif (at := _pattern_sign(text)) is not None:
        yield _no_pattern(path, text, at)
    else:
        yield from _lint_operator(path, text)
        yield from _lint_mixed(path, text)


def _no_pattern(path: Path, text: str, at: int) -> Problem:
    message = (
        f'"{text}" is no pattern: `{text[at]}` is looked for as it stands; write each spelling '
        "as a term of its own"
    )
    return Problem(path, message, offset=at, warning=True)


def _lint_operator(path: Path, text: str) -> Iterator[Problem]:
    """Warn of an operator of match lines within a term; in capitals throughout it is a word."""
    found = _OPERATOR.search(text)
    if found and not text.isupper():
        message = (
            f'"{text}" is one term: `{found[0]}` is looked for as a word of it; operators stand in '
            "match lines only"
        )
        yield Problem(path, message, offset=found.start(), warning=True)


def _lint_mixed(path: Path, text: str) -> Iterator[Problem]:
    """Warn of the first word with a letter of another script, which texts write in its own."""
    for word in re.finditer(r"[^\W\d_]+", text):
        scripts = Counter(map(script_of, word[0]))
        if len(scripts) > 1 and scripts.keys() <= _UNMIXED and len(word[0]) >= _SHORTEST_MIXED:
            (most, _), *_, (odd, _) = scripts.most_common()
            at = next(at for at, char in enumerate(word[0]) if script_of(char) is odd)
            message = (
                f'"{text}" has the {odd} letter `{word[0][at]}` amid {most} ones, and is found '
                "only where a text has it too"
            )
            yield Problem(path, message, offset=word.start() + at, warning=True)
            return


def _pattern_sign(text: str) -> int | None:
    """Return where a term has a sign of a regular expression; None if it has none."""
    signs = (found.start() for found in _PATTERN.finditer(text))
    return next((at for at in signs if _is_of_pattern(text, at)), None)


def _is_of_pattern(text: str, at: int) -> bool:
    """Tell whether what may be a sign of a pattern stands as in one, and not as in a name."""
    before, after = text[:at].split()[-1:], text[at + 1 : at + 2]
    if text[at] == "?":
        return at + 1 < len(text) or len(text.split()) == 1
    if text[at] in _SIGNS_OF_NAMES:
        return any(word.isalpha() and word == word.lower() for word in before)
    return text[at] != "." or not after.isalpha() or after.islower()


def _shortest_stem(term: Term) -> int:
    if term.manner.script in UNSPACED:
        return SHORTEST_UNSPACED_STEM
    return SHORTEST_ARABIC_STEM if term.manner.script is Script.ARABIC else SHORTEST_STEM


def lint_shared(settings: Settings) -> Iterator[Problem]:
    """Warn of a name that two entities have, the pack's too: each place would be both."""
    owners = dict(_owners_by_pack(settings))
    for path, text, kind in written_terms(settings):
        term = compile_term(text, "", kind)
        if term is None or kind not in {Kind.NAME, Kind.ROLE}:
            continue
        name = str(path[1])
        owner = owners.setdefault((term.exact, term.manner.cased), name)
        if owner != name:
            yield Problem(path, f'"{text}" is a name of `{owner}` too', warning=True)


def _owners_by_pack(settings: Settings) -> Iterator[tuple[tuple[str, bool], str]]:
    """Yield the names that entities take from the pack, and whose they are."""
    for name, entity in settings.entities.items():
        for pack in find_packs(entity.use):
            for one in pack.terms:
                term = compile_term(one.text, "", Kind.NAME)
                if term is not None and one.part in {Part.NAMES, Part.ROLES}:
                    yield (term.exact, term.manner.cased), name
