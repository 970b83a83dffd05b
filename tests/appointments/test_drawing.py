"""The rule of draws by itself: an order that nobody chooses, files that say everything, a script that anybody can run."""

import hashlib
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.appointments.draws import drawing

SEED = hashlib.sha256(b"a seed").hexdigest()
STARTS = "2026-12-07T08:00:00Z"


def code(number):
    drawn = random.Random(number).choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=12)
    return "".join(drawn[:4]) + "-" + "".join(drawn[4:8]) + "-" + "".join(drawn[8:])


def a_list(people, places=None, facts=None):
    places = places or {1: 1, 2: 1, 3: 2}
    slots = [(slot, STARTS, count) for slot, count in places.items()]
    return drawing.write_list(facts or {"draw": "2026-12-01"}, slots, people)


def drawn(text, seed=SEED, **more):
    published = drawing.read_list(text)
    results = drawing.draw(published, seed, **more)
    return results, drawing.write_outcome({}, drawing.sha256(text), seed, results)


PEOPLE = [(code(number), [1, 2, 3][number % 3 :]) for number in range(8)]


def test_the_order_is_that_of_the_hashes_of_seed_and_code():
    codes = [code(number) for number in range(50)]
    expected = sorted(codes, key=lambda each: hashlib.sha256((SEED + each).encode()).hexdigest())
    assert drawing.order(SEED, codes) == expected != codes
    assert drawing.order(SEED, reversed(codes)) == expected  # whatever the order of arrival
    assert drawing.order(hashlib.sha256(b"another").hexdigest(), codes) != expected


def test_each_has_the_first_of_their_wishes_that_still_has_a_place():
    text = a_list([("A", [1, 2]), ("B", [1, 2]), ("C", [1, 2]), ("D", [3])], {1: 1, 2: 1, 3: 1})
    results, _outcome = drawn(text)
    among = [each for each in results if each.id != "D"]
    assert [(each.result, each.slot) for each in among] == [("won", 1), ("won", 2), ("no_place", None)]
    assert next(each for each in results if each.id == "D").slot == 3
    assert [each.rank for each in results] == [1, 2, 3, 4]


@given(st.randoms(use_true_random=False), st.integers(0, 40))
def test_what_is_drawn_never_depends_on_arrival_and_never_gives_more_than_there_is(chance, count):
    places = {slot: chance.randint(0, 3) for slot in range(1, 6)}
    people = [(code(number), chance.sample(range(1, 6), chance.randint(0, 5))) for number in range(count)]
    one = a_list(people, places)
    chance.shuffle(people)
    assert a_list(people, places) == one  # the list itself does not say who came first
    results, outcome = drawn(one)
    given_out = Counter(each.slot for each in results if each.slot)
    assert all(given_out[slot] <= places[slot] for slot in given_out)
    wishes = dict(people)
    for each in results:
        if each.result == "no_place":  # nobody goes without while a place of their wishes is left
            assert all(given_out[slot] == places[slot] for slot in wishes[each.id])
    assert drawing.check(one, outcome).is_right


def test_whoever_is_passed_over_takes_no_place_and_a_refused_slot_is_closed_for_those_who_follow():
    text = a_list([(code(number), [1, 2]) for number in range(4)], {1: 3, 2: 1})
    plain, _outcome = drawn(text)
    first, second, third, last = (each.id for each in plain)
    results, outcome = drawn(text, already=[first], refused={second: [(1, "gone")]})
    told = {each.id: (each.result, each.slot) for each in results}
    assert told == {first: ("already_booked", None), second: ("won", 2), third: ("no_place", None), last: ("no_place", None)}
    report = drawing.check(text, outcome)
    assert report.is_right and report.numbers["already_booked"] == report.numbers["refused"] == 1


def test_the_files_are_written_in_one_way_only():
    text = a_list(PEOPLE)
    assert text.isascii() and text.endswith("\n") and "\r" not in text
    assert text.splitlines()[0] == '{"draw":"2026-12-01","format":1,"kind":"draw"}'
    assert text.splitlines()[1] == f'{{"id":1,"kind":"slot","places":1,"starts_at":"{STARTS}"}}'
    assert drawing.sha256(text) == hashlib.sha256(text.encode()).hexdigest()
    for broken in (
        text.replace(":", ": ", 1),
        text.rstrip("\n"),
        text.replace("\n", "\r\n"),
        text + "\n",
        text.replace('"format":1', '"format":2'),
        text + text.splitlines()[-1] + "\n",
        "\n".join(reversed(text.splitlines())) + "\n",
        text.replace("[1,2,3]", "[1,1,3]", 1),
        text.replace("[1,2,3]", "[1,9]", 1),
        text.replace("2026-12-01", "2026\u00e9"),
        "[" * 100_000 + "\n",
        "",
    ):
        with pytest.raises(drawing.BadFile):
            drawing.read_list(broken)


def lies(text, outcome):
    """What somebody might publish instead, and what a replay says of it."""
    rows = outcome.splitlines(keepends=True)
    results = drawing.read_outcome(outcome)[1]
    other = hashlib.sha256(b"another seed").hexdigest()
    swapped = results.copy()
    swapped[0], swapped[1] = swapped[1], swapped[0]
    ranks = [drawing.Result(rank, each.id, each.result, each.slot) for rank, each in enumerate(swapped, 1)]
    favoured = [drawing.Result(e.rank, e.id, "won", 1) if e.result == "no_place" else e for e in results]
    head = (drawing.sha256(text), SEED)
    yield text, drawing.write_outcome({}, *head, ranks), "order"
    yield text, drawing.write_outcome({}, *head, favoured), "result"
    yield text, drawing.write_outcome({}, *head, results[:-1]), "everybody"
    yield text, drawing.write_outcome({}, head[0], other, results), "order"
    yield text, drawing.write_outcome({}, "0" * 64, SEED, results), "hash_of_outcome"
    yield text, "".join(rows[:-1]), "outcome_form"
    yield text, outcome.replace(SEED, SEED.upper()), "outcome_form"
    yield a_list(PEOPLE[:-1]), outcome, "hash_announced"
    yield text.replace(":", " :"), outcome, "list_form"


def test_a_replay_finds_every_lie():
    text = a_list(PEOPLE)
    _results, outcome = drawn(text)
    announced = drawing.sha256(text)
    assert drawing.check(text, outcome, announced=announced, seed=SEED.upper()).findings == []
    seen = set()
    for listed, told, found in lies(text, outcome):
        report = drawing.check(listed, told, announced=announced)
        assert found in [name for name, _detail in report.findings], (found, report.findings)
        assert not report.is_right
        seen.add(found)
    assert drawing.check(text, outcome, seed="0" * 64).findings[0][0] == "seed"
    assert seen == {"order", "result", "everybody", "hash_of_outcome", "outcome_form", "hash_announced", "list_form"}


def script(tmp_path, *arguments):
    """The file as it is downloaded, where nothing of ours can be imported."""
    alone = tmp_path / "tirage.py"
    alone.write_bytes(Path(drawing.__file__).read_bytes())
    return subprocess.run(
        [sys.executable, "-I", "-S", str(alone), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_the_script_alone_says_what_the_site_says(tmp_path):
    text = a_list(PEOPLE, facts={"beacon": {"where": "https://api.drand.sh/public/7"}})
    results, outcome = drawn(text)
    (tmp_path / "liste.jsonl").write_text(text, newline="")
    (tmp_path / "resultat.jsonl").write_text(outcome, newline="")
    files = ("liste.jsonl", "resultat.jsonl")
    mine = results[0].id
    done = script(tmp_path, *files, "--empreinte", drawing.sha256(text), "--graine", SEED, "--code", mine.lower())
    assert done.returncode == 0, done.stderr
    expected = drawing.lines(drawing.check(text, outcome, announced=drawing.sha256(text), seed=SEED), code=mine.lower())
    assert done.stdout.splitlines() == expected
    assert "https://api.drand.sh/public/7" in done.stdout and "rang 1, ont une place" in done.stdout
    english = script(tmp_path, *files, "--en")
    assert english.returncode == 0 and "exactly that of the rule" in english.stdout
    (tmp_path / "resultat.jsonl").write_text(outcome.replace(SEED, "0" * 64), newline="")
    wrong = script(tmp_path, *files)
    assert wrong.returncode == 1 and "N'EST PAS" in wrong.stdout


def test_the_script_imports_nothing_but_the_standard_library():
    import ast

    names = set()
    for node in ast.walk(ast.parse(Path(drawing.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    assert names <= sys.stdlib_module_names and "socket" not in names
