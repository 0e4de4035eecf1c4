"""What was computed of a signature, handed on: to the database, or from another process."""

from collections.abc import Mapping
from dataclasses import fields
from sys import intern
from typing import Final

from watcher.stories.bags import Bag, Sketch
from watcher.stories.signature import Signature

#: What every comparison asks for, or the archive.
_ALWAYS_ASKED: Final = (
    "title",
    "headline",
    "texts",
    "has_summary",
    "mask",
    "numbered",
    "lead",
    "cast",
)
#: What a signature is made of; all else that it holds was computed.
_MADE_OF: Final = frozenset(one.name for one in fields(Signature))


def sketch(signature: Signature) -> Sketch:
    """Return what is stored of a signature."""
    headline, text = signature.headline, signature.text
    return Sketch(
        signature.title,
        " ".join(headline.terms),
        headline.norm,
        " ".join(text.terms) if signature.has_summary else "",
        text.norm,
    )


def restore(signature: Signature, stored: Sketch) -> Signature:
    """Return a signature that need not compute again what its sketch holds."""
    title, headline, headline_norm, text, text_norm = stored
    vars(signature).update(
        title=title,
        headline=Bag(frozenset(map(intern, headline.split())), headline_norm),
        has_summary=bool(text),
        _stored_text=(text, text_norm),
    )
    return signature


def made(signature: Signature) -> Mapping[str, object]:
    """Return what of a signature is always asked for, to be computed in one process for another."""
    for name in _ALWAYS_ASKED:
        getattr(signature, name)
    return {name: value for name, value in vars(signature).items() if name not in _MADE_OF}


def take_over(signature: Signature, values: Mapping[str, object]) -> Signature:
    """Return a signature that need not compute again what was `made` elsewhere."""
    vars(signature).update(values)
    return signature
