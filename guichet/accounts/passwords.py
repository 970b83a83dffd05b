"""Rules of passwords: at least 8 characters with upper, lower, digit and special; not a common one; not one's identity.

Special is whatever is neither a letter nor a digit: the list that a site «accepts» only makes people fail.
"""

from datetime import timedelta

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guichet.core.identifiers import comparable, random_text

LENGTH = 8
SHORTEST_PART = 4  # a shorter part of an identity stands in too many words


# How long a password sent by mail opens the account: a week-end and a slow mailbox, no more. «Forgotten password» gives
# another way in at any time.
TEMPORARY_FOR = timedelta(days=7)
# Copied by hand from a telephone to a computer: nothing that looks like something else (0/O, 1/l/I, 5/S, 8/B).
CAPITALS, SMALL, FIGURES = "ACDEFGHJKMNPQRTUVWXY", "abcdefghijkmnpqrstuvwxyz", "234679"

MASKS = str.maketrans("@4$5€30", "aasseeo")  # «P@ssw0rd»


def temporary_password() -> str:
    """A password to be sent, obeying the rules of all others: «Hk-tmwex-vrxa-7392», about 60 bits."""
    parts = (
        random_text(CAPITALS, 1) + random_text(SMALL, 1),
        random_text(SMALL, 5),
        random_text(SMALL, 4),
        random_text(FIGURES, 4),
    )
    return "-".join(parts)


def _without_figures_around(text: str) -> str:
    return text.strip("0123456789")


class CompositionValidator:
    """Eight characters at least, of the four kinds."""

    def validate(self, password: str, user: object = None) -> None:
        missing = []
        if len(password) < LENGTH:
            missing.append(_("%(count)d caractères au moins") % {"count": LENGTH})
        if not any(char.isupper() for char in password):
            missing.append(_("une lettre majuscule"))
        if not any(char.islower() for char in password):
            missing.append(_("une lettre minuscule"))
        if not any(char.isdigit() for char in password):
            missing.append(_("un chiffre"))
        if all(char.isalnum() for char in password):
            missing.append(_("un caractère spécial (tout caractère qui n'est ni une lettre ni un chiffre)"))
        if missing:
            raise ValidationError(_("Il manque : %(missing)s.") % {"missing": ", ".join(missing)}, code="composition")

    def get_help_text(self) -> str:
        return _(
            "8 caractères au moins, avec une majuscule, une minuscule, un chiffre et un caractère spécial. Tous les caractères"
            " sont acceptés."
        )


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuses the passwords that everyone tries first, also when dressed up: «Password1!» is «password»."""

    def validate(self, password: str, user: object = None) -> None:
        lowered = password.lower()
        plain = "".join(char for char in lowered if char.isalnum())
        unmasked = "".join(char for char in lowered.translate(MASKS) if char.isalnum())
        if any(form in self.passwords for form in (lowered, plain, *map(_without_figures_around, (plain, unmasked)))):
            raise ValidationError(
                _("Ce mot de passe est trop courant : il serait deviné. Assemblez plutôt plusieurs mots."), code="common"
            )

    def get_help_text(self) -> str:
        return _("Pas un mot de passe courant.")


class NotIdentityValidator:
    """Refuses a password made of the identifier, the e-mail or the name."""

    def validate(self, password: str, user: object = None) -> None:
        if user is None:
            return
        compared = comparable(password)
        identifier = comparable(str(getattr(user, "identifier", "")).split("@")[0])
        mailbox = comparable(str(getattr(user, "email", "")).split("@")[0])
        names = [comparable(word) for word in str(getattr(user, "display_name", "")).split()]
        contained = len(identifier) > SHORTEST_PART and identifier in compared
        mostly = any(
            len(part) >= SHORTEST_PART and part in compared and 2 * len(part) >= len(compared) for part in (mailbox, *names)
        )
        if contained or mostly:
            raise ValidationError(
                _("Ce mot de passe ressemble à votre nom, à votre identifiant ou à votre adresse : il serait deviné."),
                code="identity",
            )

    def get_help_text(self) -> str:
        return _("Ni votre nom, ni votre identifiant, ni votre adresse électronique.")
