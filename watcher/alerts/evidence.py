"""What an entry says and why it matched: passages with the terms in bold, and the why line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from watcher.alerts.clean import EDGES, clean, clean_range, isolate, safe_url
from watcher.alerts.lines import ELLIPSIS, Line, Role, Span, cut, cut_line, place_to_cut
from watcher.alerts.views import Report
from watcher.model import Evidence, Field

#: Caps in UTF-16 units. With all of them reached an alert still fits Telegram's 4,096, so that
#: shortening is left to replies and digests. the longest of 13,000 real headlines has 231.
HEADLINE_UNITS = 300
SENTENCE_UNITS = 600
SUMMARY_UNITS = 280
TERM_UNITS = 60
#: Of an entry without a title, the beginning of its summary stands for it: mostly with the sentence
#: that matched, which need not follow then.
STAND_IN_UNITS = SUMMARY_UNITS
WHY_UNITS = 600
#: More lists than this explain nothing any more.
MAX_LISTS = 8
#: A word that begins with so many letters of a name, all of it, is a form of the name.
LEAST_STEM = 4
#: More spellings of one list say nothing new.
MAX_SPELLINGS = 3
#: What is kept before the first term when a long sentence is cut at its front.
_LEAD_IN = 80
#: What ends a sentence, and no headline.
_ENDS = " .。" + ELLIPSIS


def headline(report: Report) -> tuple[Span, ...]:
    """Return the title as a link, its matched terms in bold; never without visible text."""
    href = safe_url(report.url)
    spans = passage(report, Field.TITLE, 0, len(report.title), HEADLINE_UNITS, href)
    return spans or _stand_in(report, href) or (Span(href or "(no title)", href=href),)


def _stand_in(report: Report, href: str) -> tuple[Span, ...]:
    """Return the beginning of the summary, for an entry without a title."""
    end = len(report.summary)
    return passage(report, Field.SUMMARY, 0, end, STAND_IN_UNITS, href, from_start=True)


def headline_text(report: Report) -> str:
    """Return the words of the headline."""
    return "".join(span.text for span in headline(report))


def sentence(report: Report) -> tuple[Span, ...]:
    """Return the matched sentence; empty when the headline says it, and shows its terms."""
    if report.sentence is None or report.sentence[0] is Field.TITLE:
        return ()
    told = passage(report, *report.sentence, SENTENCE_UNITS)
    return () if _repeats("".join(span.text for span in told), report) else told


def summary(report: Report) -> tuple[Span, ...]:
    """Return the beginning of the summary, unless it only repeats the headline."""
    opening = cut(clean(report.summary[: SUMMARY_UNITS * 4]), SUMMARY_UNITS)
    return (Span(opening),) if opening and not _repeats(opening, report) else ()


def passage(
    report: Report,
    field: Field,
    start: int,
    end: int,
    limit: int,
    href: str = "",
    *,
    from_start: bool = False,
) -> tuple[Span, ...]:
    """Return a stretch of an entry's text, cleaned and cut, its evidence in bold.

    One that is too long begins near its first term, unless it is to be read `from_start`.
    """
    source = report.text(field)
    start, end = max(start, 0), min(end, len(source))
    terms = _merged((e.start, e.end) for e in report.evidence if e.field is field)
    terms = [(a, b) for a, b in terms if start <= a < b <= end]
    begin = start if from_start else _begin(source, start, end, terms, limit)
    # Cleaning only drops characters; four times the limit leaves enough of any honest text.
    raw = source[begin : min(end, begin + limit * 4)]
    bounds = [bound - begin for term in terms for bound in term]
    text, moved = clean_range(raw, bounds)
    spans = _styled(text, moved, href)
    if spans and begin > start:
        spans = (Span(ELLIPSIS, href=href), *spans)
    return cut_line(Line(Role.SENTENCE, spans), limit).spans


def why(report: Report, labels: Mapping[str, str]) -> str:
    """Return why an entry matched: "Kim Jong Un + Russia («Kremlin») in the title; visit: «…»"."""
    groups = _by_list(report.evidence)
    names = [name for name in groups if _is_phrase(name) or is_entity(name, labels)]
    together = [name for name in names if any(_is_told(e, report) for e in groups[name])]
    clauses = []
    if together:
        where = _where(report) if len(together) > 1 else ""
        clauses.append(" + ".join(_named(name, groups[name], labels) for name in together) + where)
    clauses += [_named(name, groups[name], labels) for name in names if name not in together]
    clauses += _word_lists({name: groups[name] for name in groups if name not in names})
    return cut("; ".join(clauses), WHY_UNITS)


def _word_lists(groups: Mapping[str, Sequence[Evidence]]) -> Iterator[str]:
    """Yield "arms deal, weapons: «weapons deal»": lists with the same words go together.

    A list whose words another one shows beside more of its own is left out.
    """
    by_words: dict[tuple[str, ...], list[str]] = {}
    for name, evidence in groups.items():
        by_words.setdefault(_spellings(evidence), []).append(list_name(name))
    shown = [{word.casefold() for word in words} for words in by_words]
    for (words, names), own in zip(by_words.items(), shown, strict=True):
        if not any(own < other for other in shown):
            yield f"{', '.join(names)}: {_in_quotes(words)}"


def _repeats(text: str, report: Report) -> bool:
    """Tell whether a text says what the headline does, and at most whose it is."""
    said, shown, outlet = map(_words, (text, headline_text(report), clean(report.outlet)))
    return said in shown or (said.startswith(shown) and said.removeprefix(shown).strip() == outlet)


def _words(text: str) -> str:
    return " ".join(text.rstrip(_ENDS).casefold().split())


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _begin(source: str, start: int, end: int, terms: Sequence[tuple[int, int]], limit: int) -> int:
    """Return where to begin so that the first term is seen even in an endless sentence."""
    if not terms or end - start <= limit or terms[0][0] - start <= _LEAD_IN:
        return start
    return max(place_to_cut(source, terms[0][0] - _LEAD_IN), start)


def _styled(text: str, bounds: Sequence[int], href: str) -> tuple[Span, ...]:
    """Part text at bounds, which alternate between the start and end of bold."""
    first = len(text) - len(text.lstrip(EDGES))
    last = len(text.rstrip(EDGES))
    edges = [min(max(edge, first), max(last, first)) for edge in (first, *bounds, last)]
    spans = (
        Span(text[a:b], bold=index % 2 == 1, href=href)
        for index, (a, b) in enumerate(pairwise(edges))
    )
    return tuple(span for span in spans if span.text)


def _by_list(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.list, []).append(item)
    return dict(list(groups.items())[:MAX_LISTS])


def _is_told(item: Evidence, report: Report) -> bool:
    """Tell whether evidence stands in the matched sentence."""
    if report.sentence is None:
        return True
    field, start, end = report.sentence
    return item.field is field and start <= item.start and item.end <= end


def _where(report: Report) -> str:
    if report.sentence is None:
        return ""
    return " in the title" if report.sentence[0] is Field.TITLE else " in one sentence"


def _named(name: str, evidence: Sequence[Evidence], labels: Mapping[str, str]) -> str:
    """Return an entity by its label, with the spelling found when that says something else."""
    if _is_phrase(name):
        return _quoted(evidence)
    label = clean(labels[name])
    if any(says_it(clean(item.text), label) for item in evidence):
        return isolate(label)
    return f"{isolate(label)} ({_quoted(evidence[:1])})"


def _quoted(evidence: Sequence[Evidence]) -> str:
    return _in_quotes(_spellings(evidence))


def _in_quotes(words: Iterable[str]) -> str:
    return ", ".join(f"«{isolate(word)}»" for word in words)


def _spellings(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the spellings found, at most three, each once in whatever case or longer phrase."""
    found: dict[str, str] = {}
    for item in evidence:
        text = cut(clean(item.text[: TERM_UNITS * 4]), TERM_UNITS)
        found.setdefault(text.casefold(), text)
    whole = [text for key, text in found.items() if sum(key in other for other in found) == 1]
    return tuple(whole[:MAX_SPELLINGS])


def says_it(text: str, label: str) -> bool:
    """Tell whether a text has no other words than a label: "Putin" of "Vladimir Putin"."""
    known, words = _parts(label), _parts(text)
    return bool(words) and all(any(_is_form(one, name) for name in known) for one in words)


def _is_form(word: str, name: str) -> bool:
    """Tell whether a word is a name, or one with an ending: "korean" of "korea"."""
    return word == name or (len(name) >= LEAST_STEM and word.startswith(name))


def _parts(text: str) -> list[str]:
    return text.casefold().replace("-", " ").split()


def _is_phrase(name: str) -> bool:
    """Tell whether a list is a quoted phrase of the match line."""
    return name.startswith('"')


def is_entity(name: str, labels: Mapping[str, str]) -> bool:
    """Tell whether a list stands for a person or place: word lists are called by their name."""
    return labels.get(name, name) not in {name, list_name(name)}


def list_name(name: str) -> str:
    """Return a word list's name as people write it: "arms_deal" is "arms deal"."""
    return clean(name.replace("_", " "))
