"""Text for chat services, which read markup and mentions in it: a feed's words get neither.

What Apprise escapes it escapes for markup alone, and addresses with it: `@everyone` rings in the
pocket of each, and a link with `_` in it leads nowhere.
"""

import re

from watcher.alerts.clean import shown_host

#: Shows nothing, and stands in no mention or link: so discord.py's `escape_mentions` does it.
BREAK = "\u200b"

#: `@name`, `<@U1>`, `<!channel>`, `<users/all>`, `<http://a|b>`; `[b](http://a)`, `[b][1]`, `[1]:`.
_BEGINS_MARKUP = re.compile(r"[@<](?=\S)|\](?=[(\[:])")
#: A line of ours that is an address and nothing else.
_ADDRESS = re.compile(r"(\s*)(https?://\S+)")
#: What has a meaning in CommonMark wherever it stands, and what has at the beginning of a line.
_INLINE = re.compile(r"[\\`*_\[\]<>~|]")
_AT_BEGIN = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([#+\-=.)])")
#: Ends the address of a CommonMark link, or escapes that.
_ENDS_ADDRESS = re.compile(r"[()\\<>]")


def defused(text: str) -> str:
    """Return text that mentions nobody and hides no address, and looks the same."""
    return "\n".join(_defused(line) for line in text.split("\n"))


def as_markdown(text: str) -> str:
    """Return plain text as CommonMark that shows it; an address on its own becomes a link."""
    return "\n".join(_marked(line) for line in text.split("\n"))


def _defused(line: str) -> str:
    if _ADDRESS.fullmatch(line):
        return line.replace("@", "%40")
    return _BEGINS_MARKUP.sub(rf"\g<0>{BREAK}", line)


def _marked(line: str) -> str:
    if found := _ADDRESS.fullmatch(line):
        address = _ENDS_ADDRESS.sub(_percent, found[2])
        # Google Chat would show what is escaped in it as it stands.
        return f"{found[1]}[{_escaped(shown_host(address))}]({address})"
    return _AT_BEGIN.sub(r"\1\\\2", _escaped(line))


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
