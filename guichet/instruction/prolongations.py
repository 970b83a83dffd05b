"""Certificates that prolong rights: what an officer issues before its time, issues again or stops. Always for a reason."""

from django.db import transaction

from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.applications.moves import locked, subject_of
from guichet.instruction.access import actor, require
from guichet.permits import actions as permits
from guichet.permits.models import ProlongationCertificate


def issue_certificate(application: Application, officer: Officer, reason: str) -> ProlongationCertificate:
    """Issues the first certificate, the next one before its time, or one after a stop; the person is told.

    Raises ``NotAllowed``, and the refusals of ``permits.actions.issue_by_officer``.
    """
    with transaction.atomic():
        row = locked(application)
        require("issue_certificate", row, officer)
        return permits.issue_by_officer(subject_of(row), actor(officer), reason)


def stop_certificates(application: Application, officer: Officer, reason: str) -> list[ProlongationCertificate]:
    """Stops what is in force or coming; the person is told and reads why.

    Raises ``NotAllowed``, and the refusals of ``permits.actions.stop_by_officer``.
    """
    with transaction.atomic():
        row = locked(application)
        require("stop_certificate", row, officer)
        return permits.stop_by_officer(subject_of(row), actor(officer), reason)
