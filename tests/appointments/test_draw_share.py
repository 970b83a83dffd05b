"""What insisting is worth: nothing under a draw, nearly everything under first come, first served.

The model of arrivals is that of the bench; the places of the second half are claimed and drawn by the real engine.
"""

import uuid

import pytest

from bench import arrivals
from guichet.appointments.draws.errors import AlreadyRegistered
from guichet.appointments.errors import Full
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, DrawRegistration
from guichet.core.dates import PartialDate
from tests.appointments.draw_world import a_draw, ids, register, run
from tests.appointments.world import a_slot, a_type, an_empty_agenda, claim, details

CROWD, PLACES, TURNS = 1000, 50, 100


def total(rule):
    """How many of the places of all turns went to those who insist."""
    insisting = arrivals.identities(CROWD)[1]
    return sum(len(rule(CROWD, PLACES, turn) & insisting) for turn in range(TURNS))


def test_under_a_draw_those_who_insist_have_the_share_of_their_identities():
    # 100 draws of 50 places, 1 % of the identities: 50 places expected. Without replacement the variance of one draw is
    # 50 × 1 % × 99 % × (950/999) = 0.471; five standard deviations of the sum are 34.
    expected = TURNS * PLACES * arrivals.SHARE
    assert abs(total(arrivals.drawn) - expected) < 34


def test_under_first_come_first_served_nearly_all_of_them_are_served():
    # 10 identities of 1,000 could have all of their 10 places at each turn: 1,000, twenty times their share.
    assert total(arrivals.first_come) > 0.99 * TURNS * CROWD * arrivals.SHARE


@pytest.mark.django_db
def test_with_real_claims_insisting_wins(monkeypatch):
    monkeypatch.setattr(arrivals, "MORE", 100)  # is enough: each claim is a real one
    count, places = 200, 20
    agenda = an_empty_agenda()
    type, slot = a_type(agenda), a_slot(agenda, capacity=places)
    served = set()
    for who in arrivals.arrivals(count, seed=3):
        if who in served:
            continue  # one identity has one place, also here
        try:
            claim(type, slot, session=who, person_key=who.ljust(64, "0"))
        except Full:
            break
        served.add(who)
    assert Booking.objects.filter(state=State.HELD).count() == places == len(served)
    assert arrivals.identities(count)[1] <= served  # all of those who insist: 10 % of the places for 1 % of the identities


@pytest.mark.django_db
def test_with_real_registrations_insisting_adds_nothing():
    draw = a_draw()
    own = ids(draw)
    names = {who: details(last_name=f"Nom{chr(97 + number // 26)}{chr(97 + number % 26)}", birth_date=PartialDate(1990, 1, 1))
             for number, who in enumerate(arrivals.identities(40)[0])}  # fmt: skip
    insisting = next(iter(names))
    refused = 0
    for who in [*names, *[insisting] * 50]:
        try:
            register(draw, own[:5], names[who], request_key=uuid.uuid4())
        except AlreadyRegistered:
            refused += 1
    assert refused == 50 and DrawRegistration.objects.count() == len(names)
    run(draw)
    assert draw.counts["won"] == 5 and draw.counts["no_place"] == 35
