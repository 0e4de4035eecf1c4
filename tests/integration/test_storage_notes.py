from pathlib import Path

from stored import DAY, HOUR, NOW, open_in

from watcher.alerts.notices import Notice
from watcher.storage.database import Database


def test_a_topic_counts_from_its_last_change(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.topics.sync({"summit": "v1", "arms": "v1", "flood": "v1"}, NOW)
        tx.topics.sync({"summit": "v1", "arms": "v2", "trade": "v1"}, NOW + HOUR)

        assert tx.topics.since("summit") == NOW
        assert tx.topics.since("arms") == tx.topics.since("trade") == NOW + HOUR
        assert tx.topics.since("flood") is None

        tx.topics.sync({}, NOW)
        assert tx.topics.since("summit") is None


def test_a_topic_made_by_a_clock_that_was_ahead_is_new_as_of_today(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.topics.sync({"summit": "v1"}, NOW + 365 * DAY)
        tx.topics.sync({"summit": "v1"}, NOW)

        assert tx.topics.since("summit") == NOW


def test_what_is_to_be_told_is_kept_in_order_until_it_was(tmp_path: Path) -> None:
    sick, well = Notice("feed 7 is sick"), Notice("feed 7 is well", "desk", anywhere=True)
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.notices.keep([sick, well], NOW)
        assert tx.notices.due() == (sick, well)

        tx.notices.keep([sick], NOW + HOUR)
        assert tx.notices.due() == (well, sick)

        tx.notices.settle([sick])
        assert tx.notices.due() == (well,)


def test_a_notice_in_doubt_is_kept_with_when_its_repeat_is_due(tmp_path: Path) -> None:
    lost = Notice("feed 7 is sick", lost=2, due=NOW + HOUR)
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.notices.keep([lost], NOW)
        assert tx.notices.due() == (lost,)

        tx.notices.settle([lost])
        assert tx.notices.due() == ()


def test_half_a_character_keeps_no_notice_from_being_kept(tmp_path: Path) -> None:
    broken = Notice("feed \ud83d is sick: já")
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.notices.keep([broken], NOW)
        assert tx.notices.due() == (Notice("feed ? is sick: já"),)

        tx.notices.settle([broken])
        assert tx.notices.due() == ()


def test_a_notice_is_told_once_until_it_is_cleared(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        assert tx.notices.tell("feed 7 is sick", NOW)
        assert not tx.notices.tell("feed 7 is sick", NOW + HOUR)
        assert tx.notices.current() == {"feed 7 is sick": NOW}
        assert tx.notices.clear("feed 7 is sick")
        assert not tx.notices.clear("feed 7 is sick")
        assert tx.notices.tell("feed 7 is sick", NOW + DAY)


def test_a_database_is_told_from_every_other_and_stays_itself(tmp_path: Path) -> None:
    instances = []
    for name in ("one.db", "one.db", "two.db"):
        with Database.open(tmp_path / name) as database, database.begin() as tx:
            instances.append(tx.instance)

    assert instances[0] == instances[1] != instances[2]
