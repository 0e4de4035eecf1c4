"""Warnings about the files of a configuration's secrets: of no use, or readable for everybody."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from watcher.config.document import Document
from watcher.config.problems import Problem
from watcher.config.raw import Raw, named_tables, table, tables
from watcher.config.reading import shown
from watcher.config.scan import KeyPath
from watcher.config.secrets import Form, Secret
from watcher.errors import ConfigError


def check_secrets(raw: Raw, document: Document, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Warn of secrets that are missing, empty or no text, or that everybody can read."""
    for path, holder in _secret_tables(raw):
        name = str(path[-1])
        given = [(form, holder[name + form]) for form in Form if name + form in holder]
        if len(given) == 1 and isinstance(given[0][1], str) and given[0][1].strip():
            form, source = given[0]
            secret, place = Secret(source, form), (*path[:-1], name + form)
            yield from _check(secret, place, document, environ)
            if name == "basic_auth" and _lacks_password(secret, environ):
                message = f'`{place[-1]}`: no colon in it; it is "user:password"'
                yield Problem(place, message, warning=True)
    for path, channel in named_tables(raw, "channels"):
        ca_file = table(channel, "email").get("ca_file")
        if isinstance(ca_file, str) and ca_file.strip() and not Path(ca_file).is_file():
            message = f"`ca_file`: there is no file {shown(Path(ca_file))}"
            yield Problem((*path, "email", "ca_file"), message, warning=True)


def _secret_tables(raw: Raw) -> Iterator[tuple[KeyPath, Raw]]:
    """Yield each table that may hold a secret, with the path of the secret's first form."""
    yield ("watcher", "heartbeat_url"), table(raw, "watcher")
    for path, feed in tables(raw, "feeds"):
        yield (*path, "basic_auth"), feed
    for path, channel in named_tables(raw, "channels"):
        yield (*path, "apprise"), channel
        yield (*path, "telegram", "token"), table(channel, "telegram")
        yield (*path, "email", "password"), table(channel, "email")


def _check(
    secret: Secret, path: KeyPath, document: Document, environ: Mapping[str, str]
) -> Iterator[Problem]:
    key = path[-1]
    if secret.form is Form.VALUE:
        file = document.locate(Problem(path, "")).file
        if _world_readable(file):
            message = f"everybody can read this secret: chmod o-r {shown(file)}, or `{key}_file`"
            yield Problem(path, message, at_key=True, warning=True)
    elif trouble := _trouble(secret, environ):
        yield Problem(path, f"`{key}`: {trouble}", warning=True)


def _lacks_password(login: Secret, environ: Mapping[str, str]) -> bool:
    try:
        return login.is_lasting(environ) and ":" not in login.reveal(environ)
    except ConfigError:  # it is missing, and that was said
        return False


def _trouble(secret: Secret, environ: Mapping[str, str]) -> str | None:
    """Say in a clause what is wrong with a secret that stands elsewhere: the gravest thing."""
    if secret.form is Form.CREDENTIAL and "CREDENTIALS_DIRECTORY" not in environ:
        return f"systemd has passed no credentials, so {secret.source} is missing"
    file = secret.path(environ)
    if file is None:  # a variable
        return None if environ.get(secret.source or "") else f"{secret.source} is not set"
    try:
        is_missing = not file.exists() or file.is_dir()
    except PermissionError:
        # systemd hides a service's credentials from all but its main process, `reload` included.
        return None if secret.form is Form.CREDENTIAL else f"you may not look for {shown(file)}"
    if is_missing:
        return f"there is no file {shown(file)}"
    return _trouble_in(file, secret, environ)


def _trouble_in(file: Path, secret: Secret, environ: Mapping[str, str]) -> str | None:
    if not secret.is_lasting(environ):
        return (
            f"{shown(file)} is a pipe, which gives it once: Watcher reads it at its start, and"
            " no other until its end; use a file"
        )
    try:
        secret.reveal(environ)
    except ConfigError as error:
        return str(error)
    return f"everybody can read {shown(file)}: chmod o-r" if _world_readable(file) else None


def _world_readable(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False
