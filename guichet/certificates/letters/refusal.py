"""The letter of a refusal: its reasons in law and in fact (articles L211-2 and L211-5 of the code of relations with the
public), who decided, and the ways to challenge it."""

from django.utils.translation import gettext

from guichet.certificates.contents import Refusal
from guichet.certificates.letters import appeals
from guichet.certificates.letters.common import (
    Sheet,
    bullets,
    contact,
    day,
    heading,
    identity,
    new_sheet,
    recipient,
    references,
    rows,
    signature,
    text,
)


def compose(content: Refusal, document_number: str) -> Sheet:
    sheet = new_sheet(gettext("Décision de refus de titre de séjour"), str(content.procedure_title))
    sheet.references = references(content, document_number)
    sheet.identity = identity(content, with_address=False)
    sheet.recipient = recipient(content)
    sheet.blocks = [
        text(
            gettext("Vous avez déposé la demande numéro %(number)s. Le %(date)s, cette demande a été refusée.")
            % {"number": content.number, "date": day(content.decided_on)}
        ),
        *([heading(gettext("Les textes appliqués")), bullets(content.law)] if content.law else []),
        heading(gettext("Les raisons de cette décision")),
        text(*content.reasons.splitlines()),
        signature(
            gettext("Décision du %(date)s") % {"date": day(content.decided_on)},
            content.decided_by,
            str(content.capacity),
            content.office_name,
        ),
        *appeals.against_a_decision(content),
        heading(gettext("Le service chargé de votre demande")),
        rows(contact(content)),
    ]
    return sheet
