"""What a procedure is, before beginning it: steps, documents, e-photo, what is kept, and the way in."""

from collections.abc import Iterator, Mapping
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
from guichet.procedures.definition import CaseDocument, Definition, DocumentRequirement, KindOfDocument, Section, Text
from guichet.procedures.durations import Duration
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.orientation import CHOICE, Answer
from guichet.web.public.costs_and_dates import costs, when_to_apply

DEPENDS = gettext_lazy("Selon votre situation")
OPTIONAL = gettext_lazy("Facultatif")


@dataclass(frozen=True)
class Listed:
    """A document to prepare, as the page and the PDF show it."""

    label: Text
    help: Text | None
    kinds: tuple[KindOfDocument, ...]  # any one of them will do
    newer_than: str
    depends: bool
    situation: Text | None
    required: bool

    @property
    def only_kind(self) -> KindOfDocument | None:
        """The kind, where there is one only: its name is said unless it is that of the document."""
        return self.kinds[0] if len(self.kinds) == 1 else None

    @property
    def age_in_words(self) -> str:
        return Duration.parse(self.newer_than).in_words() if self.newer_than else ""


@dataclass(frozen=True)
class Part:
    """Documents of one subject, or of one case of it: «Home: hosted by someone»."""

    title: Text
    documents: tuple[Listed, ...]


def parts(definition: Definition, carried: Mapping[str, str] | None = None) -> list[Part]:
    """The documents that the procedure can ask for, by section, each case apart.

    ``carried``: choices already made, by «section.field»; what they rule out is left out. A document depends on the situation
    of the person by its own condition, or by that of the section it belongs to.
    """
    evaluation = Evaluation(definition, _answers(carried or {}), clock.today())
    ruled_out, settled = evaluation.ruled_out_documents(), evaluation.settled_documents()
    found: dict[str, list[Listed]] = {section.id: [_photo(section)] for section in _with_ephoto(definition)}
    cases: list[Part] = []
    for document in definition.documents:
        if document.id in ruled_out:
            continue
        if document.cases:
            cases += _cases(definition, document)
        else:
            depends = document.id not in settled or bool(document.when and not carried)
            found.setdefault(document.section, []).append(_listed(definition, document, depends))
    plain = [Part(_section_title(definition, section), tuple(documents)) for section, documents in found.items()]
    return plain + cases


def _answers(carried: Mapping[str, str]) -> dict[str, dict[str, str]]:
    answers: dict[str, dict[str, str]] = {}
    for place, value in carried.items():
        section, _dot, name = place.partition(".")
        answers.setdefault(section, {})[name] = value
    return answers


def _cases(definition: Definition, document: DocumentRequirement) -> Iterator[Part]:
    for case in document.cases:
        title = Text(fr=f"{document.label.fr} : {case.label.fr}", en=f"{document.label.en}: {case.label.en}")
        yield Part(title, tuple(_listed(definition, item, False) for item in case.documents))


def _listed(definition: Definition, document: DocumentRequirement | CaseDocument, depends: bool) -> Listed:
    return Listed(
        label=document.label,
        help=document.help,
        kinds=tuple(definition.kinds[kind] for kind in document.any_of if kind in definition.kinds),
        newer_than=document.newer_than or "",
        depends=depends or isinstance(document.required, str),
        situation=document.situation if isinstance(document, DocumentRequirement) else None,
        required=document.required is not False,
    )


def _with_ephoto(definition: Definition) -> list[Section]:
    sections = [section for step in definition.steps for section in step.sections]
    return [section for section in sections if any(field.type == "ephoto" for field in section.fields)]


def _photo(section: Section) -> Listed:
    """The e-photo is asked for by a question; to whom prepares, it is one more thing to have."""
    asked = next(field for field in section.fields if field.type == "ephoto")
    return Listed(section.title, asked.help, (), "", False, None, True)


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
    choice = _choice(request, slug)
    started = {"procedure": slug, **({CHOICE: choice[0]} if choice else {})}
    come_back = urlencode({"next": f"{start_url}?{urlencode(started)}"})
    context = {
        "when": when_to_apply(definition, request.user),
        "costs": costs(definition, get_language() or settings.LANGUAGE_CODE),
        "started": list(started.items()),
        "choice": choice[1] if choice else None,
        "has_ephoto": bool(_with_ephoto(definition)),
        "definition": definition,
        "slug": slug,
        "parts": parts(definition, choice[1].carry if choice else None),
        "choices": _choices(slug, choice[0] if choice else ""),
        "choice_query": f"?{urlencode({CHOICE: choice[0]})}" if choice else "",
        "start_url": start_url,
        "sign_in_url": f"{reverse('account:sign_in')}?{come_back}",
        "create_url": f"{reverse('account:create')}?{come_back}",
        "draft_kept_days": settings.DRAFT_KEPT_DAYS,
        "trail": [{"url": reverse("public:orientation"), "label": _("Trouver ma démarche")}],
    }
    return render(request, "public/procedure.html", context)


def _choice(request: HttpRequest, slug: str) -> tuple[str, Answer] | None:
    """The answer of the orientation that led here, as the address holds it, when it carries something to this procedure."""
    written = request.GET.get(CHOICE, "")
    answer = procedures.orientation().chosen(written)
    return (written, answer) if answer and answer.procedure == slug and answer.carry else None


def _choices(slug: str, chosen: str) -> dict[str, Any] | None:
    """The menu of what can be told beforehand (the mention of a talent permit), for a shorter list of documents."""
    question = procedures.orientation().carrying(slug)
    if question is None:
        return None
    headings: dict[str | None, list[tuple[str, Text, bool]]] = {}
    for answer in question.answers:
        if answer.procedure == slug and answer.carry:
            choice = question.choice_of(answer)
            headings.setdefault(answer.group, []).append((choice, answer.title, choice == chosen))
    titles = {group.id: group.title for group in question.groups}
    return {
        "name": CHOICE,
        "short": question.short,
        "headings": [(titles.get(group or ""), options) for group, options in headings.items()],
    }


@require_safe
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of documents to prepare, as a PDF in the language of the page."""
    definition = published_definition(slug)
    choice = _choice(request, slug)
    data = document_list_data(definition, choice[1].carry if choice else None)
    pdf = document_list_pdf(data, get_language() or settings.LANGUAGE_CODE)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="documents-{slug}.pdf"'
    return response


def document_list_data(definition: Definition, carried: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the PDF prints, in both languages."""
    return {
        "procedure_title": definition.title,
        "issued_on": clock.today(),
        "sections": [
            {"title": part.title, "documents": [_printed(document) for document in part.documents]}
            for part in parts(definition, carried)
        ],
    }


def _printed(document: Listed) -> dict[str, Any]:
    def helped(code: str) -> str:
        with override(code):
            condition = f"{document.situation or DEPENDS}." if document.depends else ""
            age = _("De moins de %(duration)s.") % {"duration": document.age_in_words} if document.newer_than else ""
            kind = document.only_kind
            named = f"{_kind_in_words(kind)}." if kind and kind.label != document.label else ""
            explained = kind.help if kind else None
            return " ".join(str(part) for part in (condition, named, explained, document.help, age) if part)

    def kinds(code: str) -> list[str]:
        with override(code):
            return [" – ".join(filter(None, (_kind_in_words(kind), str(kind.help or "")))) for kind in document.kinds]

    several = zip(kinds("fr"), kinds("en"), strict=True) if document.only_kind is None else ()
    return {
        "label": document.label,
        "help": {"fr": helped("fr"), "en": helped("en")},
        "any_of": [{"fr": french, "en": english} for french, english in several],
        "required": document.required,
    }


def _kind_in_words(kind: KindOfDocument) -> str:
    """«Certificat de nationalité, de moins de 6 mois», in the active language."""
    if not kind.newer_than:
        return str(kind.label)
    return _("%(document)s, de moins de %(duration)s") % {"document": kind.label, "duration": kind.age_in_words}
