"""What has to hold of the service under a real systemd; each check is a row of the table.

They run in this order on one machine, and go on from where the one before left it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from systemd.machine import Machine
from systemd.roots import ROOT

TOKEN = "123:abc"
NEW_VERSION = "0.1.99"
#: DynamicUser= takes its users from here (systemd.io/UIDS-GIDS).
DYNAMIC_IDS = range(61184, 65520)
EXPOSURE = 1.3
#: As long as the unit gives it: a start takes two seconds, and many times that on a busy machine.
START_S = 90.0
MOST_COMMANDS = 6
CONFIG = "/etc/watcher/config.toml"
STATE = "/var/lib/private/watcher"
#: Asked again and again, where `watcher status` takes a second of a core.
COUNT = (
    "import sqlite3;"
    " c = sqlite3.connect('file:/var/lib/private/watcher/watcher.db?mode=ro', uri=True);"
    " print(c.execute('SELECT count(*) FROM entry').fetchone()[0])"
)
#: So that a test waits seconds, not minutes.
IMPATIENT = "[Service]\\nWatchdogSec=6s\\nRestartSec=500ms\\n"
#: What gives the daemon a signal that blocks its event loop, as an endless computation would.
BLOCKABLE = "[Service]\\nEnvironment=PYTHONPATH=/srv/blocked\\n"
SITECUSTOMIZE = """import signal, time
def block_the_loop(*_):
    time.sleep(600)
signal.signal(signal.SIGUSR1, block_the_loop)
"""

WATCHLIST = """
[watcher]
timezone = "UTC"
[polling]
interval = "1s"
min_interval = "1s"
max_interval = "1s"
per_host_delay = "0s"
allow_private = ["127.0.0.0/8"]
[entities.kim]
names = ["Kim Jong Un"]
[entities.putin]
names = ["Putin"]
[[topics]]
id = "kim-putin-summit"
match = "kim NEAR putin"
priority = "high"
[channels.screen]
console = true
[channels.desk]
telegram = { chat = "-100", token_credential = "telegram-token", api = "http://127.0.0.1:8081" }
[[feeds]]
url = "http://127.0.0.1:8000/wire.xml"
name = "Pacific Wire"
lang = "en"
"""
HTTP = '\n[http]\nlisten = "127.0.0.1:8377"\n'
SECOND_TOPIC = '\n[[topics]]\nid = "kim"\nmatch = "kim"\nchannels = ["screen"]\n'
DAM_TOPIC = '\n[[topics]]\nid = "dam"\nmatch = "\\"dam bursts\\""\npriority = "high"\n'
BROKEN = '\n[[topics]]\nid = "broken"\nmatch = "kim NEAR purin"\n'


@dataclass
class Trial:
    """One machine under test, and what the checks before found out."""

    machine: Machine
    newer_wheel: Path
    notes: dict[str, str] = field(default_factory=dict)

    def configure(self, text: str) -> None:
        """Write the configuration, whole at once as editors do."""
        path = self.machine.root / CONFIG.lstrip("/")
        partial = path.with_suffix(".new")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)

    def publish(self, *titles: str) -> None:
        """Have the outlet tell these headlines."""
        items = "".join(
            f"<item><title>{title}</title><link>https://wire.example/{title.replace(' ', '-')}"
            f"</link><guid>{title}</guid></item>"
            for title in titles
        )
        feed = f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"
        path = self.machine.root / "srv/town/wire.xml"
        path.with_suffix(".new").write_text(feed, encoding="utf-8")
        path.with_suffix(".new").replace(path)

    def messages(self) -> list[str]:
        """Return what arrived at Telegram."""
        file = self.machine.root / "srv/town/messages"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def entries(self) -> int:
        """Return how many entries the database holds."""
        return int(self.machine.out(f'python3 -c "{COUNT}"'))

    def pid(self) -> str:
        """Return the daemon's process."""
        return self.machine.show("MainPID")

    def is_running(self) -> bool:
        """Tell whether the daemon is up and has said so."""
        return self.machine.show("ActiveState") == "active" and self.pid() != "0"


Check = Callable[[Trial], str]
CHECKS: list[tuple[str, Check]] = []


def check(name: str) -> Callable[[Check], Check]:
    """Put a check into the table; it returns what it saw, or raises AssertionError."""

    def add(function: Check) -> Check:
        CHECKS.append((name, function))
        return function

    return add


def documented_commands() -> list[str]:
    """Return the commands with which docs/operation.md makes Watcher a service."""
    text = (ROOT / "docs/operation.md").read_text(encoding="utf-8")
    section = text.split("## Run it as a service", 1)[1]
    block = section.split("```", 2)[1].strip()
    return [line.split("  #")[0].strip() for line in block.splitlines()]


@check("docs/operation.md: from a bare Debian to a running service and a test alert")
def _(trial: Trial) -> str:
    commands = documented_commands()
    assert len(commands) <= MOST_COMMANDS, commands
    offline = "export PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels DEBIAN_FRONTEND=noninteractive; "
    for command in commands:
        said = trial.machine.out(offline + command.replace("sudo ", ""), timeout_s=240)
    assert "sent to screen (console)" in said, said
    assert trial.is_running()
    return f"{len(commands)} commands"


@check("start returns after READY=1, and the status tells what is watched")
def _(trial: Trial) -> str:
    assert trial.machine.show("Type") == "notify"
    text = trial.machine.show("StatusText")
    assert re.search(r"watching \d+ feeds for 2 topics", text), text
    return text


@check("installing again with a credential: handed over, restarted, READY")
def _(trial: Trial) -> str:
    trial.machine.out(
        "mkdir -p /srv/town && systemd-run --unit=town python3 /srv/town.py /srv/town"
    )
    trial.publish("Ferry line opens")
    trial.configure(WATCHLIST)
    credentials = "/etc/watcher/credentials"
    trial.machine.out(f"printf {TOKEN} | install -m 600 /dev/stdin {credentials}/telegram-token")
    said = trial.machine.out("watcher service install --yes")
    assert "systemctl restart watcher.service" in said, said
    assert trial.machine.show("StatusText").startswith("watching 1 feed"), said
    drop_in = trial.machine.out("cat /etc/systemd/system/watcher.service.d/credentials.conf")
    return drop_in.splitlines()[-1]


@check("an alert goes to Telegram with the token from the credential")
def _(trial: Trial) -> str:
    trial.machine.wait(lambda: trial.entries() >= 1)
    trial.publish("Ferry line opens", "Kim Jong Un meets Putin in Vladivostok")
    trial.machine.wait(lambda: len(trial.messages()) == 1)
    assert "Kim Jong Un meets Putin" in trial.messages()[0]
    return f"{trial.messages()[0][:60]}…"


@check("the user is dynamic")
def _(trial: Trial) -> str:
    uid = int(trial.machine.out(f"stat -c %u /proc/{trial.pid()}"))
    assert uid in DYNAMIC_IDS, uid
    assert "watcher" not in trial.machine.out("cat /etc/passwd")
    return f"uid {uid}"


@check("modes: state 0700, database, lock and socket 0600, credentials 0700")
def _(trial: Trial) -> str:
    found = trial.machine.out(f"cd {STATE} && stat -c '%a %n' . * /etc/watcher/credentials")
    pairs = [line.split(maxsplit=1) for line in found.splitlines()]
    modes = {name: mode for mode, name in pairs}
    assert modes.pop(".") == modes.pop("/etc/watcher/credentials") == "700", found
    assert {"watcher.db", "watcher.lock", "watcher.sock"} <= modes.keys(), found
    assert set(modes.values()) == {"600"}, found
    return f"{len(modes)} files"


@check("the secret is in no environment, no command line, no log and not in the database")
def _(trial: Trial) -> str:
    pid = trial.pid()
    for place in (f"/proc/{pid}/environ", f"/proc/{pid}/cmdline", f"{STATE}/watcher.db*"):
        assert trial.machine.run(f"grep -c -a '{TOKEN}' {place}").stdout.count("1") == 0, place
    assert TOKEN not in trial.machine.out("journalctl --no-pager -o export")
    return f"4 places without {TOKEN[:4]}…"


@check("no new privileges, no capabilities, a filter of system calls")
def _(trial: Trial) -> str:
    status = trial.machine.out(f"cat /proc/{trial.pid()}/status")
    for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000"):
        assert line in status, line
    return "NoNewPrivs 1, Seccomp 2, CapBnd 0"


@check("it can write nowhere but into its state")
def _(trial: Trial) -> str:
    pid = trial.pid()
    uid = trial.machine.out(f"stat -c %u /proc/{pid}")
    places = "/etc/watcher /etc /usr /opt/watcher/venv /var/lib /var/log /srv /home /root /run"
    script = f"for p in {places}; do touch $p/intruder 2>/dev/null && echo $p; done; true"
    enter = f"nsenter -t {pid} -m setpriv --reuid={uid} --regid={uid} --clear-groups sh -c"
    assert trial.machine.out(f"{enter} '{script}'") == ""
    assert trial.machine.out(f"{enter} 'touch {STATE}/own && rm {STATE}/own'") == ""
    return f"{len(places.split())} places refused"


@check("nothing of it is left in a core dump, and files it may open are bounded")
def _(trial: Trial) -> str:
    limits = trial.machine.out(f"cat /proc/{trial.pid()}/limits")
    assert re.search(r"Max core file size\s+1\s+1", limits), limits
    assert re.search(r"Max open files\s+4096", limits), limits
    return "core 1 byte, files 4096"


@check(f"exposure at most {EXPOSURE} in systemd-analyze security")
def _(trial: Trial) -> str:
    said = trial.machine.run("systemd-analyze security --no-pager watcher.service").stdout
    found = re.search(r"exposure level for watcher.service: ([0-9.]+)", said)
    assert found, said[-300:]
    assert float(found[1]) <= EXPOSURE, found[0]
    return found[1]


@check("commands work beside it, as root, without naming configuration or state")
def _(trial: Trial) -> str:
    pid = trial.pid()
    (trial.machine.root / "etc/watcher/new.toml").write_text(
        WATCHLIST + SECOND_TOPIC, encoding="utf-8"
    )
    commands = {
        "watcher status": "entries",
        "watcher stories list": "Kim Jong Un meets Putin",
        "watcher alerts list": "kim-putin-summit",
        "watcher explain 'Kim Jong Un meets Putin in Vladivostok'": "kim-putin-summit",
        "watcher topics backtest --config /etc/watcher/new.toml": "kim",
        "watcher feeds list": "Pacific Wire",
        "watcher db check": "ok",
        "watcher send-test desk": "sent to desk (telegram)",
        "watcher service status": "watcher.service: active (running)",
    }
    for command, words in commands.items():
        said = trial.machine.out(command)
        assert words in said, f"{command}: {said}"
    assert trial.pid() == pid
    return f"{len(commands)} commands"


@check("one line for each poll with its outcome, one for each alert with its reason")
def _(trial: Trial) -> str:
    journal = trial.machine.journal()
    assert 'event="feed polled" url=http://127.0.0.1:8000/wire.xml outcome=news' in journal
    lines = [line for line in journal.splitlines() if "action=alert" in line]
    assert len(lines) == 1, lines
    assert "reason=first_report" in lines[0], lines[0]
    return lines[0][:70]


@check("health and metrics on the loopback after a reload; another Host is refused")
def _(trial: Trial) -> str:
    trial.configure(WATCHLIST + HTTP)
    trial.machine.out("systemctl reload watcher")
    ask = (
        "import sys,urllib.request as r;"
        "q=r.Request('http://127.0.0.1:8377'+sys.argv[1],headers={'Host':sys.argv[2]});"
        "print(r.urlopen(q).read().decode())"
    )
    get = f'python3 -c "{ask}"'
    trial.machine.wait(lambda: trial.machine.run(f"{get} /health localhost").returncode == 0)
    assert '"ready": true' in trial.machine.out(f"{get} /health 127.0.0.1")
    metrics = trial.machine.out(f"{get} /metrics localhost")
    assert 'watcher_deliveries_total{channel="desk",outcome="sent"} 1.0' in metrics, metrics
    assert "421" in trial.machine.run(f"{get} /metrics evil.example").stderr
    return f"{len(metrics.splitlines())} lines of metrics"


@check("others are told to use sudo")
def _(trial: Trial) -> str:
    ended = trial.machine.run(
        "setpriv --reuid=nobody --regid=nogroup --clear-groups watcher status"
    )
    assert ended.returncode == 1, ended
    assert "use sudo" in ended.stderr, ended.stderr
    return ended.stderr.strip()


@check("reload with a good watchlist: the same process, the new topics")
def _(trial: Trial) -> str:
    pid = trial.pid()
    trial.configure(WATCHLIST + SECOND_TOPIC)
    trial.machine.out("systemctl reload watcher")
    trial.machine.wait(lambda: "for 2 topics" in trial.machine.show("StatusText"))
    assert trial.pid() == pid
    return trial.machine.show("StatusText")


@check("reload with a broken one: refused with its line, the running one stays")
def _(trial: Trial) -> str:
    pid = trial.pid()
    trial.configure(WATCHLIST + BROKEN)
    assert trial.machine.run("systemctl reload watcher").returncode != 0, "reload says all is well"
    assert "no entity or word list is called `purin`" in trial.machine.journal(), "no complaint"
    assert trial.pid() == pid, "another process"
    # It may just look at the changed file by itself, and say so.
    trial.machine.wait(lambda: "for 2 topics" in trial.machine.show("StatusText"))
    return "did you mean `putin`?"


@check("a changed file is taken over without a word")
def _(trial: Trial) -> str:
    trial.configure(WATCHLIST)
    trial.machine.wait(lambda: "for 1 topic" in trial.machine.show("StatusText"))
    return trial.machine.show("StatusText")


@check("kill -9: restarted, nothing lost, nothing sent twice")
def _(trial: Trial) -> str:
    _make_impatient(trial)
    pid, entries, told = trial.pid(), trial.entries(), len(trial.messages())
    trial.machine.out(f"kill -9 {pid}")
    trial.machine.wait(lambda: trial.is_running() and trial.pid() != pid, START_S)
    assert trial.entries() == entries
    trial.publish("Ferry line opens", "Kim Jong Un meets Putin in Vladivostok", "Rice is cheap")
    trial.machine.wait(lambda: trial.entries() == entries + 1)
    assert len(trial.messages()) == told
    return f"{entries} entries before and after"


@check("a database that does not answer: the watchdog ends it with its stacks, and it comes back")
def _(trial: Trial) -> str:
    pid = trial.pid()
    hold = "import sqlite3,time;c=sqlite3.connect('{}/watcher.db');c.execute('BEGIN IMMEDIATE');"
    script = hold.format(STATE) + "time.sleep(600)"
    trial.machine.out(f'systemd-run --unit=intruder python3 -c "{script}"')
    trial.machine.wait(lambda: "Fatal Python error: Aborted" in trial.machine.journal(), 60)
    trial.machine.out("systemctl stop intruder")
    journal = trial.machine.journal()
    assert "Watchdog timeout" in journal, journal[-800:]
    assert "_transact" in journal, journal[-2000:]
    assert "watcher/storage/" in journal, journal[-2000:]
    trial.machine.wait(lambda: trial.is_running() and trial.pid() != pid, START_S)
    return "SIGABRT, stacks of all threads"


@check("a blocked event loop: the watchdog ends it with its stack, it comes back, no alert is lost")
def _(trial: Trial) -> str:
    _make_blockable(trial)
    trial.configure(WATCHLIST + DAM_TOPIC)
    trial.machine.out("systemctl restart watcher")
    pid, told, aborted = trial.pid(), len(trial.messages()), _aborted(trial)
    trial.machine.out(f"kill -USR1 {pid}")
    trial.publish("Ferry line opens", "Dam bursts above Kandy")
    trial.machine.wait(lambda: _aborted(trial) == aborted + 1, 60)
    stack = trial.machine.journal().rpartition("Fatal Python error: Aborted")[2]
    assert "/srv/blocked/sitecustomize.py" in stack, stack[:2000]
    assert "in block_the_loop" in stack, stack[:2000]
    trial.machine.wait(lambda: trial.is_running() and trial.pid() not in ("0", pid), START_S)
    trial.machine.wait(lambda: len(trial.messages()) > told, START_S)
    assert ["Dam bursts" in text for text in trial.messages()[told:]] == [True]
    trial.machine.out("rm /etc/systemd/system/watcher.service.d/blockable.conf")
    trial.machine.out("systemctl daemon-reload")
    return "SIGABRT, `in block_the_loop` in the journal, the alert came after"


@check("clean stop: at once, with exit code 0")
def _(trial: Trial) -> str:
    trial.machine.out("systemctl stop watcher", timeout_s=15)
    assert trial.machine.show("Result") == "success"
    assert trial.machine.show("ExecMainStatus") == "0"
    assert trial.machine.run("watcher service status").returncode == 1
    missed = trial.machine.run("watcher status")
    assert missed.returncode == 1, missed
    assert "the daemon is not running" in missed.stdout, missed.stdout
    return "exit code 0; `watcher status` misses it"


@check("a broken configuration: exit 78, failed, and no loop of restarts")
def _(trial: Trial) -> str:
    trial.configure(WATCHLIST + BROKEN)
    assert trial.machine.run("systemctl start watcher").returncode != 0
    trial.machine.wait(lambda: trial.machine.show("ActiveState") == "failed")
    assert trial.machine.show("ExecMainStatus") == "78"
    assert trial.machine.show("NRestarts") == "0"
    assert trial.machine.run("watcher service install --yes").returncode == 78
    trial.configure(WATCHLIST)
    trial.machine.out("systemctl start watcher")
    return "78, 0 restarts"


@check("installing again changes nothing; --dry-run shows it")
def _(trial: Trial) -> str:
    pid = trial.pid()
    said = trial.machine.out("watcher service install --dry-run")
    assert "to do" not in said, said
    trial.machine.out("watcher service install --yes")
    assert trial.pid() == pid
    return f"{said.count('is so')} steps are so"


@check("upgrade: a new version runs; configuration and data stay")
def _(trial: Trial) -> str:
    pid, entries = trial.pid(), trial.entries()
    before = trial.machine.out(f"sha256sum {CONFIG}")
    offline = "PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels"
    wheel = f"/root/newer/{trial.newer_wheel.name}"
    said = trial.machine.out(f"{offline} watcher service install --yes --from {wheel}", 240)
    assert NEW_VERSION in trial.machine.out("watcher --version"), said
    assert trial.pid() not in ("0", pid), said
    assert trial.machine.out(f"sha256sum {CONFIG}") == before
    assert trial.entries() >= entries
    return f"0.1.0 -> {NEW_VERSION}"


@check("a second, independent Watcher runs beside it")
def _(trial: Trial) -> str:
    config = trial.machine.root / "etc/watcher/energy/config.toml"
    config.parent.mkdir()
    config.write_text(WATCHLIST + SECOND_TOPIC, encoding="utf-8")
    trial.machine.out("watcher service install energy --yes")
    assert "for 2 topics" in trial.machine.show("StatusText", "watcher@energy")
    assert "for 1 topic" in trial.machine.show("StatusText")
    said = trial.machine.out("watcher status --config /etc/watcher/energy/config.toml --json")
    trial.machine.out("watcher service uninstall energy --yes")
    assert trial.is_running()
    assert json.loads(said)["feeds"] == 1
    trial.machine.out("test -e /var/lib/private/watcher-energy/watcher.db && test -e /opt/watcher")
    return "watcher@energy.service"


@check("the timer: rounds without a daemon on the same state, and back")
def _(trial: Trial) -> str:
    entries = trial.entries()
    trial.machine.out("watcher service install --timer --yes")
    assert trial.machine.show("ActiveState") == "inactive"
    assert trial.machine.show("ActiveState", "watcher-once.timer") == "active"
    trial.publish("Ferry line opens", "Rice is cheap", "Kim Jong Un and Putin part in Vladivostok")
    trial.machine.out("systemctl start watcher-once.service")
    assert trial.machine.show("Result", "watcher-once.service") == "success"
    assert trial.entries() == entries + 1
    trial.machine.out("watcher service install --yes")
    assert trial.machine.show("ActiveState", "watcher-once.timer") == "inactive"
    assert trial.is_running()
    return f"{entries} -> {entries + 1} entries"


@check("uninstall: service, units and program are gone, configuration and data stay")
def _(trial: Trial) -> str:
    before = trial.machine.out(f"sha256sum {CONFIG}")
    said = trial.machine.out("watcher service uninstall --yes")
    gone = "/opt/watcher/venv /usr/local/bin/watcher /etc/systemd/system/watcher*.service"
    assert trial.machine.run(f"ls -d {gone}").stdout == ""
    assert trial.machine.out(f"sha256sum {CONFIG}") == before
    trial.machine.out(f"test -s {STATE}/watcher.db && ! systemctl cat watcher 2>/dev/null")
    return said.splitlines()[-1]


def _make_impatient(trial: Trial) -> None:
    _drop_in(trial, "impatient", IMPATIENT)
    trial.machine.out("systemctl restart watcher")


def _make_blockable(trial: Trial) -> None:
    folder = trial.machine.root / "srv/blocked"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
    _drop_in(trial, "blockable", BLOCKABLE)


def _drop_in(trial: Trial, name: str, text: str) -> None:
    folder = "/etc/systemd/system/watcher.service.d"
    script = f"mkdir -p {folder} && printf '{text}' > {folder}/{name}.conf"
    trial.machine.out(f"{script} && systemctl daemon-reload")


def _aborted(trial: Trial) -> int:
    """Return how often the daemon was aborted so far."""
    return trial.machine.journal().count("Fatal Python error: Aborted")
