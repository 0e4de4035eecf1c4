"""Source lines of a configuration without the secrets in them."""

import re
from collections.abc import Iterator

from watcher.config.explain import keys_at
from watcher.config.scan import Path as KeyPath
from watcher.config.suggest import nearest

#: Tables that hold a secret; a string in their place may be the secret itself.
SECRET_HOLDERS = {"email", "telegram"}
SECRET_KEYS = SECRET_HOLDERS | {
    "apprise",
    "basic_auth",
    "headers",
    "heartbeat_url",
    "password",
    "proxy",
    "token",
}
#: A longer key that is like one of so few letters may be anything: `user` is not `use`.
SHORT_KEY = 3
#: Where secrets live; elsewhere an unknown key is shown with its value.
SECRET_TABLES = {"channels", "feeds", "watcher"}

_KEY_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED_KEY = rf"{_KEY_PART}(?:\s*\.\s*{_KEY_PART})*"
_KEY = re.compile(rf"{_DOTTED_KEY}(?=\s*=)")
_KEY_FOLLOWS = {"{", ","}
_HEADER = re.compile(rf"^\s*\[\[?\s*[\w-]+(?:\s*\.\s*{_DOTTED_KEY})?\s*\]\]?\s*(?:#.*)?$")
_OPENS_TABLE = re.compile(r"\s*=\s*\{")
#: Blanks, a string, closed or not, or any other run of characters, or a mark.
_TOKEN = re.compile(r"""\s+|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"'=,\[\]{}]+|.""")
_MARKS = re.compile(r"[\s=,\[\]{}]+")
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"']*:[^/\s\"']*(?=@)")


def redact(line: str, path: KeyPath) -> str:
    """Return a line with the characters of secrets as asterisks, as many as they were.

    Args:
        line: the source line.
        path: what the problem on it is about; empty when the TOML could not be read.
    """
    if _HEADER.match(line):
        return line
    shown = "".join(_redacted_tokens(line, path))
    return _USER_INFO.sub(lambda found: "*" * len(found[0]), shown)


def _redacted_tokens(line: str, path: KeyPath) -> Iterator[str]:
    keys = [str(part) for part in path]
    hide = _is_secret(keys, path)
    sealed = False  # in broken TOML nothing ends a secret but the line
    before, position = ",", 0
    while position < len(line):
        key = _KEY.match(line, position) if before in _KEY_FOLLOWS and not sealed else None
        found = key or _TOKEN.match(line, position)
        token = found[0] if found else line[position:]
        position += len(token)
        before = token.strip() or before
        if key:
            keys.extend(part.strip(" \t\"'") for part in token.split("."))
            opens = _OPENS_TABLE.match(line, position) and keys[-1] in SECRET_HOLDERS
            hide = not opens and _is_secret(keys, path)
            sealed = hide and not path
        yield token if key or not hide else _hidden(token)


def _hidden(token: str) -> str:
    """Return a token as asterisks but for what tells where it starts and ends."""
    if token[0] in {'"', "'"}:
        end = token[-1] if len(token) > 1 and token[-1] == token[0] else ""
        return token[0] + "*" * (len(token) - 1 - len(end)) + end
    return token if _MARKS.fullmatch(token) else "*" * len(token)


def _is_secret(keys: list[str], path: KeyPath) -> bool:
    """Whether the value behind these keys, outermost first, is a secret or may be one."""
    names = [key for key in keys if not key.isdigit()]
    if not names or "headers" in names:
        return True
    key = names[-1]
    if path and path[0] not in SECRET_TABLES:
        return key in SECRET_KEYS
    meant = nearest(key, _known_keys())  # a misspelt secret is one too
    return meant is None or meant in SECRET_KEYS or len(meant) <= SHORT_KEY < len(key)


def _known_keys() -> set[str]:
    """Return the keys of all tables."""
    tables: tuple[KeyPath, ...] = (
        (),
        ("watcher",),
        ("polling",),
        ("stories",),
        ("alerts",),
        ("feeds", 0),
        ("entities", ""),
        ("topics", 0),
        ("topics", 0, "tests"),
        ("channels", ""),
        ("channels", "", "telegram"),
        ("channels", "", "email"),
    )
    return {key for table in tables for key in keys_at(table)}
