"""A draft as a whole: started, resumed, abandoned."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts.queries import persons_of
from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import is_code
from guichet.procedures import queries as procedures
from guichet.procedures.orientation import CHOICE
from guichet.procedures.queries import definition_of
from guichet.web.applicant.pages import step_url
from guichet.web.design.guards import ApplicantRequest, applicant_required


def own_draft(request: ApplicantRequest, pk: UUID) -> Application:
    """The draft, if the account acts for its person; ``Http404`` otherwise."""
    found = queries.draft_of(request.user, pk)
    if found is None:
        raise Http404
    return found


def where_it_went(request: ApplicantRequest, pk: UUID) -> HttpResponse | None:
    """Where a draft that was deposited meanwhile (another window, a second click, «back») is found."""
    deposited = queries.deposited_from(request.user, pk)
    return redirect("applicant:confirmation", deposited.number) if deposited else None


@applicant_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ApplicantRequest) -> HttpResponse:
    """Starts a draft of a procedure for a person. Who acts for several chooses; asked by GET, the page only offers to start."""
    slug = str(request.POST.get("procedure") or request.GET.get("procedure") or "")
    published = procedures.current(slug) if is_code(slug) else None
    if published is None:
        raise Http404
    persons = persons_of(request.user)
    chosen = next((person for person in persons if str(person.pk) == request.POST.get("person")), None)
    if chosen is None and len(persons) == 1:
        chosen = persons[0]
    error = ""
    choice = str(request.POST.get(CHOICE) or request.GET.get(CHOICE) or "")
    answer = procedures.orientation().chosen(choice)
    carried = dict(answer.carry) if answer and answer.procedure == slug else {}
    drafts = queries.drafts_of(request.user, person=chosen, procedure=slug)
    existing = [draft for draft in drafts if draft.updated_at > draft.created_at]  # a double click is no other draft
    confirmed = "choosing" in request.POST or not existing  # who has drafts of this is told before another begins
    if request.method == "POST" and "_language" not in request.POST and confirmed:
        if chosen is not None:
            try:
                draft = actions.start_draft(request.user, chosen, published, carried)
            except ActionRefused as refusal:
                error = str(refusal.message)
            else:
                return redirect(step_url(draft, draft.current_step or definition_of(published).steps[0].id))
        elif "choosing" in request.POST:
            error = _("Choisissez la personne pour qui vous faites cette demande.")
    context = {
        "definition": definition_of(published),
        "slug": slug,
        "choice": choice if carried else "",
        "persons": persons,
        "chosen": chosen,
        "existing": existing,
        "error_lines": [{"anchor": "person-0", "message": error}] if error else [],
    }
    return render(request, "applicant/start.html", context)


@applicant_required
@require_safe
def resume(request: ApplicantRequest, draft: UUID) -> HttpResponse:
    """The step that was saved last."""
    moved = where_it_went(request, draft)
    if moved:
        return moved
    application = own_draft(request, draft)
    steps = definition_of(application.procedure).steps
    current = next((step.id for step in steps if step.id == application.current_step), steps[0].id)
    return redirect(step_url(application, current))


@applicant_required
@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: ApplicantRequest, draft: UUID) -> HttpResponse:
    """Asks first; then erases what the draft held."""
    moved = where_it_went(request, draft)
    if moved:
        return moved
    application = queries.draft_of(request.user, draft)
    if application is None:
        if request.method == "POST":
            return redirect("applicant:applications")  # abandoned already
        raise Http404
    if request.method == "POST":
        actions.abandon(application, request.user)
        messages.success(request, _("La demande est abandonnée. Ce que vous aviez écrit et joint est effacé."))
        return redirect("applicant:applications")
    definition = definition_of(application.procedure)
    back = step_url(application, application.current_step or definition.steps[0].id)
    return render(request, "applicant/abandon.html", {"application": application, "definition": definition, "back": back})
