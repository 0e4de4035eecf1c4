"""What packagers get: the source archive passes the gate as the repository does."""

import subprocess
import tarfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

ROOT = Path(__file__).resolve().parents[2]
#: What only the repository's own machines read.
OURS = ".ci"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="nobody knows what belongs to the source")
def test_the_source_archive_carries_every_file_of_the_repository(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    kept = {name for name in listed.stdout.split("\0") if name and not name.startswith(OURS)}

    assert kept - _archived(tmp_path) == set()


def _archived(folder: Path) -> set[str]:
    """Build the archive, and return the names of its files below its one folder."""
    (archive,) = SdistBuilder(str(ROOT)).build(directory=str(folder))
    with tarfile.open(archive) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}
