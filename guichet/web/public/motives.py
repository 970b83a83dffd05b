"""The first two questions of the orientation, and what a motive gives to who answered them.

The motives themselves are data of the catalogue; which procedures are open, and to whom, is read from their definitions.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.procedures import queries
from guichet.procedures.definition import Definition, Text
from guichet.procedures.orientation import Motive


@dataclass(frozen=True)
class Choice:
    """An answer to one of the questions: its code in the address, its code in the definitions, its words."""

    code: str
    meaning: str
    title: Promise
    description: Promise
    icon: str


FOR_WHOM = (
    Choice("moi", "self", _("Pour moi"), _("J'ai 16 ans ou plus."), "fr-icon-user-line"),
    Choice(
        "mineur",
        "minor",
        _("Pour un mineur de plus de 16 ans"),
        _("J'en suis le parent, le tuteur, ou le service à qui il est confié."),
        "fr-icon-parent-line",
    ),
)
HOLDING = (
    Choice(
        "titre",
        "permit",
        _("Un titre de séjour ou un VLS-TS"),
        _("Une carte, ou un visa qui vaut titre de séjour, en cours ou finis depuis peu."),
        "fr-icon-pass-valid-line",
    ),
    Choice(
        "visa",
        "visa",
        _("Un visa de long séjour, rien d'autre"),
        _("Vous êtes entré avec et n'avez pas encore de carte."),
        "fr-icon-passport-line",
    ),
    Choice(
        "numero",
        "foreigner_number",
        _("Un numéro étranger, sans titre"),
        _("Dix chiffres, donnés par une préfecture ou un autre service de l'État."),
        "fr-icon-profil-line",
    ),
    Choice(
        "rien",
        "nothing",
        _("Rien de tout cela"),
        _("Ni titre, ni visa de long séjour, ni numéro étranger."),
        "fr-icon-question-line",
    ),
)


@dataclass(frozen=True)
class Offer:
    """A motive as it is shown to one person: where it leads, or why it does not."""

    title: Text
    description: Text
    url: str = ""
    closed_because: "Text | str" = ""


def offer(motive: Motive, definitions: Iterable[Definition], for_whom: str, holding: str) -> Offer:
    """What one motive gives to who answered thus (codes of the definitions' ``audience``)."""
    definition = next((one for one in definitions if one.procedure == motive.procedure), None)
    closed = queries.orientation().closed_because(motive, definition, for_whom, holding)
    if closed is not None or definition is None:
        return Offer(motive.title, motive.description, closed_because=closed or "")
    return Offer(motive.title, motive.description, url=reverse("public:procedure", args=[definition.procedure]))
