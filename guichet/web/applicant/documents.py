"""The step of the documents: the e-photo, each document with its files, the case that says which documents are asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guichet.applications import actions, queries
from guichet.applications.errors import EPhotoRefused
from guichet.applications.models import Application, EPhotoCopy
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import legible, whole_number
from guichet.files import actions as files
from guichet.procedures.definition import Field
from guichet.procedures.evaluation import Evaluation, Requirement
from guichet.registries.errors import RegistryUnavailable
from guichet.web.applicant import words
from guichet.web.applicant.drafts import own_draft
from guichet.web.applicant.filling import Filling
from guichet.web.applicant.pages import form_page, step_url
from guichet.web.applicant.pieces import Errors, chapters, counts, key_of, waiting
from guichet.web.design.forms import ErrorLine
from guichet.web.design.guards import ApplicantRequest, applicant_required

EPHOTO = "ephoto"


@dataclass
class EPhotoView:
    """The e-photo: to confirm, confirmed, or waiting for the registry."""

    field: Field
    typed: str
    confirmed: EPhotoCopy | None
    waiting: bool
    error: str


def draw(
    request: ApplicantRequest, filling: Filling, *, errors: Errors | None = None, may_skip: bool = False, status: int = 200
) -> HttpResponse:
    context = {**_context(filling, errors or {}), "may_skip": may_skip}
    context["error_lines"] = list(_error_lines(context))
    return render(request, "applicant/documents.html", context, status=status)


def _context(filling: Filling, errors: Errors) -> dict[str, Any]:
    evaluation = filling.evaluation()
    documents = queries.documents(filling.application)
    page = form_page(filling)
    page.sections = [section for section in page.sections if any(row.form.fields for row in section.rows)]
    return {
        "page": page,
        "ephoto": _ephoto_view(filling, evaluation, errors),
        "chapters": chapters(filling.application, filling.definition, evaluation, documents, errors),
        "waiting": waiting(filling.application, filling.definition, evaluation, documents),
    }


def _error_lines(context: dict[str, Any]) -> Iterator[ErrorLine]:
    ephoto: EPhotoView | None = context["ephoto"]
    if ephoto and ephoto.error:
        yield ErrorLine("id_ephoto", ephoto.error)
    yield from context["page"].error_lines
    for chapter in context["chapters"]:
        for group in chapter.groups:
            if group.error:
                yield ErrorLine(f"case-{group.key}-0", group.error)
            for piece in group.pieces:
                if piece.error:
                    yield ErrorLine(f"piece-{piece.key}", words.about(piece.label, piece.error))


def ephoto_field(filling: Filling, evaluation: Evaluation) -> Field | None:
    """The question of this step that asks for an e-photo."""
    for section in evaluation.visible_sections(filling.step.id):
        for asked in evaluation.visible_fields(section.id):
            if asked.type == "ephoto":
                return asked
    return None


def _ephoto_view(filling: Filling, evaluation: Evaluation, errors: Errors) -> EPhotoView | None:
    asked = ephoto_field(filling, evaluation)
    if asked is None:
        return None
    stored = next((row.answer for row in filling.rows if row.section.id == asked.section), None)
    number = str(stored.payload.get(asked.id, "")) if stored else ""
    refused = str(stored.typed.get(asked.id, "")) if stored else ""
    copy = queries.ephoto(filling.application)
    confirmed = copy if copy and copy.number == number and copy.photo_key else None
    error = str(errors.get(EPHOTO, ""))
    if refused and not error:
        error = _("Ce numéro n'a pas été reconnu. Vérifiez-le sur votre planche de photos, puis confirmez-le à nouveau.")
    return EPhotoView(asked, refused or number, confirmed, bool(number) and confirmed is None, error)


# Acting -------------------------------------------------------------------------------------------------------------


def act(request: ApplicantRequest, filling: Filling, verb: str, target: str) -> HttpResponse | None:
    """What was sent with the page: the number of the e-photo, files chosen, and the button. None: the step goes on."""
    application, evaluation = filling.application, filling.evaluation()
    here = step_url(application, filling.step.id)
    if verb == "remove_ephoto":
        actions.remove_ephoto(application, request.user)
        return redirect(f"{here}#ephoto")
    if verb == "remove_file":
        return _remove(request, filling, target)
    errors: Errors = {}
    _confirm_ephoto(request, filling, evaluation, errors)
    received = _receive_all(request, application, evaluation, errors)
    filling = Filling(application, filling.definition, filling.step)
    if verb in {"quit", "previous", "abandon"}:
        return None
    if errors:
        return draw(request, filling, errors=errors, may_skip=verb == "continue")
    if verb == "later":
        return _go_on(application, filling)
    if verb == "continue":
        _check_documents(filling, errors)
        complete = filling.check()
        if errors or not complete:
            return draw(request, filling, errors=errors, may_skip=complete)
        return None
    anchor = target if verb == "update" else EPHOTO if verb == "confirm_ephoto" else received or target
    return redirect(f"{here}#{anchor}" if anchor else here)


def _go_on(application: Application, filling: Filling) -> HttpResponse:
    """To the recap with what is missing: it lists it, and nothing can be deposited until then."""
    steps = filling.definition.steps
    after = steps[min(steps.index(filling.step) + 1, len(steps) - 1)]
    actions.move_to_step(application, after.id)
    return redirect(step_url(application, after.id))


def _remove(request: ApplicantRequest, filling: Filling, target: str) -> HttpResponse:
    here = step_url(filling.application, filling.step.id)
    number = whole_number(target)
    if number is None:
        raise Http404
    document = queries.document_of(request.user, filling.application, number)
    if document is None:
        return redirect(here)
    actions.remove_document(filling.application, document.pk, request.user)
    return redirect(f"{here}#piece-{key_of(document.requirement, document.row)}")


def _confirm_ephoto(request: ApplicantRequest, filling: Filling, evaluation: Evaluation, errors: Errors) -> None:
    """A number that was typed is confirmed whatever the button: nobody loses it for having pressed another one."""
    asked = ephoto_field(filling, evaluation)
    number = legible(str(request.POST.get("ephoto") or "")).strip()
    if asked is None or not number:
        return
    try:
        actions.confirm_ephoto(filling.application, number[:40], request.user)
    except (EPhotoRefused, RegistryUnavailable) as refusal:
        errors[EPHOTO] = refusal.message


def _receive_all(request: ApplicantRequest, application: Application, evaluation: Evaluation, errors: Errors) -> str:
    """Takes every file that came with the page; each refusal stays beside its document. The anchor of the last one taken."""
    anchor = ""
    for asked in evaluation.requirements():
        key = key_of(asked.id, asked.row)
        chosen, pages = request.FILES.getlist(f"file-{key}"), request.FILES.getlist(f"pages-{key}")
        if not chosen and not pages:
            continue
        problems = receive(request, application, asked, chosen, pages)
        if problems:
            errors[key] = " ".join(problems)
        anchor = f"piece-{key}"
    return anchor


def receive(
    request: ApplicantRequest,
    application: Application,
    asked: Requirement,
    chosen: "Sequence[UploadedFile[Any]]",
    pages: "Sequence[UploadedFile[Any]]",
) -> list[str]:
    """Takes files for a document, one by one, then pages to join as one PDF. A sentence for each that is not taken."""
    problems = []
    for uploaded in chosen:
        try:
            stored = files.receive(uploaded, account=request.user)
            actions.add_document(application, asked.id, asked.row, stored, request.user)
        except ActionRefused as refusal:
            problems.append(f"« {uploaded.name} » : {refusal.message}")
    if pages:
        try:
            stored = files.join(pages, str(asked.label), account=request.user)
            actions.add_document(application, asked.id, asked.row, stored, request.user)
        except ActionRefused as refusal:
            problems.append(str(refusal.message))
    return problems


def _check_documents(filling: Filling, errors: Errors) -> None:
    """What the step still waits for."""
    evaluation = filling.evaluation()
    given = counts(queries.documents(filling.application))
    for group in evaluation.document_groups():
        if group.cases and group.chosen is None:
            errors[f"case-{key_of(group.id, group.row)}"] = _(
                "Dites quelle est votre situation : les documents à joindre en dépendent."
            )
        for asked in group.requirements:
            if asked.required and not given.get((asked.id, asked.row)):
                errors[key_of(asked.id, asked.row)] = _("joignez au moins un fichier.")
    asked_photo = ephoto_field(filling, evaluation)
    if asked_photo is None or not evaluation.is_required(asked_photo.section, asked_photo.id):
        return
    if evaluation.raw(asked_photo.section, asked_photo.id) is None:
        errors.setdefault(EPHOTO, _("Écrivez le numéro de votre e-photo, puis confirmez-le."))


@applicant_required
@require_POST
def upload(request: ApplicantRequest, draft: UUID, requirement: str, row: int) -> HttpResponse:
    """Files sent one by one by the page's script: answers what was taken, or why not."""
    application = own_draft(request, draft)
    evaluation = queries.evaluation(application)
    asked = next((each for each in evaluation.requirements() if each.id == requirement and each.row == row), None)
    if asked is None:
        return JsonResponse({"error": _("Ce document n'est plus demandé : rechargez la page.")}, status=409)
    chosen = [uploaded for _name, sent in request.FILES.lists() for uploaded in sent]
    problems = (
        receive(request, application, asked, chosen, [])
        if chosen
        else [_("Aucun fichier n'est arrivé : choisissez-le à nouveau.")]
    )
    if problems:
        return JsonResponse({"error": " ".join(problems)}, status=422)
    return JsonResponse({"received": len(chosen)})
