"""The simulators served over real HTTP in the documented format, with faults to order."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guichet.registries.addresses.simulator import SimulatedAddresses
from guichet.registries.agdref.simulator import SimulatedAgdref
from guichet.registries.agdref.wire import PersonWire
from guichet.registries.beacon.port import CHAIN
from guichet.registries.beacon.simulator import SimulatedBeacon, signature_of
from guichet.registries.ephoto.simulator import SimulatedEPhotos
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.fne.simulator import SimulatedFne
from guichet.registries.ine.simulator import SimulatedIne
from guichet.registries.ine.wire import StudentWire
from guichet.registries.visabio.simulator import SimulatedVisabio
from guichet.registries.visabio.wire import VisaWire

TOKEN = "a token of tests"
TIMEOUT = 1.0  # seconds: what clients that are meant to time out wait
PATIENCE = 10.0  # seconds: what the others may wait, on a busy machine
LONGER = 6.0  # seconds: more than the first wait, however busy the machine


@dataclass(frozen=True)
class Fault:
    """What to do instead of answering. ``times`` requests are hit, then the server answers well again."""

    kind: str
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    times: int = 1000


@dataclass
class Served:
    """A running server: its address, the requests it got, the fault to come."""

    url: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    fault: Fault | None = None
    hits: int = 0

    def break_with(self, kind: str, body: bytes | str | dict[str, Any] = b"", **more: Any) -> None:
        if isinstance(body, dict):
            body = json.dumps(body)
        self.fault = Fault(kind, body.encode() if isinstance(body, str) else body, **more)
        self.hits = 0

    def next_fault(self) -> Fault | None:
        if self.fault is None or self.hits >= self.fault.times:
            return None
        self.hits += 1
        return self.fault


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _serve(self, asked: dict[str, Any]) -> None:
        parts = urlsplit(self.path)
        self.served.requests.append((self.command, self.path))
        self.served.authorizations.append(self.headers["Authorization"])
        fault = self.served.next_fault()
        if fault is not None:
            self._fail(fault)
            return
        try:
            answer = self._answer(parts.path, parse_qs(parts.query), asked)
        except RegistryUnavailable as down:  # the simulator's own magic: made real on the wire
            if down.reason == "timeout":
                self._fail(Fault("slow"))
            else:
                self._send(500, b"{}")
        except KeyError:
            self._send(404, b"{}")
        else:
            self._send(200, json.dumps(answer).encode())

    def _answer(self, path: str, query: dict[str, list[str]], asked: dict[str, Any]) -> dict[str, Any]:
        route = (self.command, path)
        if route == ("POST", "/api/persons/lookup"):
            person = SimulatedAgdref().find_person(asked["foreigner_number"])
            return {"person": PersonWire.of(person).model_dump(mode="json") if person else None}
        if route == ("POST", "/api/permits/lookup"):
            holder = SimulatedFne().find_permit(*printed(asked))
            return {"person": PersonWire.of(holder).model_dump(mode="json") if holder else None}
        if route == ("POST", "/api/visas/lookup"):
            visa = SimulatedVisabio().find_visa(*printed(asked))
            return {"visa": VisaWire.of(visa).model_dump(mode="json") if visa else None}
        if route == ("POST", "/api/students/lookup"):
            student = SimulatedIne().find_student(asked["ine"])
            return {"student": StudentWire.of(student).model_dump(mode="json") if student else None}
        if route == ("POST", "/api/photos/lookup"):
            found = SimulatedEPhotos().look_up(asked["number"])
            if found is None:
                return {"photo": None}
            images = {name: base64.b64encode(getattr(found, name)).decode() for name in ("photo", "signature")}
            return {"photo": {"number": found.number, "status": found.status, **images}}
        if route == ("GET", "/api/search"):
            suggestions = SimulatedAddresses().suggest(query["q"][0], int(query["limit"][0]))
            return {"type": "FeatureCollection", "features": [feature(suggestion) for suggestion in suggestions]}
        if route == ("GET", f"/api/{CHAIN}/info"):
            return {"hash": CHAIN, "period": 30, "genesis_time": 1595431050}
        if path.startswith(f"/api/{CHAIN}/public/"):
            number = int(path.rpartition("/")[2])
            value = SimulatedBeacon().value_of(number)
            return {"round": number, "randomness": value, "signature": signature_of(number).hex(), "previous_signature": ""}
        if route == ("GET", "/api/health"):
            return {"status": "ok"}
        raise KeyError(path)

    def _fail(self, fault: Fault) -> None:
        match fault.kind:
            case "answer":
                self._send(fault.status, fault.body, fault.headers)
            case "slow":
                time.sleep(LONGER)
                self.close_connection = True
            case "drip":  # a byte now and then: no single read is slow
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                until = time.monotonic() + LONGER
                while time.monotonic() < until:
                    self.wfile.write(b" ")
                    time.sleep(0.05)
                self.close_connection = True
            case "cut":  # half a body, then nothing
                self.send_response(200)
                self.send_header("Content-Length", str(len(fault.body)))
                self.end_headers()
                self.wfile.write(fault.body[: len(fault.body) // 2])
                self.close_connection = True
            case "hang up":
                self.close_connection = True
            case other:
                raise AssertionError(other)

    def _send(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):  # the client gave up, as it should
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def printed(asked: dict[str, Any]) -> tuple[str, date, date]:
    """What a permit or a visa bears, read as the documentation says that it is asked."""
    return asked["number"], date.fromisoformat(asked["valid_from"]), date.fromisoformat(asked["valid_until"])


def feature(suggestion: Any) -> dict[str, Any]:
    """As the national address base writes it."""
    line = f"{suggestion.house_number} {suggestion.street}".strip()
    properties = {
        "label": suggestion.label,
        "score": 0.97,
        "type": "housenumber" if suggestion.house_number else "street",
        "name": line,
        "postcode": suggestion.postal_code,
        "citycode": suggestion.insee_code,
        "city": suggestion.city,
        "context": "",
        "importance": 0.7,
    }
    if suggestion.house_number:
        properties |= {"housenumber": suggestion.house_number, "street": suggestion.street}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.06, 50.63]}, "properties": properties}


@contextmanager
def running() -> Iterator[Served]:
    served = Served()
    handler = type("BoundHandler", (Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.url = f"http://127.0.0.1:{server.server_address[1]}/api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
