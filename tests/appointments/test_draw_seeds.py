"""The seed of a draw: the announced round and no other, or what two officers read at its source."""

from datetime import timedelta

import pytest

from guichet.appointments import actions
from guichet.appointments.draws import running
from guichet.appointments.draws.errors import (
    SeedRefused,
)
from guichet.core.events import Actor
from guichet.core.models import Event
from guichet.registries import queries as registries
from guichet.registries.errors import RegistryUnavailable
from tests.appointments.draw_world import a_draw, after, close, ids, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw():
    return a_draw()


def test_the_seed_is_the_announced_round_and_is_not_asked_for_before_its_time(draw, monkeypatch):
    register(draw, ids(draw)[:1])
    close(draw)
    asked = []
    monkeypatch.setattr(registries, "random_value", lambda number: asked.append(number) or "a" * 64)
    with after(draw.draws_at - timedelta(minutes=5)):
        assert running.read_seeds() == 0 and not asked
    with after(draw.draws_at):
        assert running.read_seeds() == 1
        assert running.read_seeds() == 0
    draw.refresh_from_db()
    assert asked == [draw.beacon["round"]] and (draw.seed, draw.seed_from) == ("a" * 64, "beacon")


def test_a_source_that_does_not_answer_is_asked_again(draw, monkeypatch):
    close(draw)

    def down(number):
        raise RegistryUnavailable("beacon", "timeout")

    with after(draw.draws_at):
        with monkeypatch.context() as patch:
            patch.setattr(registries, "random_value", down)
            assert running.read_seeds() == running.give_due() == 0
        assert running.read_seeds() == 1


def test_a_draw_announced_on_the_real_source_is_never_seeded_by_the_simulated_one(draw):
    close(draw)
    draw.beacon = {**draw.beacon, "source": "drand"}
    draw.save()
    with after(draw.draws_at):
        assert running.read_seeds() == 0
        draw.refresh_from_db()
        assert draw.seed == ""


ONE, TWO, SEED = Actor("officer", "1"), Actor("officer", "2"), "ab" * 32


def test_two_officers_type_the_seed_that_the_site_cannot_read(draw):
    close(draw)
    with pytest.raises(SeedRefused) as refusal:
        actions.type_seed(draw, SEED, by=ONE)  # its time has not come
    assert refusal.value.code == "seed_not_awaited"
    with after(draw.draws_at):
        assert actions.type_seed(draw, f' "{SEED.upper()}" ', by=ONE) is False
        with pytest.raises(SeedRefused) as refusal:
            actions.type_seed(draw, SEED, by=ONE)
        assert refusal.value.code == "seed_same_hand"
        draw.refresh_from_db()
        assert draw.seed == ""
        assert actions.type_seed(draw, SEED, by=TWO) is True
        draw.refresh_from_db()
        assert (draw.seed, draw.seed_from, draw.typed_seed) == (SEED, "officers", "")
        with pytest.raises(SeedRefused):
            actions.type_seed(draw, "cd" * 32, by=TWO)
    typed = Event.objects.filter(kind="draw_seed_typed").order_by("id")
    assert [event.actor_id for event in typed] == ["1", "2"]
    assert Event.objects.get(kind="draw_seed_known").actor_id == "2"


def test_two_officers_who_type_different_seeds_begin_again(draw):
    close(draw)
    with after(draw.draws_at):
        actions.type_seed(draw, SEED, by=ONE)
        with pytest.raises(SeedRefused) as refusal:
            actions.type_seed(draw, "cd" * 32, by=TWO)
        assert refusal.value.code == "seed_differs"
        draw.refresh_from_db()
        assert draw.seed == draw.typed_seed == draw.typed_by == ""
        assert actions.type_seed(draw, SEED, by=TWO) is False and actions.type_seed(draw, SEED, by=ONE) is True
    assert Event.objects.filter(kind="draw_seed_differs").count() == 1


@pytest.mark.parametrize("typed", ["", "ab", "zz" * 32, "ab" * 33, "é" * 64, "٠" * 64])
def test_what_is_no_seed_is_not_taken(draw, typed):
    close(draw)
    with after(draw.draws_at), pytest.raises(SeedRefused) as refusal:
        actions.type_seed(draw, typed, by=ONE)
    assert refusal.value.code == "seed_shape"
