"""How an officer resolves a blocked account: the link, the new address, the convocation. Called through ``actions``.

Each is a recorded act with its mail. Before sending a link or changing an address, the officer reads the registry beside what
was claimed: an act too, since it shows data about somebody.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.accounts import actions as accounts
from guichet.accounts.models import Account, Officer, Representation
from guichet.core import clock, events
from guichet.core.dates import day_in_words
from guichet.messaging.actions import send_mail
from guichet.offices.models import Office
from guichet.registries import queries as registries
from guichet.support.answering import actor, held, resolving, subject_of
from guichet.support.comparing import Comparison, compare, number_of_permit_claimed
from guichet.support.errors import Invalid
from guichet.support.models import Convocation, Ticket
from guichet.support.tickets import greeted

# How an officer knows that the person is who they say. The code is kept in the log.
CHECKS: dict[str, Promise] = {
    "desk": _("La personne s'est présentée au guichet avec une pièce d'identité"),
    "papers": _("Les papiers envoyés ont été comparés au dossier de la préfecture"),
    "call": _("La personne, rappelée au numéro du dossier, a répondu aux questions de contrôle"),
}
FURTHEST = timedelta(days=366)  # a convocation further than a year is a slip of the pen
LONGEST_LIST = 2000


def read_registry(ticket: Ticket, *, by: Officer, identifier: str = "") -> Comparison:
    """What AGDREF says of a number (or this site of an account's e-mail) beside what was claimed, and who holds it.

    Without ``identifier``: the foreigner number that FNE gives for the permit claimed. Recorded, since it shows data about
    somebody. Raises ``registries.errors.RegistryUnavailable``.
    """
    with transaction.atomic():
        locked = held(ticket, by, "read_registry")
        events.record("ticket_registry_read", subject_of(locked), actor(by))
    return compare(locked, identifier or number_of_permit_claimed(locked))


def send_link(ticket: Ticket, *, by: Officer, foreigner_number: str, checked: str) -> Ticket:
    """Mails the activation link of a foreigner number, valid 7 days, to the address of the ticket.

    Raises ``accounts.errors.NumberRefused``, ``registries.errors.RegistryUnavailable``, ``Invalid``, ``AlreadyAnswered``,
    ``NotAllowed``.
    """
    _check(checked)
    known = registries.find_person(foreigner_number)  # before the transaction: it may be slow
    with resolving(ticket, by, "send_link", Ticket.Resolution.ACTIVATION_LINK, "ticket_link_sent", checked=checked) as locked:
        accounts.send_activation_by_officer(
            foreigner_number, locked.email, locked.language, actor(by), capacity=_capacity(locked), known=known
        )
    return locked


def change_address(ticket: Ticket, *, by: Officer, account: Account, checked: str) -> Ticket:
    """Gives an account to the address of the ticket: recovery without the former e-mail. The former address is told.

    Raises ``accounts.actions.EmailNotChanged``, ``Invalid``, ``AlreadyAnswered``, ``NotAllowed``.
    """
    _check(checked)
    with resolving(
        ticket, by, "change_address", Ticket.Resolution.NEW_ADDRESS, "ticket_address_changed", checked=checked
    ) as locked:
        accounts.change_email_by_officer(account, locked.email, actor(by), checked=checked)
        locked.account = locked.account or account
        locked.save(update_fields=["account"])
    return locked


def convoke(ticket: Ticket, *, by: Officer, office: Office, purpose: str, at: datetime, bring: str) -> Convocation:
    """Convokes the person to a desk: why, where, when, with what. ``at`` is an instant to come. One mail says it all."""
    bring = bring.strip()
    if purpose not in Convocation.Purpose.values:
        raise Invalid(_("Choisissez pourquoi la personne est attendue."), "purpose")
    if not bring:
        raise Invalid(_("Dites ce que la personne doit apporter."), "bring")
    if len(bring) > LONGEST_LIST:
        raise Invalid(_("Ce texte est trop long : 2 000 caractères au plus."), "bring", "too_long")
    if not clock.now() < at < clock.now() + FURTHEST:
        raise Invalid(_("Choisissez un jour et une heure à venir, dans l'année."), "day", "not_to_come")
    with resolving(
        ticket, by, "convoke", Ticket.Resolution.CONVOCATION, "ticket_convoked", purpose=purpose, at=at.isoformat()
    ) as locked:
        made = Convocation.objects.create(
            ticket=locked, office=office, purpose=purpose, at=at, bring=bring, made_by=by.account, made_at=clock.now()
        )
        there = made.at.astimezone(ZoneInfo(office.time_zone))
        with translation.override(locked.language):
            day = f"{date_format(there, 'l')} {day_in_words(there.date())}"
        send_mail(
            intent=f"ticket_convoked:{made.pk}",
            address=locked.email,
            language=locked.language,
            template="ticket_convoked",
            context={
                "name": greeted(locked),
                "number": locked.number,
                "purpose": made.purpose,
                "day": day,
                "time": there.strftime("%H:%M"),
                "office": office.name,
                "city": office.city,
                "bring": made.bring.splitlines(),
            },
            account=locked.account,
        )
    return made


def at_the_desk(office: Office, day: date, hour: time) -> datetime:
    """The instant of an hour on the clock of an office."""
    return datetime.combine(day, hour, ZoneInfo(office.time_zone))


def _check(checked: str) -> None:
    if checked not in CHECKS:
        raise Invalid(_("Dites comment l'identité de la personne a été vérifiée."), "checked")


def _capacity(ticket: Ticket) -> str:
    """In what capacity the account was asked for: «self» unless the person said otherwise."""
    said = str(ticket.context.get("claimed", {}).get("capacity", ""))
    return said if said in Representation.Capacity.values else Representation.Capacity.SELF.value
