"""What is left of a title when the outlets' wrapping is off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.titles import (
    _ATTRIBUTION,
    _BEFORE_ATTRIBUTION,
    _BEFORE_TAIL,
    _TAIL,
    clean_title,
    headline,
    is_sourced,
    names,
    passed_on_from,
)


@pytest.mark.parametrize(
    ("title", "outlet", "clean"),
    [
        pytest.param(
            "Kim departs for Russia on his train - Reuters",
            "Google News",
            "kim departs for russia on his train",
            id="agency tail",
        ),
        pytest.param(
            "Kim Departs for Russia on His Train | Bloomberg.com",
            "Google News",
            "kim departs for russia on his train",
            id="domain tail",
        ),
        pytest.param(
            "Harga beras naik lagi di pasar induk - antara jatim",
            "ANTARA Jatim",
            "harga beras naik lagi di pasar induk",
            id="the outlet's own name",
        ),
        pytest.param(
            "Bond ETF rises to a new high - Nachrichten - MarketScreener Italia",
            "",
            "bond etf rises to a new high",
            id="tails one behind the other",
        ),
        pytest.param(
            "UPDATE 2-Kim arrives in Russia ahead of meeting",
            "",
            "kim arrives in russia ahead of meeting",
            id="update",
        ),
        pytest.param(
            "Exclusive-Regulator fines firm $5 million, document shows",
            "",
            "regulator fines firm $5 million",
            id="label and attribution",
        ),
        pytest.param(
            "Toll from strike on school rises to 22 - medics",
            "",
            "toll from strike on school rises to 22",
            id="who was asked",
        ),
        pytest.param("[POPULER] VIDEO: Banjir di Kota", "", "banjir di kota", id="labels nested"),
        pytest.param("テニス=決勝で敗れる", "", "決勝で敗れる", id="Japanese section"),
        pytest.param("GDP grows 5.17 per cent", "", "gdp grows 5.17%", id="percent"),
        pytest.param("Gempa M5,1 Guncang Ambon", "", "gempa m 5,1 guncang ambon", id="magnitude"),
        pytest.param("Bank's second-quarter profit", "", "bank q2 profit", id="quarter"),
        pytest.param("U.S. pays US$5 for El Niño", "", "us pays $5 for el nino", id="spelling"),
        pytest.param("- Reuters", "", "reuters", id="nothing but a tail stays"),
        pytest.param(
            "US-Iran talks - as it happened",
            "",
            "us-iran talks - as it happened",
            id="lower case tail",
        ),
        pytest.param("", "", "", id="empty"),
    ],
)
def test_a_title_is_cleaned(title: str, outlet: str, clean: str) -> None:
    assert clean_title(title, outlet) == clean


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Unıted States and American ships", "unıted states and us ships"),
        ("AMERİCAN ships, American crew", "american ships, us crew"),
        ("American ships in the Unıted ſtates", "us ships in the unıted states"),
    ],
)
def test_letters_that_only_a_pattern_takes_for_others_make_no_short_form(
    title: str, clean: str
) -> None:
    assert clean_title(title) == clean
    assert "us" in names(title)


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("Putin thanks Kim Jong Un - North Korea sends more troops", "RT"),
        ("Kim Jong Un meets Putin in Vladivostok - Japan is to protest", "AP"),
        ("Kim Jong Un meets Putin - so Baldwin resigns", "DW"),
        ("Putin will visit North Korea - us first", "Business Today"),
    ],
)
def test_letters_within_words_behind_a_title_are_no_outlet(title: str, outlet: str) -> None:
    assert headline(title, outlet) == title


@pytest.mark.parametrize(
    ("tail", "outlet"),
    [
        ("rt de", "RT"),
        ("rt.com", "RT"),
        ("nknews", "NK News"),
        ("asahi/digital", "The Asahi"),
        ("le temps économie", "LE TEMPS ECONOMIE"),
        ("新华网国际", "新华网"),
        ("조선", "조선닷컴"),
    ],
)
def test_whole_words_of_its_outlet_behind_a_title_are_cut(tail: str, outlet: str) -> None:
    told = "Putin thanks Kim Jong Un"
    assert headline(f"{told} | {tail}", outlet) == told


def test_names_are_known_only_where_capitals_tell_them() -> None:
    assert names("Israel strikes Aleppo airport") == {"israel", "aleppo"}
    assert names("Israel Strikes Aleppo Airport") == frozenset()


@given(st.text(), st.text(max_size=30))
def test_any_title_is_cleaned_and_keeps_something(title: str, outlet: str) -> None:
    clean = clean_title(title, outlet)
    assert bool(clean) or not any(character.isalnum() for character in title)


@given(st.from_regex(_ATTRIBUTION) | st.from_regex(_TAIL))
def test_what_is_looked_for_first_stands_in_whatever_may_be_cut(title: str) -> None:
    assert _BEFORE_ATTRIBUTION.search(title) or not _ATTRIBUTION.search(title)
    assert _BEFORE_TAIL.search(title) or not _TAIL.search(title)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs", "P"]), max_size=60))
def test_cleaning_is_stable_in_lower_case(title: str) -> None:
    clean = clean_title(title)
    assert clean == clean.casefold()


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Flood in Tula kills two - G1", "Flood in Tula kills two"),
        ("Київ під атакою дронів вночі - Українська правда", "Київ під атакою дронів вночі"),
        (
            "Quarter-final: Arsenal - Real Madrid - 20 Minutes",
            "Quarter-final: Arsenal - Real Madrid",
        ),
    ],
)
def test_what_stands_behind_a_title_of_google_news_is_its_outlet(title: str, told: str) -> None:
    assert headline(title, "Google News", sourced=True) == told


@pytest.mark.parametrize(
    ("title", "url", "source", "outlet"),
    [
        pytest.param(
            "Ferries run again", "//yahoo.com", "Mill Courier", "Mill Courier", id="named"
        ),
        pytest.param("Ferries run again - Mill", "//news.google.com/1", "", "Mill", id="the tail"),
        pytest.param("Ferries run again - Mill", "//yahoo.com/1", "", "", id="not behind each"),
        pytest.param("Ferries run again", "//news.google.com/1", "", "", id="nothing"),
        pytest.param(
            "Ferries run again - Mill", "//mill.example/1", "Daily", "", id="its own page"
        ),
    ],
)
def test_what_an_aggregator_passes_on_is_from_the_outlet_that_it_names(
    title: str, url: str, source: str, outlet: str
) -> None:
    assert passed_on_from(title, f"https:{url}", source) == outlet


def test_of_all_portals_google_news_names_the_outlet_behind_every_title() -> None:
    assert is_sourced("https://news.google.com/rss/articles/CBMi")
    assert not is_sourced("https://www.youtube.com/watch?v=abc")


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("金正恩与普京举行会谈-新华网", "金正恩与普京举行会谈"),
        ("台北市長宣布參選連任 - 中央社", "台北市長宣布參選連任"),
        ("（更新）日本石川县发生地震", "日本石川县发生地震"),
        ("石川県で震度7の地震（共同）", "石川県で震度7の地震"),
        ("首相が記者会見へ（時事）（更新）", "首相が記者会見へ"),
        ("ด่วน! รถไฟชนกันที่ชลบุรี", "รถไฟชนกันที่ชลบุรี"),
        ("ไฟไหม้โรงแรมภูเก็ต เสียชีวิต 3 ราย - ไทยรัฐ", "ไฟไหม้โรงแรมภูเก็ต เสียชีวิต 3 ราย"),
        ("ไฟไหม้โรงแรมภูเก็ต เสียชีวิต 3 ราย | เดลินิวส์", "ไฟไหม้โรงแรมภูเก็ต เสียชีวิต 3 ราย"),
        ("부산항 화물선 화재 진화 (뉴시스)", "부산항 화물선 화재 진화"),
        pytest.param("中国商务部部长将访问-北京", "中国商务部部长将访问-北京", id="no outlet"),
        pytest.param(
            "朝鲜向俄罗斯运送炮弹——军事通信卫星也交付",
            "朝鲜向俄罗斯运送炮弹——军事通信卫星也交付",
            id="a second clause",
        ),
        pytest.param(
            "金正恩会见普京——晚报称已破局", "金正恩会见普京——晚报称已破局", id="what a paper says"
        ),
        pytest.param(
            "両政府、共同開発で合意（共同開発）", "両政府、共同開発で合意(共同開発)", id="no source"
        ),
        pytest.param(
            "知事が辞任を表明（訂正）", "知事が辞任を表明(訂正)", id="a correction is news"
        ),
    ],
)
def test_labels_and_sources_are_taken_off_titles_without_spaces(title: str, clean: str) -> None:
    assert clean_title(title) == clean
