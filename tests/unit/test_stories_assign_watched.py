"""Watched stories as entries come: only a sure copy is silent, each step on is told."""

import pytest
from assigned import arms, read, replay, signed

from watcher.model import Reading, Relation
from watcher.stories.silence import contradiction

SUMMIT = "Kim Jong Un meets Putin in Vladivostok for talks on military cooperation"


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        pytest.param(SUMMIT, Relation.COPY, id="verbatim"),
        pytest.param(f"Exclusive-{SUMMIT} - The Times", Relation.COPY, id="retitled"),
        pytest.param(
            "Kim Jong Un and Putin sign 5 agreements on military cooperation in Vladivostok",
            Relation.SAME,
            id="a number of its own",
        ),
        pytest.param(f"{SUMMIT}, first since 2019", Relation.SAME, id="a year of its own"),
        pytest.param(
            "Putin accepts invitation of Kim Jong Un after talks in Vladivostok",
            Relation.SAME,
            id="what the meeting came to",
        ),
        pytest.param(SUMMIT.replace("meets", "to meet"), Relation.SAME, id="still to come"),
    ],
)
def test_only_a_sure_copy_keeps_quiet_about_a_watched_topic(title: str, relation: Relation) -> None:
    summit = read("summit", "kim", "putin", "meeting", language="en")
    made = replay([signed(SUMMIT, 0, "One", summit), signed(title, 1, "Two", summit)])
    assert (made[1].relation, made[1].story) == (relation, 0)


def test_silence_about_a_watched_topic_does_not_pass_through_what_matches_none() -> None:
    arms = read("arms", "north korea", "weapons", language="en")
    missiles = signed("North Korea sends 100 missiles to Russia", 0, "One", arms)
    mines = signed("North Korea sends 100 mines to Russia", 2, "Two", Reading("en", (), ()))
    tanks = signed("North Korea sends 100 tanks to Russia", 4, "Three", arms)

    relations = [one.relation for one in replay([missiles, mines, tanks])]

    assert relations == [Relation.NEW, Relation.COPY, Relation.SAME]


PACT = "Kim Jong Un and Putin sign pact after talks in Vladivostok"
HELD = "Putin and Kim Jong Un hold talks in Vladivostok"
LEFT = "Kim Jong Un leaves Vladivostok after talks with Putin"
LEFT_TOO = "Kim Jong Un has left Vladivostok after talks with Putin"


@pytest.mark.parametrize(
    ("titles", "stories"),
    [
        pytest.param((SUMMIT, PACT), (0, 0), id="what it came to is of it"),
        pytest.param((SUMMIT, LEFT, LEFT_TOO), (0, None, 1), id="what came after is not"),
        pytest.param((SUMMIT, PACT, HELD, LEFT), (0, 0, 0, None), id="its members vote"),
        pytest.param((SUMMIT, PACT, LEFT, HELD), (0, 0, None, 0), id="a pact looks back otherwise"),
        pytest.param((LEFT, SUMMIT, HELD), (0, None, 1), id="nor if it was seen first"),
    ],
)
def test_what_came_after_a_meeting_is_a_story_of_its_own(
    titles: tuple[str, ...], stories: tuple[int | None, ...]
) -> None:
    summit = read("summit", "kim", "putin", "meeting", language="en")
    made = replay([signed(title, k, f"Outlet {k}", summit) for k, title in enumerate(titles)])
    assert [one.story for one in made[1:]] == list(stories[1:])


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Putin and Kim Jong Un meet tomorrow in Oslo", "Putin and Kim Jong Un meet in Oslo"),
        ("Putin-Kim Jong Un upcoming summit in Oslo", "Putin-Kim Jong Un summit in Oslo"),
        ("Kim Jong Un's train departs for Putin summit", "Kim Jong Un departs after Putin summit"),
        ("Putin speaks before talks with Kim Jong Un", "Putin speaks after talks with Kim Jong Un"),
    ],
)
def test_a_small_word_that_tells_another_phase_is_no_copy(early: str, late: str) -> None:
    summit = read("summit", "kim", "putin", "meeting", language="en")
    made = replay([signed(early, 0, "One", summit), signed(late, 20, "Two", summit)])
    assert made[1].relation is not Relation.COPY, made[1]


def test_a_headline_that_tells_an_act_in_two_phases_is_still_repeated_by_itself() -> None:
    summit = read("summit", "kim", "putin", "meeting", language="en")
    title = "Kim Jong Un to meet Putin again after talks in Vladivostok"
    made = replay([signed(title, hours, f"Outlet {hours}", summit) for hours in (0, 1)])
    assert made[1].relation is Relation.COPY


def test_a_wrongly_guessed_language_does_not_silence_a_report_in_the_same_words() -> None:
    early = arms("Kim Jong Un meets Putin in Vladivostok", 0, "One", "en")
    late = arms("Kim Jong Un meets Putin at Vostochny Cosmodrome", 1, "Two", "ro")
    assert replay([early, late])[1].relation is not Relation.COPY


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Kim Jong Un expected to hold summit with Putin", "Kim Jong Un and Putin hold summit"),
        ("Kim Jong Un and Putin sign pact", "Kim Jong Un and Putin ratify pact"),
        ("Kim Jong Un meets Putin in Vladivostok", "Kim Jong Un meets Putin in Vladivostok again"),
        ("North Korea sent weapons to Russia", "North Korea stopped sending weapons to Russia"),
        ("Ким Чен Ын встретится с Путиным", "Ким Чен Ын встретился с Путиным"),
        ("김정은·푸틴 정상회담 예정", "김정은·푸틴 정상회담 개최"),
        ("북한, 러시아에 무기 제공", "북한, 러시아에 무기 제공 부인"),
        ("金正恩将与普京会晤", "金正恩与普京会晤"),
        ("朝鲜向俄罗斯提供弹药", "朝鲜否认向俄罗斯提供弹药"),
        ("金正恩総書記とプーチン氏が会談へ", "金正恩総書記とプーチン氏が会談"),
    ],
)
def test_a_step_on_in_a_watched_story_is_never_silenced(early: str, late: str) -> None:
    lists = read("watched", "kim", "putin")
    made = replay([signed(early, 0, "One", lists), signed(late, 3, "Two", lists)])
    assert made[1].relation is not Relation.COPY


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Kim Jong Un's sister meets Putin in Moscow", "Kim Jong Un meets Putin in Moscow"),
        ("Kim Jong Un reportedly dead", "Kim Jong Un dead"),
        ("Hoax: Kim Jong Un dead", "Kim Jong Un dead"),
        ("North Korea rules out nuclear test", "North Korea nuclear test"),
        ("Putin ally killed in Moscow explosion", "Putin killed in Moscow explosion"),
        ("Putin postpones visit to North Korea", "Putin's visit to North Korea"),
        ("Utusan Kim Jong Un bertemu Putin di Moskow", "Kim Jong Un bertemu Putin di Moskow"),
        ("김정은 특사 모스크바 도착", "김정은 모스크바 도착"),
        ("푸틴 방북 취소", "푸틴 방북"),
        ("プーチン氏、訪朝中止", "プーチン氏、訪朝"),
        ("Kim Jong Un et Putin sans accord", "Kim Jong Un et Putin: accord"),
    ],
)
def test_what_a_watched_headline_leaves_out_may_be_the_news(early: str, late: str) -> None:
    lists = read("watched", "kim", "putin")
    made = replay([signed(early, 0, "One", lists), signed(late, 1, "Two", lists)])
    assert made[1].relation is not Relation.COPY


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Kim Jong Un meets Putin", "金正恩氏とプーチン氏、会談決裂"),
        ("김정은, 푸틴과 회담", "Kim Jong Un and Putin meeting ends abruptly"),
        ("김정은, 푸틴과 회담", "Kim Jong Un walks out of meeting with Putin"),
        ("김정은, 푸틴과 회담", "Reports of Kim Jong Un and Putin meeting false"),
    ],
)
def test_what_is_called_off_or_false_in_another_language_contradicts(early: str, late: str) -> None:
    first, second = signed(early), signed(late, 1)
    assert contradiction(second, first)
    assert contradiction(first, second)


def test_watched_topics_of_different_days_stay_apart() -> None:
    a = signed("Kim Putin", 0, "One", read("summit", "kim", "putin"))
    b = signed("김정은 회담", 60, "Two", read("summit", "kim"))
    assert replay([a, b])[1].relation is Relation.NEW
