"""Words that mean something else elsewhere, and languages that a list has no words in."""

from collections.abc import Iterable, Iterator

from watcher.config.problems import Problem
from watcher.config.settings import Settings, WordsTable
from watcher.topics.compiling import parse_lines
from watcher.topics.countries import english_name, english_namesake
from watcher.topics.everyday import everyday_languages
from watcher.topics.language import COMMON_WORDS, SHARED_SCRIPTS
from watcher.topics.lint_terms import Path, WrittenTerm
from watcher.topics.pack import Pack, Part, find_pack, find_packs
from watcher.topics.query import holds, names_among, wanted
from watcher.topics.scripts import SCRIPT_LANGUAGES, Script, scripts_in
from watcher.topics.terms import Kind, Term, compile_term, language_family
from watcher.topics.wordsets import word_set

#: Kinds that count in texts of every language.
EVERYWHERE = frozenset({Kind.NAME, Kind.ROLE, Kind.NEVER, Kind.PHRASE})

#: What is told from other languages by another script, and is written in this one elsewhere: China.
_ABROAD = {Script.ARABIC: word_set("kk ky")}
#: Languages whose scripts we know; of others a list may be in any.
KNOWN_SCRIPTS = frozenset(COMMON_WORDS).union(SCRIPT_LANGUAGES.values(), *SHARED_SCRIPTS.values())


def lint_everyday(written: Iterable[WrittenTerm], spoken: frozenset[str]) -> Iterator[Problem]:
    """Warn of single words that every other text of a language holds.

    Args:
        written: the terms and where they stand.
        spoken: the languages of feeds and word lists.
    """
    for path, text, kind in written:
        term = compile_term(text, "", kind)
        if term is None or term.manner.cased or term.manner.wildcard:
            continue
        if kind is Kind.WORD:
            yield from _of_its_own(path, text, term)
        elif kind in EVERYWHERE:
            yield from _of_others(path, text, term, spoken)


def _of_its_own(path: Path, text: str, term: Term) -> Iterator[Problem]:
    common = COMMON_WORDS.get(language_family(str(path[2])), frozenset())
    if term.key in common:
        message = f'"{text}" is an everyday word in this language and stands in most texts'
        yield Problem(path, message, warning=True)


def _of_others(path: Path, text: str, term: Term, spoken: frozenset[str]) -> Iterator[Problem]:
    languages = sorted(spoken & everyday_languages(term.key))
    if languages:
        message = (
            f'"{text}" is an everyday word in {", ".join(languages)}, where it counts too; '
            f'write "={text}" for exactly this form, or a longer name'
        )
        yield Problem(path, message, warning=True)


def lint_namesakes(settings: Settings, spoken: frozenset[str]) -> Iterator[Problem]:
    """Warn of topics that a country makes match alone whose name in English says much else."""
    if spoken and "en" not in spoken:
        return
    lines = parse_lines(settings)
    for number, topic in enumerate(settings.topics):
        line = lines.get(topic.id)
        for name in names_among(wanted(line)) if line else ():
            country = settings.entities[name].country if name in settings.entities else None
            other = english_namesake(country or "")
            if line and other and holds(line, frozenset({name})):
                message = (
                    f"`{name}` alone makes it match, and many a headline in English with "
                    f'"{english_name(country or "")}" is of {other}; add another list'
                )
                yield Problem(("topics", number, "match"), message, warning=True)


def lint_scripts(written: Iterable[WrittenTerm]) -> Iterator[Problem]:
    """Warn of words in letters that their language never writes: they stand in the wrong list."""
    for path, text, kind in written:
        language = language_family(str(path[2])) if kind is Kind.WORD else ""
        scripts = scripts_in(text) - {Script.NONE, Script.DIGIT}
        if (
            language in KNOWN_SCRIPTS
            and scripts
            and all(_is_foreign(one, language) for one in scripts)
        ):
            letters = " and ".join(sorted(scripts))
            message = f'"{text}" is in {letters} letters, which {path[2]} never writes'
            yield Problem(path, message, warning=True)


def _is_foreign(script: Script, language: str) -> bool:
    """Tell whether a language never writes a script; Latin names stand in texts of all."""
    if script in SCRIPT_LANGUAGES:
        return language != SCRIPT_LANGUAGES[script]
    written = SHARED_SCRIPTS.get(script)
    return written is not None and language not in written | _ABROAD.get(script, frozenset())


def lint_everyday_packs(settings: Settings, spoken: frozenset[str]) -> Iterator[Problem]:
    """Warn of names from the pack that are everyday words in a language of feeds and word lists."""
    for name, entity in settings.entities.items():
        for at, use in enumerate(entity.use):
            pack = find_pack(use)
            for text, languages in _everyday_names(pack, spoken) if pack else ():
                message = (
                    f'"{text}" of {use} is an everyday word in {", ".join(languages)}, where it '
                    f'counts too; write not = ["={text}"] if that rings falsely'
                )
                yield Problem(("entities", name, "use", at), message, warning=True)


def _everyday_names(pack: Pack, spoken: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield names that count everywhere, and the languages in which each means something else."""
    speakers: dict[str, set[str]] = {}
    for one in pack.terms:
        if one.part in {Part.NAMES, Part.ROLES}:
            speakers.setdefault(one.text, set()).update(one.languages)
    for text, own in speakers.items():
        term = compile_term(text, "", Kind.NAME)
        if term is not None and not (term.manner.cased or term.manner.wildcard):
            languages = sorted((spoken & everyday_languages(term.key)) - own)
            if languages:
                yield text, languages


def lint_coverage(settings: Settings) -> Iterator[Problem]:
    """Warn of word lists that have no words in a language of a feed that they should be met in."""
    for name, needed in sorted(_needed(settings).items()):
        lacking = sorted(needed - _covered(settings.words[name]))
        if lacking:
            message = f"`{name}` has no words in {', '.join(lacking)}, as feeds of its topics have"
            yield Problem(("words", name), message, at_key=True, warning=True)


def spoken_languages(settings: Settings) -> frozenset[str]:
    """Return the languages that the configuration names for feeds and word lists."""
    lists = (language for words in settings.words.values() for language in words.languages)
    feeds = (feed.lang for feed in settings.feeds if feed.lang)
    return frozenset(map(language_family, (*lists, *feeds)))


def _covered(words: WordsTable) -> frozenset[str]:
    """Return the languages that a word list has words in, its own or the pack's."""
    own = (language for language, texts in words.languages.items() if texts)
    return frozenset(map(language_family, own)).union(
        *(term.languages for pack in find_packs(words.use) for term in pack.terms)
    )


def _needed(settings: Settings) -> dict[str, set[str]]:
    """Return word list -> the languages of the feeds that may raise a topic which wants it."""
    needed: dict[str, set[str]] = {}
    lines = parse_lines(settings)
    for topic in settings.topics:
        feeds = (f for f in settings.feeds if f.topics is None or topic.id in f.topics)
        languages = {language_family(feed.lang) for feed in feeds if feed.lang}
        line = lines.get(topic.id)
        for name in names_among(wanted(line)) if line else ():
            if name in settings.words:
                needed.setdefault(name, set()).update(languages)
    return needed
