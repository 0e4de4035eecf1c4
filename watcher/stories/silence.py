"""Has an entry of a watched topic earned silence? Whatever may be news about it has to be told.

Within one language the words of the titles are compared, both ways: a headline is another one
where it adds a word, and where it leaves one out ("urged to resign", "to resign"). Across languages
nothing but who, what is done, figures and days can be.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Final

from watcher.model import Adds, News
from watcher.stories.act_kinds import BESIDE_ANY, BY_THE_WAY, GRAVE, MUTUAL, ONCE_A_DAY
from watcher.stories.acts import are_acts_known
from watcher.stories.cast import with_countries
from watcher.stories.copies import Copy
from watcher.stories.facts import counts_more, shares_fact
from watcher.stories.features import SAME_LEAD, hours_apart, lead_likeness
from watcher.stories.forms import first_accented, first_ending, first_foreign, first_turned
from watcher.stories.guards import asks, is_correction, reordered
from watcher.stories.numbers import are_alike
from watcher.stories.phases import in_other_phases
from watcher.stories.qualifiers import PLAN
from watcher.stories.roles import (
    goes_another_way,
    is_done_by_another,
    leaves_out_what_is_done,
    says_of_another,
)
from watcher.stories.signature import Signature
from watcher.stories.summaries import summary_adds, tells_of_another
from watcher.stories.titles import is_sourced, shaped_tails, width
from watcher.stories.unread import as_written
from watcher.stories.vocabulary import word_list
from watcher.stories.words import fold, words

#: Same-language copies of a watched topic are silenced from this chance on: what the model calls
#: a copy at .7 to .95 is a third of the time a new act of the same people.
WATCHED_COPY_CHANCE: Final = 0.95
#: From this chance on an entry in another language is a repetition, if it adds nothing to the
#: whole story either. Three of four are of the same event; the events of the others had all been
#: told.
REPEATS_CHANCE: Final = 0.62
#: What happens again a day later is told in the same words ("Strong earthquake shakes Taiwan"). Of
#: 228 copies of wirepool.dev two come as late under another text.
_ANOTHER_DAY_HOURS: Final = 18
#: What portals list anew a day later has a longer headline or a figure in nearly all cases: of 146
#: repeated ones in files of real news 129. Letters of an alphabet.
_SHORT: Final = 60
#: What may well happen again on the next day, in the same words: danger, missiles fired, what
#: breaks down or does not run, who marches; "blasts" are heard, too.
_RECURRING: Final = GRAVE | {"cancel", "condemn", "drill", "fault", "launch", "protest", "sight"}
#: Of these there may be others on the next day, whatever is done. Of the 146 two name such a
#: subject, of markets and companies 32 do.
_DANGERS: Final = frozenset(
    {
        *("airport", "army", "ballistic", "bomb", "border", "cholera", "cruise", "drone"),
        *("earthquake", "explosion", "fire", "flood", "heatwave", "hostage", "landslide"),
        *("military", "missile", "nuclear", "outbreak", "plane", "ship", "storm", "troops"),
        *("train", "tsunami", "typhoon", "volcano", "warplane", "warship", "wildfire"),
    }
)
#: Small counts agree by chance ("3 missiles"), but hardly so soon, of one subject in one place.
_SCENE_HOURS: Final = 2
#: What says "not" of another act.
_DENY: Final = "deny"
#: Between who says something and the word for it: "UKMTO has said".
_HELPING: Final = frozenset({("had",), ("has",), ("have",)})
#: Why an entry is told if one act is still to come for one of the two.
_OTHER_PHASE: Final = "what is done in one of them is to come in the other"


def earned(late: Signature, early: Signature, copy: Copy) -> Copy:
    """Return a copy of a watched topic only if it is sure enough to keep quiet about.

    A number, a name or a telling word that only one of the titles has may be the news, and so may
    be that what was planned is not planned any more. A correction is news.
    """
    doubt = _doubt(late, early, copy)
    return Copy(0.0, copy.veto, f"{copy.reason}, but {doubt}") if doubt else copy


def _doubt(late: Signature, early: Signature, copy: Copy) -> str:
    """Return what speaks against keeping quiet; "" if nothing does."""
    if copy.chance < WATCHED_COPY_CHANCE:
        return "not sure enough for silence"
    if takes_back(late, early):
        return "it is a correction"
    if _title_counts_more(late, early):
        return "it counts something more"
    return (
        _why_other_phase(late, early)
        or _other_words(late, early)
        or _qualified(late, early)
        or _other_form(late, early)
        or tells_of_another(late, early)
        or summary_adds(late, early)
    )


def takes_back(late: Signature, early: Signature) -> bool:
    """Whether a later entry is labelled as a correction, and the earlier one is not."""
    return is_correction(late.entry.title) and not is_correction(early.entry.title)


def _why_other_phase(late: Signature, early: Signature) -> str:
    """Return that what one of them tells of is still to come for the other."""
    if _is_done_now(late, early):
        return "what was planned may be done"
    return _OTHER_PHASE if in_other_phases(late.acts, early.acts) else ""


def _is_done_now(late: Signature, early: Signature) -> bool:
    """Whether the later title names plainly what the earlier one has still to come."""
    return not (early.intended - late.intended).isdisjoint(late.words)


def _title_counts_more(late: Signature, early: Signature) -> bool:
    years = early.numbers.years | early.summary_numbers.years
    return counts_more(late.numbers.amounts, early) or not late.numbers.years <= years


def _other_words(late: Signature, early: Signature) -> str:
    """Return what one of two titles names and the other does not."""
    if word := _first_added(late, early):
        return f"it adds \u201c{as_written(word, late)}\u201d"
    if not _is_cut_off(late) and (word := _first_added(early, late)):
        return f"it leaves out \u201c{as_written(word, early)}\u201d"
    if names := late.cast - early.cast:
        return f"it names {min(names)}"
    said = {*early.words, *_said_behind(early)}
    tails = (tail for tail in _tails(late) if not said.issuperset(words(tail)))
    added = min(tails, default="") or first_turned(late, early) or first_accented(late, early)
    return f"it adds \u201c{added}\u201d" if added else ""


def _first_added(ours: Signature, theirs: Signature) -> str:
    said = frozenset(chain(*(tail for tail in _tail_words(theirs) if _is_source(tail, ours))))
    return first_foreign(ours, theirs, said) or first_ending(ours, theirs)


def _is_source(name: tuple[str, ...], signature: Signature) -> bool:
    """Whether a title gives a name as who says it, not as whom it is about: "UKMTO says"."""
    said = signature.words
    size = len(name)
    for place in range(len(said) - size + 1):
        if said[place : place + size] == name:
            after = place + size + (said[place + size : place + size + 1] in _HELPING)
            beside = {*said[max(0, place - 1) : place], *said[after : after + 1]}
            if beside & word_list("saying"):
                return True
    written, source = fold(signature.written), " ".join(name)
    return written.startswith(f"{source}: ") or written.endswith(f": {source}")


def _said_behind(signature: Signature) -> frozenset[str]:
    """Return the words that were cut from a title's end as if they were an outlet: "- UKMTO"."""
    return frozenset(chain.from_iterable(_tail_words(signature)))


def _tail_words(signature: Signature) -> Iterable[tuple[str, ...]]:
    return (tuple(words(tail)) for tail in _tails(signature))


def _is_cut_off(signature: Signature) -> bool:
    """Whether a title breaks off: what it leaves out says nothing then."""
    return signature.written.endswith(("...", "\u2026"))


def _tails(signature: Signature) -> Iterable[str]:
    """Yield what was cut from a title for an outlet's name, though no such outlet is known."""
    entry = signature.entry
    if not is_sourced(entry.url):  # there it was one
        yield from map(fold, shaped_tails(entry.title, entry.outlet))


def _qualified(late: Signature, early: Signature) -> str:
    """Return what one of two titles says that makes another thing of the same words."""
    ours, theirs = late.qualifiers, early.qualifiers
    left_out = next((word for kind, word in theirs.items() if kind not in ours), "")
    if left_out:
        return f"it leaves out \u201c{left_out}\u201d"
    added = next((word for kind, word in ours.items() if kind not in theirs), "")
    return f"it adds \u201c{added}\u201d" if added else ""


def _other_form(late: Signature, early: Signature) -> str:
    """Return what makes two titles of the same words tell different things."""
    if asks(late.written) != asks(early.written):
        return "one of them asks"
    if reordered(_shared(late, early), _shared(early, late)):
        return "words in another order"
    return "it may have happened again" if _is_of_another_day(late, early) else ""


def _is_of_another_day(late: Signature, early: Signature) -> bool:
    """Whether an equal headline comes a day later, with another text, and could be of any day.

    Portals list anew what people said, met for and decided, under headlines that name it.
    """
    if hours_apart(late, early) < _ANOTHER_DAY_HOURS or lead_likeness(late, early) >= SAME_LEAD:
        return False
    is_bare = width(late.title) <= _SHORT and not late.numbers
    return is_bare or _may_recur(late)


def _may_recur(signature: Signature) -> bool:
    """Whether what a headline tells happens again and again, or nobody can read what it tells.

    Without a subject, a figure and an act nothing of it is read but names. With the short ones
    31 of the 146 are told.
    """
    if acts := signature.title_acts.told - BESIDE_ANY:
        return not acts.isdisjoint(_RECURRING)
    is_told = signature.subjects or signature.numbers or signature.title_acts.told - BY_THE_WAY
    is_read = bool(is_told) and are_acts_known(signature.title, signature.language)
    return not is_read or not _DANGERS.isdisjoint(signature.subjects)


def _shared(ours: Signature, theirs: Signature) -> tuple[str, ...]:
    return tuple(word for word in ours.words if word in theirs.words)


def why_told_again(late: Signature, early: Signature, news: News, chance: float) -> str:
    """Return why an entry that tells again in another language is not kept quiet about, or "".

    Args:
        late: the entry.
        early: the member of its story that it tells again.
        news: what it adds to all the members.
        chance: that both report one event.
    """
    if doubt := contradiction(late, early):
        return f"{'may contradict it' if denies(late, early) else 'perhaps new'}: {doubt}"
    if chance < REPEATS_CHANCE:
        return "not sure enough for silence"
    if not news.is_only_language:
        return f"it adds {_most_telling(news)}"
    if in_other_phases(late.acts, early.acts):
        return _OTHER_PHASE
    if doubt := _other_roles(late, early):
        return doubt
    return "" if _is_surely_one(late, early) else "may tell of another one like it"


def _most_telling(news: News) -> str:
    """Return in a few words the first thing that an entry adds but its language."""
    first = next(one for one in news.additions if one.kind is not Adds.LANGUAGE)
    words_for = {
        Adds.ACT: f"the act \u201c{first.detail}\u201d",
        Adds.OFFICIAL: f"the word of {first.detail}",
        Adds.NUMBER: f"the number {first.detail}",
        Adds.NAME: f"the list \u201c{first.detail}\u201d",
        Adds.DAY: f"the day {first.detail}",
    }
    return words_for.get(first.kind, f"a {first.kind.value}")


def _other_roles(late: Signature, early: Signature) -> str:
    """Return what in the order of the words, or before a name, makes another thing of the same."""
    if _turns(late, early):
        return "names them in another order"
    if not late.acts.told <= MUTUAL and is_done_by_another(late, early):
        return "it may be done by another"
    if leaves_out_what_is_done(late, early):
        return "it leaves out what is done"
    if says_of_another(late, early):
        return "it may say it of another"
    return "one says from where the other says to" if goes_another_way(late, early) else ""


def _is_surely_one(late: Signature, early: Signature) -> bool:
    """Whether a figure or a day says that both tell of one event, or who does what to whom."""
    acts = late.acts.told
    is_of_two = not late.given.is_broad or len(late.cast & early.cast) > 1
    signed = {"agree"} if "sign" in acts else set()  # a treaty is both
    is_single = is_of_two and bool(acts) and acts - signed <= ONCE_A_DAY
    return is_single or shares_fact(late, early) or _is_one_scene(late, early)


def _is_one_scene(late: Signature, early: Signature) -> bool:
    """Whether both count as many of one subject, in the same places and at about the same time."""
    subjects, amounts = late.subjects.keys(), late.numbers.amounts
    return (
        bool(subjects and amounts)
        and subjects == early.subjects.keys()
        and with_countries(late.cast) == with_countries(early.cast)
        and are_alike(late.numbers, early.numbers)
        and hours_apart(late, early) <= _SCENE_HOURS
    )


def contradiction(late: Signature, early: Signature) -> str:
    """Return how one of two entries in different languages may deny what the other tells; or "".

    It denies or asks. What it denies cannot be looked for in the words of the other one, which
    denies nothing. Nor can what one of them calls off, calls a rumour, or tells of another person.
    A correction is news.py's to name.
    """
    if asks(late.written) != asks(early.written):
        return "one of them asks"
    ours, theirs = late.qualifiers, early.qualifiers
    for kind in dict.fromkeys((*ours, *theirs)):
        if (kind in ours) != (kind in theirs) and not (kind == PLAN and _plan_alike(late, early)):
            one = late if kind in ours else early
            return f"one says \u201c{as_written(one.qualifiers[kind], one)}\u201d"
    return ""


def denies(a: Signature, b: Signature) -> bool:
    """Whether one of two titles in different languages denies the one act of the other.

    Beside another act nobody knows which of them "not" is of: "Kim, who hardly travels, meets".
    """
    ours, theirs = (one.title_acts.told - {_DENY} for one in (a, b))
    are_denied = [one.negates or _DENY in one.title_acts.told for one in (a, b)]
    return are_denied[0] != are_denied[1] and len(ours) == 1 and ours == theirs


def _plan_alike(late: Signature, early: Signature) -> bool:
    """Whether both tell of the same acts alone as still to come, with a word for it or without."""
    planned = late.acts.planned
    is_open = bool(planned) and not (late.acts.done or early.acts.done)
    return is_open and planned == early.acts.planned


def _turns(late: Signature, early: Signature) -> bool:
    """Whether both tell an act of the same ones, who stand in another order."""
    if (late.acts.told & early.acts.told) <= MUTUAL:
        return False
    ours, theirs = late.named, early.named
    return [one for one in ours if one in theirs] != [one for one in theirs if one in ours]
