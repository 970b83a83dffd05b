"""«Try this»: the fixed handles of the demonstration, as the home page prints them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.demo import people

PASSWORD = "Demonstration-2026!"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Handle:
    """One thing to try: what to type, and what it shows."""

    value: str
    name: str
    born: str
    extra: "Promise | str"
    sentence: "Promise | str"


SENTENCES: dict[str, "Promise | str"] = {
    "5908002010": _("mineur non émancipé, confié à l'ASE : pas encore de compte"),
    "5908002016": _("mineure émancipée : d'autres attestations et une pièce de plus"),
    "5903007192": _("majeure : le parcours le plus simple"),
    "5903007193": _("confié après ses 16 ans : la démarche dit non, et où aller"),
    "5903007195": _("confiée le jour même de ses 16 ans : la démarche dit oui"),
    "5903007194": _("un seul nom, jour et mois de naissance inconnus"),
    "7503134955": _("étudiant : son compte existe déjà"),
    "5906004101": _("sa demande attend un agent à Lille (compte existant)"),
    "5906004102": _("un complément lui est demandé, qu'elle n'a pas encore ouvert (compte existant)"),
    "5906004103": _("sa demande est acceptée (compte existant)"),
    "5903007109": _("le registre ne répond pas à temps"),
    "5903007108": _("le registre répond par une erreur"),
    "5903007107": _("le registre ne connaît pas ce numéro"),
}


def born_text(birth: object) -> str:
    """DD/MM/YYYY, or what is known of it."""
    return "/".join(reversed(str(birth).split("-")))


def handles(day: date) -> Iterable[Handle]:
    """The foreigner numbers to try on the account page, for a world made on ``day``."""
    for number, sentence in SENTENCES.items():
        known = next((someone for someone in people.PEOPLE if someone.foreigner_number == number), None)
        extra: Promise | str = ""
        if number in {"5903007193", "5903007195"}:
            extra = _("prise en charge le %(date)s") % {"date": f"{people.care_date(number, day):%d/%m/%Y}"}
        yield Handle(
            value=number,
            name=f"{known.birth_name} {known.first_names}".strip() if known else "",
            born=born_text(known.birth_date(day)) if known else "",
            extra=extra,
            sentence=sentence,
        )
