"""Names as people write them, of any script."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Letters of any script and what stands between them: the name is written in mails, an address or a number is none.
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u064b-\u0652\u200c\u200d .'’‘`´ʼ\-‐‑])*")
# No script piles up so many marks on one letter: they would cover the lines around in an officer's list.
PILE = re.compile(r"[\u0300-\u036f\u064b-\u0652\u0e31-\u0e4e]{5}")
# Readers of mails make links of what looks like one: a dot is followed by a space, or by one initial.
ADDRESS = re.compile(r"\.[^\W\d_]{2}")


def check_name(value: str) -> None:
    if ADDRESS.search(value):
        raise ValidationError(_("Mettez un espace après chaque point du nom, comme dans « Ma. Teresa »."), code="name")
    if value and (not NAME.fullmatch(value) or PILE.search(value)):
        raise ValidationError(_("Écrivez le nom avec des lettres seulement, sans chiffre ni symbole."), code="name")
