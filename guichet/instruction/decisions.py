"""Decisions: proposed, signed, sent back, reopened. In two hands where the office asks for it, in one elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Officer
from guichet.applications import inviting
from guichet.applications.models import Application
from guichet.applications.moves import locked, subject_of, transition
from guichet.appointments import actions as appointments
from guichet.certificates import actions as certificates
from guichet.core import clock
from guichet.instruction import letters, papers, terms
from guichet.instruction.access import actor, require, role_for
from guichet.instruction.convoking import NO_LONGER_NEEDED
from guichet.instruction.errors import Invalid, NotAllowed
from guichet.instruction.grounds import grounds_of
from guichet.instruction.models import ComplementRequest, Decision, InternalNote
from guichet.instruction.powers import DECISION_MAKER
from guichet.instruction.reviewing import LONGEST_TEXT
from guichet.instruction.telling import DECISION, tell
from guichet.permits import actions as permits
from guichet.permits.models import Prolongation
from guichet.procedures.queries import definition_of

SHORTEST_MOTIVATION = 30  # characters: a decision against someone states its reasons in law and in fact (CRPA L211-5)
MOVES = {Decision.Kind.FAVOURABLE: "approve", Decision.Kind.REFUSAL: "refuse", Decision.Kind.INCOMPLETE: "close_incomplete"}
PROLONGATION_ENDS = {
    Decision.Kind.FAVOURABLE: Prolongation.End.APPROVED,
    Decision.Kind.REFUSAL: Prolongation.End.REFUSED,
    Decision.Kind.INCOMPLETE: Prolongation.End.CLOSED,
}


@dataclass(frozen=True)
class Terms:
    """What a decision says. ``tax_cents`` is in integer cents; dates are days, both included. Nothing of a permit where the
    procedure grants none."""

    kind: str
    motivation: str = ""
    permit_kind: str = ""
    permit_mention: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    tax_cents: int = 0
    allows_schengen: bool = False
    law: tuple[str, ...] | None = None  # articles that a refusal cites; None for those of the procedure


def checked_terms(application: Application, stated: Terms) -> Terms:
    """The terms as they would be signed; ``Invalid`` names the entry to mend. Reads the last complement request to close."""
    motivation = stated.motivation.strip()
    if stated.kind not in Decision.Kind.values:
        raise Invalid(_("Choisissez le sens de la décision."), "kind")
    if len(motivation) > LONGEST_TEXT:
        raise Invalid(_("La motivation est trop longue : 5 000 caractères au plus."), "motivation", "too_long")
    if stated.kind == Decision.Kind.FAVOURABLE:
        if definition_of(application.procedure).outcome:
            return Terms(stated.kind)
        _check_permit(stated)
        return stated
    if len(motivation) < SHORTEST_MOTIVATION:
        raise Invalid(
            _("Motivez la décision : les textes appliqués et les faits, en quelques phrases que la personne peut comprendre."),
            "motivation",
        )
    if stated.kind == Decision.Kind.INCOMPLETE and not may_close_incomplete(application):
        raise Invalid(
            _(
                "La demande ne peut pas être close : il faut une demande de complément ouverte par la personne, dont le délai"
                " est passé, restée sans réponse ou sans les documents attendus."
            ),
            "kind",
            "not_closable",
        )
    law = _law(application, stated.law) if stated.kind == Decision.Kind.REFUSAL else ()
    return Terms(stated.kind, motivation, law=law)


def _law(application: Application, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """The articles as the letter will cite them, in the order of the list."""
    definition = definition_of(application.procedure)
    if wanted is None:
        return definition.legal_basis
    known = [ground.article for ground in grounds_of(definition)]
    if not wanted or not set(wanted) <= set(known):
        raise Invalid(_("Choisissez au moins un texte appliqué : un refus cite la loi sur laquelle il repose."), "law")
    return tuple(article for article in known if article in wanted)


def _check_permit(stated: Terms) -> None:
    if not stated.permit_kind.strip():
        raise Invalid(_("Indiquez le titre accordé."), "permit_kind")
    if stated.valid_from is None:
        raise Invalid(_("Indiquez le premier jour de validité."), "valid_from")
    if stated.valid_until is None:
        raise Invalid(_("Indiquez le dernier jour de validité."), "valid_until")
    if stated.valid_until <= stated.valid_from:
        raise Invalid(_("Le dernier jour de validité doit venir après le premier."), "valid_until")
    if stated.tax_cents < 0:
        raise Invalid(_("Le montant ne peut pas être négatif."), "tax_cents")


def may_close_incomplete(application: Application) -> bool:
    """Whether the delay of the last complement request ran, is over, and left documents missing."""
    requests = list(application.complement_requests.prefetch_related("items"))
    return closable(requests, papers.papers_of(application, requests), clock.today())


def closable(requests: Sequence[ComplementRequest], given: Iterable[papers.Paper], today: date) -> bool:
    """The same, from what was already read: ``requests`` oldest first, with their items."""
    request = next((one for one in reversed(requests) if not one.cancelled_at), None)
    if request is None:
        return False
    asked = {(item.requirement, item.row) for item in request.items.all()}
    still = any(paper.status == papers.REJECTED for paper in given if paper.key in asked)
    closing = terms.Closing(answered=request.answered_at is not None, due_on=request.due_on, still_rejected=still)
    return terms.may_close_incomplete(closing, today)


def propose_decision(
    application: Application,
    officer: Officer,
    kind: str,
    *,
    motivation: str = "",
    permit_kind: str = "",
    permit_mention: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    tax_cents: int = 0,
    allows_schengen: bool = False,
    law: Iterable[str] | None = None,
) -> Decision:
    """Proposes a decision; where the office needs one hand only, it is signed at once. Either everything happens or nothing.

    ``kind`` is one of ``Decision.Kind``; ``Invalid`` names the entry to mend, ``NotAllowed`` says that the post or the state
    does not open this.
    """
    cited = None if law is None else tuple(law)
    stated = Terms(kind, motivation, permit_kind, permit_mention, valid_from, valid_until, tax_cents, allows_schengen, cited)
    with transaction.atomic():
        row = locked(application)
        verb = "close_incomplete" if stated.kind == Decision.Kind.INCOMPLETE else _verb(row)
        roles = require(verb, row, officer)
        stated = checked_terms(row, stated)
        decision = Decision(
            application=row,
            kind=stated.kind,
            motivation=stated.motivation,
            law=list(stated.law or ()),
            permit_kind=stated.permit_kind.strip(),
            permit_mention=stated.permit_mention.strip(),
            valid_from=stated.valid_from,
            valid_until=stated.valid_until,
            tax_cents=stated.tax_cents,
            allows_schengen=stated.allows_schengen,
            proposed_by=officer,
            proposed_at=clock.now(),
        )
        if _two_hands(row):
            role = role_for("propose", row.state, roles)
            with transition(application, "propose", by=actor(officer), role=role, decision_kind=stated.kind):
                decision.save()
        else:
            decision.save()
            _sign(application, decision, officer)
    return decision


def sign_decision(decision: Decision, officer: Officer) -> Decision:
    """The second hand: a decision maker other than the one who proposed. Signing twice changes nothing."""
    with transaction.atomic():
        row = locked(decision.application)
        current = Decision.objects.select_related("proposed_by").get(pk=decision.pk)
        if current.signed_at is None:
            require("sign", row, officer)
            _other_hand(current, officer)
            if current.kind == Decision.Kind.INCOMPLETE and not may_close_incomplete(row):
                raise NotAllowed
            _sign(decision.application, current, officer)
    return current


def send_back(decision: Decision, officer: Officer, reason: str) -> Decision:
    """Asks for another look. A request that was waiting for its answer waits again."""
    reason = reason.strip()[:LONGEST_TEXT]
    if not reason:
        raise Invalid(_("Dites ce qui est à revoir."), "reason")
    with transaction.atomic():
        row = locked(decision.application)
        current = Decision.objects.get(pk=decision.pk)
        roles = require("send_back", row, officer)
        if current.sent_back_at is not None or current.signed_at is not None:
            raise NotAllowed
        waiting = ComplementRequest.objects.filter(application=row, answered_at=None, cancelled_at=None).exists()
        move = "resume_waiting" if waiting else "send_back"
        with transition(
            decision.application, move, by=actor(officer), role=role_for(move, row.state, roles), decision=current.pk
        ):
            current.sent_back_at = clock.now()
            current.sent_back_reason = reason
            current.save(update_fields=["sent_back_at", "sent_back_reason"])
    return current


def reopen(application: Application, officer: Officer, reason: str) -> Application:
    """Takes up again an application closed as incomplete less than 30 days ago. The person is told."""
    reason = reason.strip()[:LONGEST_TEXT]
    if not reason:
        raise Invalid(_("Dites pourquoi la demande est rouverte."), "reason")
    with transaction.atomic():
        row = locked(application)
        roles = require("reopen", row, officer)
        decision = row.decisions.filter(signed_at__isnull=False, reopened_at__isnull=True).order_by("-signed_at").first()
        if decision is None or decision.signed_at is None:
            raise NotAllowed
        if not terms.may_reopen(clock.paris_date(decision.signed_at), clock.today()):
            raise Invalid(
                _("Le délai de 30 jours pour rouvrir la demande est passé : la personne peut en déposer une nouvelle."),
                "reason",
                "too_late",
            )
        with transition(application, "reopen", by=actor(officer), role=role_for("reopen", row.state, roles)) as moved:
            decision.reopened_at = clock.now()
            decision.save(update_fields=["reopened_at"])
            InternalNote.objects.create(application=moved, officer=officer, text=reason, at=clock.now())
            tell(
                moved,
                intent=f"reopened:{decision.pk}",
                kind="information",
                subject=("application", str(moved.pk)),
                data={"number": moved.number, "what": "reopened"},
            )
        permits.resume(subject_of(row))  # told after the reopening
        inviting.invite(row, row.filed_by)
    return application


def _verb(row: Application) -> str:
    return "propose" if _two_hands(row) else "decide"


def _two_hands(row: Application) -> bool:
    return bool(row.office and row.office.two_hands)


def _other_hand(decision: Decision, officer: Officer) -> None:
    if decision.proposed_by_id == officer.pk:
        raise Invalid(_("Vous avez proposé cette décision : une autre personne doit la signer."), "sign", "same_hand")


def _sign(application: Application, decision: Decision, officer: Officer) -> None:
    """The move, the signature, the letter, the end of a waiting request, the notification: one transaction.

    The move is the decision maker's. Where one hand is enough the office has given the signature to whom instructs; what
    ``powers.py`` allows has been asked before.
    """
    move = MOVES[Decision.Kind(decision.kind)]
    with transition(application, move, by=actor(officer), role=DECISION_MAKER, decision=decision.pk) as row:
        decision.signed_by = officer
        decision.signed_at = clock.now()
        document = certificates.issue(
            letters.kind_of(row, decision),
            subject=("application", str(row.pk)),
            data=letters.data_for(row, decision),
            language=row.filed_by.language,
            intent=f"decision:{decision.pk}",
        )
        decision.document_number = document.number
        decision.save(update_fields=["signed_by", "signed_at", "document_number"])
        permits.end(subject_of(row), by=actor(officer), why=PROLONGATION_ENDS[Decision.Kind(decision.kind)])
        ComplementRequest.objects.filter(application=row, answered_at=None, cancelled_at=None).update(cancelled_at=clock.now())
        if decision.kind != Decision.Kind.FAVOURABLE:
            appointments.withdraw_invitations(subject_of(row), by=actor(officer), reason=NO_LONGER_NEEDED)
        tell(
            row,
            intent=f"decision:{decision.pk}",
            kind="decision",
            subject=(DECISION, str(decision.pk)),
            data={"number": row.number},
        )
