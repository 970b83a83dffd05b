"""The subjects of a request for help, in words: the contact form offers them, officers read them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: Mapping[str, Promise] = {
    "account": _("Créer un compte, me connecter"),
    "application": _("Remplir ou déposer une demande"),
    "document": _("Un document, une e-photo"),
    "filed": _("Une demande déposée"),
    "complement": _("Une demande de complément"),
    "accessibility": _("Quelque chose m'empêche d'utiliser le site"),
    "personal_data": _("Mes données personnelles"),
    "fraud": _("Signaler une arnaque"),
    "opinion": _("Donner mon avis sur ce service"),
    "other": _("Autre chose"),
}


def topic(code: str) -> str:
    """The words of a subject; empty for none."""
    return str(TOPICS[code]) if code in TOPICS else ""
