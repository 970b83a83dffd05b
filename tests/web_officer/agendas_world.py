"""What the tests of the set-up pages type, and read back."""

import html
import re

from guichet.web.officer.agendas.hours import FIELDS

AGENDA = {
    "name_fr": "Remise des titres", "name_en": "Collection of permits", "slot_minutes": "30", "desks": "2",
    "rule": "rolling", "days": "14", "weekday": "0", "weeks": "1", "at": "09:00", "active": "on",
}  # fmt: skip
TYPE = {
    "name_fr": "Remise d'un récépissé", "name_en": "Collecting a receipt", "identity": "none",
    "confirmation": "2", "confirmation_unit": "1440", "lead": "3", "lead_unit": "60", "may_move": "on", "active": "on",
    "purpose_fr": "Vous venez chercher votre récépissé.", "purpose_en": "You come to collect your receipt.",
    "before_fr": "", "before_en": "", "moving_fr": "", "moving_en": "",
    "address_fr": "1 rue de l'Essai", "address_en": "1 rue de l'Essai", "rights_address_fr": "", "rights_address_en": "",
    "documents_fr": "Passeport\nPhoto", "documents_en": "Passport\nPhotograph",
    "eligibility_fr": "Vous êtes mineur.", "eligibility_en": "You are a minor.",
}  # fmt: skip


def hours(*lines):
    """``(weekday, opens, closes)``, then desks, pool, and when they are everybody's: as the page sends them."""
    sent, places = {}, {}
    for weekday, *values in lines:
        place = places[weekday] = places.get(weekday, -1) + 1
        for name, value in zip(FIELDS, [*values, *("", "public", "")[len(values) - 2 :]], strict=True):
            sent[f"h{weekday}-{place}-{name}"] = value
    return sent


WEEKDAYS = hours(*((weekday, "9h", "12:00", "", "public") for weekday in range(5)))


def agenda(**changes):
    return {**AGENDA, **WEEKDAYS, "action": "save", **changes}


def read(response):
    """The main part of a page, as text."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def value_of(response, name):
    """What a field of the page holds."""
    page = html.unescape(response.content.decode())
    box = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    text = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    if text:
        return text[1]
    assert box, name
    found = re.search(r'value="([^"]*)"', box[0])
    return found[1] if found else ""
