import pytest

from guichet.registries import queries
from guichet.registries.addresses.http import HttpAddresses
from guichet.registries.addresses.simulator import SimulatedAddresses
from guichet.registries.agdref.http import HttpAgdref
from guichet.registries.agdref.simulator import SimulatedAgdref
from guichet.registries.beacon.http import HttpBeacon
from guichet.registries.beacon.simulator import SimulatedBeacon
from guichet.registries.ephoto.http import HttpEPhotos
from guichet.registries.ephoto.simulator import SimulatedEPhotos
from guichet.registries.fne.http import HttpFne
from guichet.registries.fne.simulator import SimulatedFne
from guichet.registries.ine.http import HttpIne
from guichet.registries.ine.simulator import SimulatedIne
from guichet.registries.transport import Transport
from guichet.registries.visabio.http import HttpVisabio
from guichet.registries.visabio.simulator import SimulatedVisabio
from tests.registries import served

ADAPTERS = {
    "agdref": HttpAgdref,
    "fne": HttpFne,
    "visabio": HttpVisabio,
    "ine": HttpIne,
    "ephoto": HttpEPhotos,
    "addresses": HttpAddresses,
    "beacon": HttpBeacon,
}
SIMULATORS = {
    "agdref": SimulatedAgdref,
    "fne": SimulatedFne,
    "visabio": SimulatedVisabio,
    "ine": SimulatedIne,
    "ephoto": SimulatedEPhotos,
    "addresses": SimulatedAddresses,
    "beacon": SimulatedBeacon,
}


@pytest.fixture
def server(monkeypatch):
    """The simulators behind real HTTP."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served.running() as running:
        yield running
    queries._transport.cache_clear()


@pytest.fixture
def over_http(server):
    """Makes the HTTP adapter of a registry, talking to the server."""
    transports = []

    def make(name, url=None, timeout=served.PATIENCE):
        transport = Transport(name, url=url or server.url, token=served.TOKEN, timeout=timeout)
        transports.append(transport)
        return ADAPTERS[name](transport)

    yield make
    for transport in transports:
        transport.close()


@pytest.fixture(params=["simulator", "http"])
def registry(request, over_http):
    """Makes each implementation in turn: what one promises, the other keeps."""

    def make(name):
        return SIMULATORS[name]() if request.param == "simulator" else over_http(name, timeout=served.TIMEOUT)

    return make
