"""What is wrong with single terms of a watchlist."""

import re
from collections.abc import Iterator

from watcher.config.problems import Problem
from watcher.config.settings import Settings
from watcher.topics.pack import Part, find_pack
from watcher.topics.scripts import UNSPACED, Script
from watcher.topics.terms import Kind, Term, compile_term

#: Letters that must stand before `*`: shorter stems begin too many words.
#: Services that watch news for others ask for 3 or 4.
SHORTEST_STEM = 4
#: The same in Arabic, whose stems are short, and in scripts of syllables and signs.
SHORTEST_ARABIC_STEM = 3
SHORTEST_UNSPACED_STEM = 2

#: What regular expressions say other than by letters. "Korea Utara (Korut)", "J.D. Vance", "Ph.D"
#: and "example.com" are names: a parenthesis behind a space is none, nor a dot unless a sign or a
#: last letter follows.
_PATTERN = re.compile(r"[|\[\]\\^+$]|(?<!\s)\(|\.(?=[*+?])|(?<=[^\W\d_]{2})\.(?=[^\W\d_](?![\w.]))")
#: Signs that names have behind a capital or a digit: "OPEC+", "US$", "A$AP".
_SIGNS_OF_NAMES = frozenset("+$")

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
        for key, texts, kind in (
            ("names", entity.names, Kind.NAME),
            ("short", entity.short, Kind.SHORT),
            ("roles", entity.roles, Kind.ROLE),
            ("not", entity.not_, Kind.NOT),
        ):
            yield from ((("entities", name, key, at), text, kind) for at, text in enumerate(texts))
    for name, words in settings.words.items():
        for language, texts in words.languages.items():
            path: Path = ("words", name, language)
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
    elif term.manner.wildcard and len(term.key) < _shortest_stem(term):
        least = _shortest_stem(term)
        message = f'"{text}" begins too many words; write at least {least} letters before `*`'
        yield Problem(path, message, warning=True)
    elif len(term.key) == 1:
        yield Problem(
            path,
            f'"{text}" is a single character and counts only where it stands alone',
            warning=True,
        )
    elif (at := _pattern_sign(text)) is not None:
        message = (
            f'"{text}" is no pattern: `{text[at]}` is looked for as it stands; write each spelling '
            "as a term of its own"
        )
        yield Problem(path, message, offset=at, warning=True)


def _pattern_sign(text: str) -> int | None:
    """Return where a term has a sign of a regular expression; None if it has none."""
    signs = (found.start() for found in _PATTERN.finditer(text))
    return next((at for at in signs if _is_of_pattern(text, at)), None)


def _is_of_pattern(text: str, at: int) -> bool:
    """Tell whether what may be a sign of a pattern stands as in one, and not as in a name."""
    before, after = text[:at].split()[-1:], text[at + 1 : at + 2]
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
        for pack in filter(None, map(find_pack, entity.use)):
            for one in pack.terms:
                term = compile_term(one.text, "", Kind.NAME)
                if term is not None and one.part in {Part.NAMES, Part.ROLES}:
                    yield (term.exact, term.manner.cased), name
