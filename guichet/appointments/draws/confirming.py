"""A registration is confirmed by a click in its mail, like an appointment that was asked for. Who does not click takes no part,
and nothing of it is kept. Called through ``actions``; ``due`` forgets what was not confirmed in time.
"""

from django.db import IntegrityError, transaction

from guichet.appointments.draws import mails
from guichet.appointments.draws.errors import AlreadyRegistered, DrawNotOpen, RegistrationLapsed
from guichet.appointments.draws.taking_part import by_registration_token, check_open, registration_subject, takes_part
from guichet.appointments.models import Draw, DrawRegistration
from guichet.appointments.moves import PERSON
from guichet.core import clock, events
from guichet.core.events import SYSTEM


def confirm_registration(raw: str) -> DrawRegistration:
    """Confirms, by the mailed link (a POST behind its page); the mail that follows has the code. Confirming twice is
    confirming once. What the same person left unconfirmed elsewhere goes: a wrong address, a second form.

    Raises ``UnknownRegistration``, ``RegistrationLapsed`` (too late; the draw may still be open), ``DrawNotOpen``,
    ``AlreadyRegistered`` (by another registration).
    """
    registration = by_registration_token(raw)
    if registration.confirmed_at is not None:
        return registration
    now = clock.now()
    check_open(registration.draw, now)
    if registration.confirm_until <= now:
        raise RegistrationLapsed
    rows = DrawRegistration.objects.filter(draw=registration.draw_id)
    try:
        with transaction.atomic():
            if not rows.filter(pk=registration.pk, confirmed_at__isnull=True).update(confirmed_at=now):
                return by_registration_token(raw)  # a second click, at this very moment
            rows.filter(person_key=registration.person_key, confirmed_at__isnull=True).delete()
            registration.confirmed_at = now
            events.record("draw_registration_confirmed", registration_subject(registration), PERSON, draw=registration.draw_id)
            mails.tell_registered(registration)
    except IntegrityError as error:
        if takes_part(registration.draw, registration.person_key):
            raise AlreadyRegistered from error
        raise DrawNotOpen from error  # closed at this very moment
    return registration


def lapse_registrations(batch: int = 200) -> int:
    """Forgets the registrations that nobody confirmed in time, and says so. How many."""
    over = DrawRegistration.objects.filter(confirmed_at__isnull=True, confirm_until__lte=clock.now())
    return sum(_lapse(pk) for pk in list(over.order_by("confirm_until", "id").values_list("pk", flat=True)[:batch]))


def _lapse(pk: int) -> int:
    """Reads the row again under its lock: confirmed or withdrawn meanwhile, it is left alone."""
    now = clock.now()
    with transaction.atomic():
        rows = DrawRegistration.objects.select_for_update(of=("self",)).select_related("draw__agenda", "draw__type__office")
        row = rows.filter(pk=pk, confirmed_at__isnull=True, confirm_until__lte=now).first()
        if row is None:
            return 0
        events.record("draw_registration_lapsed", registration_subject(row), SYSTEM, draw=row.draw_id)
        mails.tell_lapsed(row, may_again=row.draw.state == Draw.State.OPEN and now < row.draw.closes_at)
        row.delete()
    return 1
