"""The letter of a refusal: its reasons in law and in fact (articles L211-2 and L211-5 of the code of relations with the
public), who decided, and the ways to challenge it."""

from django.utils.translation import gettext

from guichet.certificates.contents import Refusal
from guichet.certificates.letters.adverse import adverse_letter, told
from guichet.certificates.letters.common import Sheet, bullets, heading, text


def compose(content: Refusal, document_number: str) -> Sheet:
    blocks = [
        text(
            told(gettext("Vous avez déposé la demande numéro %(number)s. Le %(date)s, cette demande a été refusée."), content)
        ),
        *([heading(gettext("Les textes appliqués")), bullets(str(one) for one in content.law)] if content.law else []),
        heading(gettext("Les raisons de cette décision")),
        text(*content.reasons.splitlines()),
    ]
    return adverse_letter(gettext("Décision de refus de titre de séjour"), content, document_number, blocks)
