"""Who one said to be before choosing, where the type asks: what its pages kept, as the claim needs it."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from guichet.accounts.queries import persons_of
from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Invitation
from guichet.appointments.models.agendas import PUBLIC
from guichet.web.booking import kept

# What nobody types again once they are known by it.
IDENTITY = ("first_names", "last_name", "birth_name", "birth_date")


def invitation_of(request: HttpRequest, type: AppointmentType) -> Invitation | None:
    """The invitation that this browser came with, for a type by invitation; None when it came with none, when it can no
    longer be used, or when somebody else has signed in since. At most three queries; none for other types."""
    known = kept.way(request, type).get("invitation")
    if known is None or type.identity != AppointmentType.Identity.INVITATION:
        return None
    found = appointments.invitation_of(known)
    if found is None or found.type_id != type.pk or is_of_somebody_else(request, found):
        return None
    return found if appointments.standing_of(found).is_open else None


def is_of_somebody_else(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether who is signed in does not act for the person invited. Nobody signed in: the link of the mail is enough."""
    user = request.user
    return user.is_authenticated and not appointments.is_of_one_of(invitation, persons_of(user))


def uninvited(request: HttpRequest, type: AppointmentType) -> bool:
    """Whether one needs an invitation for this type and has none that can be used: its first page says what to do."""
    return type.identity == AppointmentType.Identity.INVITATION and invitation_of(request, type) is None


def unidentified(request: HttpRequest, type: AppointmentType) -> bool:
    """Whether this type asks who one is first, and it is not known yet, or the right time has not come. No query."""
    return type.identity == AppointmentType.Identity.STUDENT and not kept.way(request, type).get("person_key")


def pool_of(request: HttpRequest, type: AppointmentType) -> str:
    """From which places one books: those that the invitation opens, else everybody's."""
    found = invitation_of(request, type)
    return found.pool if found else PUBLIC


def proof_of_identity(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """The arguments of a claim that tell who it is for; none where the type asks for nothing."""
    way = kept.way(request, type)
    if type.identity == AppointmentType.Identity.INVITATION:
        return {"invitation": invitation_of(request, type)}
    if type.identity == AppointmentType.Identity.NONE or not way.get("person_key"):
        return {}
    ends_on = way.get("permit_ends_on")
    return {"person_key": way["person_key"], "permit_ends_on": date.fromisoformat(ends_on) if ends_on else None}


def known_of(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """What is known already of who comes: the details begin with it (the e-mail), or hold it as it is (:data:`IDENTITY`)."""
    invitation = invitation_of(request, type)
    if invitation is not None:
        known = {name: getattr(invitation, name) for name in ("first_names", "last_name", "birth_name", "email")}
        known["birth_date"] = invitation.birth_date_text
    else:
        known = kept.way(request, type).get("student") or {}
    return {name: known[name] for name in (*IDENTITY, "email") if known.get(name)}


def identity_of(known: dict[str, Any]) -> dict[str, Any]:
    """Of what ``known_of`` said, what is not typed again."""
    return {name: known[name] for name in IDENTITY if name in known}


def situation_of(request: HttpRequest, type: AppointmentType) -> str:
    """The situation that a student chose; empty elsewhere."""
    known = kept.way(request, type).get("student") or {}
    return str(known.get("situation", ""))
