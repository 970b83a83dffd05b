"""Decisions that wait for the second hand."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts.models import Post
from guichet.core.errors import ActionRefused
from guichet.instruction import actions, queries
from guichet.instruction.models import Decision
from guichet.procedures.queries import definition_of
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.decision import outcome_of
from guichet.web.officer.documents import pdf
from guichet.web.officer.forms import ReasonForm
from guichet.web.officer.pages import show, told


@officer_required(Post.Role.DECISION_MAKER)
@require_safe
def signatures(request: OfficerRequest) -> HttpResponse:
    waiting = [
        {"decision": one, "kind": words.DECISIONS[one.kind], "is_mine": one.proposed_by_id == request.officer.pk}
        for one in queries.to_sign(request.officer)
    ]
    return show(request, "officer/signatures.html", {"waiting": waiting})


@officer_required(Post.Role.DECISION_MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: OfficerRequest, pk: int) -> HttpResponse:
    """One proposal: read it, read its letter, sign it or send it back."""
    proposal = _proposal(request, pk)
    form = ReasonForm(request.POST if request.POST.get("action") == "send_back" else None)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "sign":
                actions.sign_decision(proposal, request.officer)
                messages.success(request, _("La décision est signée. La personne est prévenue par courriel."))
                return redirect("officer:signatures")
            if form.is_valid():
                actions.send_back(proposal, request.officer, form.cleaned_data["reason"])
                messages.success(request, _("La proposition est renvoyée à l'examen."))
                return redirect("officer:signatures")
        except ActionRefused as refusal:
            told(request, refusal)
            return redirect("officer:signature", pk)
    context = {
        "proposal": proposal,
        "application": proposal.application,
        "kind": words.DECISIONS[proposal.kind],
        "euros": f"{proposal.tax_cents // 100},{proposal.tax_cents % 100:02}",
        "outcome": outcome_of(definition_of(proposal.application.procedure), proposal.kind),
        "is_mine": proposal.proposed_by_id == request.officer.pk,
        "is_waiting": proposal.signed_at is None and proposal.sent_back_at is None,
        "form": form,
    }
    return show(request, "officer/signature.html", context, trail=[(reverse("officer:signatures"), _("Signatures"))])


@officer_required(Post.Role.DECISION_MAKER)
@require_safe
def signature_letter(request: OfficerRequest, pk: int) -> HttpResponse:
    """The letter as it would be, signed by who reads it."""
    proposal = _proposal(request, pk)
    if proposal.signed_at is not None or proposal.sent_back_at is not None:
        raise Http404
    content = queries.preview_pdf(proposal.application, proposal, request.officer, proposal.application.filed_by.language)
    return pdf(content, f"{proposal.application.number}-projet.pdf")


def _proposal(request: OfficerRequest, pk: int) -> Decision:
    """A decision of an office where this officer signs."""
    found = queries.proposal_for(request.officer, pk)
    if found is None or Post.Role.DECISION_MAKER not in request.powers.roles_in(str(found.application.office_id)):
        raise Http404
    return found
