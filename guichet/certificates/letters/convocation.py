"""The convocation to an appointment: when, where, with which papers. It proves the appointment, nothing else."""

from django.utils.formats import date_format
from django.utils.translation import gettext

from guichet.certificates.contents import Convocation
from guichet.certificates.letters.common import Sheet, bullets, day, frame, heading, new_sheet, partial_day, rows, text


def compose(content: Convocation, document_number: str) -> Sheet:
    sheet = new_sheet(gettext("Convocation à un rendez-vous"), str(content.type_name))
    sheet.service = content.office_name
    sheet.references = [
        (gettext("Référence du rendez-vous"), content.reference),
        (gettext("Numéro de ce document"), document_number),
        (gettext("Émis le"), day(content.issued_on)),
    ]
    sheet.identity = [
        (gettext("Nom"), content.last_name),
        *([(gettext("Nom de naissance"), content.birth_name)] if content.birth_name else []),
        (gettext("Prénoms"), content.first_names or "–"),
        (gettext("Date de naissance"), partial_day(content.birth_date)),
    ]
    sheet.photo_description = gettext("Code à présenter à l'arrivée : %(reference)s") % {"reference": content.reference}
    weekday = date_format(content.day, "l")
    sheet.blocks = [
        frame(
            gettext("%(day)s à %(hour)s") % {"day": f"{weekday} {day(content.day)}", "hour": content.starts},
            gettext("Heure de %(city)s.") % {"city": content.office_city} if content.local_time else "",
            gettext("Venez 10 minutes avant, avec cette convocation, imprimée ou sur votre téléphone."),
        ),
        heading(gettext("Votre rendez-vous")),
        rows(
            [
                (gettext("Pour"), str(content.type_name)),
                (gettext("Service"), content.office_name),
                *([(gettext("Adresse"), str(content.address))] if str(content.address) else []),
                (
                    gettext("Horaire"),
                    gettext("de %(start)s à %(end)s") % {"start": content.starts, "end": content.ends},
                ),
            ]
        ),
    ]
    if content.documents:
        sheet.blocks += [
            heading(gettext("Documents à apporter")),
            text(gettext("Apportez l'original et une copie de chaque document.")),
            bullets(str(each) for each in content.documents),
        ]
    sheet.blocks.append(
        text(
            gettext(
                "Cette convocation est personnelle : le rendez-vous ne peut pas être donné à quelqu'un d'autre. Elle prouve le"
                " rendez-vous, pas la régularité du séjour."
            ),
            gettext("Pour déplacer ou annuler ce rendez-vous, ouvrez le lien du courriel qui l'accompagnait.")
            if content.by_mail
            else gettext("Pour déplacer ou annuler ce rendez-vous, dites-le au bureau, avec cette référence."),
        )
    )
    return sheet
