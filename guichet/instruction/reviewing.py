"""Taking up, assigning, a word on each document, notes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.applications.moves import locked, subject_of, transition
from guichet.core import clock, events
from guichet.instruction import papers as papers_room
from guichet.instruction.access import actor, require, role_for
from guichet.instruction.errors import Invalid
from guichet.instruction.models import InternalNote, Review, Verdict
from guichet.instruction.powers import WORKERS
from guichet.instruction.reasons import OTHER, REASONS

LONGEST_TEXT = 5000


def take_up(application: Application, officer: Officer) -> Review:
    """Starts the review and assigns it to the officer. Taking up again one's own application changes nothing."""
    with transaction.atomic():
        row = locked(application)
        review = Review.objects.filter(application=row).first()
        if review and review.assigned_to_id == officer.pk and row.state != "deposited":
            return review
        roles = require("take_up", row, officer)
        with transition(application, "take_up", by=actor(officer), role=role_for("take_up", row.state, roles)):
            review, _created = Review.objects.update_or_create(
                application=row, defaults={"assigned_to": officer, "taken_up_at": clock.now()}
            )
    return review


def assign(application: Application, officer: Officer, to: Officer | None) -> Review:
    """Gives the review to an officer who works in the same office, or to nobody. One may always take over oneself."""
    with transaction.atomic():
        row = locked(application)
        require("take_over" if to is not None and to.pk == officer.pk else "assign", row, officer)
        if to is not None and not accounts.powers_of(to).roles_in(str(row.office_id)) & WORKERS:
            raise Invalid(_("Choisissez un agent qui instruit dans ce bureau."), "to", "not_in_office")
        review, _created = Review.objects.get_or_create(application=row, defaults={"taken_up_at": clock.now()})
        before = review.assigned_to_id
        after = to.pk if to else None
        if before != after:
            review.assigned_to = to
            review.save(update_fields=["assigned_to"])
            events.record(
                "assigned",
                subject_of(row),
                actor(officer),
                visible=False,
                **{"from": str(before or ""), "to": str(after or "")},
            )
    return review


def give_verdict(
    application: Application,
    officer: Officer,
    requirement: str,
    row: int,
    word: str,
    reason: str = "",
    observation: str = "",
) -> Verdict:
    """Accepts or rejects what was given last for one requirement. A second word in the same round replaces the first.

    A rejection needs a reason of ``reasons.REASONS``; «other» needs an observation, which the person will read.
    """
    observation = observation.strip()[:LONGEST_TEXT]
    if word not in Verdict.Word.values:
        raise Invalid(_("Dites si le document est accepté ou refusé."), "word")
    if word == Verdict.Word.ACCEPTED:
        reason = ""
    elif reason not in REASONS:
        raise Invalid(_("Choisissez la raison du refus : la personne en a besoin pour corriger."), "reason")
    elif reason == OTHER and not observation:
        raise Invalid(_("Expliquez cette autre raison dans l'observation."), "observation")
    with transaction.atomic():
        current = locked(application)
        require("give_verdict", current, officer)
        paper = papers_room.find(papers_room.papers_of(current), requirement, row)
        if paper is None or paper.latest is None:
            raise Invalid(_("Rien n'a été fourni pour ce document : demandez-le par un complément."), "word", "nothing_given")
        before = paper.latest.verdict.word if paper.latest.verdict else ""
        verdict, _created = Verdict.objects.update_or_create(
            application=current,
            requirement=requirement,
            row=row,
            round=paper.latest.round,
            defaults={"word": word, "reason": reason, "observation": observation, "officer": officer, "at": clock.now()},
        )
        events.record(
            "verdict_given",
            subject_of(current),
            actor(officer),
            requirement=requirement,
            row=row,
            round=paper.latest.round,
            reason=reason,
            visible=False,
            **{"from": before, "to": word},
        )
    return verdict


def add_note(application: Application, officer: Officer, text: str) -> InternalNote:
    """A note that officers of the office read, the applicant never."""
    text = text.strip()
    if not text:
        raise Invalid(_("Écrivez la note avant de l'enregistrer."), "text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("La note est trop longue : 5 000 caractères au plus."), "text", "too_long")
    with transaction.atomic():
        current = locked(application)
        require("add_note", current, officer)
        note = InternalNote.objects.create(application=current, officer=officer, text=text, at=clock.now())
        events.record("note_added", subject_of(current), actor(officer), note=note.pk)
    return note
