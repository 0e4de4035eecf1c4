"""What a headline says of itself: that it takes back, puts right or checks what was reported."""

import re
from typing import Final

from watcher.stories.signature import Signature

#: As labels alone: "Korektur" in a sentence may be anybody's.
_WORDS: Final = r"""
    correct(?:ed|s|ion|ions|ing) | clarification | clarified | retract(?:ed|ion)
  | erratum | errata(?:\scorrige)?
  | fact[-\s]?check(?:ed)? | fake | false | misleading | hoax | debunked
  | ralat | koreksi | meralat | klarifikasi | cek\sfakta | salah | keliru | hoaks
  | disinformasi | misinformasi
  | faktencheck | infox | désinformation | bulo | verificação | fejk | фейк
  | correcci[oó]n | rectificaci[oó]n | fe\sde\serratas | rectificatif | r[eé]tractation
  | corre[cç][aã]o | errata | rettifica | correzione | korrektur | berichtigung | korrigiert
  | correctie | rectificatie | rättelse | korjaus | sprostowanie | korekta | oprava | helyesbítés
  | corectare | rectificare | διόρθωση | düzeltme | đính\schính
  | исправлен(?:ие|о) | уточнение | опровержение
  | поправка | виправлен(?:ня|о) | уточнення | спростування
  | تصحيح | توضيح | اصلاحیه | संशोधन | शुद्धिपत्र
  | 更正 | 訂正 | 勘误 | 勘誤 | 정정(?:보도)?
"""
_LABEL: Final = re.compile(
    rf"""^\W*(?:{_WORDS})(?:\s\d{{1,2}})?\s?[-:–—|\]】）)：]
       | [(\[【（](?:{_WORDS})[)\]】）]\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


def is_correction(title: str) -> bool:
    """Whether a headline is labelled as a correction: "CORRECTED-...", "Ralat: ..."."""
    return bool(_LABEL.search(title))


def takes_back(late: Signature, early: Signature) -> bool:
    """Whether a later entry is labelled as a correction, and the earlier one is not."""
    return is_correction(late.entry.title) and not is_correction(early.entry.title)
