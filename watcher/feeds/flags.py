"""Flags of regions: England, Scotland, Wales."""

import re
from typing import Final

#: The flags' first character, shown as a plain black flag where the others are missing.
BLACK_FLAG: Final = "\U0001f3f4"
#: A black flag, the letters of a region as tag characters, and their end (UTS #51, ED-14a). Tag
#: characters elsewhere show nothing, and can carry what nobody is to see.
REGION_FLAG: Final = re.compile(
    rf"{BLACK_FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f"
)
