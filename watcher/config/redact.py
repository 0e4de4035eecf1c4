"""Source lines of a configuration without the secrets in them."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from watcher.config.explain import TOP_TABLES, keys_at
from watcher.config.scan import KeyPath
from watcher.config.secrets import Form
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
#: What hides the value of a key that nobody knows, in whatever table it stands.
SECRET_WORDS = (
    "auth",
    "bearer",
    "cookie",
    "credential",
    "key",
    "login",
    "pass",
    "secret",
    "token",
)
#: A longer key that is like one of so few letters may be anything: `user` is not `use`.
SHORT_KEY = 3
#: Tables whose keys are names of the user's own.
NAMED_TABLES = {"publishers", "words"}
#: Every table; where TOML cannot be read, a line may stand in any of them.
TABLES: tuple[KeyPath, ...] = (
    (),
    ("watcher",),
    ("polling",),
    ("http",),
    ("stories",),
    ("alerts",),
    ("feeds", 0),
    ("entities", ""),
    ("topics", 0),
    ("topics", 0, "tests"),
    ("channels", ""),
    ("channels", "", "only"),
    ("channels", "", "telegram"),
    ("channels", "", "email"),
)

_KEY_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED_KEY = rf"{_KEY_PART}(?:\s*\.\s*{_KEY_PART})*"
_KEY = re.compile(rf"{_DOTTED_KEY}(?=\s*=)")
_KEY_FOLLOWS = {"{", ","}
_HEADER = re.compile(rf"^\s*\[\[?\s*[\w-]+(?:\s*\.\s*{_DOTTED_KEY})?\s*\]\]?\s*(?:#.*)?$")
_OPENS_TABLE = re.compile(r"\s*=\s*\{")
#: Blanks, a string, closed or not, or any other run of characters, or a mark.
_TOKEN = re.compile(r"""\s+|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"'=,\[\]{}]+|.""")
_PLACES = tuple(form for form in Form if form)
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
    tables = _tables_on(path)
    hide = _is_secret(keys, tables, path)
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
            is_table = _OPENS_TABLE.match(line, position) is not None
            hide = _is_secret(keys, tables, path) and not (is_table and keys[-1] in SECRET_HOLDERS)
            tables += [(*table, keys[-1]) for table in tables if is_table]
            sealed = hide and not path
        yield token if key or not hide else _hidden(token)


def _hidden(token: str) -> str:
    """Return a token as asterisks but for what tells where it starts and ends."""
    if token[0] in {'"', "'"}:
        end = token[-1] if len(token) > 1 and token[-1] == token[0] else ""
        return token[0] + "*" * (len(token) - 1 - len(end)) + end
    return token if _MARKS.fullmatch(token) else "*" * len(token)


def _is_secret(keys: list[str], tables: Iterable[KeyPath], path: KeyPath) -> bool:
    """Whether the value behind these keys, outermost first, is a secret or may be one.

    One is what stands at a key that nobody knows, unless it is like a harmless one of its table.
    """
    names = [key for key in keys if not key.isdigit()]
    if not names or "headers" in names:
        return True
    key = names[-1]
    if names[0] in NAMED_TABLES:
        return key in SECRET_KEYS
    if _holds_secret(key):
        return True
    if key in _keys_of(tables) | _harmless():
        return False
    if any(word in key.casefold() for word in SECRET_WORDS):
        return True
    is_wrong = path[-1:] == (key,)
    own = _keys_of([path[:-1]] if is_wrong else tables)
    meant = nearest(key, own)  # a misspelt secret is one too
    return meant is None or _holds_secret(meant) or len(meant) <= SHORT_KEY < len(key)


def _holds_secret(key: str) -> bool:
    """Whether a known key holds a secret, or may by a mistake: `heartbeat` for `heartbeat_url`."""
    return key in SECRET_KEYS or f"{key}_url" in SECRET_KEYS


def _tables_on(path: KeyPath) -> list[KeyPath]:
    """Return the tables that the keys of a line may stand in, as far as its problem tells."""
    if not path:
        return list(TABLES)
    return [path[:length] for length in range(1, len(path) + 1)]


def _keys_of(tables: Iterable[KeyPath]) -> set[str]:
    return {known for table in tables for known in keys_at(table)}


@cache
def _harmless() -> set[str]:
    """Return the keys that hold no secret in whatever table they stand by mistake.

    They are those of the tables at the top, and those that name the place of a secret.
    """
    places = {known for known in _keys_of(TABLES) if known.endswith(_PLACES)}
    return _keys_of([(), *((name,) for name in TOP_TABLES)]) - SECRET_KEYS | places
