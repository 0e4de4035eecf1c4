import pytest
from alert_values import LABELS, report, reports
from hypothesis import given

from watcher.alerts.evidence import (
    headline,
    headline_text,
    passage,
    sentence,
    summary,
    why,
)
from watcher.alerts.lines import Span, utf16_length
from watcher.alerts.views import Report, choose_report
from watcher.model import Field

SUMMARY = "Kim dan Putin bertemu dalam pertemuan puncak di Rusia."
FOUND = (("kim", "Kim"), ("putin", "Putin"), ("meeting", "pertemuan puncak"))


def bold(spans: tuple[Span, ...]) -> list[str]:
    return [span.text for span in spans if span.bold]


def test_matched_terms_are_bold_in_the_sentence() -> None:
    spans = sentence(report("Judul", SUMMARY, found=FOUND))

    assert bold(spans) == ["Kim", "Putin", "pertemuan puncak"]
    assert "".join(span.text for span in spans) == SUMMARY


def test_matched_terms_are_bold_in_a_title_that_matched() -> None:
    told = report("Kim Jong Un Temui Putin", found=(("kim", "Kim Jong Un"), ("putin", "Putin")))

    assert bold(headline(told)) == ["Kim Jong Un", "Putin"]
    assert sentence(told) == ()


def test_overlapping_evidence_is_bold_once() -> None:
    told = report("Kim Jong Un di Rusia", found=(("kim", "Kim Jong"), ("leader", "Jong Un")))

    assert bold(headline(told)) == ["Kim Jong Un"]


def test_bold_stays_on_its_term_when_tricks_are_removed() -> None:
    spans = sentence(report("x", "a\u202e\n\n b\u200b Kim\u200b x", found=(("kim", "Kim"),)))

    assert bold(spans) == ["Kim"]
    assert "".join(span.text for span in spans) == "a b Kim x"


def test_an_endless_sentence_is_cut_around_its_first_term() -> None:
    text = "kata " * 500 + "Kim" + " kata" * 500
    spans = sentence(report("x", text, found=(("kim", "Kim"),)))

    whole = "".join(span.text for span in spans)
    assert bold(spans) == ["Kim"]
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert utf16_length(whole) <= 600


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        pytest.param(
            report("x", SUMMARY, found=FOUND),
            "Kim Jong Un + Vladimir Putin in one sentence; meeting: «pertemuan puncak»",
            id="names in one sentence and a word list",
        ),
        pytest.param(
            report("Kim Jong Un, Putin", found=(("kim", "Kim Jong Un"), ("putin", "Putin"))),
            "Kim Jong Un + Vladimir Putin in the title",
            id="in the title, names that say no more than their labels",
        ),
        pytest.param(
            report(
                "Kim", "Putin dan КНДР", found=(("putin", "Putin"), ("kim", "Kim")), language="id"
            ),
            "Vladimir Putin; Kim Jong Un",
            id="names in different places",
        ),
        pytest.param(
            report("Kremlin, Kim Jong-un", found=(("putin", "Kremlin"), ("kim", "Kim Jong-un"))),
            "Vladimir Putin («Kremlin») + Kim Jong Un in the title",
            id="a spelling that says something else",
        ),
        pytest.param(
            report("Waffendeal", found=(("arms_deal", "Waffendeal"), ("weapons", "Waffendeal"))),
            "arms deal, weapons: «Waffendeal»",
            id="lists with the same words",
        ),
        pytest.param(
            report(
                "amunisi, peluru",
                found=(("weapons", "amunisi"), ("arms", "amunisi"), ("arms", "peluru")),
            ),
            "arms: «amunisi», «peluru»",
            id="a list that another one repeats with more",
        ),
        pytest.param(
            report("artillery shells", found=(("arms", "artillery"), ("arms", "artillery shells"))),
            "arms: «artillery shells»",
            id="a word of a phrase",
        ),
        pytest.param(
            report("Senjata, amunisi", found=(("arms_deal", "Senjata"), ("arms_deal", "amunisi"))),
            "arms deal: «Senjata», «amunisi»",
            id="a word list alone",
        ),
        pytest.param(
            report("Senjata, senjata", found=(("arms_deal", "Senjata"), ("arms_deal", "senjata"))),
            "arms deal: «Senjata»",
            id="a spelling once in whatever case",
        ),
        pytest.param(
            report("perang besar", found=(('"perang besar"', "perang besar"),)),
            "«perang besar»",
            id="a quoted phrase of the match line",
        ),
        pytest.param(report("x"), "", id="nothing known"),
    ],
)
def test_a_match_is_explained_by_what_was_found(told: Report, reasons: str) -> None:
    assert why(told, LABELS) == reasons


def test_arabic_terms_are_isolated_amid_our_words() -> None:
    told = report("كيم وبوتين", found=(("kim", "كيم"),), language="ar")

    assert why(told, LABELS) == "Kim Jong Un («\u200e\u2068كيم\u2069»)"


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [
        pytest.param((), 0, id="no wish: the leading report"),
        pytest.param(("en", "zh"), 1, id="second wish, by primary subtag"),
        pytest.param(("fr",), 0, id="no report has it"),
        pytest.param(("ID", "zh-CN"), 0, id="first wish"),
    ],
)
def test_the_headline_is_in_the_readers_best_language(
    languages: tuple[str, ...], chosen: int
) -> None:
    told = (
        report("Kim", language="id"),
        report("金", language="zh-TW"),
        report("?", language=None),
    )

    assert choose_report(told, languages) is told[chosen]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        pytest.param(report("\u200b \n", "Isi berita"), "Isi berita", id="the summary"),
        pytest.param(report(""), "https://www.antaranews.com/berita/1", id="the address"),
        pytest.param(report("", url=""), "(no title)", id="nothing"),
    ],
)
def test_an_entry_without_title_still_has_a_headline(told: Report, shown: str) -> None:
    assert headline_text(told) == shown


def test_a_summary_that_repeats_the_title_is_left_out() -> None:
    assert summary(report("Kim meets Putin", "Kim meets Putin")) == ()
    assert summary(report("Kim meets Putin", "In Russia")) == (Span("In Russia"),)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("", SUMMARY, id="an entry without title shows it as its headline"),
        pytest.param(SUMMARY[:-1], SUMMARY, id="it is the title"),
        pytest.param(SUMMARY[:-1], f"{SUMMARY[:-1]}  Antara", id="it is the title and the outlet"),
    ],
)
def test_what_the_headline_says_is_not_said_again(title: str, text: str) -> None:
    told = report(title, text, found=FOUND)

    assert bold(headline(report("", text, found=FOUND))) == ["Kim", "Putin", "pertemuan puncak"]
    assert (sentence(told), summary(told)) == ((), ())


def test_a_sentence_that_goes_on_from_the_headline_is_shown() -> None:
    told = report("Kim dan Putin bertemu", SUMMARY, found=FOUND)

    assert "".join(span.text for span in sentence(told)) == SUMMARY


def test_a_stand_in_for_the_title_begins_where_its_text_does() -> None:
    told = report("", "kata " * 60 + SUMMARY, found=FOUND)

    assert headline_text(told).startswith("kata kata")
    assert headline_text(told).endswith("…")
    assert bold(sentence(told)) == ["Kim", "Putin", "pertemuan puncak"]


def test_a_sentence_beyond_the_text_is_no_trouble() -> None:
    told = report("x", "short", sentence=(Field.SUMMARY, 3, 99))

    assert passage(told, Field.SUMMARY, 90, 99, 50) == ()
    assert sentence(told) == (Span("rt"),)


@given(reports())
def test_headline_is_never_empty_and_capped(told: Report) -> None:
    assert headline_text(told).strip()
    assert utf16_length(headline_text(told)) <= 300
    assert utf16_length("".join(span.text for span in sentence(told))) <= 600
