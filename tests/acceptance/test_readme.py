"""What README shows is what the program prints."""

import re
from pathlib import Path

from watcher_process import run

from watcher.cli import EXIT_CONFIG

README = Path(__file__).resolve().parents[2] / "README.md"


def block(pattern: str) -> str:
    """Return the block of code that a pattern leads to."""
    found = re.search(rf"{pattern}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_a_mistake_in_the_watchlist_is_shown_as_readme_has_it(tmp_path: Path) -> None:
    watchlist = block("```toml").replace("kim NEAR putin", "kim NEAR purin")
    (tmp_path / "config.toml").write_text(watchlist, encoding="utf-8")

    checked = run("check", cwd=tmp_path, env={"NO_COLOR": "1"})

    assert checked.returncode == EXIT_CONFIG
    assert checked.stdout == block(r"<!-- kept true by tests/acceptance/test_readme.py -->\n```")
