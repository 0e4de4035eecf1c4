"""`watcher parse --json` always prints its object."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli import group
from watcher.errors import UsageError


@pytest.mark.parametrize(
    "name", [pytest.param("gone.xml", id="missing"), pytest.param("", id="folder")]
)
def test_a_file_that_cannot_be_read_is_wrong_usage_and_still_an_object(
    tmp_path: Path, name: str
) -> None:
    result = CliRunner().invoke(group, ["parse", str(tmp_path / name), "--json"])

    assert isinstance(result.exception, UsageError)
    told = json.loads(result.stdout)
    assert told["feed"] is None
    assert told["entries"] == []
    assert told["problems"] == [str(result.exception)]
