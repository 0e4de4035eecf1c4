"""`watcher demo`: two events, told by eight outlets in six languages, ring twice."""

import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from watcher_process import run

ROOT = Path(__file__).resolve().parents[2]
#: Clock times differ from run to run, and soon after midnight they have a day; ages do not.
CLOCK = re.compile(r"(?:\b\d{1,2} [A-Z][a-z]{2} )?\b\d\d:\d\d(?= WIB| ·|,)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> CompletedProcess[str]:
    return run("demo", cwd=folder, env={"NO_COLOR": "1", "http_proxy": "http://127.0.0.1:9"})


def test_the_demo_needs_no_network_and_rings_once_for_each_event(
    folder: Path, demo: CompletedProcess[str]
) -> None:
    assert demo.returncode == 0
    assert demo.stderr == ""
    assert demo.stdout.count("Kim–Putin summit ·") == 1
    assert demo.stdout.count("Arms transfers, North Korea to Russia ·") == 1
    assert "8 outlets · 6 languages" in demo.stdout
    assert demo.stdout.count("Why: ") == 2
    assert re.fullmatch(r"\d+ entries → \d+ stories → 2 alerts", demo.stdout.splitlines()[-1])
    assert list(folder.iterdir()) == []


def test_readme_shows_what_the_demo_prints(demo: CompletedProcess[str]) -> None:
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- demo[^>]*-->\n```\n(.*?)```", readme, re.DOTALL)

    assert shown
    assert _summit(shown[1]) == _summit(demo.stdout)
    assert _ends(shown[1]) == _ends(demo.stdout)


def _summit(text: str) -> str:
    """Return the alert of the summit, without its clock times."""
    return CLOCK.sub("", text[text.index("🔴") : text.index("story 1\n")])


def _ends(text: str) -> tuple[str, str]:
    """Return the first line and the last."""
    lines = text.strip().splitlines()
    return lines[0], lines[-1]
