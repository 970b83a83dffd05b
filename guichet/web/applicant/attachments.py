"""Files shown to their owner: given documents, the e-photo, official documents. Someone else's are «not found»."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guichet.applications import queries
from guichet.applications.models import Application, SupportingDocument
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.files import serving
from guichet.instruction.queries import decisions_of
from guichet.web.applicant import words
from guichet.web.applicant.drafts import own_draft
from guichet.web.applicant.pages import trail
from guichet.web.design.guards import ApplicantRequest, applicant_required


def own_application(request: ApplicantRequest, number: str) -> Application:
    """The deposited application, if the account acts for its person; ``Http404`` otherwise."""
    found = queries.application_of(request.user, number)
    if found is None:
        raise Http404
    return found


def _document(request: ApplicantRequest, application: Application, pk: int) -> SupportingDocument:
    found = queries.document_of(request.user, application, pk)
    if found is None:
        raise Http404
    return found


@applicant_required
@require_safe
def draft_file(request: ApplicantRequest, draft: UUID, document: int) -> HttpResponse:
    return serving.response(_document(request, own_draft(request, draft), document).file, inline=True)


@applicant_required
@require_safe
def draft_preview(request: ApplicantRequest, draft: UUID, document: int) -> HttpResponse:
    return serving.preview_response(_document(request, own_draft(request, draft), document).file, 1)


@applicant_required
@require_safe
def application_file(request: ApplicantRequest, number: str, document: int) -> HttpResponse:
    return serving.response(_document(request, own_application(request, number), document).file, inline=True)


@applicant_required
@require_safe
def application_preview(request: ApplicantRequest, number: str, document: int) -> HttpResponse:
    return serving.preview_response(_document(request, own_application(request, number), document).file, 1)


@applicant_required
@require_safe
def draft_photo(request: ApplicantRequest, draft: UUID, part: str) -> HttpResponse:
    """The photo or the signature that the registry gave for the number confirmed."""
    copy = queries.ephoto(own_draft(request, draft))
    if copy is None or part not in {"photo", "signature"}:
        raise Http404
    picture = queries.ephoto_picture(copy, part)
    if not picture:
        raise Http404
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    response = HttpResponse(picture, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response


@applicant_required
@require_safe
def official_document(request: ApplicantRequest, number: str) -> HttpResponse:
    """An official document about an application of a person that the account acts for."""
    document = certificates.document(number)
    if document is None or document.subject_kind != "application":
        raise Http404
    try:
        pk = UUID(document.subject_id)
    except ValueError:
        raise Http404 from None
    application = queries.deposited_from(request.user, pk)
    if application is None:
        raise Http404
    if any(
        decision.document_number == document.number and decision.opened_at is None for decision in decisions_of(application)
    ):
        # Reading a decision is dated: it is opened from its notification, by a button that says so.
        return redirect("applicant:application", application.number)
    if document.revoked_at is not None:
        return _over(request, document, application)
    response = HttpResponse(certificates.pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = serving.disposition(f"{document.number}.pdf", inline=True)
    response["Cache-Control"] = "private, no-store"
    return response


def _over(request: ApplicantRequest, document: OfficialDocument, application: Application) -> HttpResponse:
    """Whoever is shown the PDF would believe it: the address says since when it is worth nothing. Officers keep it."""
    assert document.revoked_at  # by the caller
    context = {
        "document": document,
        "title": words.document(document.kind),
        "day": day_in_words(clock.paris_date(document.revoked_at)),
        "application": application,
        "trail": trail("applicant:applications"),
    }
    response = render(request, "applicant/document_over.html", context, status=410)
    response["Cache-Control"] = "private, no-store"
    return response
