"""What README and the pages of docs/ show is what the program prints and takes."""

import re
from pathlib import Path

import pytest
from watcher_process import run

from watcher.cli import EXIT_CONFIG

ROOT = Path(__file__).resolve().parents[2]
WATCHLISTS = ROOT / "docs/watchlists.md"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]

CONFIGURATIONS = [
    pytest.param(shown, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, shown in enumerate(
        re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    )
]


def block(pattern: str) -> str:
    """Return the block of code in watchlists.md that a pattern leads to."""
    found = re.search(rf"{pattern}\n(.*?)```", WATCHLISTS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_a_mistake_in_the_watchlist_is_shown_as_the_page_has_it(tmp_path: Path) -> None:
    watchlist = block("```toml").replace("kim NEAR putin", "kim NEAR purin")
    (tmp_path / "config.toml").write_text(watchlist, encoding="utf-8")

    checked = run("check", cwd=tmp_path, env={"NO_COLOR": "1"})

    assert checked.returncode == EXIT_CONFIG
    assert checked.stdout == block(r"<!-- kept true by tests/acceptance/test_readme.py -->\n```")


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_configuration_that_is_shown_can_be_used(configuration: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(configuration, encoding="utf-8")

    checked = run("check", cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout
