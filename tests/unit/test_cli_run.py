import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from watcher.cli.run import NO_CORE, _complain
from watcher.service.monitoring.poll_log import Summary

LEAVE = "from watcher.cli.run import _leave_no_core as f; f(); import resource as r;"
SHOW = "print(r.getrlimit(r.RLIMIT_CORE)[0])"


@pytest.mark.parametrize(
    ("hard", "soft"), [(resource.RLIM_INFINITY, NO_CORE), (4096, NO_CORE), (1, NO_CORE), (0, 0)]
)
def test_a_core_dump_is_made_for_no_file_and_no_collector(hard: int, soft: int) -> None:
    own = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if own != resource.RLIM_INFINITY and not 0 <= hard <= own:
        pytest.skip("the limit of this machine is lower")
    limit = f"import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, {hard}));"

    ended = subprocess.run(
        [sys.executable, "-c", limit + LEAVE + SHOW],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == f"{soft}\n"


@pytest.mark.parametrize(
    ("feeds", "failed", "complains"), [(0, 0, False), (3, 0, False), (3, 2, False), (3, 3, True)]
)
def test_a_round_that_could_poll_nothing_says_so(
    capsys: pytest.CaptureFixture[str], feeds: int, failed: int, complains: bool
) -> None:
    _complain(Summary(feeds=feeds, failed=failed))

    assert ("no feed could be polled" in capsys.readouterr().err) is complains


def test_a_run_without_feeds_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")

    for command in (["run", "--once"], ["status"]):
        ended = subprocess.run(
            [sys.executable, "-m", "watcher", *command, "--config", "config.toml"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )

        assert "`watcher feeds add URL` adds those of a page" in ended.stdout + ended.stderr
