"""The certificate that prolongs rights while an application is examined (CESEDA R431-15-1, R431-15-3, R431-15-4).

It says what it allows in plain words, with which paper it is shown, and that it keeps nobody safe from silence: an implicit
refusal may exist beside a certificate that is still valid (Conseil d'État, 6 May 2025).
"""

from typing import Any

from django.utils.translation import gettext

from guichet.certificates.contents import Prolongation
from guichet.certificates.letters.appeals import court
from guichet.certificates.letters.common import (
    Sheet,
    bullets,
    certificate,
    day,
    frame,
    heading,
    in_charge,
    rows,
    text,
)


def compose(content: Prolongation, document_number: str) -> Sheet:
    sheet = certificate(str(content.name), str(content.procedure_title), content, document_number)
    sheet.blocks = [
        frame(
            gettext("Valable du %(first)s au %(last)s") % {"first": day(content.starts_on), "last": day(content.ends_on)},
            *_shown_with(content),
        ),
        heading(gettext("Ce que permet ce document")),
        rows(
            [
                (gettext("Séjourner"), str(content.allows.stay)),
                (gettext("Travailler"), str(content.allows.work)),
                (gettext("Voyager"), str(content.allows.travel)),
            ]
        ),
        text(
            _why(content),
            gettext("Il est renouvelé jusqu'à la décision. Le suivant vous sera envoyé avant la fin de celui-ci."),
        ),
        *_silence(content),
        *in_charge(content),
    ]
    return sheet


def _shown_with(content: Prolongation) -> list[str]:
    if not content.permit_number or content.permit_until is None:
        return []
    if content.permit_until >= content.starts_on:
        words = gettext("À présenter avec le titre de séjour ou le visa numéro %(number)s, valable jusqu'au %(date)s.")
    else:
        words = gettext(
            "Valable seulement avec le titre de séjour ou le visa expiré numéro %(number)s, qui était valable jusqu'au"
            " %(date)s."
        )
    return [words % {"number": content.permit_number, "date": day(content.permit_until)}]


def _why(content: Prolongation) -> str:
    told = gettext("Votre demande est en cours d'examen.")
    if content.deposited_on:
        told = gettext("Votre demande, déposée le %(date)s, est en cours d'examen.") % {"date": day(content.deposited_on)}
    if not content.legal_basis:
        return told
    return f"{told} " + gettext("Textes appliqués : %(articles)s.") % {"articles": ", ".join(content.legal_basis)}


def _silence(content: Prolongation) -> list[dict[str, Any]]:
    """What silence means, said beside a certificate that could make one believe otherwise."""
    if content.silence_refuses_on is None:
        return []
    date, until = day(content.silence_refuses_on), content.silence_challenge_until
    if content.silence_refuses_on >= content.issued_on:
        first = gettext(
            "Sans décision de l'administration le %(date)s, votre demande sera considérée comme refusée à cette date, même si"
            " ce document est encore valable. Une demande de pièces manquantes peut reporter cette date."
        )
    else:
        first = gettext(
            "Depuis le %(date)s, le silence de l'administration peut déjà valoir refus de votre demande, même si ce document"
            " est valable. L'examen continue, et une décision peut encore vous être favorable."
        )
    told = heading(gettext("Attention : ce document n'empêche pas un refus par silence"))
    if until is not None and until < content.issued_on:
        over = gettext(
            "Le délai pour contester ce refus a pris fin le %(date)s. Une association ou un avocat peut vous dire ce qui reste"
            " possible."
        ) % {"date": day(until)}
        return [told, text(first % {"date": date}, over)]
    if until is None:
        limit = gettext("Vous avez deux mois, à partir de cette date, pour contester ce refus :")
    elif content.silence_refuses_on >= content.issued_on:
        limit = gettext("Vous pourrez alors contester ce refus jusqu'au %(date)s :") % {"date": day(until)}
    else:
        limit = gettext("Vous pouvez contester ce refus jusqu'au %(date)s :") % {"date": day(until)}
    return [
        told,
        text(first % {"date": date}, limit),
        bullets(
            [
                gettext(
                    "par lettre au préfet (recours gracieux) ou au ministre chargé de l'intérieur (recours hiérarchique) ;"
                ),
                gettext("devant %(court)s, sur place, par courrier ou en ligne sur telerecours.fr.")
                % {"court": court(content)},
            ]
        ),
    ]
