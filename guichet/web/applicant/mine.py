"""My applications: what to do first, then by kind what is examined, being filled in, decided, the papers, the permits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guichet.accounts.models import Person
from guichet.accounts.queries import persons_of
from guichet.applications import queries
from guichet.applications.lifecycle import DECIDED, OPEN
from guichet.applications.models import Application, State
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.core.errors import TooManyTries
from guichet.core.identifiers import is_code
from guichet.core.throttling import Limit, spend
from guichet.permits import actions as permit_actions
from guichet.permits import queries as permits
from guichet.permits.models import ResidencePermit
from guichet.procedures import queries as procedures
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import definition_of
from guichet.web.applicant import prolongations, todo, words
from guichet.web.applicant.standing import standing
from guichet.web.applicant.todo import Pending
from guichet.web.design.guards import ApplicantRequest, applicant_required

SIZE = 10
TABS: tuple[tuple[str, Promise], ...] = (
    ("en-cours", gettext_lazy("En cours")),
    ("brouillons", gettext_lazy("Brouillons")),
    ("decidees", gettext_lazy("Décidées")),
    ("attestations", gettext_lazy("Attestations et lettres")),
    ("titres", gettext_lazy("Titres de séjour")),
)
STATES = {"en-cours": OPEN, "decidees": DECIDED}
REFRESH = Limit("applicant.refresh_permits", tries=5, seconds=600)

# What one declares once one holds a permit: the slug of its procedure, what it is for.
CHANGES: tuple[tuple[str, Promise, Promise], ...] = (
    ("change_of_address", gettext_lazy("J'ai déménagé"), gettext_lazy("Déclarer une nouvelle adresse")),
    (
        "change_of_civil_status",
        gettext_lazy("Ma situation de famille ou mon état civil a changé"),
        gettext_lazy("Déclarer un mariage, un divorce, un nouveau nom, une nouvelle nationalité"),
    ),
    (
        "lost_permit",
        gettext_lazy("J'ai perdu mon titre, ou on me l'a volé"),
        gettext_lazy("Déclarer la perte ou le vol et demander un duplicata"),
    ),
)


@dataclass(frozen=True)
class Scope:
    """Whose applications are looked at: everybody's, or one person's."""

    persons: Sequence[Person]
    person: Person | None
    tab: str

    @property
    def shown(self) -> Sequence[Person]:
        return [self.person] if self.person else self.persons

    def url(self, tab: str, person: Person | None, **more: str) -> str:
        asked = {"onglet": tab, **({"personne": str(person.pk)} if person else {}), **more}
        return f"{reverse('applicant:applications')}?{urlencode(asked)}"


@applicant_required
@require_safe
def index(request: ApplicantRequest) -> HttpResponse:
    """``onglet``: one of ``TABS``; ``personne``: of whom; ``apres``: the key of a page. Looking asks no registry."""
    account, persons = request.user, persons_of(request.user)
    person = next((one for one in persons if str(one.pk) == request.GET.get("personne")), None)
    counts = queries.counts_of(account, person=person)
    scope = Scope(persons, person, _tab(request.GET.get("onglet", ""), counts))
    after = request.GET.get("apres", "")
    arriving = not after and (scope.tab == "en-cours" or "onglet" not in request.GET)  # the other tabs say one thing only
    drafts = queries.drafts_of(account, person=person)
    newer = queries.newer_versions(drafts)
    context: dict[str, Any] = {
        "tab": scope.tab,
        "tabs": _tabs(scope, counts),
        "people": _people(scope),
        "several": len(persons) > 1,
        "tasks": todo.tasks(account, scope.shown, drafts, newer, person) if arriving else [],
    }
    if scope.tab == "brouillons":
        context["drafts"] = [_draft(draft, newer.get(draft.pk)) for draft in drafts]
    elif scope.tab == "attestations":
        context |= _papers(request, scope, after)
    elif scope.tab == "titres":
        context |= _permits(scope)
    else:
        context |= _applications(request, scope, after)
    return render(request, "applicant/applications.html", context)


def _tab(asked: str, counts: Mapping[str, int]) -> str:
    """The one asked for; failing that, the first of the three that holds something."""
    if asked in dict(TABS):
        return asked
    numbers = _numbers(counts)
    return next((code for code in ("en-cours", "brouillons", "decidees") if numbers[code]), "en-cours")


def _numbers(counts: Mapping[str, int]) -> dict[str, int]:
    return {
        "brouillons": counts.get(State.DRAFT, 0),
        **{tab: sum(counts.get(state, 0) for state in states) for tab, states in STATES.items()},
    }


def _tabs(scope: Scope, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    numbers = _numbers(counts)
    return [
        {"label": label, "url": scope.url(code, scope.person), "current": code == scope.tab, "number": numbers.get(code)}
        for code, label in TABS
    ]


def _people(scope: Scope) -> list[dict[str, Any]]:
    """Links to look at one person only; none where there is one."""
    if len(scope.persons) < 2:
        return []
    everybody = {"name": _("Tout le monde"), "url": scope.url(scope.tab, None), "current": scope.person is None}
    return [everybody] + [
        {"name": _name(one), "url": scope.url(scope.tab, one), "current": one == scope.person} for one in scope.persons
    ]


def _name(person: Person) -> str:
    return str(person.display_name or person.foreigner_number or _("Sans nom"))


def _draft(draft: Application, newer: PublishedProcedure | None) -> dict[str, Any]:
    definition = definition_of(draft.procedure)
    step = definition.step(draft.current_step)
    number = definition.steps.index(step) + 1 if step else 1
    return {
        "draft": draft,
        "name": _name(draft.person),
        "title": definition.title,
        "step": step,
        "number": number,
        "total": len(definition.steps),
        "has_newer": newer is not None,
    }


# Applications --------------------------------------------------------------------------------------------------------


def _applications(request: ApplicantRequest, scope: Scope, after: str) -> dict[str, Any]:
    key = _key(after)
    states = sorted(STATES[scope.tab])
    found, more = queries.applications_of(
        request.user,
        after=(key[0], UUID(key[1])) if key and _is_uuid(key[1]) else None,
        size=SIZE,
        states=states,
        person=scope.person,
    )
    awaiting = todo.pending(request.user, found)
    papers = certificates.documents_about("application", [str(one.pk) for one in found])
    return {
        "applications": [_card(one, awaiting, papers.get(str(one.pk), [])) for one in found],
        "first_url": scope.url(scope.tab, scope.person) if after else "",
        "next_url": scope.url(scope.tab, scope.person, apres=_key_text(found[-1].deposited_at, found[-1].pk)) if more else "",
    }


def _card(application: Application, awaiting: Pending, papers: Sequence[OfficialDocument]) -> dict[str, Any]:
    decision = awaiting.sealed.get(application.pk)
    request = awaiting.requests.get(application.pk)
    return {
        "application": application,
        "name": _name(application.person),
        "title": definition_of(application.procedure).title,
        "standing": standing(application, sealed=decision is not None),
        "due_on": request.due_on if request else None,
        "url": awaiting.url_of(application),
        "papers": _newest_of_each(papers, decision.document_number if decision else ""),
    }


def _newest_of_each(papers: Sequence[OfficialDocument], sealed: str) -> list[dict[str, Any]]:
    """What can be downloaded now: of each kind the newest, in the order in which the kinds came."""
    newest = {paper.kind: paper for paper in papers if paper.number != sealed}
    return [{"title": words.document(kind), "number": paper.number} for kind, paper in newest.items()]


# Papers --------------------------------------------------------------------------------------------------------------


def _papers(request: ApplicantRequest, scope: Scope, after: str) -> dict[str, Any]:
    keys = queries.keys_of(request.user, person=scope.person)
    found, more = certificates.page_about("application", keys, after=_key(after), size=SIZE)
    applications = queries.by_keys(request.user, {paper.subject_id for paper in found})
    awaiting = todo.pending(request.user, list(applications.values()))
    sealed = {decision.document_number: awaiting.url_of(applications[str(pk)]) for pk, decision in awaiting.sealed.items()}
    of_prolongation = permits.by_documents(paper.number for paper in found)
    today = clock.today()
    lines = []
    for paper in found:
        application, certificate = applications[paper.subject_id], of_prolongation.get(paper.number)
        stands = permits.standing(certificate, today) if certificate else None
        lines.append(
            {
                "paper": paper,
                "title": words.LETTER if paper.number in sealed else (stands.name if stands else words.document(paper.kind)),
                "is_sealed": paper.number in sealed,
                "url": sealed.get(paper.number, ""),
                "application": application,
                "about": definition_of(application.procedure).title,
                "name": _name(application.person),
                "certificate": certificate,
                "state": prolongations.STATES[prolongations.seen_as(stands)] if stands else "",
                "tone": prolongations.TONES[prolongations.seen_as(stands)] if stands else "",
            }
        )
    return {
        "papers": lines,
        "first_url": scope.url(scope.tab, scope.person) if after else "",
        "next_url": scope.url(scope.tab, scope.person, apres=_key_text(found[-1].issued_at, found[-1].number)) if more else "",
    }


# Permits -------------------------------------------------------------------------------------------------------------


def _permits(scope: Scope) -> dict[str, Any]:
    """What the registries said when they were last asked; a button asks them again."""
    today = clock.today()
    histories, readings = permits.histories(scope.shown), permits.readings(scope.shown)
    open_now = {one.slug for one in procedures.all_current()}
    return {
        "histories": [
            {
                "person": person,
                "name": _name(person),
                "permits": [_permit(permit, today) for permit in histories[person.pk]],
                "is_read": person.pk in readings,
                "read_at": readings[person.pk].answered_at if person.pk in readings else None,
            }
            for person in scope.shown
        ],
        "chosen": scope.person,
        "changes": [
            {"title": title, "text": text, "url": reverse("public:procedure", args=[slug]) if slug in open_now else ""}
            for slug, title, text in CHANGES
        ],
    }


def _permit(permit: ResidencePermit, today: date) -> dict[str, Any]:
    status = permits.status_on(permit, today)
    return {
        "permit": permit,
        "kind": words.permit_kind(permit.kind),
        "reason": words.permit_reason(permit.reason) if permit.reason else "",
        "status": words.PERMIT_STATUSES.get(status, status),
    }


@applicant_required
@require_POST
def refresh_permits(request: ApplicantRequest) -> HttpResponse:
    """Asks the registries what somebody holds now; a registry that is silent leaves what was known."""
    persons = persons_of(request.user)
    person = next((one for one in persons if str(one.pk) == request.POST.get("personne")), None)
    if person is None:
        raise Http404
    try:
        spend(REFRESH, str(person.pk))
    except TooManyTries as refusal:
        messages.warning(request, str(refusal.message))
    else:
        if permit_actions.refresh(person):
            messages.success(request, _("L'historique est à jour."))
        else:
            messages.warning(
                request,
                _(
                    "Le registre des titres ne répond pas pour le moment. Vos demandes ne sont pas concernées :"
                    " réessayez plus tard."
                ),
            )
    return redirect(Scope(persons, person, "titres").url("titres", person if request.POST.get("seule") else None))


# Keys of pages ---------------------------------------------------------------------------------------------------------


def _key(text: str) -> tuple[datetime, str] | None:
    moment, _sep, name = text.partition("_")
    instant = clock.read_instant(moment)
    return (instant, name) if instant and is_code(name) else None


def _key_text(instant: datetime | None, name: object) -> str:
    return f"{instant.isoformat()}_{name}" if instant else ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
