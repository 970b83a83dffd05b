"""What tests about accounts share: a person of the simulated registry, mails and the links they hold."""

import re

from django.contrib.auth.hashers import make_password

from guichet.accounts import actions
from guichet.accounts.models import Account, Person, Representation
from guichet.core.dates import PartialDate
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from guichet.registries.visabio.simulator import read_visas

NUMBER = "5908002010"  # DIALLO Amadou
SINGLE = "5903007194"  # MADHAVAN, born 2007
MARIAM = "9908001001"
CHINEDU = "7503134955"  # OKAFOR, student, holds the permit A1B2C3D4E
KIM = "FRA2600012345"  # the visa of KIM Seo-yeon
LUCAS = "FRA2600067890"  # the visa of PEREIRA Lucas
PASSWORD = "Trois-chats-gris-7"
ADDRESS = "192.0.2.10"
EMAIL = "amadou@exemple.fr"

LINK = re.compile(r"^https?://[^/\s]+(/\S+)$", re.MULTILINE)


def record(number=NUMBER):
    return registries.find_person(number)


def ask(number=NUMBER, *, email=EMAIL, address=ADDRESS, **changes):
    """Asks for an account with the registry's own data, but ``changes``."""
    known = record(number)
    data = {
        "foreigner_number": number,
        "last_name": known.birth_name,
        "first_names": known.first_names,
        "birth_date": known.birth_date,
        "email": email,
        "language": "fr",
        "capacity": "self",
        "address": address,
        **changes,
    }
    return actions.request_account_by_number(**data)


def a_permit(number=CHINEDU):
    """``(foreigner number, permit)`` of somebody who holds one."""
    return number, record(number).permits[0]


def ask_by_permit(*, email=EMAIL, address=ADDRESS, **changes):
    """Asks for an account with a permit as the registry holds it, but ``changes``."""
    _, permit = a_permit()
    data = {
        "permit_number": permit.number,
        "valid_from": permit.valid_from,
        "valid_until": permit.valid_until,
        "email": email,
        "language": "fr",
        "capacity": "self",
        "address": address,
        **changes,
    }
    return actions.request_account_by_permit(**data)


def visa_of(number=KIM):
    """A visa as the simulated registry holds it."""
    return read_visas()[number]


def ask_by_visa(number=KIM, *, email=EMAIL, address=ADDRESS, **changes):
    """Asks for the link of a visa as the registry holds it, but ``changes``."""
    visa = visa_of(number)
    data = {
        "number": number,
        "valid_from": visa.valid_from,
        "valid_until": visa.valid_until,
        "email": email,
        "language": "fr",
        "address": address,
        **changes,
    }
    return actions.request_access_by_visa(**data)


def visa_token(email=EMAIL):
    return token_in(mails("visa_access", email)[-1], "/compte/visa/lien/")


def open_by_visa(number=KIM, *, email=EMAIL, **changes):
    """An access opened by the whole way: request, mail, link."""
    ask_by_visa(number, email=email, **changes)
    return actions.open_visa_access(visa_token(email))


def mails(template=None, address=None):
    found = OutboxMessage.objects.order_by("created_at", "id")
    if template:
        found = found.filter(template=template)
    return list(found.filter(address=address) if address else found)


def path_in(mail, under):
    """The path of the link of a mail that stands under a path of the site, alone on its line."""
    return next(path for path in LINK.findall(mail.body) if path.startswith(under) and path != under)


def token_in(mail, under="/compte/"):
    return path_in(mail, under).rstrip("/").rsplit("/", 1)[-1]


def activation_token(email=EMAIL):
    return token_in(mails("account_activation", email)[-1], "/compte/activer/")


def open_account(number=NUMBER, *, email=EMAIL, password=PASSWORD):
    """An account opened by the whole way: request, mail, activation."""
    ask(number, email=email)
    return actions.activate(activation_token(email), password)


def make_account(identifier=NUMBER, *, email=EMAIL, password=PASSWORD, kind="applicant", name="Amadou DIALLO"):
    """An account made at once, with its person."""
    account = Account.objects.create(
        identifier=identifier, email=email, password=make_password(password), kind=kind, display_name=name
    )
    if kind == "applicant":
        person = Person.objects.create(
            foreigner_number=None if "@" in identifier else identifier, birth_name="DIALLO", first_names="Amadou"
        )
        Representation.objects.create(account=account, person=person)
    return account


def birth(text):
    return PartialDate.parse(text)
