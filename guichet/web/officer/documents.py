"""Files of an application in reach: pages as pictures, downloads, e-photo, official documents."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from guichet.applications import queries as applications
from guichet.applications.models import SupportingDocument
from guichet.certificates import queries as certificates
from guichet.files import serving
from guichet.instruction import queries
from guichet.web.design.guards import OfficerRequest, officer_required

PICTURES = {"photo", "signature"}


@officer_required()
@require_safe
def document(request: OfficerRequest, number: str, pk: int) -> HttpResponseBase:
    """The file itself, to download."""
    return serving.response(_document(request, number, pk).file, inline=False)


@officer_required()
@require_safe
def document_page(request: OfficerRequest, number: str, pk: int, page: int) -> HttpResponseBase:
    """A page as a picture."""
    return serving.preview_response(_document(request, number, pk).file, page)


@officer_required()
@require_safe
def ephoto(request: OfficerRequest, number: str, which: str) -> HttpResponse:
    """The photo or the signature that the registry gave."""
    application = queries.application_for(request.officer, number)
    copy = applications.ephoto(application) if application else None
    picture = applications.ephoto_picture(copy, which) if copy and which in PICTURES else b""
    if not picture:
        raise Http404
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return private(HttpResponse(picture, content_type=kind))


@officer_required()
@require_safe
def official_document(request: OfficerRequest, number: str, document_number: str) -> HttpResponse:
    """A receipt, a certificate or a letter, as issued."""
    found = queries.official_document_for(request.officer, number, document_number)
    if found is None:
        raise Http404
    return pdf(certificates.pdf(found), f"{found.number}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF of ours, shown in the browser, kept by no cache."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = serving.disposition(name, inline=True)
    return private(answer)


def private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _document(request: OfficerRequest, number: str, pk: int) -> SupportingDocument:
    found = queries.document_for(request.officer, number, pk)
    if found is None:
        raise Http404
    return found
