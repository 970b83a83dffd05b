"""The antivirus: a real socket speaking clamd's protocol; silence or errors never count as «clean»."""

import socket
import socketserver
import struct
import threading

import pytest

from guichet.files.models import StoredFile
from tests.files import corpus


class Clamd(socketserver.StreamRequestHandler):
    """Reads one INSTREAM exchange as clamd does and finds a virus where ``VIRUS`` is written."""

    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        received = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            received += self.rfile.read(size)
        self.server.received.append(received)
        if self.server.answer is not None:
            self.wfile.write(self.server.answer)
        elif b"VIRUS" in received:
            self.wfile.write(b"stream: Test.Virus FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, settings, tmp_path):
    if request.param == "unix":
        server = UnixServer(str(tmp_path / "clamd.sock"), Clamd)
        settings.CLAMAV_SOCKET = f"unix:{tmp_path / 'clamd.sock'}"
    else:
        server = TcpServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV_SOCKET = f"tcp://127.0.0.1:{server.server_address[1]}"
    server.received, server.answer = [], None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_file_as_sent_goes_through_the_antivirus(clamd, send):
    sent = corpus.encoded("BMP", corpus.picture(900, 700))
    assert len(sent) > 1_000_000, "more than one chunk"
    assert send(sent).scan == StoredFile.Scan.CLEAN
    assert clamd.received == [sent]


def test_what_the_antivirus_finds_is_refused(clamd, refused):
    assert refused(corpus.encoded("JPEG") + b"VIRUS").code == "infected"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: who knows\0"])
def test_an_antivirus_that_does_not_say_clean_takes_nothing(answer, clamd, refused):
    clamd.answer = answer
    assert refused(corpus.encoded("JPEG")).code == "scanner_unavailable"


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.sock", "/nowhere/clamd.sock"])
def test_an_antivirus_that_is_down_takes_nothing(address, refused, settings):
    settings.CLAMAV_SOCKET = address
    assert refused(corpus.encoded("JPEG")).code == "scanner_unavailable"


def test_an_antivirus_whose_port_is_closed_takes_nothing(refused, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.CLAMAV_SOCKET = f"127.0.0.1:{probe.getsockname()[1]}"
    assert refused(corpus.encoded("JPEG")).code == "scanner_unavailable"


def test_a_silent_antivirus_takes_nothing(refused, settings, monkeypatch):
    monkeypatch.setattr("guichet.files.scanner.SECONDS", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings.CLAMAV_SOCKET = f"127.0.0.1:{deaf.getsockname()[1]}"
        assert refused(corpus.encoded("JPEG")).code == "scanner_unavailable"


def test_without_an_antivirus_the_file_says_that_nobody_looked(send, settings):
    settings.CLAMAV_SOCKET = ""
    assert send(corpus.encoded("JPEG")).scan == StoredFile.Scan.NOT_SCANNED
