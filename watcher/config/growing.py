"""Feeds added to a configuration as text: every byte that stands there stays.

A TOML library that writes would move tables and comments; a block at the end of a file moves
nothing, and reading the result again proves it.
"""

import json
import os
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watcher.config.document import Document
from watcher.config.reading import shown
from watcher.errors import ConfigError, UsageError


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed to be added; `about` becomes a comment, what is empty is left out.

    `unseen` is why nobody could look whether it is a feed; it stands nowhere in the file.
    """

    url: str
    name: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    allow_private: tuple[str, ...] = ()
    about: str = ""
    unseen: str = ""

    def table(self) -> Mapping[str, Any]:
        """Return the table as TOML will read it."""
        values = {
            "url": self.url,
            "name": self.name,
            "lang": self.lang,
            "tags": list(self.tags),
            "allow_private": list(self.allow_private),
        }
        return {key: value for key, value in values.items() if value}


def home_of_feeds(document: Document) -> Path:
    """Return the file of a configuration that new feeds belong in.

    The main file, unless the feeds stand in included ones alone: then the last of those.
    """
    homes = [s.file for s in document.sources if "feeds" in tomllib.loads(s.text)]
    main = document.files[0]
    return main if main in homes or not homes else homes[-1]


def with_feeds(data: bytes, added: Sequence[NewFeed]) -> bytes:
    """Return a file's bytes with a block for each feed behind them.

    Raises:
        ConfigError: its `feeds` is a list in brackets, that no block can follow.
    """
    newline = "\r\n" if b"\r\n" in data else "\n"
    gap = newline if data.endswith(b"\n") or not data.strip() else newline * 2
    blocks = newline.join(_block(feed, newline) for feed in added)
    grown = data + ((gap if data.strip() else "") + blocks).encode()
    before = _read(data)
    expected = {**before, "feeds": [*before.get("feeds", []), *(feed.table() for feed in added)]}
    try:
        as_expected = _read(grown) == expected
    except tomllib.TOMLDecodeError:
        as_expected = False
    if not as_expected:
        raise ConfigError(
            "`feeds` is a list in brackets there; write it as [[feeds]] blocks, or name another"
            " file with --file"
        )
    return grown


def _read(data: bytes) -> dict[str, Any]:
    return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))


def _block(feed: NewFeed, newline: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in feed.about).split())
    about = [f"# {words}"] if words else []
    values = [f"{key} = {_toml(value)}" for key, value in feed.table().items()]
    return newline.join([*about, "[[feeds]]", *values, ""])


def _toml(value: object) -> str:
    """Spell a string or a list of strings; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def grow(file: Path, added: Sequence[NewFeed]) -> int:
    """Add feeds to a file of the configuration; return the line of the first block's header.

    The file is replaced in one step: whoever reads it meanwhile sees the old one or the new one.
    Its mode and owner stay, and a symbolic link goes on leading to it.

    Raises:
        ConfigError: its `feeds` can take no block.
        UsageError: it cannot be read or written, or was changed meanwhile.
    """
    target = Path(os.path.realpath(file))
    try:
        data = target.read_bytes()
        grown = _named(file, data, added)
        _replace(target, data, grown)
    except OSError as error:
        raise UsageError(f"{shown(file)} cannot be changed: {error.strerror or error}") from error
    return data.count(b"\n") + 1 + grown[len(data) :].split(b"[[feeds]]")[0].count(b"\n")


def _named(file: Path, data: bytes, added: Sequence[NewFeed]) -> bytes:
    try:
        return with_feeds(data, added)
    except ConfigError as error:
        raise ConfigError(f"{shown(file)}: {error}") from None


def _replace(target: Path, before: bytes, after: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            be_like(file.fileno(), target.stat())
            os.fsync(file.fileno())
        _insist_on(target, before)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _insist_on(target: Path, before: bytes) -> None:
    """Let nobody's edit be lost that was saved since we read the file."""
    if target.read_bytes() != before:
        raise UsageError(f"{shown(target)} was changed meanwhile; try again")


def be_like(descriptor: int, status: os.stat_result) -> None:
    """Give a file the owner and mode of the one whose place it takes.

    The owner first: changing it clears bits of the mode.

    Raises:
        PermissionError: that owner's files are not ours to make.
    """
    if (os.geteuid(), os.getegid()) != (status.st_uid, status.st_gid):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, status.st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
