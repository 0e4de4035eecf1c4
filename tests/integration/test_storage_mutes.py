from pathlib import Path

from stored import DAY, HOUR, NOW, SECOND, open_in

from watcher.model import Mute, MuteKind


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
        assert tx.mutes.until("arms", 8, NOW, ("TASS", "Aggregator")) == NOW + 2 * DAY
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
