"""Why a document is rejected: codes kept in rows, and the words said to the person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"

REASONS: Mapping[str, Promise] = {
    "illegible": _("Le document ne se lit pas bien."),
    "incomplete": _("Il manque une partie du document : une page, un verso, une signature."),
    "expired": _("Le document n'est plus valable à ce jour."),
    "not_the_document": _("Ce n'est pas le document demandé."),
    "not_in_name": _("Le document n'est pas au nom de la personne qui demande le titre."),
    "too_old": _("Le document est plus ancien que ce qui est demandé."),
    "translation_missing": _("Il manque la traduction en français par un traducteur agréé."),
    OTHER: _("Autre raison, expliquée ci-dessous."),
}

# Why a complement asks for a document that was not rejected.
NOT_GIVEN = "not_given"
NEVER_ASKED = "never_asked"  # no sentence: the officer's own words name it
ASKING: Mapping[str, Promise] = {**REASONS, NOT_GIVEN: _("Ce document n'a pas été fourni.")}


def in_words(code: str) -> str:
    """The sentence of a reason, in the active language; empty for a document that was never asked before."""
    return str(ASKING[code]) if code in ASKING else ""
