"""Calling the person of an application to an appointment of the office; calling it off; their card is ready."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Officer
from guichet.applications.inviting import INVITED
from guichet.applications.models import Application
from guichet.applications.moves import locked, subject_of
from guichet.appointments import actions as appointments
from guichet.appointments import queries as appointment_queries
from guichet.appointments.models import AppointmentType, Invitation
from guichet.appointments.models.agendas import PUBLIC
from guichet.instruction.access import actor, require
from guichet.instruction.errors import Invalid
from guichet.instruction.telling import tell, who_acts
from guichet.permits import actions as permits
from guichet.permits.models import Handover
from guichet.procedures.queries import definition_of

LONGEST_REASON = 1000
# Said in the mail of a cancelling, whatever the decision: what it says is read in its letter.
NO_LONGER_NEEDED = _("ce rendez-vous n'est plus nécessaire à votre demande. Connectez-vous pour en suivre les étapes.")


def types_to_convoke(application: Application) -> list[AppointmentType]:
    """The appointments of the office to which one is invited. One query."""
    if application.office is None:
        return []
    types = appointment_queries.types_of(application.office)
    return [type for type in types if type.identity == AppointmentType.Identity.INVITATION]


def pools_to_convoke(types: Sequence[AppointmentType]) -> Mapping[int, list[str]]:
    """By type, the reserved pools of places from which the person may be invited to choose. One query."""
    return appointment_queries.pools_of(types)


def convoke(application: Application, officer: Officer, type_id: int, reason: str, pool: str = "") -> Invitation:
    """Invites the person to an appointment of the office, for a reason they read on their pages; again where the last
    invitation has served. One that still stands is returned as it is. ``pool``: of reserved places that the type has; empty
    for those of everybody. Raises ``NotAllowed``, ``Invalid``."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Dites pourquoi la personne doit venir : elle lit ce texte."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("Le texte est trop long : 1 000 caractères au plus."), "reason", "too_long")
    with transaction.atomic():
        row = locked(application)
        require("convoke", row, officer)
        type = next((each for each in types_to_convoke(row) if each.pk == type_id), None)
        if type is None:
            raise Invalid(_("Choisissez un rendez-vous du bureau."), "type")
        if pool and pool not in pools_to_convoke([type]).get(type.pk, ()):
            raise Invalid(_("Ce rendez-vous n'a pas de places réservées de cette sorte : choisissez-en d'autres."), "pool")
        account = who_acts(row)[0]
        guest = appointments.guest_of(row.person, email=account.email, language=account.language)
        invitation = appointments.invite(
            type, subject_of(row), guest, by=actor(officer), reason=reason, pool=pool or PUBLIC, again=True
        )
        _tell(row, f"appointment-invitation:{invitation.pk}", INVITED, mail=not guest.email)
    return invitation


def call_off(application: Application, officer: Officer, invitation_id: int) -> None:
    """Withdraws an invitation of the application and cancels its appointment: the person is told. Twice is once.
    Raises ``NotAllowed``."""
    with transaction.atomic():
        row = locked(application)
        require("convoke", row, officer)
        for each in appointment_queries.invitations_of_source(*subject_of(row)):
            if each.invitation.pk == invitation_id and each.is_usable:
                appointments.withdraw_invitation(each.invitation, by=actor(officer), reason=NO_LONGER_NEEDED)
                _tell(row, f"appointment-called-off:{invitation_id}", "appointment_called_off", mail=each.booking is None)


def announce_permit(application: Application, officer: Officer) -> Handover:
    """The card that was granted has arrived at the office: the person is told, and invited to collect it. Twice is once.
    Raises ``NotAllowed``."""
    with transaction.atomic():
        row = locked(application)
        require("announce_permit", row, officer)
        if row.office is None or not definition_of(row.procedure).grants:
            raise Invalid(_("Cette démarche ne donne pas de titre à remettre."), "permit")
        return permits.announce_ready(row.person, subject_of(row), row.office, number=str(row.number), by=actor(officer))


def _tell(row: Application, intent: str, what: str, *, mail: bool) -> None:
    tell(
        row,
        intent=intent,
        kind="information",
        subject=("application", str(row.pk)),
        data={"number": row.number, "what": what},
        mail=mail,
    )
