"""Configurations as files, and what becomes of them."""

from pathlib import Path

from watcher.config import Loaded, Settings, load, report


def write(folder: Path, text: str, name: str = "config.toml") -> Path:
    """Write a file of a configuration, readable by its owner alone."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    return file


def load_text(folder: Path, text: str) -> Loaded:
    """Return what becomes of a configuration of one file, secrets of no environment included."""
    return load(write(folder, text), {})


def read(folder: Path, text: str) -> Settings:
    """Return the settings of a configuration that has no faults."""
    loaded = load_text(folder, text)
    assert loaded.settings, report(loaded.problems, loaded.document)
    return loaded.settings


def messages(loaded: Loaded) -> list[str]:
    """Return what was found wrong."""
    return [problem.message for problem in loaded.problems]
