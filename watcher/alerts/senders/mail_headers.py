"""How the headers of a mail are written, so that they arrive as they were.

The standard library's newer folding leaves the first line of a long subject empty, loses spaces
between encoded words, and encodes what is longer than a line: ids of messages, by which mailboxes
thread, and addresses together with the names before them. None of that reads back. Here only text
for people is encoded (RFC 2047), and lines are folded between words alone (RFC 5322, 2.2.3).
"""

from collections.abc import Iterator, Sequence
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any

#: A line with encoded words is no longer than this (RFC 2047 section 2); ids and addresses, which
#: cannot be folded, may be: up to the 998 characters of RFC 5322.
_LINE = 76
#: A name in ASCII is written as it is up to this length.
_SHORT = 60
_IDS = frozenset({"message-id", "in-reply-to", "references"})
_ADDRESSES = frozenset({"from", "to"})
_LINE_ENDS = frozenset("\r\n")
#: What a name may hold only in quotes (RFC 5322 section 3.2.3).
_SPECIAL = frozenset('()<>[]:;@\\,."')


class MailPolicy(EmailPolicy):
    """Writes subjects, addresses and ids of messages; the library writes the rest."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep a subject as it is; the library would decode what a headline holds in RFC 2047.

        A line end written that way (`=0D=0A`) would begin a header of the headline's own.
        """
        if name.lower() == "subject" and not _LINE_ENDS.intersection(value):
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it goes over the wire."""
        kind = name.lower()
        if kind in _IDS:
            words = str(value).split()
        elif kind in _ADDRESSES:
            words = list(_mailboxes(name, value.addresses))
        elif kind == "subject":
            words = _subject(name, str(value))
        else:
            return super().fold_binary(name, value)
        return (_filled(name, words, self.linesep) + self.linesep).encode("ascii")


def _subject(name: str, text: str) -> list[str]:
    """Return a subject; one in ASCII stays on its line, where every program shows it whole."""
    return [text] if _is_plain(text) else _encoded(name, text)


def _mailboxes(name: str, addresses: Sequence[Address]) -> Iterator[str]:
    """Yield names and addresses; each but the last ends with a comma."""
    for place, one in enumerate(addresses, start=1):
        end = "," if place < len(addresses) else ""
        if not one.display_name:
            yield f"{one.addr_spec}{end}"
            continue
        yield from _phrase(name, one.display_name)
        yield f"<{one.addr_spec}>{end}"


def _phrase(name: str, text: str) -> list[str]:
    if len(text) > _SHORT or not _is_plain(text):
        return _encoded(name, text)
    return [f'"{quote(text)}"' if _SPECIAL.intersection(text) else text]


def _is_plain(text: str) -> bool:
    """Whether text reads the same without being encoded."""
    return text.isascii() and "=?" not in text


def _encoded(name: str, text: str) -> list[str]:
    return Header(text, "utf-8", maxlinelen=_LINE, header_name=name).encode().split()


def _filled(name: str, words: Sequence[str], linesep: str) -> str:
    """Return a header folded between words; its first line is never empty."""
    lines = [" ".join((f"{name}:", *words[:1]))]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return linesep.join(lines)
