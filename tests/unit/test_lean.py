"""Importing a library without what it would bring along."""

import importlib
import subprocess
import sys

import pytest

from watcher.lean import without


def test_what_is_kept_out_cannot_be_imported_in_the_block_and_can_after_it() -> None:
    with without("wave"), pytest.raises(ImportError):
        importlib.import_module("wave")
    assert "wave" not in sys.modules


def test_what_was_imported_before_is_left_alone() -> None:
    before = sys.modules["json"]
    with without("json"):
        assert importlib.import_module("json") is before
    assert sys.modules["json"] is before


@pytest.mark.parametrize(
    ("module", "brought"),
    [
        ("watcher.service.log", "rich"),
        ("watcher.alerts.senders.telegram_bot", "rich"),
        ("watcher.alerts.senders.telegram_bot", "cryptography"),
        ("watcher.feeds.worker", "chardet"),
        ("watcher.service.daemon", "rich"),
    ],
)
def test_the_daemon_does_without(module: str, brought: str) -> None:
    program = f"import sys, {module}; sys.exit({brought!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
