from pathlib import Path

from stored import DAY, NOW, TITLE, UNREAD, an_entry, entries_of, open_in, ring, store

from watcher.alerts.decide import Decision
from watcher.model import Action, Reason
from watcher.storage.database import Transaction
from watcher.storage.tokens import unpack
from watcher.stories.signature import sign

OLD = NOW - 100 * DAY
LIMIT = NOW - 90 * DAY


def tables(tx: Transaction) -> dict[str, int]:
    names = ("entry", "story", "match", "decision", "posting", "sketch")
    return {
        name: int(tx.connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0)  # noqa: S608 - constants
        for name in names
    }


def test_old_entries_leave_with_all_that_hangs_on_them(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("old", seen=OLD))
        copy = store(tx, an_entry("copy", seen=OLD), story=added.story, copy_of=added.entry)
        quiet = Decision(Action.SUPPRESS, Reason.COPY)
        tx.alerts.record(copy.entry, "summit", quiet, None, OLD)

        assert tx.retention.prune_postings(LIMIT).done
        swept = tx.retention.delete_entries(LIMIT)
        assert (swept.removed, swept.done) == (2, True)
        assert set(tables(tx).values()) == {0}


def test_masks_of_earlier_days_are_forgotten(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number, seen in enumerate((OLD, LIMIT - DAY, LIMIT, NOW)):
            signature = sign(an_entry(seen=seen), UNREAD)
            tx.archive.add(number, signature)

        assert tx.retention.prune_masks(LIMIT).removed == 2
        assert tx.retention.prune_masks(LIMIT).removed == 0
        assert tx.archive.other_occasions(signature, LIMIT.date(), 9) == 1


def test_what_is_young_stays(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("young", seen=LIMIT))
        before = tables(tx)

        assert tx.retention.prune_postings(LIMIT).removed == 0
        assert tx.retention.delete_entries(LIMIT).removed == 0
        assert tables(tx) == before


def test_what_an_alert_tells_of_stays(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("told", seen=OLD))
        number = ring(tx, added, wait=DAY)
        gathered = store(tx, an_entry("gathered", seen=OLD), story=added.story)
        tx.alerts.gather(number, gathered.entry)

        assert tx.retention.delete_entries(LIMIT).removed == 0
        assert [report.title for report in tx.alerts.view(number, "desk").reports] == [TITLE, TITLE]
        assert tx.stories.get(added.story) is not None


def test_a_story_that_was_told_stays_whole(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        founder = store(tx, an_entry("founder", seen=OLD))
        copy = store(tx, an_entry("copy", seen=OLD), story=founder.story, copy_of=founder.entry)
        store(tx, an_entry("another", seen=OLD), story=founder.story, copy_of=founder.entry)
        ring(tx, copy)

        assert tx.retention.delete_entries(LIMIT).removed == 0
        stored = tx.entries.get(copy.entry)
        assert stored is not None
        assert stored.copy_of == founder.entry


def test_a_story_whose_words_changed_lately_is_not_old(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ticker = store(tx, an_entry("ticker", seen=OLD))
        store(tx, an_entry("copy", seen=OLD), story=ticker.story, copy_of=ticker.entry)
        store(tx, an_entry("changed long ago", seen=OLD))
        tx.sightings.keep_wording(ticker.entry, "Earlier", "", LIMIT)
        tx.sightings.keep_wording(ticker.entry + 2, "Earlier", "", LIMIT - DAY)

        assert tx.retention.delete_entries(LIMIT).removed == 1
        assert [stored.entry.id for stored in entries_of(tx)] == ["ticker", "copy"]


def test_a_story_that_still_takes_entries_stays_whole(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        founder = store(tx, an_entry("old", seen=OLD))
        store(tx, an_entry("new"), story=founder.story)

        assert tx.retention.delete_entries(LIMIT).removed == 0
        story = tx.stories.get(founder.story)
        assert story is not None
        assert story.founder == founder.entry


def test_what_had_no_date_and_was_deleted_is_never_new_again(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("evergreen", seen=OLD))
        store(tx, an_entry("dated", seen=OLD, published=OLD), reading=UNREAD)
        tx.sightings.add(1, "evergreen elsewhere", 1, OLD)
        tx.retention.delete_entries(LIMIT)

        assert tx.entries.get(1) is None
        ids = ["evergreen", "evergreen elsewhere", "dated", "other"]
        said = dict.fromkeys(ids, (TITLE, "A summary."))
        assert tx.forgotten.among(1, said) == {"evergreen", "evergreen elsewhere"}
        assert tx.forgotten.among(2, said) == set()


def test_what_matched_a_topic_and_was_deleted_is_never_new_again(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("dated", seen=OLD, published=OLD))
        tx.retention.delete_entries(LIMIT)

        assert tx.forgotten.among(1, {"dated": (TITLE, "A summary.")}) == {"dated"}


def test_only_words_that_were_said_under_an_id_are_remembered_with_it(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        edited = store(tx, an_entry("1", seen=OLD))
        store(tx, an_entry("2", "Ferry line opens", seen=OLD))
        tx.sightings.keep_wording(edited.entry, "Before the edit \ud800", "", OLD)
        tx.retention.delete_entries(LIMIT)

        for title, summary in ((TITLE, "A summary."), ("Before the edit \ud800", "")):
            assert tx.forgotten.among(1, {"1": (title, summary)}) == {"1"}
        for title, summary in (("Ferry line opens", "A summary."), (TITLE, "Another.")):
            assert tx.forgotten.among(1, {"1": (title, summary)}) == set()


def test_deleting_goes_on_in_bounded_steps(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(25):
            store(tx, an_entry(str(number), seen=OLD), reading=UNREAD)

        steps = [tx.retention.delete_entries(LIMIT, limit=10) for _ in range(3)]
        assert [(step.removed, step.done) for step in steps] == [
            (10, False),
            (10, False),
            (5, True),
        ]


def test_what_stays_is_passed_over_once(tmp_path: Path) -> None:
    told, plain = range(0, 25, 2), range(1, 25, 2)
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(25):
            added = store(tx, an_entry(str(number), seen=OLD), reading=UNREAD)
            if number in told:
                ring(tx, added, channels=["desk"])

        swept, removed = tx.retention.delete_entries(LIMIT, limit=10), []
        while not swept.done:
            removed.append(swept.removed)
            swept = tx.retention.delete_entries(LIMIT, swept.last, limit=10)

        assert [*removed, swept.removed] == [5, 5, 2]
        left = tx.connection.exec_driver_sql("SELECT guid FROM entry ORDER BY id").scalars().all()
        assert left == [str(number) for number in told]
        assert len(left) + len(plain) == 25


def test_pruning_sweeps_over_all_terms_in_bounded_steps(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            for number in range(20):
                store(tx, an_entry(str(number), f"{TITLE} {number}word", seen=OLD), reading=UNREAD)
            young = store(tx, an_entry("young", TITLE), reading=UNREAD)
        done, steps = False, 0
        while not done:
            with database.begin() as tx:
                done = tx.retention.prune_postings(LIMIT, terms=5).done
            steps += 1

        assert steps == 6  # 28 terms: twenty words, five of TITLE, three of whom and where it tells
        with database.begin() as tx:
            rows = tx.connection.exec_driver_sql("SELECT newest FROM posting").all()
            sketches = tx.connection.exec_driver_sql("SELECT entry FROM sketch").scalars().all()
            assert [list(unpack(row.newest)) for row in rows] == [[young.entry]] * 8
            assert sketches == [young.entry]
            found = tx.archive.candidates(sign(an_entry("x"), None), OLD)
            assert [member.entry for member in found] == [young.entry]
