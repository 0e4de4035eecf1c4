"""The nearest name to one that does not exist."""

from collections.abc import Iterable

#: rapidfuzz ratio from which a name is worth suggesting: "emial" / "email" has 80,
#: "intervl" / "interval" 93, unrelated keys stay below 60.
LEAST_LIKENESS = 65


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, upper and lower case alike; None if none is."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        name, sorted(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=LEAST_LIKENESS
    )
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], *, quote: str = "`") -> str:
    """Return "; did you mean `x`?", or nothing when no known name is near."""
    found = nearest(name, known)
    return f"; did you mean {quote}{found}{quote}?" if found else ""
