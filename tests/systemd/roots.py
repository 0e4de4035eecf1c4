"""What the machines are made of: a minimal Debian, the wheel, and a wheelhouse of its libraries.

A root is built once (a minute or two) and kept; only a change of the pinned libraries builds its
wheelhouse anew. pip runs inside the root, so that the wheels are those of its Python.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUITES = ("bookworm", "trixie")  # Debian 12 and 13
PACKAGES = "systemd,systemd-sysv,dbus,libpam-systemd,ca-certificates,python3,python3-venv"
#: Where Debian comes from; without one mmdebstrap knows.
MIRRORS = [mirror for mirror in (os.environ.get("DEBIAN_MIRROR"),) if mirror]
WHEELS = "srv/wheels"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
#: What the tools of this machine take from the environment to reach the archive and the index.
PASSED = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "http_proxy", "https_proxy", "no_proxy")


def tools_missing() -> list[str]:
    """Return what has to be installed first."""
    tools = {"mmdebstrap": "mmdebstrap", "systemd-nspawn": "systemd-container"}
    return [package for tool, package in tools.items() if shutil.which(tool) is None]


def root_of(suite: str, cache: Path, wheel: Path) -> Path:
    """Return a root folder with the wheelhouse of a wheel, building what is missing."""
    base = cache / suite
    if not (base / "usr/bin/python3").exists():
        print(f"building a Debian {suite} in {base}", flush=True)
        partial = cache / f"{suite}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        command = ["mmdebstrap", "--variant=minbase", "--quiet", f"--include={PACKAGES}", suite]
        subprocess.run([*command, partial, *MIRRORS], check=True)
        partial.rename(base)
    _fill_wheelhouse(base, wheel)
    return base


def build_wheel(folder: Path, version: str | None = None) -> Path:
    """Build the wheel; with another version from a changed copy of the tree."""
    source = ROOT
    if version:
        source = folder / "source"
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
        for name in filter(None, files.stdout.decode().split("\0")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
        for name in ("pyproject.toml", "watcher/__init__.py"):
            _set_version(source / name, version)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    into = Path(tempfile.mkdtemp(dir=folder))
    subprocess.run([*pip, "--no-index", "--wheel-dir", into, source], check=True)
    return next(into.glob("*.whl"))


def _set_version(file: Path, version: str) -> None:
    text = file.read_text(encoding="utf-8")
    changed = text.replace('version = "0.1.0"', f'version = "{version}"')
    changed = changed.replace('__version__ = "0.1.0"', f'__version__ = "{version}"')
    assert changed != text, f"{file} names another version"
    file.write_text(changed, encoding="utf-8")


def _fill_wheelhouse(base: Path, wheel: Path) -> None:
    """Have pip collect the wheels of all libraries inside the root."""
    pinned = (ROOT / "constraints.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    digest = hashlib.sha256(pinned).hexdigest()
    stamp = base / WHEELS / ".made-from"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"collecting the libraries' wheels in {base / WHEELS}", flush=True)
    shutil.rmtree(base / WHEELS, ignore_errors=True)
    (base / WHEELS).mkdir(parents=True)
    for file in ("/etc/resolv.conf", AUTHORITIES):
        shutil.copyfile(file, base / file.lstrip("/"))
    shutil.copy(ROOT / "constraints.txt", base / "srv")
    shutil.copy(wheel, base / "srv")
    _pip_wheel(base, wheel.name)
    for own in (*(base / WHEELS).glob("watcher_daemon-*"), base / "srv" / wheel.name):
        own.unlink()
    stamp.write_text(digest)


def _pip_wheel(base: Path, wheel: str) -> None:
    passed = [f"{name}={os.environ[name]}" for name in PASSED if name in os.environ]
    environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", f"PIP_CERT={AUTHORITIES}"]
    pip = "python3 -m venv /tmp/venv && /tmp/venv/bin/pip wheel --quiet --disable-pip-version-check"
    script = f"{pip} -w /{WHEELS} -c /srv/constraints.txt /srv/{wheel} && rm -rf /tmp/* /tmp/.cache"
    command = ["chroot", str(base), "env", "-i", *environment, *passed, "sh", "-c", script]
    subprocess.run(command, check=True)
