"""Everything that can befall a daemon, one by one: what is seen of it, and that nothing is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from faults import World
from feed_documents import rss
from feed_server import FeedServer

Report = Callable[[str], None]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """Put a disk of its own under a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(place)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@needs_root
def test_the_disk_gets_full_and_is_cleared(world: World, report: Report) -> None:
    with small_disk(world.state, 40), world.daemon() as daemon:
        world.publish()
        world.arrive()
        (world.state / "filler").write_bytes(bytes(shutil.disk_usage(world.state).free - 500_000))
        seen = world.told("polling stops")
        world.publish(3)
        polls = world.feeds.count("/wire")
        world.ask("status")
        assert world.feeds.count("/wire") <= polls + 1
        (world.state / "filler").unlink()
        world.told("polling goes on")
        world.arrive()
        assert daemon.stop() == 0
        report(seen)


@needs_root
def test_the_state_is_read_only(world: World, report: Report) -> None:
    with small_disk(world.state, 40):
        with world.daemon() as daemon:
            world.publish()
            world.arrive()
            daemon.stop()
        remount = ["mount", "-o", "remount,ro", str(world.state)]
        subprocess.run(remount, check=True)
        with world.daemon() as daemon:
            assert daemon.wait_for_exit() == 1
            assert "Traceback" not in daemon.log
            seen = daemon.log
        subprocess.run([*remount[:2], "remount,rw", *remount[3:]], check=True)
        with world.daemon() as daemon:
            world.publish()
            world.arrive()
            daemon.stop()
        report(seen.splitlines()[-1])


def test_another_program_locks_the_database(world: World, report: Report) -> None:
    with world.daemon() as daemon:
        world.publish()
        world.arrive()
        with closing(sqlite3.connect(world.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            world.publish(2)
            daemon.wait_for_log("is locked by another program")
            other.execute("ROLLBACK")
        world.arrive(120)
        assert daemon.stop() == 0
        report(next(line for line in daemon.log.splitlines() if "is locked" in line)[-120:])


def test_a_page_of_the_database_is_damaged_and_a_backup_put_in_its_place(
    world: World, report: Report
) -> None:
    with world.daemon() as daemon:
        world.publish()
        world.arrive()
        assert world.ask("db", "backup", str(world.folder / "copy.db")).returncode == 0
        daemon.stop()
    body = bytearray(world.database.read_bytes())
    body[4096:] = b"\x55" * (len(body) - 4096)
    world.database.write_bytes(body)
    with world.daemon() as daemon:
        assert daemon.wait_for_exit() == 1
        seen = daemon.log.splitlines()[-1]
        assert "is damaged" in seen
        assert "watcher db restore" in seen
    assert world.ask("db", "restore", str(world.folder / "copy.db")).returncode == 0
    with world.daemon() as daemon:
        world.publish()
        world.arrive()
        daemon.stop()
    report(seen)


def test_the_network_goes_and_comes_back(world: World, report: Report) -> None:
    """Addresses of this machine never count as the network, so the feed is told to be sick."""
    with world.daemon() as daemon:
        world.publish()
        world.arrive()
        port = world.telegram.port
        world.feeds.go_away()
        world.telegram.stop()
        daemon.wait_for_log("is sick")
        world.publish(2)
        world.feeds.come_back()
        world.telegram.start(port)
        world.arrive(120)
        seen = world.told("is sick")
        world.told("is well again")
        assert daemon.stop() == 0
    report(seen)


def test_half_of_the_feeds_hang(world: World, report: Report) -> None:
    with ExitStack() as stack:
        hosts = [f"127.0.1.{number}" for number in range(1, 6)]
        slow = [stack.enter_context(FeedServer(host=host)) for host in hosts]
        hanging = [server.put("/slow", mode="hang") for server in slow]
        world.configure([world.feeds.put("/wire", rss("Wire", [])), *hanging], 'timeout = "5s"')
        with world.daemon() as daemon:
            for _ in range(3):
                world.publish()
                world.arrive(30)
            daemon.wait_for_log("took too long")
            assert daemon.stop() == 0
            report(next(line for line in daemon.log.splitlines() if "took too long" in line)[-140:])


def test_names_cannot_be_looked_up(world: World, report: Report) -> None:
    lost = [f"http://feeds-{number}.invalid/rss" for number in range(3)]
    world.configure([world.feeds.put("/wire", rss("Wire", [])), *lost])
    with world.daemon() as daemon:
        for _ in range(2):
            world.publish()
            world.arrive(60)
        assert daemon.stop() == 0
    listed = world.ask("feeds", "list").stdout
    report(next(line for line in listed.splitlines() if "invalid" in line))


def test_the_machine_sleeps_for_a_minute(world: World, report: Report) -> None:
    with world.daemon() as daemon:
        world.publish()
        world.arrive()
        daemon.signal(signal.SIGSTOP)
        world.publish(3)
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.process.wait(60)
        daemon.signal(signal.SIGCONT)
        world.arrive(30)
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log
        report("nothing but alerts that are a minute late")


def test_the_daemon_is_killed_again_and_again(world: World, report: Report) -> None:
    for _ in range(5):
        with world.daemon() as daemon:
            daemon.wait_for_log("started")
            world.publish()
            daemon.signal(signal.SIGKILL)
            daemon.wait_for_exit()
    with world.daemon() as daemon:
        world.arrive()
        assert daemon.stop() == 0
    report("nothing: every start goes on where the last one ended")
