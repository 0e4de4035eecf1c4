import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from watchlists import write_config

from watcher.config import Settings, load
from watcher.service.in_force.config_file import ConfigFile, Included
from watcher.service.in_force.watch import Found, Watch, find_watch_here

Change = Callable[[Path], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "people.toml").write_text('[entities.xi]\nnames = ["Xi"]\n')
    return write_config(tmp_path, 'include = ["lists/*.toml", "empty*/*.toml"]\n')


@pytest.fixture
def watched(path: Path) -> ConfigFile:
    return watching(path)


def watching(path: Path, in_force: Settings | None = None) -> ConfigFile:
    """Watch by a clock that stands still, so that no look is too soon after the last one."""
    return ConfigFile(path, in_force, find=find_here, clock=lambda: 0.0)


async def find_here(path: Path) -> Found:
    return find_watch_here(path)


def read(watched: ConfigFile) -> tuple[Watch | None, str]:
    return asyncio.run(watched.read())


def settled(watched: ConfigFile) -> bool:
    """Look twice, as the daemon does: the first look cannot know that a file is complete."""
    assert not watched.changed()
    return watched.changed()


def replace_file(path: Path) -> None:
    fresh = path.with_name("fresh")
    fresh.write_text(path.read_text())
    # Same size and the same time to the nanosecond: only the inode tells.
    os.utime(fresh, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    fresh.replace(path)


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "# a word\n")


def test_untouched_files_have_not_changed(watched: ConfigFile) -> None:
    assert [watched.changed() for _ in range(3)] == [False] * 3


def test_a_file_that_comes_while_the_others_are_read_has_changed_afterwards(path: Path) -> None:
    late = path.with_name("lists") / "late.toml"

    async def find_slowly(path: Path) -> Found:
        found = find_watch_here(path)
        late.write_text('[entities.putin]\nnames = ["Putin"]\n')
        return found

    watched = ConfigFile(path, find=find_slowly, clock=lambda: 0.0)
    read(watched)

    assert settled(watched)


def test_a_file_that_was_not_included_before_may_change_while_it_is_read(path: Path) -> None:
    other = path.with_name("other.toml")
    other.write_text('[entities.putin]\nnames = ["Putn"]\n')

    async def find_slowly(path: Path) -> Found:
        found = find_watch_here(path)
        other.write_text('[entities.putin]\nnames = ["Putin"]\n')
        return found

    watched = ConfigFile(path, find=find_slowly, clock=lambda: 0.0)
    path.write_text(path.read_text().replace('"empty*/*.toml"', '"other.toml"'))
    read(watched)

    assert settled(watched)


def test_a_file_that_changed_between_the_start_and_the_first_look_has_changed(
    path: Path,
) -> None:
    in_force = load(path).settings
    assert in_force
    unchanged = settled(watching(path, in_force))
    path.write_text(f"{path.read_text()}[watcher]\ndatabase = 'sqlite:///new.db'\n")
    watched = watching(path, in_force)

    changed = watched.changed()
    watch, _ = read(watched)

    assert (unchanged, changed, watched.changed()) == (False, True, False)
    assert watch
    assert watched.moved(watch.settings).endswith(f"Watcher works on {path.parent / 'watcher.db'}")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(edit, id="edited"),
        pytest.param(replace_file, id="replaced by another of the same size and time"),
        pytest.param(lambda path: path.unlink(), id="removed"),
        pytest.param(lambda path: edit(path.parent / "lists" / "people.toml"), id="include edited"),
        pytest.param(
            lambda path: (path.parent / "lists" / "more.toml").write_text(""), id="include added"
        ),
        pytest.param(
            lambda path: (path.parent / "lists" / "people.toml").unlink(), id="include removed"
        ),
    ],
)
def test_a_change_is_told_once(watched: ConfigFile, path: Path, change: Change) -> None:
    change(path)

    assert settled(watched)
    assert not watched.changed()


def test_a_first_file_in_a_folder_to_include_is_noticed(tmp_path: Path) -> None:
    path = write_config(tmp_path, 'include = ["later/*.toml"]\n')
    watched = watching(path)

    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "first.toml").write_text("")

    assert settled(watched)


SECRETS = """
[watcher]
heartbeat_url_credential = "monitor"
[channels.desk]
telegram = { chat = "-100", token_file = "keys/telegram" }
[channels.phone]
apprise_file = "keys/phone"
[channels.mail.email]
server = "smtps://me@mail.example"
from = "a@b.example"
to = ["c@d.example"]
password_file = "keys/mail"
ca_file = "keys/authority"
[[feeds]]
url = "https://a.example/rss"
basic_auth_file = "keys/feed"
"""
SECRET_FILES = ["monitor", "telegram", "phone", "mail", "authority", "feed"]


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


@pytest.mark.parametrize("name", SECRET_FILES)
def test_a_secret_file_that_appears_changes_or_vanishes_is_a_change(keys: Path, name: str) -> None:
    watched, file = watching(write_config(keys.parent, SECRETS)), keys / name

    file.write_text("one")
    appeared = settled(watched)
    replace_text(file, "two")
    changed = settled(watched)
    file.unlink()

    assert (appeared, changed, settled(watched)) == (True, True, True)
    assert not settled(watched)


def replace_text(path: Path, text: str) -> None:
    """Write a text of the same size, with the same time."""
    before = path.stat()
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_secret_file_that_we_are_let_read_is_a_change(keys: Path) -> None:
    (keys / "telegram").write_text("1:a")
    watched = watching(write_config(keys.parent, SECRETS))

    (keys / "telegram").chmod(0o600)

    assert settled(watched)


def test_a_secret_file_that_a_reload_brought_is_watched(watched: ConfigFile, path: Path) -> None:
    path.write_text(path.read_text() + SECRETS)
    read(watched)
    (path.parent / "keys").mkdir()
    (path.parent / "keys" / "feed").write_text("ada:geheim")

    assert settled(watched)


def test_what_lies_beside_a_secret_file_does_not_count(keys: Path) -> None:
    watched = watching(write_config(keys.parent, SECRETS))
    (keys / "other.toml").write_text("x")

    assert not settled(watched)


def test_without_credentials_or_with_a_name_that_no_file_can_have_nothing_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    odd = '[[feeds]]\nurl = "https://b.example/rss"\nbasic_auth_file = "/a\\u0000b"\n'
    watched = watching(write_config(tmp_path, SECRETS + odd))

    assert not settled(watched)


def test_a_secret_that_comes_through_a_pipe_is_no_change(keys: Path) -> None:
    os.mkfifo(keys / "telegram")
    watched = watching(write_config(keys.parent, SECRETS))
    os.utime(keys / "telegram")

    assert not settled(watched)


@pytest.mark.parametrize(
    ("pattern", "added"),
    [
        pytest.param("lists/*/*.toml", "lists/asia/new.toml", id="in a new folder"),
        pytest.param("lists/**/*.toml", "lists/asia/east/new.toml", id="at any depth"),
        pytest.param("lists/*.conf", "lists/new.conf", id="of another ending"),
        pytest.param("lists/[ab]*", "lists/a", id="of none"),
        pytest.param("lists/later.toml", "lists/later.toml", id="named, and not there at first"),
        pytest.param("ways/*.toml", "ways/nested/new.toml", id="named by an included file"),
    ],
)
def test_a_new_file_that_an_include_matches_is_noticed(
    tmp_path: Path, pattern: str, added: str
) -> None:
    folder = tmp_path / "with [brackets]"
    (folder / "ways").mkdir(parents=True)
    (folder / "ways" / "on.toml").write_text('include = ["nested/*.toml"]\n')
    watched = watching(write_config(folder, f'include = ["{pattern}"]\n'))
    (folder / added).parent.mkdir(parents=True, exist_ok=True)

    (folder / added).write_text('[entities.xi]\nnames = ["Xi"]\n')

    assert settled(watched)
    watch, _ = read(watched)
    assert watch
    assert "xi" in watch.settings.entities
    assert not settled(watched)


def test_a_pattern_that_is_gone_from_the_configuration_is_not_looked_for(
    watched: ConfigFile, path: Path
) -> None:
    path.write_text(path.read_text().replace("lists/*.toml", "other/*.toml"))
    read(watched)
    (path.parent / "lists" / "more.toml").write_text("")

    assert not settled(watched)


def test_the_longer_files_are_looked_for_the_longer_is_the_time_until_the_next(
    tmp_path: Path,
) -> None:
    times = iter([0.0, 2.0, 3.0, 201.0, 203.0, 204.0])
    included = Included(lambda: next(times))
    included.use([f"{tmp_path}/*"])
    found = [len(included.files())]
    (tmp_path / "new.toml").write_text("")
    found += [len(included.files()), len(included.files())]

    assert found == [0, 0, 1]


def test_a_file_still_being_written_waits(watched: ConfigFile, path: Path) -> None:
    for _ in range(3):
        edit(path)
        assert not watched.changed()

    assert watched.changed()


@pytest.mark.parametrize("touched", ["config.toml", "lists/people.toml", "keys/mail"])
def test_a_secret_file_that_changes_at_every_look_keeps_no_other_waiting(
    keys: Path, touched: str
) -> None:
    lists = keys.parent / "lists"
    lists.mkdir()
    (lists / "people.toml").write_text('[entities.xi]\nnames = ["Xi"]\n')
    watched = watching(write_config(keys.parent, f'include = ["lists/*.toml"]\n{SECRETS}'))
    (keys / "mail").write_text("x")
    assert settled(watched)

    told = []
    for look in range(5):
        (keys / "monitor").write_text("x" * (look + 1))
        if look == 1:
            edit(keys.parent / touched)
        told.append(watched.changed())

    assert told == [False, False, True, False, False]
    assert watched.changed()  # now that it is at rest


def test_a_configuration_still_being_written_is_not_read_for_a_secret_file(keys: Path) -> None:
    path = write_config(keys.parent, SECRETS)
    watched = watching(path)
    (keys / "mail").write_text("x")
    assert not watched.changed()
    for _ in range(2):
        edit(path)
        assert not watched.changed()

    assert watched.changed()


@pytest.mark.parametrize("name", ["watcher.db", "draft.toml"])
def test_other_files_in_the_folder_do_not_count(watched: ConfigFile, path: Path, name: str) -> None:
    (path.parent / name).write_text("x")

    assert not settled(watched)


def test_reading_gives_the_settings_of_now(watched: ConfigFile, path: Path) -> None:
    edit(path)
    watch, complaint = read(watched)

    assert complaint == ""
    assert watch
    assert watch.settings.entities.keys() == {"kim", "putin", "xi"}
    assert not settled(watched)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("[polling]\nintervall = '1m'\n", ":2:1: unknown key `intervall`", id="key"),
        pytest.param("[[feeds]\n", ":1:", id="syntax"),
        pytest.param('[[topics]]\nid = "x"\nmatch = "kim AND ("\n', ":3:", id="match line"),
    ],
)
def test_a_bad_file_is_refused_with_its_first_complaint(
    watched: ConfigFile, path: Path, text: str, complaint: str
) -> None:
    path.write_text(text)
    watch, said = read(watched)

    assert watch is None
    assert complaint in said
    assert said.startswith(f"{path}:")
    assert "\n" not in said


def test_a_missing_file_is_refused_and_its_return_is_noticed(
    watched: ConfigFile, path: Path
) -> None:
    text = path.read_text()
    path.unlink()
    watch, said = read(watched)
    assert watch is None
    assert str(path) in said

    path.write_text(text)
    assert settled(watched)
    assert read(watched)[0]


def test_includes_are_watched_again_after_a_broken_configuration(
    watched: ConfigFile, path: Path
) -> None:
    text = path.read_text()
    path.write_text("[[feeds]\n")
    read(watched)
    path.write_text(text)
    read(watched)

    edit(path.parent / "lists" / "people.toml")

    assert settled(watched)


def test_a_warning_refuses_nothing(tmp_path: Path) -> None:
    path = write_config(tmp_path, 'include = ["none/*.toml"]\n')
    watch, complaint = read(watching(path))

    assert watch
    assert complaint == ""


def test_a_watchlist_that_is_gone_for_a_moment_is_not_taken_over(
    watched: ConfigFile, path: Path
) -> None:
    lists = path.parent / "lists"
    away = lists.rename(path.parent / "away")
    assert settled(watched)
    watch, complaint = read(watched)

    assert watch is None
    assert complaint.startswith(f"{path}:")
    assert '`include`: "lists/*.toml" matches no file any more' in complaint

    away.rename(lists)
    assert settled(watched)
    watch, complaint = read(watched)
    assert watch is not None
    assert ("xi" in watch.settings.entities, complaint) == (True, "")


def test_a_watchlist_may_go_with_the_include_that_names_it(watched: ConfigFile, path: Path) -> None:
    (path.parent / "lists" / "people.toml").unlink()
    assert read(watched)[0] is None

    path.write_text(path.read_text().replace('"lists/*.toml", ', ""))

    assert read(watched)[1] == ""


def test_a_watchlist_that_came_later_is_not_given_up_either(
    watched: ConfigFile, path: Path
) -> None:
    later = path.parent / "empty_once" / "people.toml"
    later.parent.mkdir()
    later.write_text('[entities.wang]\nnames = ["Wang"]\n')
    assert read(watched)[1] == ""

    later.unlink()

    assert "any more" in read(watched)[1]


def test_what_weakens_security_is_logged_at_each_reload(watched: ConfigFile, path: Path) -> None:
    text = path.read_text()
    path.write_text(f'{text}[[feeds]]\nurl = "https://a.example/rss"\ntls_verify = false\n')

    with capture_logs() as logged:
        watch, complaint = read(watched)

    assert watch is not None
    assert complaint == ""
    (line,) = [line for line in logged if "certificates are not checked" in line["text"]]
    assert line["log_level"] == "warning"
    assert "config.toml:25:14: warning: " in line["text"]
