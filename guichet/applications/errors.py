"""What the rules of applications refuse, each with a sentence that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused
from guichet.procedures.evaluation import Finding
from guichet.procedures.missing import Missing

if TYPE_CHECKING:
    from guichet.applications.models import Answer


class NotYours(ActionRefused):
    """The account does not act for this person. Pages answer «not found»."""

    def __init__(self) -> None:
        super().__init__(_("Cette demande n'est pas accessible depuis votre compte."), "not_yours")


class MoveRefused(ActionRefused):
    """A move that the table of the lifecycle does not allow."""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(
            _(
                "La demande a changé entre-temps : cette action n'est plus possible. "
                "Rechargez la page pour voir où elle en est."
            ),
            "move_refused",
        )
        self.verb = verb
        self.state = state


class NotADraft(ActionRefused):
    """Only a draft can be filled in."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette demande n'est plus un brouillon : elle ne peut plus être modifiée. Retrouvez-la dans « Mes demandes »."),
            "not_a_draft",
        )


class NotOpenNow(ActionRefused):
    """The procedure cannot be started."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette démarche n'est pas ouverte aujourd'hui. Choisissez-en une autre dans la liste."), "procedure_not_open"
        )


class NotTheVersionShown(ActionRefused):
    """The draft was saved, or the procedure changed again, since the person read what moving would change."""

    def __init__(self) -> None:
        super().__init__(
            _("La demande ou la démarche a changé entre-temps. Voici ce qui change maintenant : relisez, puis confirmez."),
            "not_the_version_shown",
        )


class UnknownPlace(ActionRefused):
    """A section, row, step or requirement that the draft does not have (any more)."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette partie de la demande n'existe plus, car une autre réponse a changé. Rechargez la page pour continuer."),
            "unknown_place",
        )


class RevisionConflict(ActionRefused):
    """The section was saved elsewhere since it was read. ``current`` is what is stored, ``yours`` what was not saved."""

    def __init__(self, current: "Answer", yours: dict[str, Any]) -> None:
        super().__init__(
            _(
                "Cette partie a été enregistrée depuis une autre fenêtre. "
                "Comparez les deux versions, puis enregistrez celle qui est juste."
            ),
            "revision_conflict",
        )
        self.current = current
        self.yours = yours


class TooManyRows(ActionRefused):
    def __init__(self, most: int) -> None:
        super().__init__(_("Vous avez atteint le nombre maximal de lignes : %(most)d.") % {"most": most}, "too_many_rows")


class TooFewRows(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("Cette ligne est nécessaire : corrigez-la plutôt que de la retirer."), "too_few_rows")


class TooManyFiles(ActionRefused):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "Ce document compte déjà %(most)d fichiers, le maximum. "
                "Retirez-en un, ou réunissez vos pages en un seul fichier."
            )
            % {"most": most},
            "too_many_files",
        )


class FileGone(ActionRefused):
    """The file was received so long ago, and never attached, that it was removed."""

    def __init__(self) -> None:
        super().__init__(_("Ce fichier n'est plus disponible. Envoyez-le à nouveau."), "file_gone")


class EPhotoRefused(ActionRefused):
    """The photo registry does not know this number, or says that it was used."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("Cette e-photo a déjà servi. Demandez-en une nouvelle à un photographe agréé, puis saisissez son numéro.")
            if code == "ephoto_used"
            else _("Ce numéro d'e-photo n'est pas connu. Vérifiez les caractères sur la planche remise par le photographe."),
            code,
        )


class NotReady(ActionRefused):
    """Something is missing. ``missing`` says what, and where."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(_("Votre demande n'est pas complète : voici ce qui manque avant de la déposer."), "not_ready")
        self.missing = list(missing)


class NotEligible(ActionRefused):
    """The answers close this procedure. ``blocks`` are the rules of the definition, with their messages."""

    def __init__(self, blocks: Sequence[Finding]) -> None:
        super().__init__(_("D'après vos réponses, cette démarche ne vous est pas ouverte."), "not_eligible")
        self.blocks = list(blocks)


@dataclass(frozen=True)
class Change:
    """Something that is no longer as the person last saw it, and the step where to look at it."""

    kind: str  # statements, document_added, document_dropped, question_added, question_dropped
    step: str
    message: "str | Promise"


class SentBack(ActionRefused):
    """What is asked changed since the person last saw it: a birthday passed, a delay ended. ``changes`` says what."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(
            _(
                "Ce qui vous est demandé a changé depuis votre dernier passage. "
                "Relisez ce qui change, complétez, puis déposez à nouveau."
            ),
            "sent_back",
        )
        self.changes = list(changes)
