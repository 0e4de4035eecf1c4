"""Encodings nobody declares are told, and the detector's tables do not stay."""

import re
import subprocess
import sys

import pytest

from watcher.feeds.detector import detect

RUSSIAN = "Президент России Владимир Путин встретился с главой КНДР Ким Чен Ыном"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("金正恩委員長がロシアのプーチン大統領と会談した", "euc-jp"),
        ("김정은 위원장이 푸틴 대통령과 회담했다", "euc-kr"),
    ],
)
def test_an_encoding_is_told_as_often_as_it_is_asked(text: str, encoding: str) -> None:
    sample = (text * 5).encode(encoding)
    for _ in range(2):
        assert sample.decode(detect(sample) or "ascii") == text * 5


MEMORY = f"""
from watcher.feeds.detector import detect
from pathlib import Path

def private():
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if "Private" in line)

detect(b"warm up: imports \\xe9")
before = private()
detect({RUSSIAN!r}.encode("cp1251") * 5)
print(private() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's account of memory")
def test_the_detector_keeps_no_memory() -> None:
    printed = subprocess.check_output([sys.executable, "-c", MEMORY], text=True)
    assert int(re.sub(r"\s", "", printed)) < 4_000  # kB; its tables have 25,000
