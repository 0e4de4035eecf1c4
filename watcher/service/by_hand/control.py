"""The control socket: commands that change state hand their work to the running daemon.

A Unix socket beside the database, for its owner and root only; HTTP on it, one POST for each
operation, at an address that also says which protocol is spoken. When no daemon runs, the command
takes the state lock and does the same by itself.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from watcher.config.settings import Settings
from watcher.errors import StorageError, UsageError, WatcherError
from watcher.service.by_hand.control_socket import OTHER_VERSION, short_name, socket_path
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.operations import Result, operate
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.storage.backups import no_database
from watcher.storage.database import Database
from watcher.storage.lock import LockHeldError, database_path, sole_use
from watcher.storage.migrate import demand_made

log = get_logger(__name__)

#: What a running daemon knows of itself; nobody else can answer it.
VITALS: Final = "vitals"
#: One more whenever an operation takes or gives something else than before: a daemon that runs on
#: after its program was replaced would misunderstand. How it is, any version may ask.
PROTOCOL: Final = 2
#: Bytes of a request; ten thousand numbers are 200 KB.
_MOST_BYTES: Final = 1024 * 1024
#: A client has this long to say what it wants.
_READ_S: Final = 5.0
#: An operation waits for the polls before it; longer means that something is stuck.
_ANSWER_S: Final = 60.0
#: How a daemon is it can say at once; who watches over it by `watcher status` waits no longer.
_VITALS_S: Final = 10.0
#: A daemon that starts holds the lock before it listens, one that ends after it did.
_CHANGEOVER_S: Final = 10.0
_RETRY_S: Final = 0.1
#: Requests in progress at SIGTERM have this long; idle connections are closed at once.
_SHUTDOWN_S: Final = 2.0
_PRIVATE: Final = 0o600
_USAGE, _FAULT = 400, 500

Work = Callable[[str, Mapping[str, object]], Awaitable[Result]]


@asynccontextmanager
async def listening(database: Path, work: Work) -> AsyncIterator[None]:
    """Listen beside a database, whose state lock is ours, and hand what is asked to `work`.

    A socket that a killed daemon left is replaced. A place that takes no socket is logged, and
    everything else runs on.
    """
    application = web.Application(client_max_size=_MOST_BYTES)
    application.add_routes(
        [
            web.post(_address(VITALS), _handler(work)),
            web.post(_address("{operation}"), _handler(work)),
            web.post("/{other:.*}", _refuse_another),
        ]
    )
    runner = web.AppRunner(
        application, access_log=None, handle_signals=False, shutdown_timeout=_SHUTDOWN_S
    )
    path = socket_path(database)
    await runner.setup()
    try:
        await web.SockSite(runner, _bound(path)).start()
    except OSError as error:
        log.warning("no control socket", path=str(path), error=str(error))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        await runner.cleanup()


def ask_vitals(database: Path) -> Result | None:
    """Ask the daemon on a database how it is; return None when none runs.

    Raises:
        StorageError: one runs and does not answer.
    """
    return asyncio.run(_ask(socket_path(database), VITALS, {}, _VITALS_S))


def perform(
    operation: str,
    arguments: Mapping[str, object],
    settings: Settings,
    environ: Mapping[str, str],
    clock: Clock,
) -> Result:
    """Do something to the state: through the daemon if one runs, else by ourselves.

    Args:
        operation: one of `watcher.service.by_hand.operations`.
        arguments: what JSON can say.
        settings: say where the state is.
        environ: the environment, for $STATE_DIRECTORY.
        clock: the present time.

    Raises:
        UsageError: it cannot be done so; nothing was changed.
        StorageError: there is no state, or it cannot be used.
    """
    database = database_path(settings, environ)
    if not database.exists():
        raise no_database(database)

    async def alone() -> Result:
        with sole_use(database):
            demand_made(database)  # an empty file, opened, would become one without stories
            with Database.open(database) as opened, opened.begin() as tx:
                return operate(operation, arguments, Desk(tx, settings, clock()))

    return asyncio.run(ask_or_do(database, operation, arguments, alone))


async def ask_or_do(
    database: Path,
    operation: str,
    arguments: Mapping[str, object],
    alone: Callable[[], Awaitable[Result]],
    patience_s: float = _ANSWER_S,
) -> Result:
    """Ask the daemon on a database, else do it alone; while one starts or ends, try both again.

    Args:
        database: the database file.
        operation: its name.
        arguments: what JSON can say.
        alone: takes the state lock and does the same without a daemon.
        patience_s: how long the daemon's answer is waited for.
    """
    path = socket_path(database)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _CHANGEOVER_S
    while True:
        answer = await _ask(path, operation, arguments, patience_s)
        if answer is not None:
            return answer
        try:
            return await alone()
        except LockHeldError:
            if loop.time() > deadline:
                raise
        await asyncio.sleep(_RETRY_S)


async def _ask(
    path: Path, operation: str, arguments: Mapping[str, object], patience_s: float
) -> Result | None:
    """Return the daemon's answer; None when none listens."""
    try:
        return await _post(path, operation, arguments, patience_s)
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, FileNotFoundError | ConnectionRefusedError):
            return None
        raise StorageError(
            f"the running Watcher at {path}: {error.os_error.strerror}; be its user, or root"
        ) from error
    except TimeoutError as error:
        done = "" if operation == VITALS else ", and look whether it was done before you try again"
        raise StorageError(
            f"the running Watcher did not answer within {patience_s:.0f} s: see its log{done}"
        ) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise StorageError(
            f"the running Watcher at {path} broke off: look whether it was done, and try again"
        ) from error


async def _post(
    path: Path, operation: str, arguments: Mapping[str, object], patience_s: float
) -> Result:
    timeout = aiohttp.ClientTimeout(total=patience_s)
    with short_name(path) as name:
        connector = aiohttp.UnixConnector(name)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.post(f"http://watcher{_address(operation)}", json=arguments) as response,
        ):
            if response.status == HTTPStatus.NOT_FOUND:
                raise StorageError(OTHER_VERSION)
            return _result(response.status, await response.json())


def _address(operation: str) -> str:
    return f"/{VITALS}" if operation == VITALS else f"/{PROTOCOL}/{operation}"


def _result(status: int, answer: Any) -> Result:
    match answer:
        case {"result": dict(result)}:
            return result
        case {"error": str(sentence)} if status == _USAGE:
            raise UsageError(sentence)
        case {"error": str(sentence)}:
            raise StorageError(sentence)
        case _:
            raise StorageError("what answers on the control socket is no Watcher of this release")


async def _refuse_another(_: web.Request) -> web.Response:
    return _refused(_FAULT, OTHER_VERSION)


def _handler(work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        operation = request.match_info.get("operation", VITALS)
        try:
            values = await _values(request)
            return web.json_response({"result": await work(operation, values)})
        except UsageError as error:
            return _refused(_USAGE, str(error))
        except WatcherError as error:
            return _refused(_FAULT, str(error))
        except web.HTTPException:
            raise
        except Exception:
            log.exception("control request failed", operation=operation)
            return _refused(_FAULT, "the running Watcher failed at it; its log says more")

    return handle


async def _values(request: web.Request) -> Mapping[str, object]:
    try:
        async with asyncio.timeout(_READ_S):
            values = json.loads(await request.read())
    except (ValueError, RecursionError, TimeoutError) as error:
        raise UsageError("the request is no JSON") from error
    if not isinstance(values, dict):
        raise UsageError("the request is no JSON object")
    return values


def _refused(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _bound(path: Path) -> socket.socket:
    """Return a socket at a path that is nobody else's: we hold the lock. Nobody connects yet."""
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX)
    try:
        with short_name(path) as name:
            bound.bind(name)
        path.chmod(_PRIVATE)  # before it listens: until then connecting is refused
    except OSError:
        bound.close()
        raise
    return bound
