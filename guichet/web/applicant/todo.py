"""What to do first, across all the applications, drafts and permits of the people that an account acts for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guichet.accounts.models import Account, Person
from guichet.applications import queries
from guichet.applications.models import Application
from guichet.appointments import queries as appointments
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.instruction import queries as instruction
from guichet.instruction.models import ComplementRequest, Decision
from guichet.messaging import queries as messaging
from guichet.permits import queries as permits
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import definition_of, renewal_window
from guichet.web.applicant import words

SOON = timedelta(days=14)  # a draft erased sooner than that is told of


@dataclass(frozen=True)
class Task:
    """One thing to do. ``by``: its last day; ``about``: the title of the application or the number of the permit."""

    title: "str | Promise"
    about: str
    person: Person
    url: str
    label: str
    by: date | None = None
    text: str = ""
    comes_first: int = 1  # 0: the administration waits, or has answered; 1: a day is near; 2: when one can

    @property
    def is_late(self) -> bool:
        return self.by is not None and self.by < clock.today()


@dataclass(frozen=True)
class Pending:
    """What awaits a person in their applications, read once for the list and for what to do first."""

    requests: Mapping[UUID, ComplementRequest]
    sealed: Mapping[UUID, Decision]
    urls: Mapping[tuple[str, str], str]  # of the notification about a subject

    def url_of(self, application: Application) -> str:
        """Where what awaits in an application is opened; empty when nothing does."""
        decision, request = self.sealed.get(application.pk), self.requests.get(application.pk)
        subject = ("decision", str(decision.pk)) if decision else ("complement_request", str(request.pk)) if request else None
        return self.urls.get(subject, "") if subject else ""


def pending(account: Account, applications: Sequence[Application]) -> Pending:
    """Three queries, whatever the number of applications."""
    requests, sealed = instruction.open_requests_of(applications), instruction.sealed_decisions_of(applications)
    subjects = [("complement_request", str(one.pk)) for one in requests.values()]
    subjects += [("decision", str(one.pk)) for one in sealed.values()]
    told = messaging.about(account, subjects)
    urls = {subject: reverse("applicant:notification", args=[each.pk]) for subject, each in told.items()}
    return Pending(requests, sealed, urls)


def tasks(
    account: Account,
    persons: Sequence[Person],
    drafts: Sequence[Application],
    newer: Mapping[UUID, PublishedProcedure],
    person: Person | None,
) -> list[Task]:
    """What awaits, the most pressing first. A constant number of queries."""
    applications = queries.waiting_of(account, person=person)
    found = [
        *_in_applications(applications, pending(account, applications)),
        *_in_drafts(drafts, newer),
        *_certificates(account, persons),
        *_appointments(account, person),
        *_renewals(account, persons, drafts),
    ]
    return sorted(found, key=lambda task: (task.comes_first, task.by or date.max))


def _in_applications(applications: Sequence[Application], awaiting: Pending) -> Iterator[Task]:
    for application in applications:
        url = awaiting.url_of(application)
        if not url:
            continue
        title = str(definition_of(application.procedure).title)
        if application.pk in awaiting.sealed:
            yield Task(words.SEALED, title, application.person, url, _("Lire la décision"), comes_first=0)
            continue
        request = awaiting.requests[application.pk]
        if request.due_on is None:
            text = _("L'ouvrir fait commencer le délai pour répondre : une page vous le dit d'abord.")
            yield Task(
                _("L'administration vous demande des documents"),
                title,
                application.person,
                url,
                _("Lire la demande"),
                text=text,
                comes_first=0,
            )
        else:
            late = request.due_on < clock.today()
            said = _("Le délai pour répondre est passé : répondez vite") if late else _("Répondez avant la fin du %(day)s")
            yield Task(
                said % {"day": day_in_words(request.due_on)},
                title,
                application.person,
                url,
                _("Répondre"),
                by=request.due_on,
                comes_first=0,
            )


def _in_drafts(drafts: Sequence[Application], newer: Mapping[UUID, PublishedProcedure]) -> Iterator[Task]:
    today = clock.today()
    for draft in drafts:
        title = str(definition_of(draft.procedure).title)
        if draft.pk in newer:
            yield Task(
                _("Cette démarche a changé depuis votre brouillon"),
                title,
                draft.person,
                reverse("applicant:version", args=[draft.pk]),
                _("Voir ce qui change"),
                comes_first=2,
            )
        if draft.kept_until and draft.kept_until - today <= SOON:
            said = _("Reprenez ce brouillon avant la fin du %(day)s") % {"day": day_in_words(draft.kept_until)}
            yield Task(
                said,
                title,
                draft.person,
                reverse("applicant:resume", args=[draft.pk]),
                _("Reprendre"),
                by=draft.kept_until,
                text=_("Sans enregistrement d'ici là, il sera effacé."),
            )


def _certificates(account: Account, persons: Sequence[Person]) -> Iterator[Task]:
    """Certificates of prolongation whose next one may be asked for now."""
    asking = [each for each in permits.to_ask_for(persons) if each.prolongation.source_kind == "application"]
    applications = queries.by_keys(account, [each.prolongation.source_id for each in asking])
    for each in asking:
        application = applications.get(each.prolongation.source_id)
        if application is None or not application.number or each.next_starts_on is None:
            continue
        last = each.next_starts_on - timedelta(days=1)
        by_itself = _("Sans rien faire, la suite sera établie le %(day)s.")
        yield Task(
            _("Renouvelez votre attestation avant la fin du %(day)s") % {"day": day_in_words(last)},
            str(definition_of(application.procedure).title),
            application.person,
            reverse("applicant:application", args=[application.number]) + "#attestation",
            _("Renouveler"),
            by=last,
            text=by_itself % {"day": day_in_words(each.comes_on)} if each.comes_on else "",
        )


def _appointments(account: Account, person: Person | None) -> Iterator[Task]:
    """Appointments to which somebody was invited, and whose date is still to be chosen."""
    found = appointments.open_of_sources("application", queries.keys_of(account, person=person))
    applications = queries.by_keys(account, [each.invitation.source_id for each in found])
    for each in found:
        application = applications.get(each.invitation.source_id)
        if application is None or not application.number:
            continue
        yield Task(
            _("Choisissez la date de votre rendez-vous"),
            each.invitation.type.name,
            application.person,
            reverse("applicant:application", args=[application.number]) + f"#rendez-vous-{each.invitation.pk}",
            _("Prendre rendez-vous"),
        )


def _renewals(account: Account, persons: Sequence[Person], drafts: Sequence[Application]) -> Iterator[Task]:
    """Permits that end soon, for people who have asked for nothing yet."""
    today = clock.today()
    asked = queries.persons_with_open(account) | {draft.person_id for draft in drafts}
    held = permits.held_by(persons, today)
    for person in persons:
        permit = held.get(person.pk)
        window = renewal_window(permit.valid_until) if permit and person.pk not in asked else None
        if permit is None or window is None or today < window.opens_on:
            continue
        about = f"{words.permit_kind(permit.kind)} {permit.number}"
        url, label = reverse("public:orientation"), _("Trouver ma démarche")
        ends = {"day": day_in_words(permit.valid_until)}
        if not permit.is_valid:
            title = _("Votre titre s'est terminé le %(day)s : demandez son renouvellement") % ends
            yield Task(title, about, person, url, label, by=permit.valid_until)
        elif today <= window.closes_on:
            title = _("Demandez le renouvellement avant la fin du %(day)s") % {"day": day_in_words(window.closes_on)}
            yield Task(
                title, about, person, url, label, by=window.closes_on, text=_("Votre titre se termine le %(day)s.") % ends
            )
        else:
            title = _("Demandez le renouvellement dès maintenant")
            text = (
                _("Votre titre se termine le %(day)s. Une demande tardive reste possible, mais une taxe peut s'ajouter.") % ends
            )
            yield Task(title, about, person, url, label, by=permit.valid_until, text=text)
