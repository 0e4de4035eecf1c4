"""The XML reader that feedparser is given: it hears of a text once, not line by line."""

from xml.sax.expatreader import ExpatParser


class ExpatReader(ExpatParser):
    """Python's own reader, which gathers text until a tag comes.

    Else an article in CDATA is a call for each of its lines and entities: a sixth of the time of
    reading a document that has two new entries.
    """

    def reset(self) -> None:
        """Begin anew, with a parser that gathers."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined] # there is no other way


def create_parser() -> ExpatReader:
    """Return a reader; xml.sax looks for a function of this name."""
    return ExpatReader()
