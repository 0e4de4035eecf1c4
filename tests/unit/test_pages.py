"""README, docs/ and their like: what they link, name and show is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from watcher.cli import group

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|\b(?:src|srcset|href)=\"([^\"]+)\"")
IN_CODE = re.compile(r"`([^`]+)`")
#: What of the repository a page or a comment can name.
FILE = re.compile(
    r"(?<![\w/-])(?:benchmarks|docs|migrations|monitoring|scripts|systemd|tests|watcher)/[\w./-]+\.\w+"
)


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return FENCED.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """Return where `#...` can lead, as GitHub names headings."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    """Yield what a page links in the repository."""
    for found in LINK.finditer(prose(page)):
        link = found[1] or found[2]
        if not re.match(r"[a-z]+:", link):
            yield link


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not leads_somewhere(page, link)] == []


def test_readme_leads_to_every_page() -> None:
    readme = ROOT / "README.md"
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in links(readme)}

    assert [name for page, name in zip(PAGES, NAMES, strict=True) if page not in linked] == [
        "README.md"
    ]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = {name for code in IN_CODE.findall(prose(page)) for name in FILE.findall(code)}

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_page_that_the_program_or_a_test_names_is_there() -> None:
    files = [
        path for room in ("watcher", "scripts", "tests") for path in ROOT.glob(f"{room}/**/*.py")
    ]
    named = {
        name for path in files for name in re.findall(r"\bdocs/[\w-]+\.md", path.read_text("utf-8"))
    }

    assert [name for name in named if not (ROOT / name).exists()] == []


def commands(page: Path) -> Iterator[str]:
    """Yield the `watcher` commands that a page shows, in its lines and in its blocks."""
    for code in IN_CODE.findall(prose(page)):
        yield from re.findall(r"^(?:sudo )?watcher (.+)", " ".join(code.split()))
    for _, block in FENCED.findall(page.read_text("utf-8")):
        yield from re.findall(r"^(?:sudo )?(?:\S+/)?watcher (.+)", block, re.MULTILINE)


def mistake(line: str) -> str:
    """Return what is wrong with a command as it is shown; "" where there is nothing."""
    command: click.Command | None = group
    words = shlex.split(line, comments=True)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        command = command.get_command(click.Context(command), words.pop(0))
    if command is None:
        return f"no such command: {line}"
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = {word for word in words if word.startswith("-")} - known - {"--help", "--version"}
    return f"{line}: {unknown}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_that_a_page_shows_is_one(page: Path) -> None:
    assert [wrong for line in commands(page) if (wrong := mistake(line))] == []
