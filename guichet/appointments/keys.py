"""Who is who, without keeping who: keyed hashes. The same identity gives the same key, and a key gives nothing back.

Keyed with the site's secret: a copy of the database cannot be searched for a name. Changing ``SECRET_KEY`` makes everybody
somebody else; bookings made before it are then no obstacle to a second one.
"""

import hmac
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from guichet.accounts.models import Person
from guichet.core.dates import PartialDate
from guichet.core.identifiers import comparable


def _hashed(salt: str, value: str) -> str:
    """As ``django.utils.crypto.salted_hmac`` with SHA-256."""
    return hmac.digest(_key(f"guichet.appointments.{salt}", settings.SECRET_KEY), value.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _key(salt: str, secret: str) -> bytes:
    return sha256(salt.encode() + secret.encode()).digest()


def of_number(kind: str, value: str) -> str:
    """The key of somebody whom a number or a code of their own tells: ``kind`` is ``foreigner_number``, ``ine``,
    ``access_code`` or ``person`` (a person of this site)."""
    return _hashed("person", f"{kind}:{comparable(value)}")


def of_names(first_names: str, last_name: str, birth_name: str, birth_date: PartialDate, homonym: int = 0) -> str:
    """The key of somebody known by names and birth date only, as compared: case, accents and spaces are forgiven, names
    written in the other order too. ``homonym`` tells apart two people whom an officer saw to be two (1, 2, …)."""
    names = sorted((comparable(birth_name or last_name), comparable(first_names)))
    return _hashed("person", f"names:{'|'.join(names)}:{birth_date}:{homonym}")


def of_person(person: Person) -> str:
    """The key of a person of this site: the foreigner number, where there is one, as at a counter."""
    return of_number("foreigner_number", person.foreigner_number) if person.foreigner_number else _of_own_id(person)


def all_of_person(person: Person) -> frozenset[str]:
    """Every key that may have been a person's: the one they had before the registry gave them a number too."""
    return frozenset({of_person(person), _of_own_id(person)})


def _of_own_id(person: Person) -> str:
    return of_number("person", str(person.pk))


def of_session(session_key: str) -> str:
    """What a hold keeps of the browser that made it."""
    return _hashed("session", session_key) if session_key else ""


def of_proof(proof: str) -> str:
    """What a hold keeps of the bot check that was passed."""
    return _hashed("proof", proof) if proof else ""


def token_of(booking_id: int, request_key: object, addresses: int = 0) -> str:
    """The raw token of a booking's link. Made again for each mail, never stored: what is stored is its hash.

    ``addresses``: how often the e-mail address was corrected. Each new address has a link of its own; earlier ones are dead.
    """
    return _hashed("link", f"{booking_id}:{request_key}" + (f":{addresses}" if addresses else ""))[:43]


def token_of_invitation(invitation_id: int) -> str:
    """The raw token of the link of an invitation, made again for each mail, like that of a booking."""
    return _hashed("invitation-link", str(invitation_id))[:43]


def token_of_entry(key: object) -> str:
    """The raw token of the link of an entry of the waiting list, made again for each mail, like that of a booking."""
    return _hashed("waiting-link", str(key))[:43]


def token_of_registration(request_key: object) -> str:
    """The raw token of the link of a registration in a draw, made again for each mail, like that of a booking."""
    return _hashed("draw-link", str(request_key))[:43]


def of_address(email: str) -> str:
    """What is kept of an address where only sameness matters."""
    return _hashed("address", email.strip().lower()) if email else ""
