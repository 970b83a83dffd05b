"""What a page hears when a registry does not answer as it should."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused

RegistryName = Literal["agdref", "fne", "visabio", "ine", "ephoto", "addresses", "beacon"]
Reason = Literal["timeout", "error", "malformed"]

MESSAGES = {
    "agdref": _(
        "Le registre des étrangers ne répond pas pour le moment. Ce que vous avez saisi n'est pas perdu : "
        "réessayez dans quelques minutes."
    ),
    "fne": _(
        "Le registre des titres de séjour ne répond pas pour le moment. Ce que vous avez saisi n'est pas perdu : "
        "réessayez dans quelques minutes."
    ),
    "visabio": _(
        "Le registre des visas ne répond pas pour le moment. Ce que vous avez saisi n'est pas perdu : "
        "réessayez dans quelques minutes."
    ),
    "ine": _(
        "Le répertoire des étudiants ne répond pas pour le moment. Ce que vous avez saisi n'est pas perdu : "
        "réessayez dans quelques minutes, ou demandez un code d'accès."
    ),
    "ephoto": _(
        "Le service des photos d'identité numériques ne répond pas pour le moment. Ce que vous avez saisi n'est pas perdu : "
        "continuez votre demande et revenez à la photo plus tard."
    ),
    "addresses": _("La recherche d'adresses ne répond pas pour le moment. Saisissez votre adresse à la main."),
    "beacon": _("La source publique des tirages ne répond pas pour le moment. Réessayez dans quelques minutes."),
}


class RegistryUnavailable(ActionRefused):
    """A registry timed out, answered an error, or answered something that cannot be trusted.

    It says nothing about the person: callers must never read it as «unknown» nor as «known».
    """

    def __init__(self, registry: RegistryName, reason: Reason) -> None:
        super().__init__(MESSAGES[registry], code=f"registry_{reason}")
        self.registry: RegistryName = registry
        self.reason: Reason = reason

    def __str__(self) -> str:
        return f"{self.registry}: {self.reason}"
