"""The letter of a favourable decision that grants no permit: what is decided, and that the permit held stays what it is."""

from django.utils.translation import gettext

from guichet.certificates.contents import FavourableOutcome
from guichet.certificates.letters.common import Sheet, day, decided, frame, in_charge, letter, text


def compose(content: FavourableOutcome, document_number: str) -> Sheet:
    sheet = letter(gettext("Décision favorable"), content, document_number)
    sheet.blocks = [
        text(
            gettext("Le %(date)s, une décision favorable a été prise sur votre demande numéro %(number)s.")
            % {"date": day(content.decided_on), "number": content.number}
        ),
        frame(gettext("Ce que la décision change"), str(content.outcome)),
        text(
            gettext("Gardez cette lettre : elle prouve la décision. Elle ne remplace pas un titre de séjour."),
            gettext("Une erreur dans cette lettre ? Écrivez au service ci-dessous, en donnant le numéro de la demande."),
        ),
        decided(content),
        *in_charge(content),
    ]
    return sheet
