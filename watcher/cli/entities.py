"""`watcher entities`: what can be named in a watchlist."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, found_config, load_or_exit
from watcher.cli.output import Group, json_option, print_json, print_table
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.config import Settings
    from watcher.topics.catalogue import Listed
    from watcher.topics.pack import PackTerm


@click.group(cls=Group)
def entities() -> None:
    """The entities and word lists: your own, and those of the pack."""


@entities.command("list")
@config_option
@json_option
def list_entities(config: Path | None, *, as_json: bool) -> None:
    """List your own entities and word lists, then those that `use` can name."""
    from watcher.topics.catalogue import catalogue

    listed = catalogue(_settings(config))
    if as_json:
        print_json([_summary(one) for one in listed])
        return
    print_table(
        ("name", "kind", "terms", "languages", "as of", "what it is"),
        [
            (one.use, one.kind, len(one.terms), len(one.languages), one.as_of, _title(one))
            for one in listed
        ],
        "nothing to list",
    )


@entities.command("show")
@click.argument("name")
@config_option
@json_option
def show_entity(name: str, config: Path | None, *, as_json: bool) -> None:
    """Show an entity or word list with all its terms.

    NAME is its key, a name of the pack, a country code, or any spelling: "Ким Чен Ын".
    """
    from watcher.topics.catalogue import find_listed

    found = find_listed(name, _settings(config))
    if not found:
        raise UsageError(_unknown(name))
    if as_json:
        print_json([_record(one) for one in found])
        return
    for number, one in enumerate(found):
        click.echo("\n" * bool(number) + "\n".join(_lines(one)))


def _settings(config: Path | None) -> "Settings | None":
    """Return the configuration's settings; None when there is none and none was asked for."""
    return load_or_exit(config) if found_config(config) else None


def _unknown(name: str) -> str:
    from watcher.config.suggest import did_you_mean
    from watcher.topics.pack import pack_names

    hint = did_you_mean(name, pack_names(), quote='"')
    return f'nothing is called or spelled "{name}"{hint or "; see `watcher entities list`"}'


def _title(one: "Listed") -> str:
    return f"{one.label}: {one.about}"


def _summary(one: "Listed") -> dict[str, object]:
    return {
        "name": one.use,
        "kind": one.kind,
        "label": one.label,
        "about": one.about,
        "as_of": one.as_of,
        "terms": len(one.terms),
        "languages": list(one.languages),
    }


def _record(one: "Listed") -> dict[str, object]:
    terms = [
        {
            "text": term.text,
            "part": str(term.part),
            "languages": list(term.tags),
            "source": str(term.source),
        }
        for term in one.terms
    ]
    return {**_summary(one), "review": dict(one.review), "terms": terms}


def _lines(one: "Listed") -> Iterable[str]:
    as_of = f" (as of {one.as_of})" if one.as_of else ""
    yield f"{one.use}: {_title(one)}{as_of}"
    counts = Counter(str(term.source) for term in one.terms)
    for source, count in counts.items():
        review = f": {one.review[source]}" if source in one.review else ""
        yield f"  {count} {source}{review}"
    for part in dict.fromkeys(str(term.part) for term in one.terms):
        yield f"{part}:"
        yield from _rows([term for term in one.terms if term.part == part])


def _rows(terms: "Sequence[PackTerm]") -> Iterable[str]:
    """Yield one line per language, or group of languages with the same spelling."""
    by_languages: dict[str, dict[str, None]] = {}
    for term in terms:
        by_languages.setdefault(" ".join(term.tags) or "any", {})[term.text] = None
    for languages, texts in sorted(by_languages.items()):
        yield f"  {languages}: {', '.join(texts)}"
