"""The benchmarks run, in small, and stop when a place is lost or an answer fails. What they measure is nobody's test."""

import re

import pytest
from django.db import connection

from bench import bench_appointments, bench_grid, claiming_sql
from bench.processes import module
from guichet.appointments.models import Booking
from guichet.core.models import Event
from tests.appointments import world


def test_the_action_and_the_site_sell_each_place_once(tmp_path, monkeypatch, capsys):
    """And the week grid is looked at, on the same site."""
    small = {"ROUNDS": 1, "SECONDS": 0.3, "SHOPPERS": 5, "PLACES": 20, "CONNECTIONS": 2}
    for name, value in small.items():
        monkeypatch.setattr(bench_appointments, name, value)
    url = f"sqlite:///{tmp_path}/bench.sqlite3"
    bench_appointments.on("SQLite", url, None, tmp_path)
    told = capsys.readouterr().out
    assert "sale of 20 places: 20 granted, 20 sold, 0 answers failed" in told
    assert "site sale of 20 places: 20 granted, 20 sold, 0 answers failed" in told
    assert {line.split()[1] for line in told.splitlines() if "/s" in line} == {"spread", "hot", "full"}

    for name, value in {"VIEWERS": 20, "ONE_IN": 1, "OFFICES": 2, "CLAIMS_A_MINUTE": 6.0, "CONNECTIONS": 2}.items():
        monkeypatch.setattr(bench_grid, name, value)
    bench_grid.on("SQLite", url, tmp_path)
    told = capsys.readouterr().out
    assert re.search(r"[1-9]\d?% answered 304", told) and "304: p50" in told and "200: p50" in told


def test_a_place_that_is_lost_stops_the_benchmark(monkeypatch):
    """The negative control: one more was granted than is in the database."""

    class Buyers:
        def ask(self, *_said):
            return [{"granted": 960, "failed": 0}]

    monkeypatch.setattr(bench_appointments, "module", lambda *_asked, **_more: {"sold": 959})
    with pytest.raises(SystemExit, match="lost or sold twice"):
        bench_appointments.sales("x", {"type": 1, "sale": [1, 2], "site_sale": [3, 4]}, Buyers(), Buyers(), 0, {})


def test_a_process_that_fails_says_so():
    with pytest.raises(SystemExit, match="failed"):
        module("bench.claiming", "no_such_verb", environment={})


def test_a_statement_is_filled_with_exactly_its_values():
    assert claiming_sql.filled("SELECT %s,\n  %s", ["1", "2"]) == "SELECT 1, 2;\n"
    with pytest.raises(ValueError, match="2 values, not 1"):
        claiming_sql.filled("SELECT %s, %s", ["1"])


@pytest.mark.postgresql
@pytest.mark.django_db
def test_pgbench_sends_the_rows_that_the_action_writes():
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda, capacity=2)
    world.claim(type, slot)
    for full in (True, False):  # a refusal only reads
        written = claiming_sql.script(type.pk, slot.pk, slot.pk, full=full)
        for name, value in {":type": type.pk, ":slot": slot.pk, ":sought": 7}.items():
            written = re.sub(rf"(?<!:){name}\b", str(value), written)
        with connection.cursor() as cursor:
            for statement in [line for line in written.splitlines() if not line.startswith("\\")]:
                cursor.execute(statement)
    by_action, by_pgbench = Booking.objects.order_by("pk")
    differ = {"id", "person_key", "request_key", "session_key", "proof_key", "claimed_at", "held_until"}
    for field in Booking._meta.concrete_fields:
        if field.attname not in differ:
            assert getattr(by_action, field.attname) == getattr(by_pgbench, field.attname), field.attname
    assert all(getattr(by_pgbench, name) for name in differ)
    first, second = Event.objects.filter(kind="place_held").order_by("pk")
    assert (first.data, first.actor_kind, first.visible) == (second.data, second.actor_kind, second.visible)
    assert second.subject_id == str(by_pgbench.pk)
