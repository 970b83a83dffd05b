"""Opening and changing agendas: what it would do, then doing it. Called through ``actions``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from guichet.appointments import releases
from guichet.appointments.agendas import displacing, making, planning, public_holidays, stranded
from guichet.appointments.agendas.displacing import Consent, must_be_agreed, preview_of
from guichet.appointments.agendas.errors import AgendaChanged, RulesRefused
from guichet.appointments.agendas.planning import Difference, Hours, Preview, Rules
from guichet.appointments.agendas.stranded import Replacements
from guichet.appointments.agendas.types import slug_of
from guichet.appointments.models import Agenda, Closure, OpeningHours
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office

LONGEST_RETURN = 720  # hours before the beginning


@dataclass(frozen=True)
class AgendaRules:
    """An agenda as an office writes it. ``release``: see ``releases``."""

    slug: str
    name_fr: str
    name_en: str
    slot_minutes: int
    desks: int
    release: Mapping[str, Any]
    hours: Sequence[Hours]
    timezone: str = ""  # blank: that of the office
    active: bool = True
    worked_holidays: Sequence[str] = ()  # see ``public_holidays``


def preview_agenda(office: Office, rules: AgendaRules, agenda: Agenda | None = None) -> Preview:
    """What saving these rules would do, conflicts with bookings included. Nothing is written. Raises ``RulesRefused``."""
    wanted = _checked(office, rules, agenda)
    now = clock.now()
    first, last = making.days_of(wanted, now)
    made = planning.planned(wanted, first, last) if rules.active else {}
    coming = {key: one for key, one in made.items() if one.starts_at >= now}
    if agenda is None:
        return preview_of(planning.difference([], coming), tuple(coming.values()))
    preview = preview_of(against(agenda, wanted, active=rules.active), tuple(coming.values()))
    return replace(preview, stranded=tuple(_stranded_by(agenda, rules, preview)))


def _stranded_by(agenda: Agenda, rules: AgendaRules, preview: Preview) -> list[int]:
    return stranded.stranded_by(agenda, preview, receives=rules.active and bool(rules.hours))


def save_agenda(
    office: Office,
    rules: AgendaRules,
    *,
    by: Actor,
    agenda: Agenda | None = None,
    version: int | None = None,
    displace: Consent = False,
    reason: str = "",
    replacements: Replacements | None = None,
) -> Agenda:
    """Opens an agenda or changes its rules, and makes its slots at once. Without a slug, a new agenda has that of its name.

    ``version``: of the agenda that was read; another one since raises ``AgendaChanged``. People whose slot would go raise
    ``Conflicts``, unless ``displace`` says so, or names their bookings: they keep their appointment until they choose another
    slot, which a mail asks them, with the ``reason``. ``replacements``: where those go who find no open agenda any more, by
    type; to be said of each, unless ``displace`` is ``True``. Raises ``RulesRefused``.
    """

    def save() -> Agenda:
        row = locked(agenda, version) if agenda else Agenda(office=office, slug=rules.slug or _new_slug(office, rules))
        wanted = _checked(office, rules, row if agenda else None)
        preview = preview_of(against(row, wanted, active=rules.active)) if agenda else None
        if preview:
            must_be_agreed(preview, displace)
        people = displacing.lock(preview) if preview else set()
        asked = displacing.asked_to_move([row]) if agenda else []
        if preview:
            stranded.decide(_stranded_by(row, rules, preview), replacements or {}, must=displace is not True)
        _write(row, rules, is_new=agenda is None)
        moment = clock.now()
        making.make(row, now=moment, decided=True)
        events.record("agenda_saved", Subject("agenda", str(row.pk)), by, version=row.version)
        if preview:
            displacing.displace([row], moment, preview, displace, reason, by, locked=people)
        displacing.tell_restored(asked, by)
        return row

    return displacing.until_nobody_crosses(save)


def _write(row: Agenda, rules: AgendaRules, *, is_new: bool) -> None:
    row.slug = rules.slug or row.slug
    row.name_fr, row.name_en = rules.name_fr, rules.name_en
    row.timezone = rules.timezone or row.office.time_zone
    row.slot_minutes, row.desks = rules.slot_minutes, rules.desks
    row.release, row.active = dict(rules.release), rules.active
    row.worked_holidays = sorted(rules.worked_holidays)
    row.version += 0 if is_new else 1
    row.save()
    row.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            agenda=row,
            weekday=one.weekday,
            opens=one.opens,
            closes=one.closes,
            desks=one.desks,
            pool=one.pool,
            returns_hours=one.returns_hours,
        )
        for one in rules.hours
    )


def _new_slug(office: Office, rules: AgendaRules) -> str:
    """The word that stands for a new agenda in addresses: a form sent twice opens one."""
    slug = slug_of(rules.name_fr)
    if Agenda.objects.filter(office=office, slug=slug).exists():
        raise RulesRefused("name_fr", _("Votre bureau a déjà un agenda de ce nom. Changez-le, ou prenez un autre nom."))
    return slug


def locked(agenda: Agenda, version: int | None = None) -> Agenda:
    """The agenda as it is now, held until the transaction ends; ``AgendaChanged`` when it is no longer at ``version``."""
    row = Agenda.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=agenda.pk)
    if version is not None and row.version != version:
        raise AgendaChanged
    return row


def _checked(office: Office, rules: AgendaRules, agenda: Agenda | None) -> Rules:
    """The rules as planning reads them; ``RulesRefused`` names what is wrong."""
    if not 1 <= rules.slot_minutes <= 24 * 60:
        raise RulesRefused("slot_minutes", _("Une plage dure de 1 minute à 24 heures."))
    if not 1 <= rules.desks <= 2000:
        raise RulesRefused("desks", _("Il faut de 1 à 2 000 guichets."))
    for one in rules.hours:
        if not 0 <= one.weekday <= 6 or one.closes <= one.opens or not one.pool:
            raise RulesRefused("hours", _("Chaque ouverture a son jour, et finit après avoir commencé."), one)
        if one.returns_hours is not None and (one.pool == PUBLIC or not 1 <= one.returns_hours <= LONGEST_RETURN):
            raise RulesRefused("hours", _("Seules des places réservées deviennent à tous : de 1 à 720 heures avant."), one)
        if not planning.holds_a_slot(one, rules.slot_minutes):
            short = _("Aucune plage ne tient dans cette ouverture : allongez-la, ou raccourcissez les plages.")
            raise RulesRefused("hours", short, one)
    crossing = planning.overlap(rules.hours)
    if crossing:
        raise RulesRefused("hours", _("Deux ouvertures d'un même jour se chevauchent. Corrigez l'une d'elles."), crossing[1])
    try:
        release = releases.parse(rules.release)
    except releases.NotARule as error:
        raise RulesRefused(
            "release", _("La règle de mise en ligne est incomplète : choisissez quand les plages s'ouvrent.")
        ) from error
    try:
        zone = ZoneInfo(rules.timezone or office.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RulesRefused("timezone", _("Ce fuseau horaire n'existe pas.")) from error
    closed = Closure.objects.filter(office=office) | Closure.objects.filter(agenda=agenda, agenda__isnull=False)
    return Rules(
        zone=zone,
        slot_minutes=rules.slot_minutes,
        desks=rules.desks,
        release=release,
        hours=tuple(rules.hours),
        closures=tuple((one.first_day, one.last_day) for one in closed),
        is_holiday=lambda day: public_holidays.is_holiday(day, office.department, rules.worked_holidays),
        kept=making.kept_of(agenda) if agenda else (),
    )


def against(agenda: Agenda, wanted: Rules, *, active: bool | None = None) -> Difference:
    """What separates the slots of an agenda from what these rules want."""
    as_it_would_be = Agenda(pk=agenda.pk, office=agenda.office, active=agenda.active if active is None else active)
    return making.compare(as_it_would_be, wanted, clock.now())
