"""Feeds added to a configuration as text: nothing else of it moves."""

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import load
from watcher.config.growing import NewFeed, grow, home_of_feeds, with_feeds
from watcher.errors import ConfigError, UsageError

FEED = NewFeed("https://news.example/rss")
BLOCK = b'[[feeds]]\nurl = "https://news.example/rss"\n'


@pytest.mark.parametrize(
    ("before", "between"),
    [
        (b"", b""),
        (b"# mine\n", b"\n"),
        (b"# mine", b"\n\n"),
        (b"[watcher]\ntimezone = 'UTC' # here\n", b"\n"),
        (b'[[feeds]]\nurl = "https://a.example"\n', b"\n"),
        ("\ufeff# mine\n".encode(), b"\n"),
    ],
)
def test_a_block_is_added_behind_what_stays_as_it_is(before: bytes, between: bytes) -> None:
    assert with_feeds(before, [FEED]) == before + between + BLOCK


def test_lines_end_as_they_do_in_the_file() -> None:
    grown = with_feeds(b"# mine\r\n", [FEED])

    assert grown == b'# mine\r\n\r\n[[feeds]]\r\nurl = "https://news.example/rss"\r\n'


def test_a_block_says_all_that_is_known_of_a_feed() -> None:
    feed = NewFeed(
        "https://news.example/rss",
        name='The "Wire"\\',
        lang="id",
        tags=("agency", "アジア"),
        allow_private=("10.0.0.0/8",),
        about="Wire:\nworld news",
    )

    assert with_feeds(b"", [feed]).decode() == (
        "# Wire: world news\n"
        "[[feeds]]\n"
        'url = "https://news.example/rss"\n'
        'name = "The \\"Wire\\"\\\\"\n'
        'lang = "id"\n'
        'tags = ["agency", "アジア"]\n'
        'allow_private = ["10.0.0.0/8"]\n'
    )


@pytest.mark.parametrize("before", [b"feeds = []\n", b'feeds = [{url = "https://a.example"}]\n'])
def test_a_list_in_brackets_takes_no_block(before: bytes) -> None:
    with pytest.raises(ConfigError, match=r"a list in brackets there; write it as \[\[feeds\]\]"):
        with_feeds(before, [FEED])


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
TABLES = st.lists(
    st.sampled_from(
        ["# comment", "[watcher]", "[a.b]", "[[topics]]", '[[feeds]]\nurl = "u"', 's = """\n#"""']
    ),
    unique=True,
)


@given(
    TABLES, st.booleans(), st.lists(st.builds(NewFeed, TEXT, TEXT, TEXT, about=TEXT), min_size=1)
)
def test_whatever_is_added_reads_back_and_the_file_begins_as_before(
    tables: list[str], ends: bool, feeds: list[NewFeed]
) -> None:
    before = ("\n".join(tables) + "\n" * ends).encode()
    grown = with_feeds(before, feeds)
    read = tomllib.loads(grown.decode())

    assert grown.startswith(before)
    assert read["feeds"][-len(feeds) :] == [feed.table() for feed in feeds]


def test_the_file_is_replaced_and_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "config.toml"
    file.parent.mkdir()
    file.write_bytes(b"# mine\n")
    file.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(file)
    inode = file.stat().st_ino

    line = grow(link, [FEED])

    assert file.read_bytes() == b"# mine\n\n" + BLOCK
    assert file.read_bytes().splitlines()[line - 1] == b"[[feeds]]"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert file.stat().st_ino != inode  # nobody ever sees half of it
    assert list(file.parent.iterdir()) == [file]


def test_the_line_is_that_of_the_header(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine")

    line = grow(file, [NewFeed("https://news.example/rss", about="Wire")])

    assert file.read_text().splitlines()[line - 1] == "[[feeds]]"


def test_a_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be changed: No such file"):
        grow(tmp_path / "none.toml", [FEED])


@pytest.mark.parametrize(
    ("main", "included", "home"),
    [
        ("", "", "config.toml"),
        ("", BLOCK.decode(), "feeds.toml"),
        ('[[feeds]]\nurl = "https://a.example"', BLOCK.decode(), "config.toml"),
    ],
)
def test_feeds_are_added_where_the_feeds_are(
    tmp_path: Path, main: str, included: str, home: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'include = ["feeds.toml"]\n{main}')
    (tmp_path / "feeds.toml").write_text(included)

    assert home_of_feeds(load(path).document).name == home
