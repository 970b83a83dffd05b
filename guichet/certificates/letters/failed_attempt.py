"""The certificate of a failed attempt: that no place was free when somebody looked for an appointment. It states, and claims
nothing."""

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from guichet.certificates.contents import FailedAttempt, Moment
from guichet.certificates.letters.common import (
    Sheet,
    bullets,
    day,
    frame,
    heading,
    new_sheet,
    partial_day,
    rows,
    text,
)


def compose(content: FailedAttempt, document_number: str) -> Sheet:
    sheet = new_sheet(gettext("Attestation de tentative de prise de rendez-vous"), str(content.type_name))
    sheet.service = content.office_name
    sheet.references = [
        (gettext("Numéro de ce document"), document_number),
        (gettext("Émis le"), day(content.issued_on)),
    ]
    sheet.identity_title = gettext("Identité déclarée") if content.declared else sheet.identity_title
    sheet.identity = [
        (gettext("Nom"), content.last_name),
        *([(gettext("Nom de naissance"), content.birth_name)] if content.birth_name else []),
        (gettext("Prénoms"), content.first_names or "–"),
        (gettext("Date de naissance"), partial_day(content.birth_date)),
    ]
    sheet.blocks = [
        frame(
            moment(content.attempts[-1]),
            gettext("À ce moment, aucune place n'était libre en ligne pour ce rendez-vous. Le site l'a vérifié lui-même."),
            gettext("Heures de %(city)s.") % {"city": content.office_city} if content.local_time else "",
        ),
        heading(gettext("Ce qui était demandé")),
        rows(
            [
                (gettext("Rendez-vous"), str(content.type_name)),
                (gettext("Service"), content.office_name),
                (gettext("Prochaines places"), _release(content.next_release)),
            ]
        ),
        heading(_counted(content.count)),
        bullets(moment(each) for each in content.attempts),
        *_left_out(content),
        text(
            gettext(
                "Cette attestation constate ces tentatives. Elle ne donne pas de rendez-vous, n'ouvre aucun droit et ne prouve"
                " pas la régularité du séjour."
            ),
            gettext("Personne n'a vérifié cette identité : c'est celle qui a été écrite dans le formulaire.")
            if content.declared
            else "",
        ),
    ]
    return sheet


def moment(when: Moment) -> str:
    """«lundi 23 novembre 2026 à 09:12»."""
    return gettext("%(day)s à %(hour)s") % {"day": f"{date_format(when.day, 'l')} {day(when.day)}", "hour": when.hour}


def _release(when: Moment | None) -> str:
    if when is None:
        return gettext("date d'ouverture inconnue à ce moment")
    return gettext("annoncées pour le %(moment)s") % {"moment": moment(when)}


def _counted(count: int) -> str:
    return ngettext("%(count)d tentative enregistrée", "%(count)d tentatives enregistrées", count) % {"count": count}


def _left_out(content: FailedAttempt) -> list[dict[str, object]]:
    more = content.count - len(content.attempts)
    if more <= 0:
        return []
    return [
        text(
            ngettext(
                "%(count)d tentative plus ancienne n'est pas détaillée ici.",
                "%(count)d tentatives plus anciennes ne sont pas détaillées ici.",
                more,
            )
            % {"count": more}
        )
    ]
