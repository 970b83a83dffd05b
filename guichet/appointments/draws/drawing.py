#!/usr/bin/env python3
"""A draw of appointments, by which anyone can check that nobody was favoured. Python 3.9 or later, nothing else, no network.

    python3 tirage.py liste.jsonl resultat.jsonl [--empreinte SHA256] [--graine SEED] [--code CODE] [--en]

This very file gives the places on the site and checks them at home.

The rule
--------
1. Before the draw the *list* is published, and its SHA-256 with it. Nobody knows the seed by then.
2. The *seed* is the value that a public source, announced beforehand, gives at a moment announced beforehand: 64 hexadecimal
   digits, in small letters.
3. The *order* is that of SHA-256(seed ‖ code), smallest first, for the code of each registration: the 64 letters of the seed
   followed by those of the code, in ASCII. (Were two equal, the codes themselves, in the order of ASCII, would decide.)
4. Each in that order is given the first of their wishes that still has a place. Whoever has an appointment of that kind by
   then is passed over. A slot whose place is refused at that moment (the office closed it, or somebody has it) is closed for
   everybody who follows; the refusal is published, and the person's next wish is looked at.

The files
---------
ASCII; one JSON object a line, its members in alphabetical order, no spaces, each line ended by one line feed. The SHA-256 is
that of the whole file.

- List: one ``{"kind":"draw",…}``; then the slots by number, ``{"id":12,"kind":"slot","places":2,"starts_at":"…Z"}``; then the
  registrations by code, ``{"id":"7KQ2-M9PX-4TBD","kind":"registration","wishes":[12,15]}``, the wishes in order of preference.
- Outcome: one ``{"kind":"outcome","list_sha256":"…","seed":"…",…}``; then everybody in the order of the draw,
  ``{"id":"…","kind":"result","rank":1,"refused":[],"result":"won","slot":12}``, where ``result`` is ``won``, ``no_place`` or
  ``already_booked`` and ``refused`` holds ``[slot, why]``; then ``{"kind":"end","results":1}``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
WON, NO_PLACE, ALREADY_BOOKED = "won", "no_place", "already_booked"
SEED = re.compile(r"[0-9a-f]{64}")
Refused = tuple[int, str]  # a slot, and why its place was not given


class BadFile(ValueError):
    """The file is not written as the rule says; the message says where."""


@dataclass(frozen=True)
class Published:
    """A list as it was read. ``places``: by slot. ``wishes``: by code, the slots in order of preference."""

    facts: Mapping[str, Any]
    places: Mapping[int, int]
    starts: Mapping[int, str]
    wishes: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Result:
    """What somebody got. ``slot`` is None unless ``result`` is ``won``."""

    rank: int
    id: str
    result: str
    slot: int | None
    refused: tuple[Refused, ...] = ()


# The rule -----------------------------------------------------------------------------------------------------------------


def order(seed: str, ids: Iterable[str]) -> list[str]:
    """The codes in the order of the draw."""
    start = hashlib.sha256(seed.encode("ascii"))

    def key(code: str) -> tuple[bytes, str]:
        digest = start.copy()
        digest.update(code.encode("ascii"))
        return digest.digest(), code

    return sorted(ids, key=key)


@dataclass
class Sharing:
    """The places that are left while they are given one by one."""

    left: dict[int, int]

    def give(self, wishes: Sequence[int], take: Callable[[int], str]) -> tuple[int | None, tuple[Refused, ...]]:
        """The first wish that still has a place. ``take`` is asked for each such slot, and answers why not: empty, it is given.
        What was refused is closed for everybody who follows. Were ``take`` to raise, nothing would have changed."""
        refused: list[Refused] = []
        given = None
        for slot in wishes:
            if self.left.get(slot, 0) <= 0:
                continue
            why = take(slot)
            if not why:
                given = slot
                break
            refused.append((slot, why))
        self.count(given, refused)
        return given, tuple(refused)

    def count(self, given: int | None, refused: Iterable[Refused]) -> None:
        """What became of somebody's wishes."""
        for slot, _why in refused:
            self.left[slot] = 0
        if given is not None:
            self.left[given] -= 1


def draw(
    published: Published, seed: str, *, already: Iterable[str] = (), refused: Mapping[str, Sequence[Refused]] | None = None
) -> list[Result]:
    """Everybody in the order of the draw with what they got. ``already``: who had an appointment when their turn came;
    ``refused``: by code, the places that were refused to them."""
    passed_over, refusals = frozenset(already), refused or {}
    sharing, results = Sharing(dict(published.places)), []
    for rank, code in enumerate(order(seed, published.wishes), start=1):
        why = dict(refusals.get(code, ()))
        if code in passed_over:
            results.append(Result(rank, code, ALREADY_BOOKED, None))
            continue
        given, turned_down = sharing.give(published.wishes[code], lambda wish, why=why: why.get(wish, ""))  # type: ignore[misc]
        results.append(Result(rank, code, NO_PLACE if given is None else WON, given, turned_down))
    return results


# The files ----------------------------------------------------------------------------------------------------------------


def line(row: Mapping[str, Any]) -> str:
    """One line of a file, in the only way it may be written."""
    return json.dumps(row, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_list(
    facts: Mapping[str, Any], slots: Iterable[tuple[int, str, int]], registrations: Iterable[tuple[str, Sequence[int]]]
) -> str:
    """The list to publish. ``slots``: number, beginning (UTC, ``2026-12-07T08:00:00Z``), places."""
    rows: list[Mapping[str, Any]] = [{**facts, "kind": "draw", "format": FORMAT}]
    rows += [{"kind": "slot", "id": slot, "starts_at": starts, "places": places} for slot, starts, places in sorted(slots)]
    rows += [{"kind": "registration", "id": code, "wishes": list(wishes)} for code, wishes in sorted(registrations)]
    return "".join(map(line, rows))


def write_outcome(facts: Mapping[str, Any], list_sha256: str, seed: str, results: Sequence[Result]) -> str:
    """The outcome to publish."""
    head = {**facts, "kind": "outcome", "format": FORMAT, "list_sha256": list_sha256, "seed": seed}
    rows = [
        {
            "kind": "result",
            "rank": each.rank,
            "id": each.id,
            "result": each.result,
            "slot": each.slot,
            "refused": [list(one) for one in each.refused],
        }
        for each in results
    ]
    return "".join(map(line, [head, *rows, {"kind": "end", "results": len(results)}]))


def _rows(text: str, first: str) -> list[dict[str, Any]]:
    """The objects of a file, each written as the rule says."""
    if not text.isascii() or not text.endswith("\n"):
        raise BadFile("not ASCII, or not ended by a line feed")
    rows = []
    for number, written in enumerate(text[:-1].split("\n"), start=1):
        try:
            row = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise BadFile(f"line {number}: not JSON") from error
        if not isinstance(row, dict) or line(row) != written + "\n":
            raise BadFile(f"line {number}: not written as the rule says")
        rows.append(row)
    if rows[0].get("kind") != first or rows[0].get("format") != FORMAT:
        raise BadFile(f"line 1: not the beginning of such a file (kind {first}, format {FORMAT})")
    return rows


def read_list(text: str) -> Published:
    """A published list; ``BadFile``."""
    rows = _rows(text, "draw")
    places: dict[int, int] = {}
    starts: dict[int, str] = {}
    wishes: dict[str, Sequence[int]] = {}
    for number, row in enumerate(rows[1:], start=2):
        try:
            if row["kind"] == "slot" and not wishes:
                _ascending(places, int(row["id"]))
                places[int(row["id"])], starts[int(row["id"])] = int(row["places"]), str(row["starts_at"])
            elif row["kind"] == "registration":
                _ascending(wishes, str(row["id"]))
                chosen = [int(wish) for wish in row["wishes"]]
                if len(set(chosen)) != len(chosen) or not set(chosen) <= places.keys():
                    raise BadFile("a wish twice, or for no slot of the draw")
                wishes[str(row["id"])] = chosen
            else:
                raise BadFile("neither a slot nor a registration, or a slot after a registration")
        except (KeyError, TypeError, ValueError) as error:
            raise BadFile(f"line {number}: {error}") from error
    return Published(rows[0], places, starts, wishes)


def _ascending(known: dict[Any, Any], following: Any) -> None:
    if known and following <= next(reversed(known)):
        raise BadFile("twice, or not in order")


def read_outcome(text: str) -> tuple[Mapping[str, Any], list[Result]]:
    """The facts of an outcome and what everybody got; ``BadFile``."""
    rows = _rows(text, "outcome")
    results = []
    for number, row in enumerate(rows[1:-1], start=2):
        try:
            slot = None if row["slot"] is None else int(row["slot"])
            refused = tuple((int(which), str(why)) for which, why in row["refused"])
            results.append(Result(int(row["rank"]), str(row["id"]), str(row["result"]), slot, refused))
        except (KeyError, TypeError, ValueError) as error:
            raise BadFile(f"line {number}: {error}") from error
    if rows[-1] != {"kind": "end", "results": len(results)}:
        raise BadFile("the end is missing")
    return rows[0], results


# The check ----------------------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """``findings``: what is wrong, as (code, detail); none: the outcome is what the rule gives."""

    findings: list[tuple[str, str]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    list_sha256: str = ""
    seed: str = ""
    results: Sequence[Result] = ()

    @property
    def is_right(self) -> bool:
        return not self.findings


def check(list_text: str, outcome_text: str, *, announced: str = "", seed: str = "") -> Report:
    """Replays a draw. ``announced``: the SHA-256 published before the draw; ``seed``: as one read it at its source."""
    report = Report()
    try:
        published = read_list(list_text)
    except BadFile as error:
        report.findings.append(("list_form", str(error)))
        return report
    report.facts, report.list_sha256 = published.facts, sha256(list_text)
    try:
        head, results = read_outcome(outcome_text)
        report.seed = str(head["seed"])
        if not SEED.fullmatch(report.seed):
            raise BadFile("seed")
    except (BadFile, KeyError) as error:
        report.findings.append(("outcome_form", str(error)))
        return report
    report.results = results
    if announced and announced.strip().lower() != report.list_sha256:
        report.findings.append(("hash_announced", report.list_sha256))
    if head.get("list_sha256") != report.list_sha256:
        report.findings.append(("hash_of_outcome", report.list_sha256))
    if seed and seed.strip().lower() != report.seed:
        report.findings.append(("seed", report.seed))
    already = [each.id for each in results if each.result == ALREADY_BOOKED]
    expected = draw(published, report.seed, already=already, refused={each.id: each.refused for each in results})
    if len(expected) != len(results):
        report.findings.append(("everybody", f"{len(results)} / {len(expected)}"))
    wrong = next(((mine, theirs) for mine, theirs in zip(expected, results) if mine != theirs), None)  # noqa: B905 - old Pythons
    if wrong:
        code = "order" if wrong[0].id != wrong[1].id or wrong[0].rank != wrong[1].rank else "result"
        report.findings.append((code, f"{wrong[0].rank}: {wrong[1].id}"))
    report.numbers = count(published, results)
    return report


def count(published: Published, results: Sequence[Result]) -> dict[str, int]:
    """How many registered, places, and of each result."""
    numbers = {"registrations": len(published.wishes), "slots": len(published.places), "places": sum(published.places.values())}
    for result in (WON, NO_PLACE, ALREADY_BOOKED):
        numbers[result] = sum(each.result == result for each in results)
    numbers["refused"] = sum(len(each.refused) for each in results)
    return numbers


# By hand ------------------------------------------------------------------------------------------------------------------

WORDS = {
    "list_form": ("La liste n'est pas écrite selon la règle", "The list is not written as the rule says"),
    "outcome_form": ("Le résultat n'est pas écrit selon la règle", "The outcome is not written as the rule says"),
    "hash_announced": ("L'empreinte de la liste n'est pas celle annoncée", "The list's hash is not the announced one"),
    "hash_of_outcome": ("Le résultat parle d'une autre liste", "The outcome is about another list"),
    "seed": ("La graine du résultat n'est pas celle donnée", "The seed of the outcome is not the given one"),
    "everybody": ("Le résultat ne compte pas tous les inscrits", "The outcome does not hold everybody registered"),
    "order": ("L'ordre n'est pas celui de la règle, au rang", "The order is not that of the rule, at rank"),
    "result": ("La place n'est pas celle de la règle, au rang", "The place is not that of the rule, at rank"),
    "right": ("Le résultat publié est exactement celui de la règle.", "The published outcome is exactly that of the rule."),
    "wrong": ("Le résultat publié N'EST PAS celui de la règle.", "The published outcome is NOT that of the rule."),
    "hash": ("Empreinte de la liste (SHA-256)", "Hash of the list (SHA-256)"),
    "seed_is": ("Graine", "Seed"),
    "where": ("À lire vous-même ici", "Read it yourself here"),
    "registrations": ("Inscriptions", "Registrations"),
    "slots": ("Plages", "Slots"),
    "places": ("Places", "Places"),
    WON: ("Ont une place", "Have a place"),
    NO_PLACE: ("N'ont pas de place", "Have no place"),
    ALREADY_BOOKED: ("Avaient déjà un rendez-vous", "Had an appointment already"),
    "refused": ("Places refusées au moment de les donner", "Places refused when they were given"),
    "code": ("Votre code", "Your code"),
    "rank": ("rang", "rank"),
    "unknown": ("n'est pas dans la liste", "is not in the list"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when the outcome is that of the rule, 1 when it is not."""
    parser = argparse.ArgumentParser(description="Rejoue un tirage publié / replays a published draw.")
    parser.add_argument("list", metavar="liste.jsonl")
    parser.add_argument("outcome", metavar="resultat.jsonl")
    parser.add_argument("--empreinte", "--hash", dest="announced", default="", help="SHA-256 published before the draw")
    parser.add_argument("--graine", "--seed", dest="seed", default="", help="the seed, as you read it at its source")
    parser.add_argument("--code", default="", help="a code of registration, to see its place")
    parser.add_argument("--en", action="store_true", help="in English")
    given = parser.parse_args(arguments)
    with open(given.list, encoding="utf-8", newline="") as listed, open(given.outcome, encoding="utf-8", newline="") as drawn:
        report = check(listed.read(), drawn.read(), announced=given.announced, seed=given.seed)
    print("\n".join(lines(report, code=given.code, english=given.en)))
    return 0 if report.is_right else 1


def lines(report: Report, *, code: str = "", english: bool = False) -> list[str]:
    """The report in words."""

    def say(word: str) -> str:
        return WORDS[word][english]

    beacon = report.facts.get("beacon") or {}
    said = [f"{say('hash')} : {report.list_sha256}", f"{say('seed_is')} : {report.seed}"]
    if isinstance(beacon, dict) and beacon.get("where"):
        said.append(f"  {say('where')} : {beacon['where']}")
    said += [f"{say(name)} : {number}" for name, number in report.numbers.items()]
    said += [f"- {say(name)} : {detail}" for name, detail in report.findings]
    said.append(say("right" if report.is_right else "wrong"))
    if code:
        mine = next((each for each in report.results if each.id == code.strip().upper()), None)
        told = f"{say('rank')} {mine.rank}, {say(mine.result).lower()}" if mine and mine.result in WORDS else say("unknown")
        said.append(f"{say('code')} {code} : {told}")
    return said


if __name__ == "__main__":
    sys.exit(main())
