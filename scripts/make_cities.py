"""Write watcher/topics/data/cities.json: what CLDR calls the cities of the pack, in every language.

    .venv/bin/python scripts/make_cities.py

CLDR names a city for each time zone; a file of the pack that says `city = "Asia/Pyongyang"` takes
the names of that one. Capitals without a zone of their own (Beijing, Washington) are not in it.
Source: Unicode CLDR (Unicode License v3) as packed in babel, a development dependency. Zone ->
language (primary subtag) -> names; sorted, so that a new CLDR shows as a difference.
"""

import json
import tomllib
from collections import defaultdict

from babel import Locale
from babel.localedata import locale_identifiers
from make_countries import LANGUAGES, TARGET, UNUSED_SCRIPTS

DATA = TARGET.parent


def main() -> None:
    """Write the data file and say how much is in it."""
    cities = {zone: names_of(zone) for zone in zones()}
    text = json.dumps(cities, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    target = DATA / "cities.json"
    target.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    count = sum(len(names) for languages in cities.values() for names in languages.values())
    print(f"{target.name}: {len(cities)} cities, {count} names, {target.stat().st_size} bytes")


def zones() -> list[str]:
    """Return the zones whose cities files of the pack ask for."""
    tables = (tomllib.loads(file.read_text("utf-8")) for file in (DATA / "pack").iterdir())
    return sorted({table["city"] for table in tables if "city" in table})


def names_of(zone: str) -> dict[str, list[str]]:
    """Return language -> its names of a zone's city; those that CLDR leaves in English are none."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for identifier in sorted(locale_identifiers(), key=lambda name: (len(name), name)):
        locale = Locale.parse(identifier)
        if locale.language in LANGUAGES and locale.script not in UNUSED_SCRIPTS:
            name = locale.time_zones.get(zone, {}).get("city")
            if name:
                found[locale.language][name] = None
    return {language: list(names) for language, names in found.items()}


if __name__ == "__main__":
    main()
