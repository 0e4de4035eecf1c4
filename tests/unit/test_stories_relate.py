"""How two entries relate: copies, the same event with something new, and look-alikes."""

from datetime import UTC, datetime, timedelta

import pytest
from assigned import read
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry, Reading
from watcher.stories.bags import text_agreement
from watcher.stories.features import common_words
from watcher.stories.relate import relate
from watcher.stories.signature import HEADLINE_CHARACTERS, sign

NOON = datetime(2023, 9, 12, 12, tzinfo=UTC)
LEAD = "The minister opened the new container terminal at the northern port on Tuesday, officials"


def entry(title: str, outlet: str = "", hours: float = 0, summary: str = "") -> Entry:
    return Entry("x", title, NOON + timedelta(hours=hours), summary=summary, outlet=outlet)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            "Port of Tanjung Selor opens its new container terminal",
            "UPDATE 1-Port of Tanjung Selor opens its new container terminal - Reuters",
            id="label and tail",
        ),
        pytest.param(
            "Port of Tanjung Selor opens its new container terminal",
            "Port of Tanjung Selor opens the new container terminal",
            id="one small word",
        ),
        pytest.param(
            "Ferry fire off Sulawesi kills 12, rescuers say",
            "Rescuers say ferry fire off Sulawesi kills 12",
            id="turned around",
        ),
        pytest.param(
            "渋谷で大規模な停電、電車が運休", "渋谷で大規模な停電、電車が運休", id="Japanese"
        ),
    ],
)
def test_the_same_report_is_a_copy(a: str, b: str) -> None:
    verdict = relate(sign(entry(a, "Outlet One"), None), sign(entry(b, "Outlet Two", 1), None))
    assert verdict.relation == "copy", verdict


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            "Minister to visit Bandung port", "Minister visits Bandung port", id="to come"
        ),
        pytest.param("Menteri akan temui petani", "Menteri temui petani", id="akan"),
        pytest.param(
            "Jury begins deliberations in Sari hush money trial",
            "Jury resumes deliberations in Sari hush money trial",
            id="resumed",
        ),
        pytest.param("Court accepts Sari appeal", "Court rejects Sari appeal", id="opposites"),
        pytest.param("Deal reached, mayor says", "Deal not reached, mayor says", id="negation"),
        pytest.param("Ferry fire kills 12 off Bali", "Ferry fire kills 31 off Bali", id="toll"),
        pytest.param("Persib beat Arema 2-1", "Arema beat Persib 2-1", id="winners swapped"),
        pytest.param("What happened on day 567", "What happened on day 568", id="counter"),
        pytest.param("Gold price today, 12 September", "Gold price today, 13 September", id="date"),
        pytest.param("Storm hits Palu airport hard", "Storm hits Ambon airport hard", id="place"),
        pytest.param(
            "Army fires missile, navy says", "Army fires two missiles, navy says", id="two"
        ),
        pytest.param("日経平均は反発で始まる", "日経平均は反落で始まる", id="Japanese opposites"),
        pytest.param(
            "Gempa Magnitudo 5,2 Guncang Lombok, Tidak Berpotensi Tsunami",
            "Gempa Magnitudo 5,2 Guncang Cilacap, Tidak Berpotensi Tsunami",
            id="another place, where every word has a capital",
        ),
        pytest.param(
            "Flood in Semarang Displaces Hundreds of Families",
            "Flood in Demak Displaces Hundreds of Families",
            id="the same in English title case",
        ),
        pytest.param(
            "N.Korea Test-Fires Cruise Missile",
            "N.Korea Test-Fires Ballistic Missile",
            id="another kind, in title case",
        ),
    ],
)
def test_a_guard_forbids_a_copy(a: str, b: str) -> None:
    verdict = relate(sign(entry(a, "One"), None), sign(entry(b, "Two"), None))
    assert verdict.relation != "copy", verdict


def test_a_vetoed_pair_stays_one_event() -> None:
    a = entry("Ferry fire off Sulawesi coast kills 12 people", "One")
    b = entry("Ferry fire off Sulawesi coast kills 31 people", "Two", 5)
    verdict = relate(sign(a, None), sign(b, None))
    assert verdict.relation == "same"
    assert "numbers 12 and 31" in verdict.reason


def test_a_rewritten_headline_over_the_same_report_is_found_by_its_beginning() -> None:
    a = entry("Container terminal opened in the north", "One", 0, LEAD)
    b = entry("Northern container port gets terminal", "Two", 0, f"Sept 12 : {LEAD}")
    assert "same beginning" in relate(sign(a, None), sign(b, None)).reason


@pytest.mark.parametrize("other", ["", "Ferry fire off Sulawesi kills 12"])
def test_without_a_text_there_is_nothing_to_compare(other: str) -> None:
    verdict = relate(sign(entry("", "One"), None), sign(entry(other, "Two"), None))
    assert (verdict.relation, verdict.score) == ("different", 100)
    assert "nothing to compare" in verdict.reason


def test_unrelated_news_is_different() -> None:
    a, b = entry("Ferry fire off Sulawesi kills 12"), entry("Bank keeps its rate at 5.75%")
    assert relate(sign(a, None), sign(b, None)).relation == "different"


def test_an_entry_without_a_title_speaks_by_its_summary() -> None:
    a = sign(entry("", "One", 0, LEAD), None)
    b = sign(entry(LEAD, "Two", 0, LEAD), None)
    assert relate(a, b).relation in {"copy", "same"}


@pytest.mark.parametrize(
    ("begins", "cut", "ends"),
    [
        ("the ferry ", "overturned", " off Sulawesi"),
        ("at least ", "8,345", " people died"),
        ("at least ", "8 345", " people died"),
        ("フェリー", "1300人", "が死亡した"),
        ("渡轮沉没造成", "一百三十人", "死亡"),
    ],
)
@pytest.mark.parametrize("kept", range(1, 5))
def test_an_entry_without_a_title_begins_with_whole_words_and_figures(
    begins: str, cut: str, ends: str, kept: int
) -> None:
    text = begins.rjust(HEADLINE_CHARACTERS - kept, "x") + cut + ends
    title = sign(entry("", "One", summary=text), None).title
    assert title == begins.rjust(HEADLINE_CHARACTERS - kept, "x").rstrip()


def test_a_word_that_ends_where_a_title_is_cut_stays() -> None:
    text = "ferries ".rjust(HEADLINE_CHARACTERS - 4, "x") + "sank"
    for summary in (text, f"{text} off Sulawesi"):
        assert sign(entry("", "One", summary=summary), None).title == text


def test_figures_and_lists_of_one_topic_join_two_languages() -> None:
    a = entry("North sent 6,700 containers to Russia", "One")
    b = entry("北朝鮮、ロシアにコンテナ6700個", "Two", 3)
    lists = read("arms", "north_korea", "russia", "transfer")
    assert relate(sign(a, lists), sign(b, lists)).relation == "same"
    assert relate(sign(a, None), sign(b, None)).relation == "different"


texts = st.text(max_size=80)
entries = st.builds(
    entry, texts, st.sampled_from(["", "One", "Two"]), st.floats(0, 100), st.text(max_size=200)
)


@given(entries, entries)
def test_relate_is_symmetric_and_scored(a: Entry, b: Entry) -> None:
    left, right = sign(a, None), sign(b, None)
    verdict, turned = relate(left, right), relate(right, left)
    assert verdict.relation == turned.relation
    assert verdict.score == pytest.approx(turned.score, abs=0.2)
    assert 0 <= verdict.score <= 100


@given(entries)
def test_an_entry_is_a_copy_of_itself(a: Entry) -> None:
    signature = sign(a, None)
    if signature.words:
        assert relate(signature, signature).relation == "copy"


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("de", "Die ersten Äpfel seit vielen Jahren", "Zwischen den ersten Häusern seit Jahren"),
        ("ru", "Уже после этого года", "Впервые после этого года уже"),
        ("es", "Más que nunca desde entonces", "Desde entonces cada vez más"),
    ],
)
def test_reports_that_share_but_quiet_words_agree_in_nothing(language: str, a: str, b: str) -> None:
    one, other = (
        sign(Entry("x", title, NOON, language=language), Reading(language, (), ()))
        for title in (a, b)
    )
    assert common_words(one, other) == []
    assert text_agreement(one.texts, other.texts) == 0
