"""The appointment that a procedure calls for: its person is invited to take it, as soon as they have deposited."""

from guichet.accounts.models import Account
from guichet.applications.models import Application
from guichet.applications.moves import subject_of
from guichet.appointments import actions as appointments
from guichet.appointments.models import AppointmentType, Invitation
from guichet.appointments.queries import type_of
from guichet.core.events import SYSTEM
from guichet.messaging import actions as messaging
from guichet.procedures.queries import definition_of

INVITED = "appointment_invited"  # what a notification tells


def type_called_for(row: Application) -> AppointmentType | None:
    """The type of appointment that the procedure names, at the office of an application; None when there is none, or when
    the office does not open it: an officer then convokes."""
    slug = definition_of(row.procedure).on_deposit.appointment
    if slug is None or row.office is None:
        return None
    found = type_of(row.office.slug, slug)
    return found if found is not None and found.identity == AppointmentType.Identity.INVITATION else None


def invite(row: Application, account: Account) -> Invitation | None:
    """Invites the person of a deposited application to the appointment it calls for; None when it calls for none.

    Twice is once, whatever became of the appointment. Call it in the transaction of the deposit, or of what reopens.
    """
    type = type_called_for(row)
    if type is None:
        return None
    guest = appointments.guest_of(row.person, email=account.email, language=account.language)
    invitation = appointments.invite(type, subject_of(row), guest, by=SYSTEM)
    messaging.notify(
        intent=f"appointment-invitation:{invitation.pk}:{account.pk}",
        account=account,
        kind="information",
        subject=subject_of(row),
        data={"number": row.number, "what": INVITED},
        mail=False,  # the invitation is a mail itself
    )
    return invitation
