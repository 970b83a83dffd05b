"""What the waiting list and the certificate of an attempt refuse, in a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class PlacesFree(ActionRefused):
    """There are places that somebody may take now: the waiting list and certificates are for when there is none."""

    def __init__(self) -> None:
        super().__init__(
            _("Des plages sont libres en ce moment : choisissez-en une, votre rendez-vous sera pris tout de suite."),
            "places_free",
        )


class AlreadyWaiting(ActionRefused):
    """This person is in the list already, under another address. Whoever typed a name is not known to be that person."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Vous êtes déjà sur cette liste d'attente, avec une autre adresse électronique. Nous y avons renvoyé le lien de"
                " votre inscription : ouvrez-le pour la consulter."
            ),
            "already_waiting",
        )


class OfferOver(ActionRefused):
    """The place is no longer offered: too late, declined, or the office does not receive then any more."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette place n'est plus proposée : le délai est passé, ou elle n'existe plus. Rien d'autre n'a changé."),
            "offer_over",
        )


class UnknownEntry(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Ce lien ne mène à aucune inscription. Ouvrez celui du dernier courriel reçu de la liste d'attente."),
            "unknown_entry",
        )
