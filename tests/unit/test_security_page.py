import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "SECURITY.md"


def named() -> list[tuple[str, str]]:
    return re.findall(
        r"`((?:unit|integration|acceptance)/\w+\.py)::(\w+)`", PAGE.read_text("utf-8")
    )


def test_every_test_that_the_page_names_is_there() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in named()
        if f"def {name}(" not in (TESTS / file).read_text("utf-8")
    ]

    assert len(named()) > 20
    assert missing == []


def test_every_threat_has_a_test() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]

    assert [row for row in rows if "::" not in row] == []
