"""The services of the home page: open ones lead somewhere, closed ones say why."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ELSEWHERE = _("À faire sur le site de l'État pour le moment.")


@dataclass(frozen=True)
class Service:
    """A tile. Either ``route`` (of this site), ``address`` (of another), or ``closed_because``."""

    title: Promise
    description: Promise
    icon: str
    route: str = ""
    query: str = ""  # of the route: the answers that the tile already gives
    address: str = ""
    closed_because: "Promise | str" = ""

    @property
    def url(self) -> str:
        return reverse(self.route) + self.query if self.route else self.address

    @property
    def external(self) -> bool:
        return bool(self.address)


SERVICES = (
    Service(
        _("Demander ou renouveler un titre de séjour"),
        _("Vous avez un numéro étranger, un titre ou un visa : trouvez votre démarche et commencez."),
        "fr-icon-passport-line",
        route="public:orientation",
    ),
    Service(
        _("Premier titre, sans numéro étranger ni visa"),
        _("Ouvrez un compte avec votre seule adresse électronique."),
        "fr-icon-user-add-line",
        route="account:create_without_number",
    ),
    Service(
        _("Prendre ou gérer un rendez-vous"),
        _("À la préfecture : trouvez le bureau, choisissez une plage ; retrouvez, changez ou annulez la vôtre."),
        "fr-icon-calendar-line",
        route="booking:index",
    ),
    Service(
        _("Acheter un timbre fiscal"),
        _("Quand la décision est favorable, payez la taxe de votre titre. Sur le site des impôts, en français."),
        "fr-icon-money-euro-circle-line",
        address="https://timbres.impots.gouv.fr/",
    ),
    Service(
        _("Valider un visa long séjour (VLS-TS)"),
        _("Dans les trois mois après votre arrivée en France."),
        "fr-icon-checkbox-circle-line",
        closed_because=ELSEWHERE,
    ),
    Service(
        _("Déclarer un changement de situation"),
        _("Adresse, nom, état civil, titre perdu, volé ou abîmé."),
        "fr-icon-refresh-line",
        route="public:orientation",
        query="?pour=moi&situation=titre&demande=changement",
    ),
    Service(
        _("Demander un document de voyage"),
        _("Pour les personnes protégées, les apatrides, les enfants nés en France."),
        "fr-icon-earth-line",
        closed_because=ELSEWHERE,
    ),
    Service(
        _("Demander la nationalité française"),
        _("Par décret ou par mariage."),
        "fr-icon-france-line",
        closed_because=ELSEWHERE,
    ),
    Service(
        _("Demander une autorisation de travail"),
        _("C'est l'employeur qui la demande."),
        "fr-icon-briefcase-line",
        closed_because=ELSEWHERE,
    ),
)
