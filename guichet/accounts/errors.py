"""What this room refuses, in sentences that say how to go on."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class IdentityMismatch(ActionRefused):
    """The registry knows nobody by these data: one message for whatever is wrong, so that numbers cannot be listed."""

    MESSAGES: dict[str, Promise] = {
        "number": _(
            "Ces informations ne correspondent à aucune personne de notre registre. Comparez avec le document où figure"
            " votre numéro étranger : numéro, nom, prénom et date de naissance doivent y être les mêmes."
        ),
        "permit": _(
            "Ces informations ne correspondent à aucun titre de notre registre. Comparez avec votre titre de séjour : le numéro"
            " et les deux dates doivent y être les mêmes."
        ),
        "visa": _(
            "Ces informations ne correspondent à aucun visa de notre registre. Comparez avec la vignette collée dans votre"
            " passeport : le numéro et les deux dates doivent y être les mêmes."
        ),
    }

    def __init__(self, door: str = "number") -> None:
        super().__init__(self.MESSAGES[door], "identity_mismatch")


class LinkUnusable(ActionRefused):
    """A mailed link that no longer opens anything. ``code``: ``unknown``, ``expired`` or ``used``."""

    MESSAGES: dict[str, Promise] = {
        "unknown": _("Ce lien n'est pas complet ou n'existe pas. Copiez-le en entier depuis le courriel."),
        "expired": _("Ce lien n'est plus valable : son délai est passé."),
        "used": _("Ce lien a déjà servi ou a été remplacé : chaque lien ne sert qu'une fois."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.MESSAGES[code], code)


class PasswordRefused(ActionRefused):
    """The password breaks one rule or several; ``reasons`` says which."""

    def __init__(self, reasons: Sequence[str], code: str = "password_refused") -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons), code)


class IdentityFrozen(ActionRefused):
    """An identity read from a registry is not typed over: errors are reported to the administration."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette identité vient du registre de l'État et ne se modifie pas ici. Signalez l'erreur dans les observations."),
            "identity_frozen",
        )


class CodeRefused(ActionRefused):
    """The second factor was not accepted."""


class OfficerExists(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("Un compte utilise déjà cette adresse électronique."), "officer_exists")


class NumberRefused(ActionRefused):
    """A foreigner number that cannot be given to this person. ``code``: ``unknown``, ``taken``, ``has_another`` or
    ``identity_differs`` (then a reason is needed)."""

    MESSAGES: dict[str, Promise] = {
        "unknown": _("Le registre des étrangers ne connaît pas ce numéro. Relisez chaque chiffre dans AGDREF."),
        "taken": _(
            "Ce numéro est déjà celui d'une autre personne sur ce site. Vérifiez-le dans AGDREF. S'il est juste, cette personne"
            " a déjà un compte sous ce numéro : demandez-lui de s'y connecter, et signalez les deux accès au centre de contact."
        ),
        "has_another": _(
            "Cette personne a déjà un autre numéro étranger. S'il est faux, faites-le corriger dans AGDREF : il ne se remplace"
            " pas ici."
        ),
        "identity_differs": _(
            "L'identité de ce numéro n'est pas celle du dossier. Si c'est bien la même personne, écrivez ce qui vous permet de"
            " l'affirmer ; sinon, vérifiez le numéro."
        ),
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.MESSAGES[code], code)
