from pathlib import Path

from stored import DAY, HOUR, NOW, SECOND, open_in

from watcher.model import Mute, MuteKind
from watcher.storage.database import Database


def test_of_mutes_that_silence_the_last_to_end_counts_and_a_topics_is_none_of_them(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.mutes.add(MuteKind.TOPIC, "summit", NOW + HOUR, NOW)
        tx.mutes.add(MuteKind.STORY, "7", NOW + DAY, NOW)
        tx.mutes.add(MuteKind.OUTLET, "TASS", NOW + 2 * DAY, NOW)
        tx.mutes.add(MuteKind.CHANNEL, "desk", NOW + HOUR, NOW)

        assert tx.mutes.until("summit", 7, NOW) == NOW + DAY
        assert tx.mutes.until("summit", 8, NOW) is None
        assert tx.mutes.until("arms", 8, NOW, outlet="TASS") == NOW + 2 * DAY
        assert tx.mutes.until("summit", 7, NOW + DAY) is None


def test_mutes_are_listed_replaced_and_undone(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.mutes.add(MuteKind.TOPIC, "summit", NOW + DAY, NOW)
        tx.mutes.add(MuteKind.TOPIC, "arms", NOW + HOUR, NOW)
        tx.mutes.add(MuteKind.TOPIC, "summit", NOW + SECOND, NOW)

        assert tx.mutes.current(NOW) == (
            Mute(MuteKind.TOPIC, "summit", NOW + SECOND, NOW),
            Mute(MuteKind.TOPIC, "arms", NOW + HOUR, NOW),
        )
        assert tx.mutes.remove(MuteKind.TOPIC, "arms")
        assert not tx.mutes.remove(MuteKind.TOPIC, "arms")
        assert tx.mutes.current(NOW + SECOND) == ()


def test_a_topic_counts_from_its_last_change(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.topics.sync({"summit": "v1", "arms": "v1", "flood": "v1"}, NOW)
        since = tx.topics.sync({"summit": "v1", "arms": "v2", "trade": "v1"}, NOW + HOUR)

        assert since == {"summit": NOW, "arms": NOW + HOUR, "trade": NOW + HOUR}
        assert tx.topics.since("summit") == NOW
        assert tx.topics.since("flood") is None
        assert tx.topics.sync({}, NOW) == {}


def test_a_topic_made_by_a_clock_that_was_ahead_is_new_as_of_today(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.topics.sync({"summit": "v1"}, NOW + 365 * DAY)

        assert tx.topics.sync({"summit": "v1"}, NOW) == {"summit": NOW}


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
