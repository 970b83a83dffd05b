"""The certificate of a favourable decision: it stands for the permit until the card is handed over."""

from django.utils.translation import gettext

from guichet.certificates.contents import FavourableDecision
from guichet.certificates.letters.common import (
    Sheet,
    amount,
    certificate,
    day,
    frame,
    heading,
    in_charge,
    rows,
    signature,
    text,
)


def compose(content: FavourableDecision, document_number: str) -> Sheet:
    subtitle = (
        gettext("Première demande de titre de séjour")
        if content.nature == "first"
        else gettext("Demande de renouvellement de titre de séjour")
    )
    sheet = certificate(gettext("Attestation de décision favorable"), subtitle, content, document_number)
    sheet.blocks = [
        text(
            gettext(
                "Le %(date)s, une décision favorable a été prise sur votre demande. Votre carte est en cours de fabrication."
            )
            % {"date": day(content.decided_on)}
        ),
        heading(gettext("Le titre accordé")),
        rows(
            [
                (gettext("Titre de séjour"), str(content.permit_kind)),
                (gettext("Mention"), str(content.mention)),
                (gettext("Valable du"), day(content.valid_from)),
                (gettext("Valable jusqu'au"), day(content.valid_until)),
            ]
        ),
        frame(
            gettext("Ce que permet ce document"),
            gettext(
                "En attendant votre carte, il prouve la régularité de votre séjour et maintient les droits attachés au"
                " titre accordé."
            ),
            _valid_only_with(content),
            gettext("Il permet de franchir les frontières de l'espace Schengen, avec votre passeport en cours de validité.")
            if content.allows_schengen
            else gettext("Il ne permet pas de franchir les frontières de l'espace Schengen."),
        ),
        heading(gettext("Le retrait de votre carte")),
        text(
            gettext("Un message vous préviendra quand votre carte sera arrivée au service, et vous dira comment la retirer."),
            _tax(content),
        ),
        *in_charge(content),
    ]
    if content.decided_by:
        sheet.blocks.append(
            signature(
                gettext("Décision du %(date)s") % {"date": day(content.decided_on)}, content.decided_by, content.office_name
            )
        )
    return sheet


def _valid_only_with(content: FavourableDecision) -> str:
    return {
        "": "",
        "visa": gettext("Il n'est valable qu'accompagné de votre visa de long séjour."),
        "permit": gettext("Il n'est valable qu'accompagné de votre ancien titre de séjour."),
        "visa_or_permit": gettext(
            "Il n'est valable qu'accompagné de votre visa de long séjour ou de votre ancien titre de séjour."
        ),
    }[content.valid_only_with]


def _tax(content: FavourableDecision) -> str:
    if not content.tax_cents:
        return gettext("Vous n'avez aucune taxe à payer.")
    return gettext(
        "Vous devrez alors %(amount)s de taxes, payées avant le retrait par timbre fiscal électronique : sur"
        " timbres.impots.gouv.fr, chez un buraliste agréé ou dans un service des impôts. Gardez le numéro du timbre."
    ) % {"amount": amount(content.tax_cents)}
