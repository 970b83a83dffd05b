"""What can go wrong between this site, FranceConnect and the registry, in sentences that say how to go on."""

from django.utils.translation import gettext_lazy as _

from guichet.accounts.errors import IdentityMismatch
from guichet.core.errors import ActionRefused


class ProviderUnavailable(ActionRefused):
    """FranceConnect does not answer, or answers an error of its own. Says nothing about the person."""

    def __init__(self) -> None:
        super().__init__(
            _("FranceConnect ne répond pas pour le moment. Réessayez dans quelques minutes, ou entrez d'une autre façon."),
            "provider_down",
        )


class AnswerRefused(ActionRefused):
    """An answer that FranceConnect did not sign for us, now: altered, expired, for another site, or given twice."""

    def __init__(self) -> None:
        super().__init__(
            _("La réponse reçue n'a pas pu être vérifiée : par sécurité, nous l'avons écartée. Recommencez la connexion."),
            "answer_refused",
        )


class IdentityIncomplete(ActionRefused):
    """FranceConnect vouched for somebody without saying the name or the date of birth."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "FranceConnect ne nous a pas transmis votre identité complète (nom et date de naissance)."
                " Entrez d'une autre façon."
            ),
            "identity_incomplete",
        )


class PivotMismatch(IdentityMismatch):
    """The registry knows nobody by this number, or somebody else: one sentence for both, so that numbers cannot be listed."""

    def __init__(self, *, known: bool, differs: tuple[str, ...] = ()) -> None:
        self.known = known  # for the officer who looks at it, never for the page
        self.differs = differs
        ActionRefused.__init__(
            self,
            _(
                "L'identité donnée par FranceConnect ne correspond à aucune personne de notre registre sous ce numéro."
                " Rien n'a été ouvert ni modifié."
            ),
            "identity_mismatch",
        )
