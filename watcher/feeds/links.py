"""Links made absolute and safe to show, and language tags made uniform."""

import re
from urllib.parse import quote, urljoin, urlsplit

#: Longest address that is kept; browsers and mail programs cut or refuse longer ones.
MAX_URL = 4_096

#: "mailto:a@b" has one as well; "example.org:8080/rss" has none.
ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
HOST = re.compile(r"[^/?#\s]+[.:][^/?#\s]")

#: What makes a link one for feed readers: "feed:https://...", "feed://...".
FEED_SCHEME = "feed:"

SCHEME = re.compile(r"https?://[^/\s]", re.IGNORECASE)
UNWRITABLE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>\"\\^`{|}]"
)
BREAKS = re.compile(r"[\t\r\n]+\s*")

LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].{0,30})?", re.IGNORECASE
)

#: Codes withdrawn from ISO 639 that feeds still use, and three-letter ones of our languages.
_RENAMED = """
in:id iw:he ji:yi jw:jv mo:ro
eng:en ind:id kor:ko rus:ru zho:zh chi:zh jpn:ja ara:ar spa:es fra:fr deu:de ger:de
kr:ko jp:ja cn:zh
"""
RENAMED = dict(pair.split(":") for pair in _RENAMED.split())

#: Not a language: several, undetermined, none.
NO_LANGUAGES = frozenset({"mul", "und", "zxx", "mis", "xx"})


def absolute(link: str, base: str) -> str:
    """Return the http(s) address that a link means on the page `base`, or "" for none."""
    trimmed = BREAKS.sub("", link.strip())
    if not trimmed or len(trimmed) > MAX_URL:
        return ""
    try:
        joined = urljoin(base, trimmed)
        urlsplit(joined).port  # noqa: B018 - raises where the port or an IPv6 address is malformed
    except ValueError:
        return ""
    if not SCHEME.match(joined):
        return ""
    return UNWRITABLE.sub(lambda found: quote(found[0], safe=""), joined)


def address(text: str) -> str:
    """Return an address as it is polled: readers write `feed:`, and people leave https:// out."""
    trimmed = text.strip()
    if is_for_readers(trimmed):
        trimmed = trimmed[len(FEED_SCHEME) :].lstrip("/")
    if ANY_SCHEME.match(trimmed):
        return trimmed
    rest = trimmed.removeprefix("//")
    return f"https://{rest}" if HOST.match(rest) else trimmed


def is_for_readers(link: str) -> bool:
    """Tell whether a link is one that only feed readers open."""
    return link.strip()[: len(FEED_SCHEME)].lower() == FEED_SCHEME


def language_tag(declared: str) -> str | None:
    """Return a BCP 47 tag such as "id" or "zh-TW", or None for what is no language."""
    found = LANGUAGE.fullmatch(declared.strip())
    if not found or found[1].lower() in NO_LANGUAGES:
        return None
    primary = RENAMED.get(found[1].lower(), found[1].lower())
    script, region = (found[2] or "").title(), (found[3] or "").upper()
    return "-".join(part for part in (primary, script, region) if part)
