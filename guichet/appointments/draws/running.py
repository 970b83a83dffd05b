"""What happens to a draw by itself: the list closes, the seed comes, the places are given, the outcome is published.

Each step is a transaction that reads where things stand and goes on from there: killed at any moment and run again, a draw
gives what it would have given.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet

from guichet.appointments import lifecycle, moves, rules
from guichet.appointments.agendas import making
from guichet.appointments.bookings import claim_statements
from guichet.appointments.bookings.claim_statements import Open, Wish
from guichet.appointments.draws import drawing, mails, taking_part
from guichet.appointments.draws.drawing import Published, Result, Sharing
from guichet.appointments.draws.errors import SeedRefused
from guichet.appointments.lifecycle import State
from guichet.appointments.models import ACTIVE, Booking, Draw, DrawFile, DrawRegistration, Slot
from guichet.appointments.releases import UNDRAWN
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Actor
from guichet.registries import queries as registries
from guichet.registries.beacon.port import moment_of, round_at
from guichet.registries.errors import RegistryUnavailable

log = structlog.get_logger("guichet.appointments")

TOGETHER = 100  # registrations in one transaction
AT_ONCE = 500  # in one look of the worker, which has other duties
PUT_OFF = timedelta(hours=1)  # a list that could not be published in time waits for another round


# The list -----------------------------------------------------------------------------------------------------------------


def close_due(batch: int = 20) -> int:
    """Publishes the lists of the draws whose deadline has passed. How many."""
    due = Draw.objects.filter(state=Draw.State.OPEN, closes_at__lte=clock.now()).order_by("closes_at", "id")
    return sum(close(draw_id) for draw_id in list(due.values_list("pk", flat=True)[:batch]))


def close(draw_id: int) -> bool:
    """Closes the registrations and publishes the list with its hash, before anybody can know the seed."""
    with transaction.atomic():
        draw = taking_part.locked(draw_id)
        now = clock.now()
        if draw.state != Draw.State.OPEN or draw.closes_at > now:
            return False
        if now > draw.draws_at - taking_part.LIST_BEFORE_SEED / 3:
            _put_off(draw, now)
        slots = [(slot.pk, taking_part.in_utc(slot.starts_at), max(slot.left, 0)) for slot in taking_part.slots_of(draw)]
        known = {slot for slot, _starts, _places in slots}
        registered = [
            (code, [wish for wish in wishes if wish in known])
            for code, wishes in _taking_part(draw).order_by("public_id").values_list("public_id", "wishes").iterator()
        ]
        text = drawing.write_list(facts_of(draw), slots, registered)
        draw.list_hash = drawing.sha256(text)
        draw.state = Draw.State.CLOSED
        draw.counts = {
            "slots": len(slots),
            "places": sum(places for _slot, _starts, places in slots),
            "registrations": len(registered),
        }
        draw.save()
        DrawFile.objects.create(draw=draw, kind=DrawFile.Kind.LIST, text=text, sha256=draw.list_hash)
        events.record("draw_closed", taking_part.subject_of(draw), SYSTEM, sha256=draw.list_hash, registrations=len(registered))
    return True


def _taking_part(draw: Draw) -> "QuerySet[DrawRegistration]":
    """Those who confirmed in time: the list is made of them."""
    return DrawRegistration.objects.filter(draw=draw, confirmed_at__isnull=False)


def facts_of(draw: Draw) -> dict[str, object]:
    """What the published files say of the draw itself."""
    return {
        "office": draw.type.office.slug,
        "type": draw.type.slug,
        "draw": draw.slug,
        "closes_at": taking_part.in_utc(draw.closes_at),
        "beacon": {name: draw.beacon[name] for name in ("source", "chain", "round", "at", "where")},
    }


def _put_off(draw: Draw, now: datetime) -> None:
    """The seed may be known already, the list is not published yet: another seed, that nobody knows, is announced."""
    draw.draws_at = moment_of(round_at(now + PUT_OFF))
    draw.leftovers_at = max(draw.leftovers_at, draw.draws_at + taking_part.LEFTOVERS_AFTER)
    first = draw.beacon
    draw.beacon = {**taking_part.announced(draw.draws_at), "put_off_from": first.get("put_off_from", first["round"])}
    events.record("draw_put_off", taking_part.subject_of(draw), SYSTEM, round=draw.beacon["round"], instead_of=first["round"])


# The seed -----------------------------------------------------------------------------------------------------------------


def awaiting_seed() -> list[Draw]:
    """The draws whose list is published, whose moment has come, and whose seed is not known yet."""
    found = Draw.objects.filter(state=Draw.State.CLOSED, seed="", draws_at__lte=clock.now())
    return list(found.select_related("type__office", "agenda").order_by("draws_at", "id"))


def read_seeds() -> int:
    """Reads the announced rounds at their source. One that does not answer is asked again at the next look. How many."""
    read = 0
    for draw in awaiting_seed():
        if registries.nature("beacon") == "simulated" and draw.beacon["source"] != "simulated":
            log.warning("real draw, simulated source", draw=draw.pk)  # announced by another set-up: officers type the seed
            continue
        try:
            value = registries.random_value(draw.beacon["round"])
        except RegistryUnavailable:
            log.warning("seed not read", draw=draw.pk, round=draw.beacon["round"])
            continue
        read += _keep_seed(draw.pk, value, Draw.SeedFrom.BEACON, SYSTEM)
    return read


def _keep_seed(draw_id: int, value: str, origin: str, by: Actor) -> bool:
    with transaction.atomic():
        draw = taking_part.locked(draw_id)
        if draw.state != Draw.State.CLOSED or draw.seed or draw.draws_at > clock.now():
            return False
        draw.seed, draw.seed_from = value, origin
        draw.typed_seed = draw.typed_by = ""
        draw.save()
        events.record("draw_seed_known", taking_part.subject_of(draw), by, seed=value, origin=str(origin))
    return True


def type_seed(draw: Draw, typed: str, *, by: Actor) -> bool:
    """The seed as an officer read it at its public source, which we cannot reach. Two officers type it, neither seeing what
    the other typed; whether it is known now. ``SeedRefused``; when the two differ, both are forgotten."""
    value = "".join(typed.split()).strip('"').lower()
    if not drawing.SEED.fullmatch(value):
        raise SeedRefused("seed_shape")
    with transaction.atomic():
        row = taking_part.locked(draw.pk)
        if row.state != Draw.State.CLOSED or row.seed or row.draws_at > clock.now():
            raise SeedRefused("seed_not_awaited")
        if row.typed_by == by.id:
            raise SeedRefused("seed_same_hand")
        first = row.typed_seed
        row.typed_seed, row.typed_by = (value, by.id) if not first else ("", "")
        row.save()
        events.record(
            "draw_seed_typed" if first in ("", value) else "draw_seed_differs", taking_part.subject_of(row), by, seed=value
        )
        if first == value:
            return _keep_seed(row.pk, value, Draw.SeedFrom.OFFICERS, by)
    if first:
        raise SeedRefused("seed_differs")
    return False


# The places ---------------------------------------------------------------------------------------------------------------


def give_due(at_once: int = AT_ONCE) -> int:
    """Gives the places of the draws whose seed is known, then publishes the outcome. How many registrations were looked at."""
    handled = 0
    for draw_id in list(Draw.objects.filter(state=Draw.State.CLOSED).exclude(seed="").values_list("pk", flat=True)):
        handled += _give(draw_id, at_once - handled)
        if handled >= at_once:
            break
    return handled


def _give(draw_id: int, at_once: int) -> int:
    """Goes on where the last look stopped; published once nobody is left."""
    draw = Draw.objects.get(pk=draw_id)
    published = drawing.read_list(DrawFile.objects.get(draw=draw, kind=DrawFile.Kind.LIST).text)
    order = drawing.order(draw.seed, published.wishes)
    done = DrawRegistration.objects.filter(draw=draw).aggregate(last=Max("rank"))["last"] or 0
    handled = 0
    for begin in range(done, min(done + at_once, len(order)), TOGETHER):
        codes = order[begin : min(begin + TOGETHER, done + at_once)]
        given = _give_some(draw_id, published, order, codes)
        handled += given
        if not given:
            return handled  # another worker is at it
    if done + handled == len(order):
        handled += _publish(draw_id, published)
    return handled


def _give_some(draw_id: int, published: Published, order: list[str], codes: list[str]) -> int:
    """The next people of the order, in one transaction. 0 when they are not the next any more."""
    with transaction.atomic():
        draw = taking_part.locked(draw_id)
        rows = DrawRegistration.objects.filter(draw=draw)
        done = rows.aggregate(last=Max("rank"))["last"] or 0
        if draw.state != Draw.State.CLOSED or order[done : done + len(codes)] != codes:
            return 0
        now = clock.now()
        sharing = _as_left(draw, published)
        shared = Slot.objects.filter(pk__in=published.places, released_at=UNDRAWN)
        # For those who won, within this transaction: nobody else ever sees these slots open.
        list(shared.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        opened = list(shared.values_list("pk", flat=True))
        Slot.objects.filter(pk__in=opened).update(released_at=now)
        by_code = {row.public_id: row for row in rows.filter(public_id__in=codes).select_related("draw__type__office")}
        for rank, code in enumerate(codes, start=done + 1):
            _decide(draw, by_code[code], rank, published.wishes[code], sharing, now)
        Slot.objects.filter(pk__in=opened).update(released_at=UNDRAWN)
    return len(codes)


def _as_left(draw: Draw, published: Published) -> Sharing:
    """The places once those who came before had theirs."""
    left = dict(published.places)
    rows = DrawRegistration.objects.filter(draw=draw, rank__isnull=False).order_by()
    for place, given in rows.filter(place__isnull=False).values_list("place").annotate(Count("id")):
        left[place] -= given
    for refused in rows.exclude(refused=[]).values_list("refused", flat=True):
        left.update((slot, 0) for slot, _why in refused)
    return Sharing(left)


class _PassedOver(Exception):
    """Whoever's turn it is has an appointment of this type."""


def _decide(draw: Draw, row: DrawRegistration, rank: int, wishes: Sequence[int], sharing: Sharing, now: datetime) -> None:
    row.rank, row.draw = rank, draw
    try:
        if Booking.objects.filter(person_key=row.person_key, type=draw.type_id, state__in=ACTIVE).exists():
            raise _PassedOver
        row.place, refused = sharing.give(wishes, lambda slot: _take(row, slot, now))
    except _PassedOver:
        row.result, row.place = DrawRegistration.Result.ALREADY_BOOKED, None
    else:
        row.result = DrawRegistration.Result.NO_PLACE if row.place is None else DrawRegistration.Result.WON
        row.refused = [list(one) for one in refused]
    row.save(update_fields=["rank", "result", "place", "refused", "booking"])
    if row.booking is None:
        mails.tell_no_place(row)
    else:
        mails.tell_won(row, row.booking)


def _take(row: DrawRegistration, slot_id: int, now: datetime) -> str:
    """The place, by the same guarded statement as everybody's; else why not. ``_PassedOver``."""
    type = row.draw.type
    wish = Wish(
        type=type,
        slot_id=slot_id,
        request_key=uuid5(NAMESPACE_URL, f"draw-registration:{row.pk}:{row.request_key}"),
        person_key=row.person_key,
        language=row.language,
    )
    earliest = now + timedelta(minutes=type.lead_minutes) + rules.ANSWER_AT_LEAST
    try:
        with transaction.atomic():
            claimed = claim_statements.insert(wish, State.HELD, now, held_until=now, first_start=earliest)
            if claimed is not None:
                row.booking = _to_confirm(row, claimed, now)
                return ""
    except IntegrityError as error:
        if Booking.objects.filter(person_key=row.person_key, type=type, state__in=ACTIVE).exists():
            raise _PassedOver from error
    seen = claim_statements.look(wish, now)
    return str(Open.FULL if seen is Open.YES else seen)


def _to_confirm(row: DrawRegistration, claimed: int, now: datetime) -> Booking:
    """Whose the place is, and until when they say that they come: a place that was won is not lost in a mailbox."""
    booking = moves.locked(claimed)
    taking_part.details_of(row).write(booking, now)
    move = lifecycle.BY_VERB["draw"]
    booking.state, booking.held_until = State.TO_CONFIRM, None
    booking.confirm_until = rules.confirm_until(
        now,
        booking.slot.starts_at,
        lead_minutes=booking.type.lead_minutes,
        confirmation_minutes=taking_part.answer_minutes(booking.type),
    )
    booking.save()
    events.record(move.event, moves.subject_of(booking), SYSTEM, slot=booking.slot_id, draw=row.draw_id, to=str(booking.state))
    return booking


# The outcome --------------------------------------------------------------------------------------------------------------


def results_of(draw: Draw) -> list[Result]:
    """What everybody got, in the order of the draw."""
    rows = DrawRegistration.objects.filter(draw=draw, rank__isnull=False).order_by("rank")
    found = rows.values_list("public_id", "result", "place", "refused").iterator()
    return [
        Result(rank, code, result, place, tuple((slot, why) for slot, why in refused))
        for rank, (code, result, place, refused) in enumerate(found, start=1)
    ]


def _publish(draw_id: int, published: Published) -> int:
    """The outcome, and the moment at which what is left is everybody's: the announced one, unless the draw came late."""
    with transaction.atomic():
        draw = taking_part.locked(draw_id)
        if draw.state != Draw.State.CLOSED or _taking_part(draw).filter(rank__isnull=True).exists():
            return 0
        now = clock.now()
        results = results_of(draw)
        text = drawing.write_outcome({"seed_from": draw.seed_from, "draw": draw.slug}, draw.list_hash, draw.seed, results)
        DrawFile.objects.create(draw=draw, kind=DrawFile.Kind.OUTCOME, text=text, sha256=drawing.sha256(text))
        draw.state, draw.drawn_at = Draw.State.DRAWN, now
        draw.counts = drawing.count(published, results)
        draw.leftovers_at = max(draw.leftovers_at, now + taking_part.LEFTOVERS_AFTER)
        draw.replay_asked_at = now  # the worker replays at once what it has just published
        draw.save()
        making.make(draw.agenda)  # the slots have their release now
        events.record("draw_published", taking_part.subject_of(draw), SYSTEM, sha256=drawing.sha256(text), **draw.counts)
    return 1


# Replaying ----------------------------------------------------------------------------------------------------------------


def texts_of(draw: Draw) -> tuple[str, str]:
    """The list and the outcome as they are published; empty where they are not yet."""
    texts = dict(DrawFile.objects.filter(draw=draw).values_list("kind", "text"))
    return str(texts.get(DrawFile.Kind.LIST, "")), str(texts.get(DrawFile.Kind.OUTCOME, ""))


def replay(draw: Draw) -> drawing.Report:
    """Replays a draw from its published files, as anybody would."""
    listed, outcome = texts_of(draw)
    return drawing.check(listed, outcome, announced=draw.list_hash, seed=draw.seed)


def ask_replay(draw: Draw) -> None:
    """Has the worker replay a draw. Asked twice before it did is asked once."""
    Draw.objects.filter(pk=draw.pk, state=Draw.State.DRAWN).filter(
        Q(replay_asked_at__isnull=True) | Q(replayed_at__gte=F("replay_asked_at"))
    ).update(replay_asked_at=clock.now())


def replay_due() -> int:
    """Replays the draws that somebody asked to see replayed, and keeps what was found. How many."""
    asked = Draw.objects.filter(state=Draw.State.DRAWN, replay_asked_at__isnull=False).filter(
        Q(replayed_at__isnull=True) | Q(replayed_at__lt=F("replay_asked_at"))
    )
    done = 0
    for draw in asked.order_by("replay_asked_at", "id")[:5]:
        report = replay(draw)
        if not report.is_right:
            log.error("a published draw does not replay", draw=draw.pk, findings=[code for code, _detail in report.findings])
        Draw.objects.filter(pk=draw.pk).update(
            replayed_at=clock.now(), replay_findings=[list(finding) for finding in report.findings]
        )
        done += 1
    return done
