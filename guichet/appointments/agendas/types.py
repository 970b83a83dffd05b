"""Opening and changing types of appointment. Called through ``actions``."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from guichet.appointments.agendas.errors import RulesRefused, TypeChanged
from guichet.appointments.models import Agenda, AppointmentType
from guichet.appointments.models.agendas import PARTY_MOST
from guichet.core import events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office

LONGEST_MINUTES = 60 * 24 * 60  # 60 days: to confirm, and before the beginning
LONGEST_WINDOW = 24  # months


def save_type(
    office: Office,
    slug: str,
    fields: Mapping[str, Any],
    agendas: Sequence[Agenda],
    *,
    by: Actor,
    version: int | None = None,
) -> AppointmentType:
    """Opens a type of appointment or changes it: ``fields`` are columns of ``AppointmentType``. Bookings keep the promises
    made to them: what changes is for those who come after.

    ``version``: of the type that was read; another one since raises ``TypeChanged``. Raises ``RulesRefused``.
    """
    check(office, fields, agendas)
    with transaction.atomic():
        row = AppointmentType.objects.select_for_update(no_key=True).filter(office=office, slug=slug).first()
        if version is not None and (row is None or row.version != version):
            raise TypeChanged
        row, is_new = row or AppointmentType(office=office, slug=slug), row is None
        for name, value in fields.items():
            setattr(row, name, value)
        row.version += 0 if is_new else 1
        row.save()
        row.agendas.set(agendas)
        events.record("appointment_type_saved", Subject("appointment_type", str(row.pk)), by, version=row.version)
    return row


def open_type(office: Office, fields: Mapping[str, Any], agendas: Sequence[Agenda], *, by: Actor) -> AppointmentType:
    """Opens a type; the word of its address is made of its French name. Raises ``RulesRefused`` when the office has one of
    that name: a form sent twice opens one."""
    slug = slug_of(str(fields.get("name_fr", "")))
    if AppointmentType.objects.filter(office=office, slug=slug).exists():
        raise RulesRefused("name_fr", _("Votre bureau a déjà un rendez-vous de ce nom. Changez-le, ou prenez un autre nom."))
    return save_type(office, slug, fields, agendas, by=by)


def slug_of(name: str) -> str:
    """The word that stands for a name in addresses. ``RulesRefused`` when the name has no letter to make one of."""
    slug = slugify(name)[:60].strip("-")
    if not slug:
        raise RulesRefused("name_fr", _("Écrivez un nom avec des lettres : l'adresse de la page en est faite."))
    return slug


def check(office: Office, fields: Mapping[str, Any], agendas: Sequence[Agenda]) -> None:
    """Raises ``RulesRefused`` on the first thing that makes no appointment."""
    by_name = fields.get("identity", AppointmentType.Identity.NONE) == AppointmentType.Identity.NONE
    if not 1 <= fields.get("party_max", 1) <= PARTY_MOST:
        raise RulesRefused("party_max", _("De 1 à 6 personnes d'un même foyer peuvent être reçues ensemble."))
    if fields.get("party_max", 1) > 1 and not by_name:
        raise RulesRefused(
            "party_max",
            _("Avec un contrôle d'identité chacun prend son propre rendez-vous : laissez ce nombre vide."),
        )
    if any(agenda.office_id != office.pk for agenda in agendas):
        raise RulesRefused("agendas", _("Choisissez parmi les agendas de votre bureau."))
    for name in ("confirmation_minutes", "lead_minutes"):
        if not 0 <= fields.get(name, 0) <= LONGEST_MINUTES:
            raise RulesRefused(name, _("Ce délai va de zéro à 60 jours."))
    window = fields.get("window_months_before_permit_end")
    if window is None:
        return
    if not 1 <= window <= LONGEST_WINDOW:
        raise RulesRefused("window_months_before_permit_end", _("Ce délai va de 1 à 24 mois."))
    if by_name:
        raise RulesRefused(
            "window_months_before_permit_end",
            _("Sans contrôle d'identité, rien ne dit quand le titre se termine : laissez ce délai vide."),
        )
