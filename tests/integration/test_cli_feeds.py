"""`watcher feeds add|import|export|poll` against a real server."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from feed_documents import Story, rss
from feed_server import FeedServer
from stored import open_in

from watcher.cli import group
from watcher.errors import UsageError, WatcherError
from watcher.storage.migrate import revision

CONFIG = """\
# my watchlist, and my comments
[polling]
allow_private = ["127.0.0.0/8"]
per_host_delay = "0s"

[entities.kim]
names = ["Kim Jong Un"]

[[topics]]
id = "kim"
match = "kim"

[channels.screen]
console = true
"""
MEETS = "Kim Jong Un meets Putin in Vladivostok"
FEED = rss("The Wire", [Story(MEETS), Story("A ferry sank")]).encode()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


def call(config: Path, *arguments: str, input_: bytes | None = None) -> Result:
    command = ["feeds", *arguments, "--config", str(config)]
    return CliRunner().invoke(group, command, input=input_)


def called(config: Path, *arguments: str) -> Any:
    result = call(config, *arguments, "--json")
    return json.loads(result.stdout)


def complaint(result: Result) -> str:
    return str(result.exception) if isinstance(result.exception, WatcherError) else result.stderr


def test_a_feed_is_fetched_once_and_added_as_text(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)

    result = call(config, "add", url)

    assert result.exit_code == 0
    assert config.read_text() == f'{CONFIG}\n# The Wire\n[[feeds]]\nurl = "{url}"\n'
    assert f"added: {url} - The Wire" in result.stdout
    assert "config.toml:17" in result.stdout
    assert server.count("/rss") == 1


def test_a_feed_that_is_there_is_told_and_nothing_is_written(
    server: FeedServer, config: Path
) -> None:
    url = server.put("/rss", FEED)
    call(config, "add", url)
    before = config.read_bytes()

    assert "already there" in call(config, "add", url).stdout
    assert called(config, "add", url)["already"] == [{"url": url, "as": url}]
    assert config.read_bytes() == before


def test_a_page_leads_to_its_feed(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)
    page = server.put("/", b'<html><link rel="alternate" type="application/rss+xml" href="/rss">')

    assert called(config, "add", page, "--tag", "wires", "--name", "Wire")["added"] == [
        {"url": url, "name": "Wire", "tags": ["wires"]}
    ]


def test_a_page_that_only_leads_on_and_a_link_header_lead_to_the_feed(
    server: FeedServer, config: Path
) -> None:
    server.put("/", '<meta http-equiv="refresh" content="0; url=/id/">', content_type="text/html")
    link = '</rss>; rel="alternate"; type="application/rss+xml"'
    server.put("/id/", "<html><p>Kabar", content_type="text/html", headers={"Link": link})

    url = server.put("/rss", FEED)

    assert called(config, "add", server.url("/"))["added"] == [{"url": url}]


PAGE = b'<html><link rel=feed href="/world"><link rel=feed href="/asia"><link rel=feed href="/no">'


def test_of_several_feeds_one_has_to_be_chosen(server: FeedServer, config: Path) -> None:
    page = server.put("/", PAGE)

    result = call(config, "add", page)

    assert isinstance(result.exception, WatcherError)
    assert "choose one" in complaint(result)
    assert server.url("/asia") in result.stderr
    assert [c["url"] for c in called(config, "add", page)["choices"]] == [
        server.url(path) for path in ("/world", "/asia", "/no")
    ]
    assert config.read_text() == CONFIG


def test_all_feeds_of_a_page_are_added_but_those_that_are_none(
    server: FeedServer, config: Path
) -> None:
    page = server.put("/", PAGE)
    urls = [server.put(path, FEED) for path in ("/world", "/asia")]
    server.put("/no", b"<html>")

    result = call(config, "add", page, "--all", "--json")
    told = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [feed["url"] for feed in told["added"]] == urls
    assert [one["url"] for one in told["failed"]] == [server.url("/no")]


def test_a_feed_that_moved_for_good_is_added_where_it_is(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)
    old = server.put("/old", redirect_to="/rss", status=301)

    assert [feed["url"] for feed in called(config, "add", old)["added"]] == [url]


def test_a_login_in_an_address_is_refused_before_it_is_sent_or_shown(
    server: FeedServer, config: Path
) -> None:
    url = server.put("/rss", FEED).replace("://", "://reader:canary@")

    result = call(config, "add", url)

    assert isinstance(result.exception, UsageError)
    assert "`basic_auth_file`" in complaint(result)
    assert "canary" not in result.output + complaint(result)
    assert server.requests == []


@pytest.mark.parametrize("status", [401, 403])
def test_what_wants_a_login_is_added_unchecked_and_given_it_then(
    server: FeedServer, config: Path, status: int
) -> None:
    result = call(config, "add", server.put("/rss", b"", status=status))

    assert "add it by --unchecked and give its feed `basic_auth_file`\n" in result.stderr


def test_an_address_without_a_scheme_may_be_one_of_http(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)

    guessed = call(config, "add", url.removeprefix("http://"))
    written = call(config, "add", url.replace("http://", "https://"))

    assert guessed.stderr.endswith(f"; or write {url}\n")
    assert "or write" not in written.stderr


def test_an_at_sign_behind_the_host_is_no_login(config: Path) -> None:
    url = "https://j.example?feed=rss&to=a@b.c"

    assert called(config, "add", url, "--unchecked")["added"] == [{"url": url}]


def test_a_login_in_a_page_keeps_only_its_own_feed_from_being_added(
    server: FeedServer, config: Path
) -> None:
    asia, world = server.put("/asia", FEED), server.put("/world", FEED)
    secret = world.replace("://", "://reader:canary@")
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">'
                    for url in (secret, asia))  # fmt: skip
    page = server.put("/", f"<html><head>{links}</head></html>".encode())

    unchosen = call(config, "add", page)
    result = call(config, "add", page, "--all", "--json")
    told = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [feed["url"] for feed in told["added"]] == [asia]
    assert [one["url"] for one in told["failed"]] == [world]
    assert "canary" not in result.output + unchosen.output + complaint(unchosen)
    assert server.count("/world") == 0


def test_a_private_address_is_not_asked_unless_it_is_allowed(
    server: FeedServer, config: Path
) -> None:
    config.write_text(CONFIG.replace('["127.0.0.0/8"]', "[]"))
    url = server.put("/rss", FEED)

    refused = call(config, "add", url)
    allowed = called(config, "add", url, "--allow-private", "127.0.0.0/8")

    assert refused.exit_code == 1
    assert "is private; repeat with --allow-private 127.0.0.0/8\n" in refused.stderr
    assert server.count("/rss") == 1
    assert allowed["added"] == [{"url": url, "allow_private": ["127.0.0.0/8"]}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "ftp://news.example/rss", "--unchecked"], "`url`"),
        (["add", "https://news.example/rss", "--unchecked", "--lang", "???"], "`lang`"),
        (["add", "https://news.example/rss", "--unchecked", "--file", "x.toml"], "no part of"),
        (["import", "no-such.opml"], "No such file"),
    ],
)
def test_mistakes_are_told_and_change_nothing(
    config: Path, arguments: list[str], sentence: str
) -> None:
    result = call(config, *arguments)

    assert result.exit_code != 0
    assert sentence in complaint(result)
    assert config.read_text() == CONFIG


def test_an_opml_is_imported_without_a_request_and_told_what_is_there(
    server: FeedServer, config: Path
) -> None:
    url = server.put("/rss", FEED)
    other = server.put("/b", FEED)
    opml = f"""<opml><body><outline text="Asia"><outline title="Wire" xmlUrl="{url}"/></outline>
        <outline xmlUrl="{other}"/><outline xmlUrl="{url}#"/><outline xmlUrl="nonsense"/>
        </body></opml>""".encode()
    dry = call(config, "import", "-", "--dry-run", input_=opml)
    assert config.read_text() == CONFIG
    result = call(config, "import", "-", "--json", input_=opml)
    told = json.loads(result.stdout)

    assert told["added"] == [{"url": url, "name": "Wire", "tags": ["Asia"]}, {"url": other}]
    assert [one["url"] for one in told["already"]] == [f"{url}#"]
    assert [one["url"] for one in told["skipped"]] == ["nonsense"]
    assert "2 would be added, 1 already there, 1 left out" in dry.stdout
    assert server.requests == []


def test_a_feed_of_several_folders_has_the_tags_of_all(config: Path) -> None:
    outline = '<outline text="{}"><outline xmlUrl="https://a.example/rss"/></outline>'
    folders = "".join(map(outline.format, ("Asia", "World", "Asia")))
    opml = f"<opml><body>{folders}</body></opml>".encode()

    told = json.loads(call(config, "import", "-", "--json", input_=opml).stdout)

    assert told["added"] == [{"url": "https://a.example/rss", "tags": ["Asia", "World"]}]


def test_addresses_as_other_readers_spell_them_are_taken(config: Path) -> None:
    spellings = ("feed:https://a.example/rss", "FEED://b.example/rss", "c.example:8080/rss", "/rss")
    outlines = "".join(f'<outline xmlUrl="{one}"/>' for one in spellings)
    opml = f"<opml><body>{outlines}</body></opml>".encode()
    told = json.loads(call(config, "import", "-", "--json", "--dry-run", input_=opml).stdout)
    added = called(config, "add", "--unchecked", *spellings[:3], "//d.example/rss")

    urls = ["https://a.example/rss", "https://b.example/rss", "https://c.example:8080/rss"]
    assert [feed["url"] for feed in told["added"]] == urls
    assert [one["url"] for one in told["skipped"]] == ["/rss"]
    assert [feed["url"] for feed in added["added"]] == [*urls, "https://d.example/rss"]


@pytest.mark.parametrize(
    ("spelling", "shown"),
    [
        ("https://reader:canary@a.example/rss", "https://a.example/rss"),
        ("https://canary@a.example/rss", "https://a.example/rss"),
        ("feed://reader:canary@a.example/rss", "feed://a.example/rss"),
        ("https://reader:ca/canary@a.example/rss", "https://a.example/rss"),
        ("//reader:canary@a.example/rss", "//a.example/rss"),
        ("reader:canary@a.example/rss", "a.example/rss"),
        ("ftp://a.example:21/@outlet", "ftp://a.example:21/@outlet"),
        ("ftp://[::1]/@outlet", "ftp://[::1]/@outlet"),
    ],
)
def test_a_login_in_a_list_is_not_shown(config: Path, spelling: str, shown: str) -> None:
    opml = f'<opml><body><outline xmlUrl="{spelling}"/></body></opml>'.encode()

    text = call(config, "import", "-", input_=opml)
    told = json.loads(call(config, "import", "-", "--json", input_=opml).stdout)

    assert f"left out: {shown}: `url`" in text.stderr
    assert [one["url"] for one in told["skipped"]] == [shown]
    assert "canary" not in text.output + str(told) + config.read_text()


def test_an_import_with_check_leaves_out_what_is_no_feed(server: FeedServer, config: Path) -> None:
    good, bad = server.put("/rss", FEED), server.put("/no", b"<html>")
    opml = f'<opml><body><outline xmlUrl="{good}"/><outline xmlUrl="{bad}"/></body></opml>'

    told = json.loads(call(config, "import", "-", "--check", "--json", input_=opml.encode()).stdout)

    assert [feed["url"] for feed in told["added"]] == [good]
    assert [one["url"] for one in told["skipped"]] == [bad]


BUSY: dict[str, Any] = {"status": 429, "headers": {"Retry-After": "3600"}}


def test_a_check_leaves_a_host_alone_that_wants_it_and_adds_the_rest_unchecked(
    server: FeedServer, config: Path
) -> None:
    urls = [server.put("/0", FEED), *(server.put(f"/{n}", b"", **BUSY) for n in range(1, 5))]
    outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in urls)
    opml = f"<opml><body>{outlines}</body></opml>".encode()

    dry = call(config, "import", "-", "--check", "--dry-run", input_=opml)
    asked = [request.path for request in server.requests]
    told = json.loads(call(config, "import", "-", "--check", "--json", input_=opml).stdout)

    assert asked == ["/0", "/1"]
    assert [feed["url"] for feed in told["added"]] == urls
    assert [one["url"] for one in told["unchecked"]] == urls[1:]
    assert all("429" in one["reason"] for one in told["unchecked"])
    assert told["skipped"] == []
    assert dry.stdout.count("without a check: not asked") == 3
    assert "5 would be added (4 of them without a check), 0 already there, 0 left" in dry.stdout


def test_feeds_of_a_page_are_added_unchecked_once_its_host_wants_to_be_left_alone(
    server: FeedServer, config: Path
) -> None:
    page = server.put("/", PAGE)
    urls = [server.put("/world", FEED), server.put("/asia", b"", **BUSY), server.put("/no", FEED)]

    told = called(config, "add", page, "--all")

    assert [feed["url"] for feed in told["added"]] == urls
    assert [one["url"] for one in told["unchecked"]] == urls[1:]
    assert told["failed"] == []
    assert server.count("/no") == 0


def test_an_address_that_may_be_a_page_is_not_added_unseen(
    server: FeedServer, config: Path
) -> None:
    url = server.put("/", b"", **BUSY)

    result = call(config, "add", url)

    assert result.exit_code == 1
    assert "(429); or say --unchecked" in result.stderr
    assert config.read_text() == CONFIG


def test_an_export_needs_no_sound_database(config: Path, tmp_path: Path) -> None:
    config.write_text(CONFIG + '[[feeds]]\nurl = "https://a.example/rss"\n')
    (tmp_path / "watcher.db").write_bytes(b"no database at all" * 100)

    told = call(config, "export")

    assert 'xmlUrl="https://a.example/rss"' in told.stdout
    assert "without the titles that feeds give themselves: the database" in told.stderr


def test_a_dash_is_standard_output(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "<opml" in call(config, "export", "-").stdout
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("feeds", "said"),
    [
        (1, "1 feed needs a login, headers or a proxy"),
        (2, "2 feeds need a login, headers or a proxy"),
    ],
)
def test_an_export_counts_what_it_leaves_out(config: Path, feeds: int, said: str) -> None:
    one = '[[feeds]]\nurl = "https://a.example/{}"\nheaders = {{ X-Key = "k" }}\n'
    config.write_text(CONFIG + "".join(map(one.format, range(feeds))))

    assert said in call(config, "export").stderr


def test_what_is_exported_can_be_imported(config: Path, tmp_path: Path) -> None:
    feeds = '[[feeds]]\nurl = "https://a.example/?x=1&y=2"\nname = "A & B"\ntags = ["Asia", "Id"]\n'
    config.write_text(CONFIG + feeds)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "config.toml"
    other.write_text(CONFIG)

    exported = call(config, "export")
    told = json.loads(call(other, "import", "-", "--json", input_=exported.stdout.encode()).stdout)

    assert told["added"] == [
        {"url": "https://a.example/?x=1&y=2", "name": "A & B", "tags": ["Asia", "Id"]}
    ]


def test_one_poll_shows_what_came_back(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED, etag='"1"')
    config.write_text(f'{CONFIG}\n[[feeds]]\nurl = "{url}"\nname = "Wire"\n')

    first = called(config, "poll", "wire")
    again = call(config, "poll", url)
    server.put("/rss", rss("The Wire", [Story("A ferry was found")]))
    third = call(config, "poll", url)

    assert (first["status"], first["entries"], first["new"], first["error"]) == (200, 2, 2, None)
    assert [(match["topic"], match["title"]) for match in first["matches"]] == [("kim", MEETS)]
    assert again.exit_code == 0
    assert "status 304" in again.stdout
    assert "nothing changed" in again.stdout
    assert "1 entry, 1 new, 0 new stories" in third.stdout


def test_a_feed_is_polled_by_the_name_that_the_list_shows(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)
    config.write_text(f'{CONFIG}\n[[feeds]]\nurl = "{url}"\n')
    called(config, "poll", url)
    (listed,) = called(config, "list")

    assert called(config, "poll", listed["name"].upper())["url"] == url


def test_a_poll_that_fails_says_why(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", b"", status=403)
    config.write_text(f'{CONFIG}\n[[feeds]]\nurl = "{url}"\n')

    result = call(config, "poll", url)

    assert result.exit_code == 1
    assert "403" in result.stdout


def test_only_feeds_of_the_configuration_are_polled(config: Path) -> None:
    result = call(config, "poll", "https://a.example/rss")

    assert "is no feed of the configuration" in complaint(result)


@pytest.mark.parametrize("name", ["nope", "Wire"])
def test_a_poll_brings_no_older_database_up_to_date(config: Path, name: str) -> None:
    config.write_text(f'{CONFIG}\n[[feeds]]\nurl = "https://a.example/rss"\nname = "Wire"\n')
    open_in(config.parent).close()
    with closing(sqlite3.connect(config.parent / "watcher.db")) as older, older:
        older.execute("UPDATE alembic_version SET version_num = '0008'")

    assert "older schema 0008; bring it to" in complaint(call(config, "poll", name))
    assert revision(config.parent / "watcher.db") == "0008"


def test_a_mistyped_name_makes_no_database(server: FeedServer, config: Path) -> None:
    url = server.put("/rss", FEED)
    config.write_text(f'{CONFIG}\n[[feeds]]\nurl = "{url}"\nname = "Wire"\n')

    assert "is no feed of the configuration: see" in complaint(call(config, "poll", "nope"))
    assert "did you mean `Wire`?" in complaint(call(config, "poll", "wir"))
    assert list(config.parent.iterdir()) == [config]
