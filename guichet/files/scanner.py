"""The antivirus. A test signature is known even without one; with ``CLAMAV_SOCKET`` every file goes through clamd.

No antivirus never means «clean»: the stored file says ``not_scanned``. An antivirus that does not answer means that the file
is not taken for the moment.
"""

import socket
import struct

import structlog
from django.conf import settings

from guichet.files.refusals import FileRefused

log = structlog.get_logger("guichet.files")
SECONDS = 20.0
CHUNK = 64 * 1024
# The industry's harmless test file, written in two halves so that no antivirus takes this source for it.
TEST_SIGNATURE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def scan(content: bytes) -> str:
    """``clean`` or ``not_scanned``; ``FileRefused`` when something is found or the antivirus does not answer."""
    if TEST_SIGNATURE in content:
        raise FileRefused("infected")
    if not settings.CLAMAV_SOCKET:
        return "not_scanned"
    try:
        answer = _instream(settings.CLAMAV_SOCKET, content)
    except OSError as error:
        log.error("antivirus unreachable", error=type(error).__name__)
        raise FileRefused("scanner_unavailable") from error
    if answer.endswith(" OK"):
        return "clean"
    if answer.endswith(" FOUND"):
        log.warning("antivirus found something")
        raise FileRefused("infected")
    log.error("antivirus answered an error", answer=answer[:80])
    raise FileRefused("scanner_unavailable")


def _instream(address: str, content: bytes) -> str:
    """One ``INSTREAM`` exchange of clamd's protocol: chunks preceded by their length, an empty one ends."""
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), CHUNK):
            chunk = content[at : at + CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            piece = line.recv(1024)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected(address: str) -> socket.socket:
    """``/run/clamd.sock``, ``unix:/run/clamd.sock``, ``host:3310`` or ``tcp://host:3310``."""
    place = address.removeprefix("unix://").removeprefix("unix:")
    if place.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(place)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]") or "localhost", int(port)), timeout=SECONDS)
