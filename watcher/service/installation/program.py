"""The program's own virtual environment: made, filled and brought up to date."""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watcher import __version__
from watcher.service.installation.places import Places
from watcher.service.installation.steps import InstallationError, Run, Step, command

DISTRIBUTION = "watcher-daemon"
#: The unit's ProtectHome= hides these from the service, interpreters in them too.
HIDDEN = ("/home", "/root", "/run/user")
SYSTEM_PYTHON = Path("/usr/bin/python3")


def source_of_this_program() -> str:
    """Return where the running program came from: a file still here (PEP 610), else its release."""
    try:
        origin = json.loads(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = urlsplit(str(origin.get("url", "")))
    path = Path(unquote(url.path))
    if url.scheme == "file" and path.exists():
        return str(path)
    return f"{DISTRIBUTION}=={__version__}"


def runs_from(places: Places) -> bool:
    """Tell whether the program that runs now is the installed one."""
    return Path(sys.prefix).resolve() == places.venv.resolve()


def program_steps(places: Places, source: str | None, run: Run) -> Iterator[Step]:
    """Yield what brings the program into its own environment.

    Args:
        places: say where that is.
        source: a requirement as pip reads it, or a wheel or folder here; None is this very
            program, and nothing when it runs from there.
        run: runs pip.

    Raises:
        InstallationError: the service could not see this Python.
    """
    python = places.venv / "bin/python"
    yield command(
        [str(base_python()), "-m", "venv", "--clear", str(places.venv)],
        "an environment of its own for the program",
        run,
        is_done=python.exists(),  # false too when its interpreter is gone after a system upgrade
    )
    if source is None and runs_from(places):
        return
    wanted = source or source_of_this_program()
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    yield command([*pip, "--upgrade", wanted], "the program and its libraries", run)
    if Path(wanted).exists():  # its version says little then
        again = [*pip, "--force-reinstall", "--no-deps", wanted]
        yield command(again, "the very same build, though its version may be known", run)


def installed_record(places: Places) -> Path | None:
    """Return pip's record of the program; its time is when it was installed."""
    pattern = "lib/python3*/site-packages/watcher_daemon-*.dist-info"
    return min(places.venv.glob(pattern), default=None)


def base_python() -> Path:
    """Return the interpreter to build the environment on: ours, unless the service cannot see it.

    Raises:
        InstallationError: there is none.
    """
    ours = Path(getattr(sys, "_base_executable", sys.executable))
    for python in (ours, SYSTEM_PYTHON):
        if python.exists() and not str(python.resolve()).startswith(HIDDEN):
            return python
    raise InstallationError(
        f"the service may not look into {', '.join(HIDDEN)}, where this Python is: install the"
        " system's own (on Debian: apt install python3-venv) and try again"
    )
