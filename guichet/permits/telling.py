"""Telling people what their certificates become: everyone who acts for the person, whoever filed. In the act's transaction."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from guichet.accounts.models import Account
from guichet.accounts.queries import accounts_for
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.messaging import actions as messaging
from guichet.messaging.actions import Attachment
from guichet.permits import rules
from guichet.permits.models import Prolongation, ProlongationCertificate
from guichet.permits.names import name_on
from guichet.support.actions import open_ticket


def tell_issued(row: Prolongation, certificate: ProlongationCertificate, document: OfficialDocument) -> None:
    """A mail that bears the certificate, and a notification."""
    _mail(
        row,
        f"prolongation:{row.pk}:{certificate.rank}",
        "prolongation_issued",
        {"first_day": certificate.starts_on, "last_day": certificate.ends_on},
        [Attachment(name=f"{document.number}.pdf", key=document.key)],
    )
    _notify(row, f"prolongation:{row.pk}:{certificate.rank}", "prolongation_issued")


def tell_near_end(row: Prolongation) -> None:
    """A paper from elsewhere nears its end: what to do to have the next one."""
    assert row.covers_from
    intent = f"prolongation_ends:{row.pk}:{row.covers_from}"
    _mail(row, intent, "prolongation_ends", {"last_day": row.covers_from - rules.ONE_DAY})
    _notify(row, intent, "prolongation_ends")


def tell_stopped(row: Prolongation, stopped: Sequence[ProlongationCertificate]) -> None:
    """The mail only says to sign in: why it was stopped is read there."""
    ranks = "-".join(str(each.rank) for each in stopped)
    _notify(row, f"prolongation_stopped:{row.pk}:{ranks}", "prolongation_stopped", mail=True)


def tell_office(row: Prolongation, certificate: ProlongationCertificate) -> None:
    """What the person held was over before the next one was issued: somebody should look whether they lost a right.

    One ticket a day for one application, in the name of nobody: the person did not write it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        message = gettext(
            "La preuve de séjour de cette personne a pris fin le %(date)s, et la suite n'a été établie que le %(today)s. Elle"
            " commence au jour suivant : aucun jour ne manque. Vérifiez que la personne n'a perdu ni travail ni droits."
        ) % {
            "date": day_in_words(certificate.starts_on - rules.ONE_DAY),
            "today": day_in_words(clock.today()),
        }
    open_ticket(
        kind="contact",
        email=row.account.email,
        message=message,
        language=row.account.language,
        name=row.account.display_name,
        topic="filed",
        context={"application": row.data.get("number", "")},
        office=row.office,
        intent=f"prolongation-late:{row.pk}:{clock.today()}",
        acknowledge=False,
    )


def _who(row: Prolongation) -> list[Account]:
    """Who acts for the person today; who filed, when nobody does."""
    return accounts_for(row.person) or [row.account]


def _mail(row: Prolongation, intent: str, template: str, days: dict[str, date], attachments: Sequence[Attachment] = ()) -> None:
    """One mail to each address."""
    written: set[str] = set()
    for account in _who(row):
        address = account.email.lower()
        if not address or address in written:
            continue
        written.add(address)
        with translation.override(account.language):
            said = {name: day_in_words(day) for name, day in days.items()}
            paper = str(name_on(clock.today()))
        messaging.send_mail(
            intent=f"{intent}:{account.pk}",
            address=account.email,
            language=account.language,
            account=account,
            template=template,
            context={"name": account.display_name, "paper": paper, "support_phone": settings.SUPPORT_PHONE, **said},
            attachments=attachments,
        )


def _notify(row: Prolongation, intent: str, what: str, *, mail: bool = False) -> None:
    messaging.notify_each(
        intent=intent,
        accounts=_who(row),
        kind="information",
        subject=(row.source_kind, row.source_id),
        data={"number": row.data.get("number", ""), "what": what},
        mail=mail,
    )
