"""The deposit: checked once more on the day's date, then number, snapshot, receipt, mail and state in one transaction.

It is final and idempotent: a double click, a reload, two tabs or two processes make one application. A process that dies before
the commit leaves a draft that can be deposited again (and perhaps bytes in storage that no row names); after it, everything.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guichet.accounts.actions import declare_person
from guichet.accounts.models import Account
from guichet.accounts.queries import can_act_for
from guichet.applications import checking, drafting, ephotos, evaluating, inviting, moves, prolonging, receipts, seen, snapshots
from guichet.applications.errors import EPhotoRefused, MoveRefused, NotADraft, NotEligible, NotReady, NotYours, SentBack
from guichet.applications.models import Answer, Application, EPhotoCopy, State, SupportingDocument
from guichet.core import clock, counters
from guichet.messaging.actions import Attachment, send_mail
from guichet.offices.models import Office
from guichet.offices.queries import commune, office_for
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.missing import Missing
from guichet.procedures.queries import definition_of
from guichet.registries.errors import RegistryUnavailable


def deposit(application: Application, by: Account, observations: str | None = None) -> Application:
    """Deposits a draft and returns it with its number; one already deposited is returned as it is.

    ``observations`` (to the administration) are kept even when the deposit is refused; ``None`` leaves those saved before.
    Raises ``SentBack`` when what is asked changed since the person last saw it, ``NotEligible``, ``NotReady`` with what is
    missing and where, ``NotYours``, ``NotADraft``.
    """
    row = Application.objects.select_related("person", "procedure", "filed_by").get(pk=application.pk)
    if not can_act_for(by, row.person):
        raise NotYours
    if row.state == State.DRAFT:
        try:
            _try(row, by, observations)
        except (MoveRefused, NotADraft):
            row.refresh_from_db()  # another window was faster
    if row.number is None:
        raise NotADraft
    return Application.objects.select_related("person", "procedure", "filed_by", "office").get(pk=row.pk)


def _try(row: Application, by: Account, observations: str | None) -> None:
    """One attempt; what it taught is kept even when it is refused."""
    if observations is not None:
        _keep_observations(row, observations, by)
    photo = _photo_for(row)
    prolonging.read_permits(row.person, definition_of(row.procedure))
    try:
        _deposit(row, by, photo)
    except SentBack:
        _note_what_is_asked_now(row)
        raise
    except NotReady:
        if photo.refusal:
            ephotos.mark_refused(row, by, photo.number)
        raise


def _keep_observations(row: Application, observations: str, by: Account) -> None:
    with drafting.draft_held(row, by) as draft:
        stored = draft.answers.filter(section=evaluating.OBSERVATIONS_SECTION).first()
        revision = stored.revision if stored else 0
        text = observations.strip()
        drafting.save_section(draft, evaluating.OBSERVATIONS_SECTION, 0, {"text": text or None}, {}, revision, by)


def _note_what_is_asked_now(row: Application) -> None:
    """The person is being told what changed: the next deposit compares with this."""
    with drafting.draft_held(row, None) as draft:
        draft.seen = drafting.asked_of(draft)
        draft.save(update_fields=["seen"])


class _Photo:
    """What the registry said of the e-photo just before the deposit, asked outside any lock."""

    def __init__(self, number: str = "", fetched: ephotos.Fetched | None = None, refusal: EPhotoRefused | None = None) -> None:
        self.number = number
        self.fetched = fetched
        self.refusal = refusal


def _photo_for(row: Application) -> _Photo:
    number = _ephoto_number(evaluating.evaluate(row))
    if not number:
        return _Photo()
    try:
        return _Photo(number, fetched=ephotos.fetch(number))
    except EPhotoRefused as refusal:
        return _Photo(number, refusal=refusal)
    except RegistryUnavailable:
        return _Photo(number)  # what was kept when the number was confirmed stands


def _ephoto_number(evaluation: Evaluation) -> str:
    place = ephotos.place_of(evaluation.definition)
    return str(evaluation.deposited_answers().get(place[0], {}).get(place[1]) or "") if place else ""


@transaction.atomic
def _deposit(application: Application, by: Account, photo: _Photo) -> None:
    now = clock.now()
    today = clock.paris_date(now)
    with moves.transition(application, "deposit", by=drafting.actor_of(by), role="applicant", at=now) as row:
        evaluation = evaluating.evaluate(row, today)
        documents = evaluating.live_documents(row)
        _check(row, evaluation, documents, photo)
        office = office_for(_insee_code(evaluation))
        copy = _photo_kept(row, _ephoto_number(evaluation), photo)
        documents = _leave_out(evaluation, documents)
        row.filed_by = by
        row.office = office
        row.number = new_number(office, now)
        row.deposited_at = now
        row.kept_until = None
        row.silence_refuses_on = evaluation.silence_refuses_on(today)
        _forget_what_is_not_deposited(row, evaluation)
        _declare(row, evaluation, by)
        snapshots.freeze(row, evaluation, documents, copy, by)
        receipt = receipts.issue(row, evaluation, copy, by.language)
        send_mail(
            intent=f"deposit:{row.pk}",
            address=by.email,
            language=by.language,
            template="deposit",
            context={"name": by.display_name or row.person.display_name, "number": row.number},
            account=by,
            attachments=[Attachment(name=f"{row.number}.pdf", key=receipt.key)],
        )
    prolonging.promise(row, evaluation, copy, by)  # told after the deposit
    inviting.invite(row, by)


def _check(row: Application, evaluation: Evaluation, documents: list[SupportingDocument], photo: _Photo) -> None:
    """Raises what prevents the deposit, the most surprising first."""
    changes = seen.changes(row.seen, evaluation)
    if changes:
        raise SentBack(changes)
    blocks = evaluation.blocks()
    if blocks:
        raise NotEligible(blocks)
    missing = [*evaluation.missing(evaluating.counts(documents)), *unfinished(row, evaluation), *_photo_gaps(evaluation, photo)]
    if not missing and commune(_insee_code(evaluation)) is None:
        missing.append(_address_gap(evaluation))
    missing = missing or checking.unchecked(evaluation, documents)  # read once everything is there
    if missing:
        raise NotReady(missing)


def unfinished(row: Application, evaluation: Evaluation) -> list[Missing]:
    """Questions asked whose answer was typed but is not valid yet, those already missing for want of an answer left out."""
    gaps = []
    definition = evaluation.definition
    for answer in row.answers.exclude(typed={}):
        section = definition.section(answer.section)
        step = definition.step_of(answer.section)
        if section is None or step is None:
            continue
        number = answer.row if section.repeat else None
        for field in evaluation.visible_fields(section.id, number):
            if field.id in answer.typed and not evaluation.is_required(section.id, field.id, number):
                message = _("« %(label)s » : la réponse commencée n'est pas valable. Corrigez-la ou effacez-la.") % {
                    "label": field.label
                }
                gaps.append(Missing(step.id, section.id, answer.row, field.id, message))
    return gaps


def _photo_gaps(evaluation: Evaluation, photo: _Photo) -> list[Missing]:
    place = ephotos.place_of(evaluation.definition)
    number = _ephoto_number(evaluation)
    if photo.refusal is None or place is None or number != photo.number:
        return []
    step = evaluation.definition.step_of(place[0])
    return [Missing(step.id if step else "", place[0], 0, place[1], str(photo.refusal.message))]


def _photo_kept(row: Application, number: str, photo: _Photo) -> EPhotoCopy | None:
    """The copy for the receipt: the one confirmed, else what was just fetched, else one that waits for the registry."""
    copy = EPhotoCopy.objects.filter(application=row).first()
    if copy and copy.number == number:
        return copy
    if photo.fetched and photo.fetched.number == number:
        return ephotos.keep_copy(row, photo.fetched)
    if copy:
        drafting.discard_photo(copy)
    return ephotos.await_photo(row, number) if number else None


def _insee_code(evaluation: Evaluation) -> str:
    """The commune of the address that decides the office; empty when it is not known."""
    field = evaluation.definition.office_address
    if field is None:
        return ""
    address = evaluation.deposited_answers().get(field.section, {}).get(field.id) or {}
    return str(address.get("insee_code") or "")


def _address_gap(evaluation: Evaluation) -> Missing:
    field = evaluation.definition.office_address
    step = evaluation.definition.step_of(field.section) if field else None
    message = _("Choisissez votre commune dans la liste : elle désigne la préfecture qui examinera votre demande.")
    return Missing(step.id if step else "", field.section if field else "", 0, field.id if field else "", message)


def _declare(row: Application, evaluation: Evaluation, by: Account) -> None:
    """Until a registry knows a person, their identity is the one they declared last: officers find them by it."""
    if not row.person.is_frozen:
        identity = receipts.identity_in(evaluation)
        if "birth_date" in identity:
            identity["birth_date_text"] = identity.pop("birth_date")
        row.person = declare_person(by, person=row.person, **identity)


def _leave_out(evaluation: Evaluation, documents: list[SupportingDocument]) -> list[SupportingDocument]:
    """Keeps the files of what is asked; the others (another answer asked for them) are not deposited and go away."""
    asked = {(requirement.id, requirement.row) for requirement in evaluation.requirements()}
    kept = [document for document in documents if (document.requirement, document.row) in asked]
    dropped = [document for document in documents if document not in kept]
    drafting.discard([document.file for document in dropped])
    SupportingDocument.objects.filter(pk__in=[document.pk for document in dropped]).delete()
    return kept


def _forget_what_is_not_deposited(row: Application, evaluation: Evaluation) -> None:
    """Hidden answers and unfinished typing served the draft: the administration does not get them, and nobody keeps them."""
    deposited = evaluation.deposited_answers()
    deposited[evaluating.OBSERVATIONS_SECTION] = evaluation.answers.get(evaluating.OBSERVATIONS_SECTION)
    kept: list[Answer] = []
    dropped: list[Answer] = []
    for answer in row.answers.all():
        held = deposited.get(answer.section)
        answer.payload = (held[answer.row] if isinstance(held, list) else held) or {}
        answer.typed = {}
        (kept if answer.payload else dropped).append(answer)
    Answer.objects.bulk_update(kept, ["payload", "typed"])
    Answer.objects.filter(pk__in=[answer.pk for answer in dropped]).delete()


def new_number(office: Office, now: datetime) -> str:
    """19 digits: the office's 4, the Paris day, a sequence of 7 within the office and the year (gaps allowed)."""
    day = clock.paris_date(now)
    return f"{office.code}{day:%Y%m%d}{counters.next_value(f'application:{office.code}:{day.year}'):07}"
