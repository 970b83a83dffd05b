"""What draws refuse, in a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class DrawNotOpen(ActionRefused):
    """Registration has not begun, is over, or the draw does not exist."""

    def __init__(self) -> None:
        super().__init__(
            _("Les inscriptions à ce tirage ne sont pas ouvertes. La page du tirage dit ses dates, et ce qui vient ensuite."),
            "draw_not_open",
        )


class AlreadyRegistered(ActionRefused):
    """This person takes part already. Whoever typed a name and a birth date is not known to be that person: show nothing."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Vous êtes déjà inscrit à ce tirage : une personne, une inscription. Pour changer vos vœux ou vous retirer,"
                " ouvrez le lien du courriel reçu à l'inscription."
            ),
            "already_registered",
        )


class RegistrationLapsed(ActionRefused):
    """The mail was answered too late; until the deadline of the draw one may register again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Le délai pour confirmer cette inscription est passé : elle ne participe pas au tirage. Inscrivez-vous à"
                " nouveau, si les inscriptions sont encore ouvertes."
            ),
            "registration_lapsed",
        )


class WishesRefused(ActionRefused):
    """None, too many, one twice, or for no slot of the draw."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Choisissez de 1 à %(most)d plages de ce tirage, toutes différentes, la préférée en premier.") % {"most": most},
            "wishes_refused",
        )


class UnknownRegistration(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Ce lien ne mène à aucune inscription : elle a été retirée, ou n'a pas été confirmée à temps. Si vous avez reçu"
                " un autre courriel depuis, ouvrez son lien."
            ),
            "unknown_registration",
        )


class SeedRefused(ActionRefused):
    """What an officer typed is no seed, comes too early or too late, or is not what the first officer typed.

    ``code``: ``seed_shape``, ``seed_not_awaited``, ``seed_same_hand``, ``seed_differs``.
    """

    MESSAGES = {
        "seed_shape": _("Une graine est faite de 64 chiffres et lettres de a à f. Recopiez toute la ligne « randomness »."),
        "seed_not_awaited": _("Ce tirage n'attend pas de graine : elle est déjà connue, ou son heure n'est pas venue."),
        "seed_same_hand": _("Vous avez déjà saisi la graine. Une autre personne doit la lire et la saisir à son tour."),
        "seed_differs": _(
            "Cette graine n'est pas celle que la première personne a saisie. Les deux saisies sont effacées : relisez la source"
            " et recommencez."
        ),
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.MESSAGES[code], code)
