"""The nearest name to one that does not exist."""

from collections.abc import Iterable

#: rapidfuzz ratio from which a name is worth suggesting: "emial" / "email" has 80,
#: "intervl" / "interval" 93, unrelated keys stay below 60.
LEAST_LIKENESS = 65
#: A part of a name says which is meant from so many letters: "kim" of "kim-putin-summit".
LEAST_PART = 3


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, upper and lower case alike; None if none is.

    Where none is like it as a whole, one that begins with it or holds it, or is a part of it.
    """
    from rapidfuzz import fuzz, process

    names = sorted(known)
    found = process.extractOne(
        name, names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=LEAST_LIKENESS
    )
    return found[0] if found else _nearest_by_part(name.casefold(), names)


def _nearest_by_part(name: str, names: Iterable[str]) -> str | None:
    def holds(known: str) -> bool:
        part, whole = sorted((name, known.casefold()), key=len)
        return len(part) >= LEAST_PART and part in whole

    def rank(known: str) -> tuple[bool, int]:
        return not known.casefold().startswith(name), len(known)

    return min(filter(holds, names), key=rank, default=None)


def did_you_mean(name: str, known: Iterable[str], *, quote: str = "`") -> str:
    """Return "; did you mean `x`?", or nothing when no known name is near; see `nearest`."""
    found = nearest(name, known)
    return f"; did you mean {quote}{found}{quote}?" if found else ""
