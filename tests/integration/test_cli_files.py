import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from in_process import Watcher
from watchlists import FERRY, MEETS, SIGNS, write_config

from watcher.cli import EXIT_CONFIG

ITEMS: list[Mapping[str, object]] = [
    {"id": "a", "title": MEETS, "lang": "en", "cluster": "summit", "labels": ["summit"]},
    {"id": "b", "title": FERRY, "lang": "en", "cluster": "ferry", "labels": []},
    {"id": "c", "title": MEETS, "lang": "en", "cluster": "summit", "labels": ["summit"]},
    {"id": "d", "title": SIGNS.format(9), "cluster": "summit", "labels": ["summit"]},
]
PAIRS: list[Mapping[str, object]] = [
    {"label": "copy", "a": MEETS, "b": {"title": MEETS}},
    {"label": "different", "a": MEETS, "b": FERRY},
    {"label": None, "a": "x", "b": "y"},
]


def write(path: Path, records: list[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def items(tmp_path: Path) -> Path:
    return write(tmp_path / "items.jsonl", ITEMS)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return write(tmp_path / "pairs.jsonl", PAIRS)


def test_replay_prints_one_object_per_item(watcher: Watcher, items: Path, tmp_path: Path) -> None:
    ended = watcher("replay", items, "--config", write_config(tmp_path), "--json")
    records = [json.loads(line) for line in ended.out.splitlines()]

    assert (ended.code, ended.err) == (0, "")
    assert [r["id"] for r in records] == ["a", "b", "c", "d"]
    assert [r["relation"] for r in records] == ["new", "new", "copy", "same"]
    assert [[a["action"] for a in r["alerts"]] for r in records] == [
        ["alert"],
        [],
        ["edit"],
        ["reply"],
    ]


def test_replay_warns_of_ids_that_stand_twice(watcher: Watcher, tmp_path: Path) -> None:
    twins = write(tmp_path / "twins.jsonl", [ITEMS[0], ITEMS[0], *ITEMS[1:]])

    assert watcher("replay", twins).err == (
        'watcher: ids that stand more than once: 1, such as "a"; `copy_of` does not tell which item'
        " it names\n"
    )


def test_replay_needs_no_configuration_and_reads_as_text(watcher: Watcher, items: Path) -> None:
    lines = watcher("replay", items).out.splitlines()

    assert len(lines) == 4
    assert lines[2].startswith("2000-01-01T00:02:00Z  story 1     copy")


def test_no_title_in_a_reason_steers_the_terminal(watcher: Watcher, tmp_path: Path) -> None:
    late = {"id": "e", "title": "Putin congratulates Kim", "time": "2000-01-02T12:00Z"}
    items = write(tmp_path / "items.jsonl", [{"id": "a", "title": f"{MEETS}\u202e"}, late])

    said = watcher("replay", items, "--config", write_config(tmp_path)).out

    assert "nearest is \u201c" in said
    assert "\u202e" not in said


@pytest.mark.parametrize("command", [("replay",), ("eval", "stories")], ids=" ".join)
def test_that_a_configuration_counts_only_when_it_is_named_is_said(
    watcher: Watcher, items: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    write_config(tmp_path)

    ended = watcher(*command, items, "--json")

    assert ended.code == 0
    assert ended.err == ("watcher: no topics: config.toml counts only with --config config.toml\n")
    assert watcher(*command, items, "--json", "--config", "config.toml").err == ""


def test_compare_says_how_two_titles_relate(watcher: Watcher) -> None:
    record = json.loads(watcher("compare", MEETS, MEETS, "--json").out)

    assert record.keys() == {"relation", "score", "reason"}
    assert record["relation"] == "copy"
    assert watcher("compare", MEETS, FERRY).out.startswith("different  ")


def test_compare_is_told_the_languages_that_short_titles_do_not_show(watcher: Watcher) -> None:
    titles = "Путин и Ким Чен Ын встретились и поговорили", "Kim and Putin meet for first summit"

    assert watcher("compare", *titles).out.startswith("different  ")
    assert watcher("compare", *titles, "--lang", "ru", "--lang", "en").out.startswith("same  ")


@pytest.mark.parametrize("tag", ["english please", "", "jp"])
def test_compare_says_what_is_no_language(watcher: Watcher, tag: str) -> None:
    result = watcher("compare", "a", "b", "--lang", tag)
    assert result.code == 2
    assert "--lang" in result.err


@pytest.mark.parametrize(
    "arguments",
    [("a", "b", "--lang", "en", "--lang", "id", "--lang", "ru"), ("--pairs", "-", "--lang", "en")],
)
def test_compare_takes_a_language_for_both_titles_or_for_each(
    watcher: Watcher, arguments: tuple[str, ...]
) -> None:
    assert watcher("compare", *arguments).err == (
        "watcher: --lang is for two titles, once for both or once for each\n"
    )


def test_compare_says_in_its_help_what_the_number_is(watcher: Watcher) -> None:
    assert "how sure that answer is" in " ".join(watcher("compare", "--help").out.split())


def test_compare_reads_a_file_of_pairs(watcher: Watcher, pairs: Path) -> None:
    ended = watcher("compare", "--pairs", pairs, "--json")

    relations = [json.loads(line)["relation"] for line in ended.out.splitlines()]
    assert (ended.code, relations) == (0, ["copy", "different", "different"])


WATCHED = "Kim Jong Un meets Putin in Vladivostok"


@pytest.mark.parametrize(
    ("early", "late", "relation", "reason"),
    [
        (WATCHED, WATCHED, "copy", "same title"),
        (WATCHED, f"{WATCHED}, reportedly", "same", "but it adds “reportedly”"),
        (f"{WATCHED}, reportedly", WATCHED, "same", "but it leaves out “reportedly”"),
        (WATCHED, WATCHED.replace("Un", "Un's sister"), "same", "but it adds “sister”"),
        (WATCHED, "Ким Чен Ын в Москве, сообщил Путин", "different", "little in common"),
    ],
)
def test_compare_says_of_a_watched_pair_what_becomes_of_the_later_one(
    watcher: Watcher, tmp_path: Path, early: str, late: str, relation: str, reason: str
) -> None:
    config = write_config(tmp_path)
    said = json.loads(watcher("compare", early, late, "--config", config, "--json").out)
    assert (said["relation"], reason in said["reason"]) == (relation, True), said

    a, b = ({"id": "a", "title": early}, {"id": "b", "title": late, "time": "2000-01-01T00:01Z"})
    pairs = write(tmp_path / "pairs.jsonl", [{"a": b, "b": a}])
    items = write(tmp_path / "items.jsonl", [a, b])
    said = json.loads(watcher("compare", "--pairs", pairs, "--config", config, "--json").out)
    *_, line = watcher("replay", items, "--config", config, "--json").out.splitlines()
    replayed = json.loads(line)
    assert said["relation"] == replayed["relation"].replace("new", "different")
    assert said["score"] == replayed["score"]


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        ("The ferry reached the harbour.", "same title"),
        (
            "The ferry reached no harbour.",
            "same title, but its summary adds “no” (a topic that matches both would tell it)",
        ),
    ],
)
def test_compare_says_of_a_copy_without_a_topic_whether_one_would_tell_it(
    watcher: Watcher, tmp_path: Path, summary: str, reason: str
) -> None:
    first = {"title": FERRY, "lang": "en", "summary": "The ferry reached the harbour."}
    pairs = write(tmp_path / "pairs.jsonl", [{"a": first, "b": {**first, "summary": summary}}])

    said = json.loads(watcher("compare", "--pairs", pairs, "--json").out)

    assert (said["relation"], said["reason"]) == ("copy", reason)


def test_compare_says_that_a_watched_pair_is_too_far_apart_for_one_story(
    watcher: Watcher, tmp_path: Path
) -> None:
    a, b = ({"title": WATCHED, "time": f"2026-01-{day}T00:00Z"} for day in ("01", "09"))
    pairs = write(tmp_path / "pairs.jsonl", [{"a": a, "b": b}])

    ended = watcher("compare", "--pairs", pairs, "--config", write_config(tmp_path))

    assert ended.out == "different  100.0  further apart than the story window\n"


@pytest.mark.parametrize("titles", [(), ("one",), ("one", "two", "three")])
def test_compare_takes_two_titles(watcher: Watcher, titles: tuple[str, ...]) -> None:
    ended = watcher("compare", *titles)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "watcher: compare takes two titles (in quotes), or --pairs FILE\n"


def test_compare_takes_titles_or_pairs_but_not_both(watcher: Watcher, pairs: Path) -> None:
    assert watcher("compare", "one", "two", "--pairs", pairs).code == 2


def test_eval_stories_scores_items_and_pairs(watcher: Watcher, items: Path, pairs: Path) -> None:
    record = json.loads(watcher("eval", "stories", items, "--json").out)
    assert (record["items"], record["clusters"]) == (4, 2)
    assert record["copies"]["pairwise"]["precision"] == 1.0
    text = watcher("eval", "stories", items).out
    assert "4 items in 2 gold clusters" in text

    scored = json.loads(watcher("eval", "stories", pairs, "--json").out)
    assert (scored["pairs"], scored["copy"]["f1"]) == (2, 1.0)
    assert "2 labelled pairs" in watcher("eval", "stories", pairs).out


def test_eval_stories_shows_simpler_rules_beside_ours(
    watcher: Watcher, items: Path, pairs: Path
) -> None:
    for file in (items, pairs):
        record = json.loads(watcher("eval", "stories", file, "--json").out)
        assert list(record["baselines"]) == ["equal title", "ratio 85", "token_set 80", "NewsBlur"]
        assert "NewsBlur" in watcher("eval", "stories", file).out
        assert "NewsBlur" not in watcher("eval", "stories", file, "--no-baselines").out


def test_eval_stories_explains_its_mistakes(watcher: Watcher, tmp_path: Path) -> None:
    split: list[Mapping[str, object]] = [
        {**item, "cluster": str(place)} for place, item in enumerate(ITEMS)
    ]
    path = write(tmp_path / "split.jsonl", split)

    record = json.loads(watcher("eval", "stories", path, "--json", "--explain").out)
    text = watcher("eval", "stories", path, "--explain", "1").out

    assert {one["kind"] for one in record["mistakes"]} <= {"false copy", "false join"}
    assert record["mistakes"] == sorted(record["mistakes"], key=lambda one: -one["score"])
    first = record["mistakes"][0]
    assert first["entry"]["time"] > first["other"]["time"]
    assert f"{first['kind']}, {first['score']}: {first['reason']}" in text
    assert text.count("  [") == 2


def test_eval_stories_tells_what_another_order_changes(watcher: Watcher, items: Path) -> None:
    record = json.loads(watcher("eval", "stories", items, "--shuffle", "1h", "--json").out)

    assert record["order"]["moved"] > 0
    assert record["order"]["pairs"] <= 1
    assert "shuffled within 3600 s, " in watcher("eval", "stories", items, "--shuffle", "1h").out
    for wrong in ((items, "--shuffle", "long"), (items.parent, "--shuffle", "1m")):
        assert watcher("eval", "stories", *wrong).code == 2


def test_eval_stories_of_a_folder_is_one_table_with_the_floors(
    watcher: Watcher, items: Path, pairs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sets"
    folder.mkdir()
    (folder / "basil.other.jsonl").write_text(items.read_text())
    (folder / "lookalikes.jsonl").write_text(pairs.read_text())
    (folder / "unlabelled.jsonl").write_text('{"id": "a", "title": "b"}\n')

    rows = json.loads(watcher("eval", "stories", folder, "--json").out)
    text = watcher("eval", "stories", folder, "--no-baselines").out

    assert [(row["file"], row["figure"], row["floor"]) for row in rows] == [
        ("basil.other.jsonl", "stories: pairwise F1", None),
        ("basil.other.jsonl", "stories: BCubed F1", 0.93),
        ("lookalikes.jsonl", "different called copy", 2),
        ("lookalikes.jsonl", "updates called copy", 3),
        ("lookalikes.jsonl", "copies found", 8),
    ]
    assert [row["holds"] for row in rows] == [None, True, True, True, False]
    assert "3 of 4 floors hold" in text


@pytest.mark.parametrize("unlabelled", [True, False])
def test_a_folder_without_labels_is_wrong_usage(
    watcher: Watcher, tmp_path: Path, unlabelled: bool
) -> None:
    if unlabelled:
        (tmp_path / "plain.jsonl").write_text('{"id": "a", "title": "b"}\n')

    ended = watcher("eval", "stories", tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert "no file (*.jsonl) has labelled items or pairs" in ended.err


def test_eval_topics_scores_labels(watcher: Watcher, items: Path, tmp_path: Path) -> None:
    config = write_config(tmp_path)
    (record,) = json.loads(watcher("eval", "topics", items, "-c", config, "--json").out)

    assert (record["topic"], record["items"], record["f1"]) == ("summit", 3, 1.0)
    assert (record["missed"], record["extra"]) == ([], [])
    # Each gold story is told in its own words: without them nothing is found.
    assert record["hidden_terms"]["recall"] < 1
    assert "half_the_terms" not in record
    assert record["recall_by_language"]["en"] == {"found": 2, "items": 2}
    assert "summit: recall by language: en 2/2, ? 1/1" in (
        watcher("eval", "topics", items, "-c", config, "--errors").out
    )


@pytest.mark.parametrize("task", ["topics", "alerts"])
def test_a_label_of_no_topic_is_told_before_the_figures(
    watcher: Watcher, items: Path, tmp_path: Path, task: str
) -> None:
    items.write_text(items.read_text().replace('"summit"]', '"sumit"]'))

    ended = watcher("eval", task, items, "-c", write_config(tmp_path))

    assert ended.code == 0
    assert f"{items}:1: no topic `sumit`; did you mean `summit`? (and 2 more items)" in ended.err


def test_eval_alerts_counts_how_gold_stories_are_told(
    watcher: Watcher, items: Path, tmp_path: Path
) -> None:
    config = write_config(tmp_path)
    arguments = ("eval", "alerts", items, "-c", config, "--blur", "0s")
    record = json.loads(watcher(*arguments, "--json").out)

    assert (record["stories"], record["alerts"], record["untold"]) == (1, 1.0, 0.0)
    assert record["rings"] == 2.0
    assert record["baselines"]["a ring for every item"]["rings"] == 3.0
    # No other story holds its names: an item that may not use them matches nothing.
    assert (record["hidden_terms"]["untold"], record["hidden_terms"]["silenced"]) == (1, 0)
    text = watcher(*arguments, "--halve").out
    assert "per gold story (1)" in text
    assert [text.count(name) for name in ("hidden terms", "half the", "ratio 85")] == [6, 6, 1]
    assert "floors" not in text
    bare = watcher(*arguments, "--no-baselines", "--no-hidden-terms").out
    assert [bare.count(name) for name in ("hidden terms", "half the", "ratio 85")] == [0, 0, 0]


def test_eval_tells_which_floors_hold_for_a_set_that_it_knows(
    watcher: Watcher, items: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "topics"
    folder.mkdir()
    file = items.rename(folder / "dev.jsonl")

    told = watcher("eval", "alerts", file, "-c", write_config(tmp_path), "--blur", "0s").out

    assert "floors: alerts ≤ 1.5 holds, rings ≤ 1.9 missed, untold ≤ 0.02 holds\n" in told


def test_eval_stories_needs_labelled_pairs_and_labels_that_it_knows(
    watcher: Watcher, tmp_path: Path
) -> None:
    bare = write(tmp_path / "bare.jsonl", [{"label": None, "a": MEETS, "b": FERRY}])
    misspelt = write(tmp_path / "misspelt.jsonl", [*PAIRS, {"label": "coppy", "a": "x", "b": "y"}])

    ended = watcher("eval", "stories", bare)
    assert (ended.code, ended.out) == (2, "")
    assert 'no pair has a "label", so there is nothing to score against' in ended.err
    ended = watcher("eval", "stories", misspelt)
    assert (ended.code, ended.out) == (2, "")
    assert f"{misspelt}:{len(PAIRS) + 1}: `label` is" in ended.err


@pytest.mark.parametrize(
    ("task", "drop"), [("stories", "cluster"), ("topics", "labels"), ("alerts", "cluster")]
)
def test_eval_needs_labels_to_score_against(
    watcher: Watcher, tmp_path: Path, task: str, drop: str
) -> None:
    bare: list[Mapping[str, object]] = [
        {key: value for key, value in item.items() if key != drop} for item in ITEMS
    ]
    path = write(tmp_path / "bare.jsonl", bare)

    ended = watcher("eval", task, path, "-c", write_config(tmp_path))

    assert (ended.code, ended.out) == (2, "")
    assert f'no item has "{drop}", so there is nothing to score against' in ended.err


@pytest.mark.parametrize(
    "command",
    [("replay",), ("eval", "stories"), ("compare", "--pairs")],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("content", "complaint"),
    [("{\n", "bad.jsonl:1: not JSON: "), ('{"title": "x"}\n', "bad.jsonl:1: ")],
)
def test_a_bad_file_is_wrong_usage_told_in_one_sentence(
    watcher: Watcher, tmp_path: Path, command: tuple[str, ...], content: str, complaint: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)

    ended = watcher(*command, path)

    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "none.jsonl"),
        ("replay", "."),
        ("replay",),
        ("eval", "alerts", "items.jsonl", "-c", "config.toml", "--blur", "long"),
        ("eval", "alerts", "items.jsonl", "-c", "config.toml", "--seeds", "0"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("items")
def test_wrong_usage_exits_with_2(watcher: Watcher, arguments: tuple[str, ...]) -> None:
    ended = watcher(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err


def test_a_configuration_that_is_not_there_exits_with_78(watcher: Watcher, items: Path) -> None:
    for command in (("replay",), ("eval", "topics")):
        ended = watcher(*command, items, "--config", "none.toml")

        assert (ended.code, ended.out) == (EXIT_CONFIG, "")
        assert "none.toml" in ended.err


@pytest.mark.parametrize(
    "command", [["check"], ["run", "--once"], ["status"], ["topics", "list"], ["compare", "a", "b"]]
)
def test_a_directory_is_no_configuration_to_any_command(
    watcher: Watcher, command: list[str]
) -> None:
    ended = watcher(*command, "--config", ".")

    assert ended.code == EXIT_CONFIG
    assert "is a directory" in ended.out + ended.err


def test_eval_looks_for_the_configuration_where_all_commands_do(
    watcher: Watcher, items: Path, tmp_path: Path
) -> None:
    missing = watcher("eval", "topics", items, "--json")
    assert (missing.code, missing.out) == (EXIT_CONFIG, "")
    assert "no configuration found" in missing.err

    write_config(tmp_path)
    found = watcher("eval", "topics", items, "--no-hidden-terms", "--json")
    assert found.code == 0
    assert [topic["topic"] for topic in json.loads(found.out)] == ["summit"]


@pytest.mark.parametrize("command", [["replay", "-"], ["compare", "--pairs", "-"]])
def test_items_and_pairs_come_from_standard_input_too(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    records = ITEMS if "replay" in command else PAIRS
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))

    ended = watcher(*command, "--json")

    assert ended.code == 0
    assert len(ended.out.splitlines()) == len(records)
