"""What a procedure is, before beginning it: steps, documents, e-photo, what is kept, and the way in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.certificates.typesetting import document_list_pdf
from guichet.core import clock
from guichet.procedures import queries as procedures
from guichet.procedures.definition import CaseDocument, Definition, DocumentRequirement, Text

DEPENDS = gettext_lazy("Selon votre situation")
OPTIONAL = gettext_lazy("Facultatif")


@dataclass(frozen=True)
class Listed:
    """A document to prepare, as the page and the PDF show it."""

    label: Text
    help: Text | None
    kinds: tuple[Text, ...]
    depends: bool
    required: bool


@dataclass(frozen=True)
class Part:
    """Documents of one subject, or of one case of it: «Home: hosted by someone»."""

    title: Text
    documents: tuple[Listed, ...]


def parts(definition: Definition) -> list[Part]:
    """The documents that the procedure can ask for, by section, each case apart."""
    found: dict[str, list[Listed]] = {}
    cases: list[Part] = []
    for document in definition.documents:
        if document.cases:
            cases += _cases(definition, document)
        else:
            found.setdefault(document.section, []).append(_listed(definition, document, bool(document.when)))
    plain = [Part(_section_title(definition, section), tuple(documents)) for section, documents in found.items()]
    return plain + cases


def _cases(definition: Definition, document: DocumentRequirement) -> Iterator[Part]:
    for case in document.cases:
        title = Text(fr=f"{document.label.fr} : {case.label.fr}", en=f"{document.label.en}: {case.label.en}")
        yield Part(title, tuple(_listed(definition, item, False) for item in case.documents))


def _listed(definition: Definition, document: DocumentRequirement | CaseDocument, depends: bool) -> Listed:
    kinds = tuple(definition.kinds[kind].label for kind in document.any_of if kind in definition.kinds)
    return Listed(
        label=document.label,
        help=document.help,
        kinds=kinds if len(kinds) > 1 else (),
        depends=depends or isinstance(document.required, str),
        required=document.required is not False,
    )


def _section_title(definition: Definition, section_id: str) -> Text:
    section = definition.section(section_id)
    return section.title if section else definition.title


def published_definition(slug: str) -> Definition:
    published = procedures.current(slug)
    if published is None:
        raise Http404
    return procedures.definition_of(published)


@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    definition = published_definition(slug)
    start_url = reverse("applicant:start")
    come_back = urlencode({"next": f"{start_url}?{urlencode({'procedure': slug})}"})
    context = {
        "definition": definition,
        "slug": slug,
        "parts": parts(definition),
        "start_url": start_url,
        "sign_in_url": f"{reverse('account:sign_in')}?{come_back}",
        "create_url": f"{reverse('account:create')}?{come_back}",
        "draft_kept_days": settings.DRAFT_KEPT_DAYS,
        "trail": [{"url": reverse("public:orientation"), "label": _("Demander un titre de séjour")}],
    }
    return render(request, "public/procedure.html", context)


@require_safe
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of documents to prepare, as a PDF in the language of the page."""
    definition = published_definition(slug)
    pdf = document_list_pdf(document_list_data(definition), get_language() or settings.LANGUAGE_CODE)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="documents-{slug}.pdf"'
    return response


def document_list_data(definition: Definition) -> dict[str, Any]:
    """What the PDF prints, in both languages."""
    return {
        "procedure_title": definition.title,
        "issued_on": clock.today(),
        "sections": [
            {"title": part.title, "documents": [_printed(document) for document in part.documents]}
            for part in parts(definition)
        ],
    }


def _printed(document: Listed) -> dict[str, Any]:
    def helped(code: str) -> str:
        with override(code):
            condition = str(DEPENDS) if document.depends else ""
        said = document.help.in_language(code) if document.help else ""
        return ". ".join(part for part in (condition, said) if part)

    return {
        "label": document.label,
        "help": {"fr": helped("fr"), "en": helped("en")},
        "any_of": document.kinds,
        "required": document.required,
    }
