"""What an officer does for somebody whom no door lets in, once their identity was checked. Called through ``actions``."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.accounts import links
from guichet.accounts.claims import normalise_email, owner_of
from guichet.accounts.errors import NumberRefused
from guichet.accounts.frozen import FrozenIdentity
from guichet.accounts.models import Account, LinkToken, Representation
from guichet.accounts.opening import MOST_DIGITS, payload_of
from guichet.core import events
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import digits
from guichet.messaging import actions as messaging
from guichet.registries import queries as registries
from guichet.registries.agdref.port import ForeignerRecord

# The person is not at the screen when an officer answers, perhaps before a week-end.
ACTIVATION_LASTS = timedelta(days=7)
MARK = 40  # characters of a link's hash that name it in the log: no account exists yet
RESET_LASTS = timedelta(hours=72)


class EmailNotChanged(ActionRefused):
    """The e-mail of an account that cannot become this one. ``code``: ``same``, ``taken`` or ``not_theirs``."""

    MESSAGES: dict[str, Promise] = {
        "same": _("Ce compte a déjà cette adresse électronique : il n'y a rien à changer."),
        "taken": _("Cette adresse est déjà l'identifiant d'un autre compte. Demandez une autre adresse à la personne."),
        "not_theirs": _("Ce compte n'est pas celui d'un usager, ou il est fermé : son adresse ne se change pas ici."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.MESSAGES[code], code)


def send_activation_by_officer(
    foreigner_number: str,
    email: str,
    language: str,
    by: events.Actor,
    *,
    capacity: str = Representation.Capacity.SELF,
    known: ForeignerRecord | None = None,
) -> None:
    """Mails the activation link of a foreigner number, valid 7 days, to an address that an officer answers for.

    The identity is frozen as AGDREF gives it; ``known`` when the caller has just asked, so that no transaction of its own
    waits for the registry. Raises ``NumberRefused`` (``unknown``, ``taken``) and
    ``registries.errors.RegistryUnavailable``.
    """
    number = digits(foreigner_number)
    if known is None and 0 < len(number) <= MOST_DIGITS:
        known = registries.find_person(number)
    if known is None or known.foreigner_number != number:
        raise NumberRefused("unknown")
    with transaction.atomic():
        if owner_of(number) is not None:
            raise NumberRefused("taken")
        payload = payload_of("number", email, language, capacity, FrozenIdentity.of_number(known, number))
        raw, token = links.issue(LinkToken.Purpose.ACTIVATE, identifier=number, payload=payload, lasts=ACTIVATION_LASTS)
        about = events.Subject("link", token.hashed[:MARK])
        events.record("activation_sent", about, by, capacity=str(capacity))
        messaging.send_mail(
            intent=f"activation-by-officer:{token.hashed}",
            address=payload["email"],
            language=language,
            template="activation_by_officer",
            context={"token": raw, "days": ACTIVATION_LASTS.days},
        )


def change_email_by_officer(account: Account, email: str, by: events.Actor, *, checked: str) -> Account:
    """Gives an account to a new address, for somebody who lost the former one and whose identity was checked.

    ``checked`` is the code of how it was checked, kept in the log. The former password, sessions and mailed links end here,
    since nobody knows who holds the former mailbox; both addresses are told. Raises ``EmailNotChanged``.
    """
    email = normalise_email(email)
    try:
        with transaction.atomic():
            row = Account.objects.select_for_update().get(pk=account.pk)
            if row.kind != Account.Kind.APPLICANT or not row.is_active:
                raise EmailNotChanged("not_theirs")
            if row.email == email:
                raise EmailNotChanged("same")
            _move(row, email, by, checked)
    except IntegrityError as taken:
        raise EmailNotChanged("taken") from taken
    return row


def _move(row: Account, email: str, by: events.Actor, checked: str) -> None:
    former = row.email
    if row.identifier == former:
        if Account.objects.filter(identifier=email).exists():
            raise EmailNotChanged("taken")
        row.identifier = email
    row.email = email
    row.set_unusable_password()
    row.temporary_password_until = None
    row.save(update_fields=["email", "identifier", "password", "temporary_password_until"])
    row.open_sessions.all().delete()
    links.void(account=row)
    links.void(identifier__in=(row.identifier, former))
    logged = events.record("email_changed", events.Subject("account", str(row.pk)), by, checked=checked)
    raw = "" if row.is_visa_access else links.issue(LinkToken.Purpose.RESET_PASSWORD, account=row, lasts=RESET_LASTS)[0]
    for template, address, context in (
        ("email_left", former, {"name": row.display_name}),
        (
            "email_given",
            email,
            {"name": row.display_name, "token": raw, "identifier": row.identifier, "days": RESET_LASTS.days},
        ),
    ):
        messaging.send_mail(
            intent=f"{template}:{logged.pk}",
            address=address,
            language=row.language,
            template=template,
            context=context,
            account=row,
        )
