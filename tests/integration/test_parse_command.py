"""The installed `watcher parse`: its object, its exit codes, and what it must never open."""

import json
from pathlib import Path
from typing import Any

import pytest
from feed_server import FeedServer
from warm_process import run

DATA = Path(__file__).resolve().parents[1] / "data" / "feeds"


def run_json(*arguments: object, stdin: bytes = b"") -> tuple[int, dict[str, Any]]:
    done = run("parse", *arguments, "--json", cwd=DATA, stdin=stdin)
    return done.returncode, json.loads(done.stdout)


def test_a_file_is_printed_as_the_contract_says() -> None:
    code, printed = run_json(DATA / "rss20.xml")

    assert code == 0
    assert printed["feed"]["title"] == "Dunia"
    assert printed["problems"] == []
    assert printed["entries"][0] == {
        "id": "kim",
        "title": "Kim Jong Un tiba di Rusia & disambut",
        "link": "https://news.example/kim?a=1&b=2",
        "summary": "Pemimpin Korea Utara naik kereta.\nIa disambut.",
        "published": "2023-09-13T14:05:00Z",
        "updated": None,
        "author": "",
        "lang": "id",
    }


def test_people_get_a_listing() -> None:
    shown = run("parse", "rss20.xml", cwd=DATA).stdout

    assert "Dunia (id, https://news.example/)" in shown
    assert "2023-09-13T14:05:00Z  https://news.example/kim?a=1&b=2" in shown
    assert "2 entries, 0 problems" in shown


def test_standard_input_is_read() -> None:
    code, printed = run_json("-", stdin=(DATA / "feed11.json").read_bytes())

    assert code == 0
    assert len(printed["entries"]) == 2


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"error": "x"}', b"\x1f\x8bbroken"])
def test_what_is_no_feed_is_null_with_the_reason(body: bytes) -> None:
    code, printed = run_json("-", stdin=body)

    assert code == 1
    assert printed["feed"] is None
    assert printed["entries"] == []
    assert printed["problems"]


def test_a_missing_file_is_wrong_usage() -> None:
    done = run("parse", "no-such-file.xml", cwd=DATA)

    assert done.returncode == 2
    assert "no-such-file.xml" in done.stderr
    assert "Traceback" not in done.stderr


def test_lone_surrogates_are_no_trouble() -> None:
    item = b'{"id": "\\ud800", "title": "a\\udfffb", "content_text": "\\udc00"}'
    code, printed = run_json(
        "-", stdin=b'{"version": "https://jsonfeed.org/version/1", "items": [' + item + b"]}"
    )

    assert code == 0
    assert printed["entries"][0]["title"] == "ab"


def test_a_url_is_fetched_when_its_network_is_allowed() -> None:
    with FeedServer() as server:
        url = server.put("/feed", (DATA / "atom10.xml").read_bytes())
        code, printed = run_json(url, "--allow-private", "127.0.0.0/8")

    assert code == 0
    assert len(printed["entries"]) == 2


def test_a_url_into_a_private_network_is_refused() -> None:
    with FeedServer() as server:
        code, printed = run_json(server.put("/feed", (DATA / "atom10.xml").read_bytes()))

    assert code == 1
    assert printed["feed"] is None
    assert printed["problems"][0].endswith("is private; repeat with --allow-private 127.0.0.0/8")
    assert server.requests == []


def test_the_proxy_and_the_name_of_a_configuration_count(tmp_path: Path) -> None:
    document = (DATA / "atom10.xml").read_bytes()
    with FeedServer() as proxy:
        proxy.put("http://feeds.example/atom", document)
        config = tmp_path / "config.toml"
        config.write_text(f'[polling]\nproxy = "{proxy.url()}"\nuser_agent = "me"\n', "utf-8")
        code, printed = run_json("http://feeds.example/atom", "--config", config)

    assert code == 0
    assert len(printed["entries"]) == 2
    assert proxy.requests[0].headers["User-Agent"] == "me"


def test_neither_a_url_nor_a_path_in_a_body_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes((DATA / "rss20.xml").read_bytes())
    with FeedServer() as server:
        url = server.put("/feed", (DATA / "rss20.xml").read_bytes())
        entity = (
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}"><!ENTITY y SYSTEM "{secret.as_uri()}">]>'
        )
        dtd = f'<!DOCTYPE rss SYSTEM "{url}">'
        rss = '<rss version="2.0"><channel><item><title>&x;&y;</title></item></channel></rss>'
        results = [
            run_json("-", stdin=body.encode())
            for body in (
                url,
                str(secret),
                entity + rss,
                dtd + rss,
                f"<?xml-stylesheet href='{url}'?>{rss}",
            )
        ]

    assert server.requests == []
    assert "tiba" not in json.dumps(results)
    assert [code for code, _ in results] == [1, 1, 0, 0, 0]
