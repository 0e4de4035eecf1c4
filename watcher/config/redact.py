"""Source lines of a configuration without the secrets in them."""

import re

from watcher.config.explain import keys_at
from watcher.config.scan import Path as KeyPath
from watcher.config.suggest import nearest

#: Keys whose strings are secrets, or would be when somebody takes a table for a string.
SECRET_KEYS = {
    "apprise",
    "basic_auth",
    "email",
    "headers",
    "password",
    "proxy",
    "telegram",
    "token",
}
#: Where secrets live; elsewhere an unknown key is shown with its value.
SECRET_TABLES = {"channels", "feeds"}

_HEADER = re.compile(r"""^\s*\[\[?\s*[\w-]+(\s*\.\s*([\w-]+|"[^"]*"|'[^']*'))*\s*\]""")
#: A key before "=", or a string, closed or not, or any other run of characters.
_PART = re.compile(
    r"""(?P<key>(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?=(?:\s*\.\s*[\w-]+)*\s*=))"""
    r"""|(?P<equals>=)|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"'=,\[\]{}]+|."""
)
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"']*:[^/\s\"']*(?=@)")


def redact(line: str, path: KeyPath) -> str:
    """Return a line with the characters of secrets as asterisks, as many as they were.

    Args:
        line: the source line.
        path: what the problem on it is about; empty when the TOML could not be read.
    """
    if _HEADER.match(line):
        return line
    keys = [str(part) for part in path]
    shown = []
    for part in _PART.finditer(line):
        if part["key"]:
            keys.append(part["key"].strip("\"'"))
        hide = not (part["key"] or part["equals"]) and _is_secret(keys, path)
        shown.append(re.sub(r"[^\s\"'\[\]{},]", "*", part[0]) if hide else part[0])
    return _USER_INFO.sub(lambda found: "*" * len(found[0]), "".join(shown))


def _is_secret(keys: list[str], path: KeyPath) -> bool:
    """Whether the value behind these keys, outermost first, is a secret or may be one."""
    names = [key for key in keys if not key.isdigit()]
    if not names or "headers" in names:
        return True
    key = names[-1]
    if path and path[0] not in SECRET_TABLES:
        return key in SECRET_KEYS
    meant = nearest(key, _known_keys())  # a misspelt secret is one too
    return meant is None or meant in SECRET_KEYS


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
