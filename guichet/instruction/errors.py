"""What the rules of instruction refuse, in a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class NotAllowed(ActionRefused):
    """The officer's post, or the state of the application, does not open this act."""

    def __init__(self) -> None:
        super().__init__(
            _("Votre poste ou l'état de la demande ne permet pas cet acte. Rechargez la page pour voir ce qui est possible."),
            "not_allowed",
        )


class NotYours(ActionRefused):
    """The account does not own what it acts on."""

    def __init__(self) -> None:
        super().__init__(_("Cette demande de complément n'est pas la vôtre."), "not_yours")


class Invalid(ActionRefused):
    """What was entered cannot be taken as it is. ``field`` names the entry to mend."""

    def __init__(self, message: object, field: str, code: str = "invalid") -> None:
        super().__init__(message, code)  # type: ignore[arg-type]
        self.field = field


class AnswersIncomplete(ActionRefused):
    """Some documents of the request have no complete answer yet. ``items`` are the ids of those."""

    def __init__(self, items: list[int]) -> None:
        super().__init__(
            _("Il reste au moins un document sans réponse. Répondez à chacun, puis envoyez."),
            "answers_incomplete",
        )
        self.items = items
