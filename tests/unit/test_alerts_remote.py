"""What comes in from chats and what it means: tables, and properties over any bytes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fake_telegram import MOST_DATA_BYTES, MOST_DESCRIPTION, MOST_TOAST
from hypothesis import given
from hypothesis import strategies as st
from telegram_rules import check_html, utf16_length

from watcher.alerts import answers
from watcher.alerts.buttons import Press, Standing, Verb, decode, encode, keyboard, person
from watcher.alerts.incoming import (
    Allowance,
    Barred,
    Chat,
    Command,
    Moved,
    Person,
    Tap,
    is_for,
    is_ours,
    read_update,
    update_id,
)
from watcher.alerts.remote import (
    COMMANDS,
    MuteWish,
    Tapped,
    TappedAlert,
    decide_tap,
    parse_wish,
    toast_of,
)
from watcher.alerts.render import lines_html
from watcher.model import (
    Action,
    Assignment,
    Entry,
    FeedbackKind,
    Mute,
    MuteKind,
    Priority,
    Reason,
    Relation,
)
from watcher.outlets.coverage import Account

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # 23:30 in Jakarta
HOUR = timedelta(hours=1)
INSTANCE = "0123456789ab"
CHAT = {"id": -100, "type": "supergroup", "title": "Desk"}
ANA = {"id": 77, "first_name": "Ana", "last_name": "B."}
LARGEST = 2**63 - 1

texts = st.text(st.characters(), max_size=60)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)
#: Updates that are nearly right, with anything in any place.
fields = st.sampled_from(
    ["id", "chat", "from", "text", "data", "message", "message_id", "type", "new_chat_member",
     "status", "migrate_to_chat_id", "reply_to_message", "message_thread_id", "is_topic_message"]
)  # fmt: skip
nearly = st.recursive(
    json | st.just(CHAT) | st.just(ANA),
    lambda inner: st.dictionaries(fields, inner, max_size=8),
    max_leaves=20,
)
updates = json | st.dictionaries(
    st.sampled_from(["update_id", "message", "callback_query", "my_chat_member"]), nearly
)


def message(text: object, **more: object) -> dict[str, Any]:
    return {"message": {"message_id": 5, "chat": CHAT, "from": ANA, "text": text, **more}}


@given(updates)
def test_any_update_is_read_or_ignored(raw: object) -> None:
    found = read_update(raw)
    number = update_id(raw)

    assert found is None or isinstance(found, Tap | Command | Moved | Barred)
    assert number is None or abs(number) <= LARGEST
    if isinstance(found, Tap | Command):
        assert found.person.name.strip()
        assert abs(found.person.id) <= LARGEST


@given(texts)
def test_any_text_is_a_command_or_not(text: str) -> None:
    found = read_update(message(text))

    assert found is None or (isinstance(found, Command) and text.strip().startswith("/"))


@pytest.mark.parametrize(
    ("text", "name", "bot", "rest"),
    [
        ("/status", "status", "", ""),
        ("  /STATUS  ", "status", "", ""),
        ("/mute@Watcher_Bot topic  arms\n2h", "mute", "watcher_bot", "topic arms 2h"),
        ("/explain https://a.example/x?y=1", "explain", "", "https://a.example/x?y=1"),
    ],
)
def test_commands_are_read(text: str, name: str, bot: str, rest: str) -> None:
    found = read_update(message(text))

    assert isinstance(found, Command)
    assert (found.name, found.bot, found.text) == (name, bot, rest)
    assert (found.chat.id, found.person, found.message) == ("-100", Person(77, "Ana B."), 5)


@pytest.mark.parametrize("text", ["status", "/", "/ status", "", None, 7, "//x", "/ü"])
def test_other_messages_are_none(text: object) -> None:
    assert read_update(message(text)) is None


def test_replies_and_forum_topics_are_seen() -> None:
    found = read_update(
        message(
            "/mute", reply_to_message={"message_id": 3}, message_thread_id=9, is_topic_message=True
        )
    )
    plain = read_update(message("/mute", message_thread_id=9))

    assert isinstance(found, Command)
    assert (found.reply_to, found.thread) == (3, 9)
    assert isinstance(plain, Command)
    assert plain.thread is None


def test_moves_and_bans_are_seen() -> None:
    member = {"chat": CHAT, "new_chat_member": {"status": "kicked"}}

    assert read_update(message(None, migrate_to_chat_id=-1007)) == Moved(
        Chat("-100", "", "supergroup", "Desk"), "-1007"
    )
    barred = read_update({"my_chat_member": member})
    assert isinstance(barred, Barred)
    assert barred.is_barred
    again = read_update({"my_chat_member": {**member, "new_chat_member": {"status": "member"}}})
    assert isinstance(again, Barred)
    assert not again.is_barred


@pytest.mark.parametrize(
    ("chat", "ours"),
    [
        (Chat("-100"), True),
        (Chat("-1001"), False),
        (Chat("5", "Desk_Of_Us"), True),
        (Chat("5", "desk"), False),
        (Chat("5"), False),
    ],
)
def test_only_configured_chats_are_ours(chat: Chat, *, ours: bool) -> None:
    assert is_ours(chat, ["-100", "@desk_of_us"]) is ours


def test_a_command_for_another_bot_is_not_ours() -> None:
    to_us, to_all, to_other = (
        read_update(message(text)) for text in ("/help@Our_Bot", "/help", "/help@other_bot")
    )

    for command, expected in ((to_us, True), (to_all, True), (to_other, False)):
        assert isinstance(command, Command)
        assert is_for(command, "our_bot") is expected


def test_a_flood_from_one_chat_is_not_answered_beyond_its_measure() -> None:
    allowance = Allowance(3, HOUR)

    given_ = [allowance.take("a", NOW) for _ in range(5)]
    assert given_ == [True] * 3 + [False] * 2
    assert allowance.take("b", NOW)
    assert not allowance.take("a", NOW + HOUR - timedelta(seconds=1))
    assert allowance.take("a", NOW + HOUR)
    assert allowance.take("a", NOW - timedelta(days=1)), "the clock was set back"


@given(st.sampled_from(Verb), st.integers(1, 10**18 - 1))
def test_what_a_button_carries_fits_and_comes_back(verb: Verb, alert: int) -> None:
    data = encode(Press(INSTANCE, verb, alert))

    assert len(data.encode()) <= MOST_DATA_BYTES
    assert decode(data) == Press(INSTANCE, verb, alert)


@given(json | st.from_regex(r"w1:.*", fullmatch=True))
def test_any_data_is_a_press_or_none(data: object) -> None:
    found = decode(data)

    assert found is None or encode(found) == data


def mute(kind: MuteKind, subject: str, by: str | None = "Ana", hours: float = 10) -> Mute:
    return Mute(kind, subject, NOW + hours * HOUR, NOW, by)


STORY, THREAD, TOPIC = (
    mute(MuteKind.STORY, "12"),
    mute(MuteKind.THREAD, "summit/12"),
    mute(MuteKind.TOPIC, "summit", None),
)
FRESH = [
    "🔇 Mute story",
    "👎 Not this topic",
    "💤 Snooze topic 1 h",
    "💤 Snooze till morning",
    "✓ Seen",
    "🔗 Sources",
]


@pytest.mark.parametrize(
    ("standing", "how", "labels"),
    [
        (Standing(), {}, FRESH),
        (
            Standing(story=STORY),
            {},
            ["🔇 Story muted till Sat 28 Nov 09:30 · Ana", "🔊 Unmute story", *FRESH[1:4],
             FRESH[5]],
        ),
        (
            Standing(thread=THREAD),
            {},
            ["👎 Not this topic · Ana", FRESH[0], "👍 It is this topic", *FRESH[2:4], FRESH[5]],
        ),
        (
            Standing(topic=TOPIC, seen=("Ana", "Bo", "Cy", "Di")),
            {},
            ["💤 Topic snoozed till Sat 28 Nov 09:30", "✓ Seen by Ana, Bo and 2 more", *FRESH[:2],
             "🔔 Wake topic", *FRESH[4:]],
        ),
        (Standing(), {"stories": 3}, FRESH[2:5]),
        (Standing(), {"stories": 3, "topics": 2}, ["✓ Seen"]),
    ],
)  # fmt: skip
def test_buttons_show_how_things_stand_and_what_can_be_done(
    standing: Standing, how: dict[str, int], labels: list[str]
) -> None:
    rows = keyboard(INSTANCE, 7, standing, NOW, ZONE, **how)

    assert [button.text for row in rows for button in row] == labels
    assert all(decode(button.data) for row in rows for button in row)


@given(texts)
def test_any_name_fits_a_label_and_is_visible(name: str) -> None:
    shown = person(name)

    assert shown.strip()
    assert utf16_length(shown) <= 24


def tapped(standing: Standing | None = None) -> Tapped:
    told = TappedAlert(7, "summit", "The summit", 12)
    return Tapped(told, standing or Standing(), Person(77, "Ana"), NOW, ZONE)


@pytest.mark.parametrize(
    ("verb", "standing", "made", "ended", "said"),
    [
        (Verb.MUTE, None, ("story", "12", 168), None, FeedbackKind.MUTE_STORY),
        (Verb.MUTE, Standing(story=STORY), None, None, None),
        (Verb.UNMUTE, Standing(story=STORY), None, ("story", "12"), None),
        (Verb.UNMUTE, None, None, ("story", "12"), None),
        (Verb.NOT_TOPIC, None, ("thread", "summit/12", 168), None, FeedbackKind.NOT_TOPIC),
        (Verb.NOT_TOPIC, Standing(thread=THREAD), None, None, None),
        (Verb.IS_TOPIC, Standing(thread=THREAD), None, ("thread", "summit/12"), None),
        (Verb.HOUR, None, ("topic", "summit", 1), None, FeedbackKind.SNOOZE),
        (Verb.MORNING, None, ("topic", "summit", 7.5), None, FeedbackKind.SNOOZE),
        (Verb.WAKE, None, None, ("topic", "summit"), None),
        (Verb.SEEN, None, None, None, FeedbackKind.SEEN),
        (Verb.SOURCES, None, None, None, FeedbackKind.SOURCES),
        (Verb.STATE, Standing(story=STORY), None, None, None),
    ],
)
def test_each_button_does_one_thing(
    verb: Verb,
    standing: Standing | None,
    made: tuple[str, str, float] | None,
    ended: tuple[str, str] | None,
    said: FeedbackKind | None,
) -> None:
    outcome = decide_tap(verb, tapped(standing))

    mute_ = outcome.mute
    assert (mute_ and (mute_.kind, mute_.subject, (mute_.until - NOW) / HOUR)) == made
    assert outcome.unmute == ended
    assert outcome.feedback == said
    assert 0 < len(toast_of(outcome.toast)) <= MOST_TOAST
    assert outcome.sources is (verb is Verb.SOURCES)
    assert mute_ is None or mute_.made_by == "Ana"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("12", MuteWish(MuteKind.STORY, "12")),
        ("story 12", MuteWish(MuteKind.STORY, "12")),
        ("12 2h", MuteWish(MuteKind.STORY, "12", NOW + 2 * HOUR)),
        ("topic arms for 2h", MuteWish(MuteKind.TOPIC, "arms", NOW + 2 * HOUR)),
        ("Arms till 23:45", MuteWish(MuteKind.TOPIC, "Arms", NOW + 0.25 * HOUR)),
        ("outlet The New 2 Times 3h", MuteWish(MuteKind.OUTLET, "The New 2 Times", NOW + 3 * HOUR)),
        ("channel desk", MuteWish(MuteKind.CHANNEL, "desk")),
        ("thread arms/12", MuteWish(MuteKind.THREAD, "arms/12")),
    ],
)
def test_what_people_want_muted_is_understood(text: str, wish: MuteWish) -> None:
    assert parse_wish(text, NOW, ZONE, ["arms"]) == wish


@given(texts)
def test_any_wish_is_understood_or_refused(text: str) -> None:
    try:
        wish = parse_wish(text, NOW, ZONE, ["arms"])
    except ValueError:
        return
    assert wish.subject
    assert wish.until is None or wish.until > NOW


def test_the_menu_is_what_the_service_takes() -> None:
    for name, text in COMMANDS.items():
        assert name.isascii()
        assert name.islower()
        assert 3 <= len(text) <= MOST_DESCRIPTION


any_entry = st.builds(
    Entry, id=texts, title=texts, seen=st.just(NOW), summary=texts, url=texts, outlet=texts
)
verdicts = st.builds(
    answers.Verdict,
    topic=texts,
    matched=st.booleans(),
    reason=texts,
    found=st.lists(texts, max_size=9),
    missing=st.lists(texts, max_size=9),
    decided=st.none() | st.tuples(st.sampled_from(Action), st.sampled_from(Reason)),
)


@given(any_entry, st.lists(verdicts, max_size=60), st.none() | st.integers(1, 9))
def test_any_explanation_is_one_message_that_the_service_takes(
    entry: Entry, found: list[answers.Verdict], number: int | None
) -> None:
    placed = Assignment(Relation.SAME, 12, None, 50.0, entry.summary)

    check_html(lines_html(answers.explain_lines(entry, number, placed, found, {"a": entry.title})))


def test_a_source_without_a_title_is_named_by_how_its_text_begins() -> None:
    post = Entry("1", "", NOW, summary="Kapal feri tenggelam di Bali.", outlet="Kabar")

    _, line = answers.source_lines(1, [Account(1, post)], NOW, ZONE)

    assert line.text.startswith("• Kabar: Kapal feri tenggelam di Bali.")


@given(st.lists(any_entry, min_size=1, max_size=120))
def test_any_listing_is_one_message_that_the_service_takes(entries: list[Entry]) -> None:
    accounts = [Account(number, entry) for number, entry in enumerate(entries, 1)]
    recent = [answers.Recent(NOW, e.title, e.url, e.outlet, 1, Action.ALERT) for e in entries]
    mutes = [Mute(MuteKind.OUTLET, e.title, NOW + HOUR, NOW, e.outlet) for e in entries]
    topics = [
        answers.Watched(e.id or "t", e.title, Priority.HIGH, 3, mute_)
        for e, mute_ in zip(entries, mutes, strict=True)
    ]
    for lines in (
        answers.source_lines(1, accounts, NOW, ZONE),
        answers.recent_lines(recent, NOW, ZONE),
        answers.mute_lines(mutes, NOW, ZONE),
        answers.topic_lines(topics, NOW, ZONE),
        answers.said(entries[0].title or "x"),
        answers.unknown_link(entries[0].url),
        answers.help_lines(entries[0].title),
    ):
        check_html(lines_html(lines) or "x")


@pytest.mark.parametrize("mark", ["forward_origin", "forward_date"])
def test_a_command_that_was_only_passed_on_is_none(mark: str) -> None:
    assert read_update(message("/mute topic arms 2h", **{mark: {}})) is None
