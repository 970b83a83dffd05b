"""Which offices an officer sees the agendas of, and who may change them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from guichet.appointments import queries as appointments
from guichet.core.events import Actor
from guichet.instruction import powers
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest
from guichet.web.officer.pages import Trail


def offices_of(request: OfficerRequest) -> list[Office]:
    """The offices of an officer's posts; for a national post, all that give appointments. By name."""
    if request.powers.national:
        return appointments.receiving_offices()
    found = {post.office_id: post.office for post in request.officer.posts.all() if post.office}
    return sorted(found.values(), key=lambda office: office.name)


def office_or_404(request: OfficerRequest, slug: str) -> Office:
    """An office in reach; any other does not exist."""
    found = next((office for office in offices_of(request) if office.slug == slug), None)
    if found is None:
        raise Http404
    return found


def may_change(request: OfficerRequest, office: Office) -> bool:
    return powers.opens("set_up_agendas", request.powers.roles_in(office.code))


def may_receive(request: OfficerRequest, office: Office) -> bool:
    """Whether the appointments of an office are this officer's to move and to cancel."""
    return powers.opens("receive", request.powers.roles_in(office.code))


def office_to_change(request: OfficerRequest, slug: str) -> Office:
    """An office that this officer sets up. Out of reach: it does not exist; in reach of a reader: forbidden."""
    office = office_or_404(request, slug)
    if not may_change(request, office):
        raise PermissionDenied
    return office


def actor(request: OfficerRequest) -> Actor:
    return Actor("officer", str(request.user.pk))


def trail(office: Office) -> Trail:
    return [(f"{reverse('officer:agendas')}?bureau={office.slug}", _("Agendas"))]
