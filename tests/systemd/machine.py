"""A Debian of its own in systemd-nspawn: booted with the real systemd, asked over nsenter, ended.

`--register=no --keep-unit` because the host may have no D-Bus, and `--private-network` so that
nothing leaves it: inside there is only the loopback. `--keep-unit` also keeps the control group,
so each machine is started in one of its own: two that share one take the other's `watcher.service`
for their own, and cannot stop it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: Nothing of a container needs them, and each costs seconds of the boot.
MASKED = (
    "console-getty.service",
    "systemd-networkd.service",
    "systemd-networkd.socket",
    "systemd-resolved.service",
    "systemd-timesyncd.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "fstrim.timer",
    "e2scrub_all.timer",
)
BOOT_S = 30.0
STOP_S = 30.0


class Machine:
    """A copy of a root folder, running; use it in a `with`.

    Args:
        base: the root folder, which stays as it is.
        folder: where the copy lives.
    """

    def __init__(self, base: Path, folder: Path) -> None:
        self.root = folder / "root"
        self._log = folder / "nspawn.log"
        self._groups = [group / f"{folder.parent.name}-{folder.name}" for group in _own_groups()]
        subprocess.run(["cp", "-a", "--reflink=auto", base, self.root], check=True)
        for unit in MASKED:
            (self.root / "etc/systemd/system" / unit).symlink_to("/dev/null")

    def __enter__(self) -> Self:
        command = ["systemd-nspawn", "-q", "-D", str(self.root), "--boot", "--register=no"]
        command += ["--keep-unit", "--private-network", "--link-journal=no", "--console=pipe"]
        self._nspawn = subprocess.Popen(
            [*self._in_own_groups(), *command, "--kill-signal=SIGRTMIN+3"],
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        self.wait(self._has_booted, BOOT_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._nspawn.send_signal(signal.SIGTERM)
        try:
            self._nspawn.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        shutil.rmtree(self.root, ignore_errors=True)
        for group in self._groups:
            for folder, _, _ in os.walk(group, topdown=False):
                with suppress(OSError):  # the kernel is slow to see that nobody is in it
                    Path(folder).rmdir()

    def run(self, script: str, timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run a shell script inside, as root, and return what came of it."""
        spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"]
        enter = ["nsenter", "-t", self._first(), *spaces, "env", "-i", f"PATH={PATH}"]
        return subprocess.run(
            [*enter, "HOME=/root", "LANG=C.UTF-8", "sh", "-c", f"cd /root; {script}"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )

    def out(self, script: str, timeout_s: float = 120.0) -> str:
        """Run a script that has to work, and return what it said."""
        ended = self.run(script, timeout_s)
        said = ended.stdout + ended.stderr
        assert ended.returncode == 0, f"`{script}` exits with {ended.returncode}: {said[-1500:]}"
        return ended.stdout.strip()

    def show(self, name: str, unit: str = "watcher") -> str:
        """Return one property of a unit."""
        return self.out(f"systemctl show {unit} --property={name} --value")

    def journal(self, unit: str = "watcher") -> str:
        """Return what a unit wrote so far."""
        return self.out(f"journalctl --sync; journalctl --no-pager -o cat -u {unit}")

    def wait(self, condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Look until something holds."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout_s:.0f} s"
            time.sleep(0.2)

    def _in_own_groups(self) -> list[str]:
        """Return what starts a command in control groups of this machine alone."""
        for group in self._groups:
            group.mkdir()
        enter = [f"echo $$ > {group}/cgroup.procs" for group in self._groups]
        return ["sh", "-c", " && ".join([*enter, 'exec "$@"']), "sh"]

    def _has_booted(self) -> bool:
        assert self._nspawn.poll() is None, self._log.read_text(errors="replace")
        if not self._first():
            return False
        return self.run("systemctl is-system-running --wait").stdout.strip() == "running"

    def _first(self) -> str:
        """Return the process that is PID 1 inside; nspawn's first child only prepares it."""
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        return children.read_text(encoding="ascii").strip()


def _own_groups() -> Iterator[Path]:
    """Yield the folders of our control groups that a systemd inside would work in."""
    lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    paths = {names: path for _, names, path in (line.split(":", 2) for line in lines)}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, folder, kind, options = line.split()[:4]
        if kind == "cgroup2":
            yield Path(folder + paths[""])
        elif kind == "cgroup" and "name=systemd" in options.split(","):
            yield Path(folder + paths["name=systemd"])
