import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==([^\s;]+)", re.MULTILINE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {plain(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in project["dependencies"]}


def test_every_dependency_is_pinned_with_hashes() -> None:
    blocks = [block for block in re.split(r"\n(?=[a-z])", LOCK) if "--hash=sha256:" in block]
    hashed = {found[1] for block in blocks if (found := PINNED.match(block))}

    assert dependencies() - hashed == set()
    assert len(hashed) == len(PINNED.findall(LOCK))


def test_what_a_release_runs_on_is_what_the_tests_ran_on() -> None:
    tested = set(PINNED.findall((ROOT / "constraints.txt").read_text("utf-8")))

    assert set(PINNED.findall(LOCK)) - tested == set()
