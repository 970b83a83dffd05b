"""The receipt of a deposit (requirement of article L112-11 and R112-5 of the code of relations with the public)."""

from django.utils.translation import gettext

from guichet.certificates.contents import DepositReceipt
from guichet.certificates.letters import appeals
from guichet.certificates.letters.common import Sheet, contact, day, frame, heading, identity, new_sheet, references, rows, text


def compose(content: DepositReceipt, document_number: str) -> Sheet:
    natures = {
        "first": gettext("Première demande de titre de séjour"),
        "renewal": gettext("Demande de renouvellement de titre de séjour"),
        "change": gettext("Changement de situation"),
        "duplicate": gettext("Demande de duplicata de titre de séjour"),
    }
    nature = natures[content.nature]
    sheet = new_sheet(gettext("Confirmation du dépôt de votre demande"), nature)
    sheet.references = references(content, document_number)
    sheet.identity = [*identity(content), (gettext("Démarche"), str(content.procedure_title)), (gettext("Nature"), nature)]
    sheet.photo_description = gettext("Photo d'identité jointe à la demande")
    sheet.blocks = [
        text(
            gettext("Votre demande a été déposée le %(date)s. Elle sera examinée par : %(office)s.")
            % {"date": day(content.deposited_on or content.issued_on), "office": content.office_name},
            gettext(
                "À chaque étape, un courrier électronique vous invitera à vous connecter à votre espace : suivez-y votre"
                " demande et répondez aux questions de l'administration."
            ),
        ),
        frame(
            gettext("Ce que prouve ce document"),
            gettext("Il prouve que votre demande a été déposée, et rien d'autre."),
            gettext("Il ne prouve pas que votre séjour est régulier et n'ouvre aucun droit : ni travail, ni prestation."),
            gettext("Il ne permet pas de franchir les frontières de l'espace Schengen."),
        ),
        *appeals.against_silence(content, day(content.silence_refuses_on)),
        heading(gettext("Le service chargé de votre demande")),
        rows(contact(content)),
    ]
    return sheet
