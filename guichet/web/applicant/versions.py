"""A draft of an older version of its procedure: what moving to the one in force changes, and the move."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.applications import actions, queries
from guichet.applications.errors import NotTheVersionShown
from guichet.core.identifiers import whole_number
from guichet.procedures.queries import definition_of
from guichet.web.applicant.drafts import own_draft, where_it_went
from guichet.web.applicant.pages import trail
from guichet.web.design.guards import ApplicantRequest, applicant_required


@applicant_required
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: ApplicantRequest, draft: UUID) -> HttpResponse:
    """Shows what changes; moves by a button that says so. What changed since it was shown is shown anew."""
    moved = where_it_went(request, draft)
    if moved:
        return moved
    application = own_draft(request, draft)
    newer = queries.newer_version(application)
    if newer is None:
        if request.method == "POST":
            return redirect("applicant:resume", application.pk)  # moved already
        raise Http404
    shown_again = ""
    if request.method == "POST" and "_language" not in request.POST:
        revision = whole_number(str(request.POST.get("revision", "")))
        try:
            if request.POST.get("version") != str(newer.pk) or revision is None:
                raise NotTheVersionShown
            actions.move_to_version(application, newer, revision, request.user)
        except NotTheVersionShown as refusal:
            shown_again = str(refusal.message)
            application = own_draft(request, draft)
        else:
            messages.success(
                request, _("Votre brouillon suit maintenant la nouvelle version. Ce qui est encore demandé est gardé.")
            )
            return redirect("applicant:resume", application.pk)
    context = {
        "application": application,
        "definition": definition_of(application.procedure),
        "newer": newer,
        "change": queries.what_changes(application, newer),
        "shown_again": shown_again,
        "trail": trail("applicant:applications"),
    }
    return render(request, "applicant/version.html", context)
