"""The letter that closes an incomplete application: what was missing, how to have it opened again, how to challenge it."""

from django.utils.translation import gettext

from guichet.certificates.contents import Closing
from guichet.certificates.letters.adverse import adverse_letter, told
from guichet.certificates.letters.common import Sheet, bullets, day, frame, heading, text


def compose(content: Closing, document_number: str) -> Sheet:
    blocks = [
        text(
            told(
                gettext("Le %(date)s, votre demande numéro %(number)s a été close parce qu'elle est restée incomplète."),
                content,
            ),
            *_history(content),
        ),
        *(
            [heading(gettext("Ce qui manquait")), bullets(_piece(str(one.label), str(one.reason)) for one in content.missing)]
            if content.missing
            else []
        ),
        *([heading(gettext("Les raisons de cette décision")), text(*content.reasons.splitlines())] if content.reasons else []),
        frame(
            gettext("Ce que vous pouvez faire"),
            gettext("Jusqu'au %(date)s, vous pouvez demander que cette demande soit rouverte, en apportant ce qui manquait.")
            % {"date": day(content.reopen_until)},
            gettext("À tout moment, vous pouvez déposer une nouvelle demande : cette clôture ne s'y oppose pas."),
        ),
    ]
    return adverse_letter(gettext("Clôture d'une demande incomplète"), content, document_number, blocks)


def _history(content: Closing) -> list[str]:
    told = []
    if content.requested_on:
        told.append(gettext("Des compléments vous ont été demandés le %(date)s.") % {"date": day(content.requested_on)})
    if content.opened_on:
        told.append(gettext("Vous avez ouvert cette demande de compléments le %(date)s.") % {"date": day(content.opened_on)})
    if content.due_on:
        told.append(gettext("Ils étaient attendus au plus tard le %(date)s.") % {"date": day(content.due_on)})
    return [" ".join(told)] if told else []


def _piece(label: str, reason: str) -> str:
    return gettext("%(document)s : %(reason)s") % {"document": label, "reason": reason} if reason else label
