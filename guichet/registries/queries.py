"""The door of the registries: one question each, answered by the real one or by its simulator, as the settings say.

Nothing here falls back: a registry that is down is ``RegistryUnavailable``, never a simulated answer.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from guichet.core.identifiers import digits
from guichet.registries.addresses.http import HttpAddresses
from guichet.registries.addresses.port import Addresses, AddressSuggestion
from guichet.registries.addresses.simulator import SimulatedAddresses
from guichet.registries.agdref.http import HttpAgdref
from guichet.registries.agdref.port import Agdref, ForeignerRecord
from guichet.registries.agdref.simulator import SimulatedAgdref
from guichet.registries.beacon.http import HttpBeacon
from guichet.registries.beacon.port import Beacon
from guichet.registries.beacon.simulator import SimulatedBeacon
from guichet.registries.ephoto.http import HttpEPhotos
from guichet.registries.ephoto.port import EPhoto, EPhotos
from guichet.registries.ephoto.simulator import SimulatedEPhotos
from guichet.registries.errors import RegistryName
from guichet.registries.fne.http import HttpFne
from guichet.registries.fne.port import Fne
from guichet.registries.fne.simulator import SimulatedFne
from guichet.registries.ine.http import HttpIne
from guichet.registries.ine.port import Ine, StudentRecord
from guichet.registries.ine.simulator import SimulatedIne
from guichet.registries.numbers import is_ine, plain
from guichet.registries.transport import Transport
from guichet.registries.visabio.http import HttpVisabio
from guichet.registries.visabio.port import Visabio, VisaRecord
from guichet.registries.visabio.simulator import SimulatedVisabio

SIMULATOR = "simulator"
NAMES: tuple[RegistryName, ...] = get_args(RegistryName)
MOST_SUGGESTIONS = 20

Nature = Literal["real", "simulated"]
Door = Agdref | Fne | Visabio | Ine | EPhotos | Addresses | Beacon


@dataclass(frozen=True)
class RegistryState:
    """What the state page shows: which registry, whether it is the real one, whether it answers now."""

    name: RegistryName
    nature: Nature
    reachable: bool


def find_person(foreigner_number: str) -> ForeignerRecord | None:
    """The civil status and permits held under a foreigner number (spaces and dashes forgiven); ``None`` when unknown.

    ``RegistryUnavailable`` when the registry cannot tell.
    """
    number = digits(foreigner_number)
    return _agdref().find_person(number) if number else None


def find_permit(number: str, valid_from: date, valid_until: date) -> ForeignerRecord | None:
    """The holder of the permit that bears this number, first and last day (spaces, dashes and case forgiven).

    ``None`` when no permit bears all three. ``RegistryUnavailable`` when the registry cannot tell.
    """
    comparable = plain(number)
    return _fne().find_permit(comparable, valid_from, valid_until) if comparable and valid_from <= valid_until else None


def find_visa(number: str, valid_from: date, valid_until: date) -> VisaRecord | None:
    """The visa that bears this number, first and last day (spaces, dashes and case forgiven), and its holder.

    ``None`` when no visa bears all three. ``RegistryUnavailable`` when the registry cannot tell.
    """
    comparable = plain(number)
    return _visabio().find_visa(comparable, valid_from, valid_until) if comparable and valid_from <= valid_until else None


def looks_like_ine(typed: str) -> bool:
    """Whether what was typed has the shape of a student's number (spaces, dashes and case forgiven). Asks nobody."""
    return is_ine(plain(typed))


def find_student(ine: str) -> StudentRecord | None:
    """The student of an INE (spaces, dashes and case forgiven); ``None`` when it is nobody's or has not the shape of one.

    ``RegistryUnavailable`` when the registry cannot tell.
    """
    comparable = plain(ine)
    return _ine().find_student(comparable) if is_ine(comparable) else None


def look_up_ephoto(number: str) -> EPhoto | None:
    """The photo and the signature held under an e-photo number (spaces and case forgiven); ``None`` when unknown.

    ``RegistryUnavailable`` when the registry cannot tell.
    """
    comparable = plain(number)
    return _ephotos().look_up(comparable) if comparable else None


def suggest_addresses(text: str, limit: int = 5) -> list[AddressSuggestion]:
    """Addresses that begin like what was typed, likeliest first. ``RegistryUnavailable`` when the base cannot be asked."""
    return _addresses().suggest(text, max(1, min(limit, MOST_SUGGESTIONS)))


def random_value(round_number: int) -> str:
    """The value of a round of the public source of randomness: 64 hexadecimal digits in small letters.

    ``RegistryUnavailable`` when it cannot be read, or is not given yet.
    """
    return _beacon().value_of(round_number)


def states() -> list[RegistryState]:
    """Each registry: real or simulated, reachable now. All are asked together: one time-out at most when they are down."""
    doors: tuple[Door, ...] = (
        _agdref(),
        _fne(),
        _visabio(),
        _ine(),
        _ephotos(),
        _addresses(),
        _beacon(),
    )  # in the order of NAMES
    with ThreadPoolExecutor(max_workers=len(doors)) as together:
        answers = list(together.map(lambda door: door.reachable(), doors))
    return [RegistryState(name, nature(name), reachable) for name, reachable in zip(NAMES, answers, strict=True)]


def nature(name: RegistryName) -> Nature:
    """Whether a registry is the real one; asks nobody."""
    return "simulated" if settings.REGISTRIES[name]["url"] == SIMULATOR else "real"


def _agdref() -> Agdref:
    return SimulatedAgdref() if _simulated("agdref") else HttpAgdref(_transport_to("agdref"))


def _fne() -> Fne:
    return SimulatedFne() if _simulated("fne") else HttpFne(_transport_to("fne"))


def _visabio() -> Visabio:
    return SimulatedVisabio() if _simulated("visabio") else HttpVisabio(_transport_to("visabio"))


def _ine() -> Ine:
    return SimulatedIne() if _simulated("ine") else HttpIne(_transport_to("ine"))


def _ephotos() -> EPhotos:
    return SimulatedEPhotos() if _simulated("ephoto") else HttpEPhotos(_transport_to("ephoto"))


def _addresses() -> Addresses:
    return SimulatedAddresses() if _simulated("addresses") else HttpAddresses(_transport_to("addresses"))


def _beacon() -> Beacon:
    return SimulatedBeacon() if _simulated("beacon") else HttpBeacon(_transport_to("beacon"))


def _simulated(name: RegistryName) -> bool:
    if nature(name) == "real":
        return False
    if not settings.ALLOW_SIMULATED_REGISTRIES:
        raise ImproperlyConfigured(f"{name} is simulated and ALLOW_SIMULATED_REGISTRIES is not set.")
    return True


def _transport_to(name: RegistryName) -> Transport:
    registry = settings.REGISTRIES[name]
    return _transport(name, registry["url"], registry["token"], settings.REGISTRY_TIMEOUT_SECONDS)


@lru_cache(maxsize=16)
def _transport(name: RegistryName, url: str, token: str, timeout: float) -> Transport:
    """One per registry and process: connections are kept open between questions."""
    return Transport(name, url=url, token=token, timeout=timeout)
