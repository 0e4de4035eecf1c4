"""What users install: the wheel carries every file the program needs beside its modules."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, without network, and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    subprocess.run(
        [*pip, *options, str(folder), str(ROOT)], check=True, capture_output=True, timeout=120
    )
    (wheel,) = folder.glob("watcher_daemon-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_migrations_example_unit_and_data(unpacked: Path) -> None:
    package = unpacked / "watcher"
    revisions = {file.name for file in (ROOT / "migrations" / "versions").glob("*.py")}

    assert {file.name for file in (package / "migrations" / "versions").glob("*.py")} == revisions
    assert (package / "migrations" / "env.py").is_file()
    assert (package / "config.example.toml").is_file()
    assert (package / "systemd" / "watcher.service").is_file()
    assert list((package / "demo" / "feeds").iterdir())
    assert {path.name for path in unpacked.iterdir() if path.is_dir()} == {
        "watcher",
        *(path.name for path in unpacked.glob("*.dist-info")),
    }


def test_the_program_works_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    assert "wrote config.toml" in _watcher(["init"], unpacked, tmp_path)
    assert "config.toml: ok" in _watcher(["check"], unpacked, tmp_path)
    assert "→ 2 alerts" in _watcher(["demo"], unpacked, tmp_path)


def _watcher(arguments: Sequence[str], site: Path, folder: Path) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "watcher", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
