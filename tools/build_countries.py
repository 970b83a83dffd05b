"""Rebuilds ``guichet/procedures/countries.json``: names of countries and nationalities, in French and in English.

``npm pack world-countries``, unpack, then ``python -m tools.build_countries package/countries.json``.

Codes and demonyms come from world-countries (mledoze/countries, Open Database License 1.0); names come from the Unicode
CLDR through Babel (Unicode License). A nationality shared by several countries tells its country.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from babel import Locale

TARGET = Path(__file__).resolve().parent.parent / "guichet" / "procedures" / "countries.json"

ALSO = {"EH", "PS", "TW", "XK"}  # papers are issued in this nationality though not every State recognises it
FRENCH = {"EH": "Sahraouie", "AE": "Émirienne", "AG": "Antiguaise"}


def build(source: Path) -> dict[str, list[str]]:
    """``{ISO code: [name fr, name en, nationality fr (feminine, as on papers), nationality en]}``; no nationality for a
    territory of another State."""
    names = {language: Locale(language).territories for language in ("fr", "en")}
    rows: dict[str, list[str]] = {}
    for country in json.loads(source.read_text()):
        code = country["cca2"]
        demonyms = country["demonyms"]
        fr, en = FRENCH.get(code, demonyms["fra"]["f"]).strip(), demonyms["eng"]["f"].strip()
        has_nationality = country["independent"] or code in ALSO
        rows[code] = [names["fr"][code], names["en"][code], *((fr, en) if has_nationality else ("", ""))]
    for name, nationality in ((0, 2), (1, 3)):
        shared = Counter(row[nationality] for row in rows.values())
        for row in rows.values():
            if row[nationality] and shared[row[nationality]] > 1:
                row[nationality] = f"{row[nationality]} ({row[name]})"
            row[nationality] = row[nationality][:1].upper() + row[nationality][1:]
    return dict(sorted(rows.items()))


if __name__ == "__main__":
    rows = build(Path(sys.argv[1]))
    lines = ",\n".join(f"{json.dumps(code)}: {json.dumps(row, ensure_ascii=False)}" for code, row in rows.items())
    TARGET.write_text("{\n" + lines + "\n}\n")
    print(f"{len(rows)} countries")
