"""Why one asks for a permit: what leads to a procedure, and what is not open here yet.

Which procedures are open, and to whom, is read from their published definitions; here are only the words and the order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.procedures.definition import Definition

NOT_YET = _("Pas encore ouvert.")
NOT_FOR_YOU = _("Ouvert, mais pas avec vos réponses ci-dessus.")


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
class Motive:
    """One reason; ``procedure`` is the slug of what it leads to, or nothing."""

    title: Promise
    description: Promise
    procedure: str = ""


@dataclass(frozen=True)
class Family:
    title: Promise
    icon: str
    motives: tuple[Motive, ...]


FAMILIES = (
    Family(
        _("Situation de vulnérabilité"),
        "fr-icon-umbrella-line",
        (
            Motive(
                _("Jeune confié à l'aide sociale à l'enfance (ASE) ou à un tiers digne de confiance"),
                _("Pris en charge au plus tard le jour de ses 16 ans."),
                "ase",
            ),
            Motive(
                _("Victime de violences, de traite ou de proxénétisme"), _("Avec une ordonnance de protection ou une plainte.")
            ),
            Motive(_("Soins en France"), _("Votre état de santé demande un traitement absent de votre pays.")),
        ),
    ),
    Family(
        _("Protection internationale"),
        "fr-icon-shield-line",
        (
            Motive(_("Réfugié ou protection subsidiaire"), _("Après la décision de l'OFPRA ou de la CNDA.")),
            Motive(_("Apatride, ou famille d'une personne protégée"), _("Conjoint, enfants, parents d'un mineur protégé.")),
        ),
    ),
    Family(
        _("Famille"),
        "fr-icon-group-line",
        (
            Motive(_("Conjoint, parent ou enfant de Français"), _("Ou de ressortissant européen.")),
            Motive(_("Regroupement familial et liens personnels"), _("Votre vie et votre famille sont en France.")),
        ),
    ),
    Family(
        _("Études"),
        "fr-icon-school-line",
        (Motive(_("Étudiant ou stagiaire"), _("Inscrit dans un établissement en France.")),),
    ),
    Family(
        _("Travail et talent"),
        "fr-icon-briefcase-line",
        (
            Motive(_("Salarié, saisonnier, indépendant"), _("Avec un contrat, une autorisation de travail ou une activité.")),
            Motive(_("Talent"), _("Salarié qualifié, chercheur, investisseur, artiste, et leur famille.")),
        ),
    ),
)


@dataclass(frozen=True)
class Offer:
    """A motive as it is shown to one person: where it leads, or why it does not."""

    title: "Promise | str"
    description: "Promise | str"
    url: str = ""
    closed_because: "Promise | str" = ""


def offer(motive: Motive, definitions: Iterable[Definition], for_whom: str, holding: str) -> Offer:
    """What one motive gives to who answered thus (codes of the definitions' ``audience``)."""
    definition = next((one for one in definitions if motive.procedure and one.procedure == motive.procedure), None)
    if definition is None:
        return Offer(motive.title, motive.description, closed_because=NOT_YET)
    if for_whom not in definition.audience.for_whom or holding not in definition.audience.holding:
        return Offer(motive.title, motive.description, closed_because=NOT_FOR_YOU)
    return Offer(motive.title, motive.description, url=reverse("public:procedure", args=[definition.procedure]))
