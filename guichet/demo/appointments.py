"""Agendas and types of appointment of the invented offices: places are free whatever the day the world is made."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from guichet.appointments import actions
from guichet.appointments.actions import AgendaRules, Hours
from guichet.appointments.models import AppointmentType
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

Words = Mapping[str, str]
WEEKLY = {"rule": "weekly", "weekday": 0, "at": "09:00", "weeks": 1}  # on Mondays, the week after
ROLLING = {"rule": "rolling", "days": 28, "at": "09:00"}
MORNINGS = tuple(Hours(weekday, time(9), time(12)) for weekday in range(5))
ALL_DAY = (*MORNINGS, *(Hours(weekday, time(13, 30), time(16)) for weekday in range(4)))
Identity = AppointmentType.Identity

LOIRE: Words = {
    "fr": "Préfecture de la Loire, 2 rue Charles-de-Gaulle, 42000 Saint-Étienne",
    "en": "Préfecture de la Loire, 2 rue Charles-de-Gaulle, 42000 Saint-Étienne",
}
RHONE: Words = {"fr": "1 place Bellecour, 69002 Lyon", "en": "1 place Bellecour, 69002 Lyon"}
NORD: Words = {"fr": "20 rue Nationale, 59800 Lille", "en": "20 rue Nationale, 59800 Lille"}
LOIRE_RIGHTS: Words = {
    "fr": "Préfecture de la Loire, bureau de l'immigration, 2 rue Charles-de-Gaulle, CS 12241, 42022 Saint-Étienne Cedex 1",
    "en": "Préfecture de la Loire, bureau de l'immigration, 2 rue Charles-de-Gaulle, CS 12241, 42022 Saint-Étienne Cedex 1",
}

ADMISSION: dict[str, Any] = {
    "name_fr": "Admission exceptionnelle au séjour",
    "name_en": "Exceptional admission to residence",
    "texts": {
        "purpose": {
            "fr": "Vous vivez en France sans titre de séjour et vous venez déposer une demande d'admission exceptionnelle au"
            " séjour (AES).",
            "en": "You live in France without a residence permit and you come to file a request for exceptional admission to"
            " residence (AES).",
        },
        "before": {
            "fr": "Si vous vivez en couple avec une personne étrangère en situation régulière, elle doit venir avec vous pour"
            " en attester.",
            "en": "If you live as a couple with a foreign national who is lawfully resident, that person must come with you to"
            " testify to it.",
        },
        "moving": {
            "fr": "Vous pouvez changer de date tant que le rendez-vous n'est pas passé.",
            "en": "You can change the date as long as the appointment is not past.",
        },
        "address": LOIRE,
        "rights_address": LOIRE_RIGHTS,
    },
    "eligibility": [
        {
            "fr": "Vous êtes ressortissant d'un pays de l'Espace économique européen, ou votre conjoint, concubin ou"
            " partenaire l'est.",
            "en": "You are a national of a country of the European Economic Area, or your spouse or partner is.",
        },
        {
            "fr": "Un refus de séjour vous a été notifié il y a moins de 12 mois.",
            "en": "A refusal of residence was notified to you less than 12 months ago.",
        },
    ],
    "documents": [
        {"fr": "Passeport, ou autre preuve de votre identité", "en": "Passport, or other proof of your identity"},
        {"fr": "Acte de naissance, avec sa traduction", "en": "Birth certificate, with its translation"},
        {"fr": "Justificatif de domicile de moins de 6 mois", "en": "Proof of address less than 6 months old"},
        {"fr": "3 photos d'identité récentes", "en": "3 recent identity photographs"},
        {
            "fr": "Preuves de votre présence en France, classées par année",
            "en": "Proof of your presence in France, sorted by year",
        },
        {
            "fr": "Selon votre motif : promesse d'embauche et fiches de paie, ou preuves de vos liens familiaux",
            "en": "Depending on your grounds: job offer and payslips, or proof of your family ties",
        },
    ],
    "identity": Identity.NONE,
    "confirmation_minutes": 2880,
    "may_move": True,
    "party_max": 4,
}


def _student(address: Words) -> dict[str, Any]:
    return {
        "name_fr": "Titre de séjour étudiant",
        "name_en": "Student residence permit",
        "texts": {
            "purpose": {
                "fr": "Vous étudiez dans le département et vous renouvelez votre titre de séjour ou votre visa d'étudiant.",
                "en": "You study in the département and you renew your student residence permit or visa.",
            },
            "before": {
                "fr": "Le bon moment : dans les 2 mois qui précèdent la fin de votre titre ou de votre visa.",
                "en": "The right time: within the 2 months before the end of your permit or visa.",
            },
            "moving": {
                "fr": "La date ne se change pas en ligne, pour que les places servent au plus grand nombre.",
                "en": "The date cannot be changed online, so that places serve as many people as possible.",
            },
            "address": address,
        },
        "eligibility": [],
        "documents": [
            {"fr": "Passeport et titre de séjour ou visa", "en": "Passport and residence permit or visa"},
            {"fr": "Justificatif de ressources", "en": "Proof of resources"},
            {"fr": "Justificatif de domicile de moins de 6 mois", "en": "Proof of address less than 6 months old"},
        ],
        "identity": Identity.STUDENT,
        "confirmation_minutes": 2880,
        "may_move": False,
        "window_months_before_permit_end": 2,
    }


def _by_invitation(french: str, english: str, purpose: Words, address: Words, *also: Words) -> dict[str, Any]:
    return {
        "name_fr": french,
        "name_en": english,
        "texts": {
            "purpose": purpose,
            "address": address,
        },
        "eligibility": [],
        "documents": [{"fr": "Passeport ou preuve de votre identité", "en": "Passport or proof of your identity"}, *also],
        "identity": Identity.INVITATION,
        "confirmation_minutes": 0,
        "may_move": True,
    }


def make(offices: Mapping[str, Office]) -> None:
    """The agendas of three offices, what one may come for, and their slots."""
    loire, rhone, nord = offices["saint-etienne"], offices["lyon"], offices["lille"]
    _open(loire, "admission-exceptionnelle", ("Admission exceptionnelle", "Exceptional admission"), 5, 2, WEEKLY, ADMISSION)
    _open(loire, "etudiants", ("Étudiants", "Students"), 15, 2, WEEKLY, _student(LOIRE))
    _open(rhone, "etudiants", ("Étudiants", "Students"), 15, 3, WEEKLY, _student(RHONE))
    protection = _by_invitation(
        "Protection internationale : empreintes et photo",
        "International protection: prints and photo",
        {
            "fr": "Vous avez déposé une demande de titre : le bureau prend vos empreintes et votre photo pour la carte.",
            "en": "You have applied for a permit: the office takes the fingerprints and the photo that the card needs.",
        },
        LOIRE,
    )
    _open(
        loire,
        "protection-internationale",
        ("Protection internationale", "International protection"),
        20,
        1,
        ROLLING,
        protection,
    )
    handover = _by_invitation(
        "Remise d'un titre de séjour",
        "Collecting a residence permit",
        {
            "fr": "Votre titre de séjour est prêt : vous venez le chercher.",
            "en": "Your residence permit is ready: you come to collect it.",
        },
        NORD,
        {"fr": "Ancien titre ou attestation, s'il y en a un", "en": "Former permit or certificate, if there is one"},
        {"fr": "Timbre fiscal, si une taxe est due", "en": "Tax stamp, if a tax is due"},
    )
    _open(nord, "remise-de-titre", ("Remise des titres", "Collection of permits"), 10, 2, ROLLING, handover)


def _open(
    office: Office, slug: str, names: tuple[str, str], minutes: int, desks: int, release: dict[str, Any], fields: dict[str, Any]
) -> None:
    hours = ALL_DAY if minutes > 5 else MORNINGS
    rules = AgendaRules(
        slug=slug, name_fr=names[0], name_en=names[1], slot_minutes=minutes, desks=desks, release=release, hours=hours
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    actions.save_type(office, slug, fields, [agenda], by=SYSTEM)
