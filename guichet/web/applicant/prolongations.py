"""The certificates that prolong one's rights, on the page of the application; asking for the next one in one click."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guichet.applications.models import Application
from guichet.applications.moves import subject_of
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.typography import french
from guichet.permits import actions as permit_actions
from guichet.permits import queries as permits
from guichet.permits.names import Name
from guichet.permits.queries import Standing
from guichet.web.applicant.attachments import own_application
from guichet.web.design.guards import ApplicantRequest, applicant_required

ALLOWED = (("stay", gettext_lazy("Séjourner")), ("work", gettext_lazy("Travailler")), ("travel", gettext_lazy("Voyager")))
STATES = {
    "coming": gettext_lazy("À venir"),
    "in_force": gettext_lazy("En vigueur"),
    "over": gettext_lazy("Terminée"),
    "stopped": gettext_lazy("Arrêtée"),
}
TONES = {"coming": "info", "in_force": "success", "over": "new", "stopped": "error"}


@dataclass(frozen=True)
class Shown:
    """What the page says of the certificates of one application. ``main`` is the one that counts today."""

    name: Name
    main: dict[str, Any] | None
    others: list[dict[str, Any]]
    comes_on: date | None  # when the next one is issued by itself
    starts_on: date | None  # when it will begin
    may_ask: bool
    elsewhere: str  # the number of the paper from elsewhere that it follows, as long as ours does not run yet
    officer_decides: bool
    silence: date | None
    silence_past: bool
    challenge_until: date | None  # the last day to challenge the refusal that silence makes
    too_late_to_challenge: bool


def shown(application: Application) -> Shown | None:
    """What to show of an application, ``None`` when its procedure prolongs no right. Two queries."""
    found = permits.prolongation_of(subject_of(application))
    if found is None:
        return None
    today = clock.today()
    lines = permits.standings(found.certificates, today)
    main = _main(lines)
    silence = application.silence_refuses_on
    until = permits.challenge_until(silence) if silence else None
    return Shown(
        name=permits.name_on(today),
        main=_line(main, with_rights=True) if main else None,
        others=[_line(each) for each in lines if each is not main],
        comes_on=found.comes_on,
        starts_on=found.next_starts_on,
        may_ask=found.may_ask,
        elsewhere=found.prolongation.elsewhere if main is None or main.code == "coming" else "",
        officer_decides=found.is_open and (found.next_starts_on is None or found.prolongation.held_at is not None),
        silence=silence if found.is_open else None,
        silence_past=silence is not None and silence < today,
        challenge_until=until,
        too_late_to_challenge=until is not None and until < today,
    )


def _main(lines: list[Standing]) -> Standing | None:
    """The one in force; failing that the next one, then the last."""
    for code in ("in_force", "coming"):
        for each in reversed(lines):
            if each.code == code:
                return each
    return lines[0] if lines else None


def _line(each: Standing, *, with_rights: bool = False) -> dict[str, Any]:
    certificate = each.certificate
    code = seen_as(each)
    return {
        "certificate": certificate,
        "name": each.name,
        "code": each.code,
        "state": STATES[code],
        "tone": TONES[code],
        "rights": _rights(each) if with_rights else [],
        "stopped_on": clock.paris_date(certificate.stopped_at) if certificate.stopped_at else None,
        "reason": certificate.stop_reason,
    }


def seen_as(each: Standing) -> str:
    """How it stands for its person. Ended by the decision, it is over: nothing went wrong, and which decision it is waits
    for the letter to be opened."""
    return "over" if each.code == "stopped" and each.certificate.stop_code != "officer" else each.code


def _rights(each: Standing) -> list[tuple[Promise, str]]:
    english = (get_language() or "fr").startswith("en")
    said = each.allows
    return [(label, said[name]["en"] if english else french(said[name]["fr"])) for name, label in ALLOWED]


@applicant_required
@require_POST
def renew(request: ApplicantRequest, number: str) -> HttpResponse:
    """One click near the end of what one holds, or after it."""
    application = own_application(request, number)
    try:
        permit_actions.ask_for_next(subject_of(application), request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Votre attestation est renouvelée. Vous la recevez aussi par courriel."))
    return redirect("applicant:application", number)
