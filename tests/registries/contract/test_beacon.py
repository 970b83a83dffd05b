"""What the public source of randomness promises, by its simulator and over HTTP alike."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from guichet.core import clock
from guichet.registries.beacon.port import CHAIN, moment_of, public_address, round_at
from guichet.registries.errors import RegistryUnavailable


@pytest.fixture
def beacon(registry):
    return registry("beacon")


def test_a_round_has_one_value_and_another_round_another(beacon):
    value = beacon.value_of(1_000_000)
    assert len(value) == 64 and set(value) <= set("0123456789abcdef")
    assert beacon.value_of(1_000_000) == value != beacon.value_of(1_000_001)


def test_a_round_to_come_has_no_value_yet(beacon):
    with pytest.raises(RegistryUnavailable):
        beacon.value_of(round_at(clock.now() + timedelta(hours=1)))


def test_the_source_says_whether_it_answers(beacon):
    assert beacon.reachable()


def test_a_moment_gives_the_first_round_that_does_not_come_before_it():
    # A round of the default chain whose moment is known publicly.
    known = datetime(2026, 7, 23, 0, 31, tzinfo=UTC)
    assert moment_of(6_311_188) == known
    assert round_at(known) == 6_311_188
    assert round_at(known + timedelta(seconds=1)) == round_at(known + timedelta(seconds=30)) == 6_311_189
    assert round_at(datetime(2000, 1, 1, tzinfo=UTC)) == 1
    for seconds in range(0, 200, 7):
        moment = known + timedelta(seconds=seconds)
        assert moment <= moment_of(round_at(moment)) < moment + timedelta(seconds=30)


def test_what_is_not_the_hash_of_its_signature_or_another_round_is_no_value(server, over_http):
    signature = b"some signature"
    right = {"round": 5, "randomness": hashlib.sha256(signature).hexdigest(), "signature": signature.hex()}
    server.break_with("answer", right)
    assert over_http("beacon").value_of(5) == right["randomness"]
    for wrong in ({**right, "randomness": "0" * 64}, {**right, "round": 6}, {**right, "signature": "zz"}):
        server.break_with("answer", wrong)
        with pytest.raises(RegistryUnavailable) as failure:
            over_http("beacon").value_of(5)
        assert failure.value.reason == "malformed"


def test_the_chain_is_part_of_every_question(server, over_http):
    over_http("beacon").value_of(7)
    over_http("beacon").reachable()
    assert all(f"/{CHAIN}/" in path for _verb, path in server.requests)
    server.break_with("answer", {"hash": "another chain"})
    assert not over_http("beacon").reachable()
    assert public_address(7).endswith(f"/{CHAIN}/public/7")
