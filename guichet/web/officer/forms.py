"""Forms of the officers: shapes only, the rules are those of ``instruction``."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Officer
from guichet.instruction.reasons import ASKING, OTHER, REASONS
from guichet.instruction.reviewing import LONGEST_TEXT
from guichet.web.design.forms import DateField3, GuichetForm


def long_text(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class VerdictForm(GuichetForm):
    """A word on what was given for one document. The button pressed says which word."""

    reason = forms.ChoiceField(
        label=_("Raison du refus"),
        choices=[("", _("Choisir")), *REASONS.items()],
        error_messages={"required": _("Choisissez la raison du refus : la personne en a besoin pour corriger.")},
    )
    observation = long_text(
        _("Observation"), required=False, rows=3, help_text=_("La personne la lira si vous lui redemandez ce document.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = self.data.get("word") != "accepted"


class NoteForm(GuichetForm):
    text = long_text(_("Nouvelle note"), help_text=_("Lue par les agents du bureau, jamais par la personne."))


class ReasonForm(GuichetForm):
    """Why an application is reopened, why a proposal is sent back."""

    reason = long_text(_("Motif"))


class AssignForm(GuichetForm):
    to = forms.ChoiceField(label=_("Confier le dossier à"), required=False)

    def __init__(self, *args: Any, officers: list[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Personne")), *((str(officer.pk), officer.name) for officer in officers)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.by_id = {str(officer.pk): officer for officer in officers}

    @property
    def officer(self) -> Officer | None:
        return self.by_id.get(self.cleaned_data["to"])


class AskForm(GuichetForm):
    """One document of the list, to be asked again or not."""

    ask = forms.BooleanField(label=_("Demander ce document"), required=False)
    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=[("", _("Choisir")), *ASKING.items()],
        error_messages={"required": _("Choisissez la raison : la personne en a besoin pour répondre.")},
    )
    observation = long_text(_("Observation pour la personne"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.add_prefix("ask") in self.data if self.is_bound else True
        self.fields["reason"].required = asked

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("ask") and data.get("reason") == OTHER and not data.get("observation"):
            self.add_error("observation", _("Expliquez cette autre raison."))
        return data


class ExtraForm(GuichetForm):
    """A document never asked before."""

    label = forms.CharField(label=_("Nom du document"), required=False, max_length=200)
    observation = long_text(_("Ce que la personne doit savoir"), required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("observation") and not data.get("label"):
            self.add_error("label", _("Donnez un nom à ce document."))
        return data


class MessageForm(GuichetForm):
    message = long_text(_("Message à la personne"), required=False, help_text=_("Lu avec la liste, dans son espace."))


class EurosField(forms.CharField):
    """An amount in euros as people write it; the value is integer cents."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> int:
        text = re.sub(r"[\s€\u202f\u00a0]", "", super().clean(value))
        found = re.fullmatch(r"(\d{1,6})(?:[.,](\d{1,2}))?", text)
        if not found:
            raise ValidationError(_("Écrivez un montant en euros, comme 50 ou 50,50."), code="euros")
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else value


class FavourableForm(GuichetForm):
    permit_kind = forms.CharField(label=_("Titre accordé"), max_length=60)
    permit_mention = forms.CharField(label=_("Mention"), max_length=120)
    valid_from = DateField3(label=_("Premier jour de validité"))
    valid_until = DateField3(label=_("Dernier jour de validité"))
    tax_cents = EurosField(
        label=_("Taxes dues à la remise, en euros"), help_text=_("Proposées d'après les montants en vigueur.")
    )
    allows_schengen = forms.BooleanField(
        label=_("L'attestation permet de franchir les frontières de l'espace Schengen"), required=False
    )


class OutcomeForm(GuichetForm):
    """A favourable decision that grants no permit: nothing to enter, the procedure says what it gives."""


class MotivatedForm(GuichetForm):
    """A decision against the person: its reasons in law and in fact (CRPA L211-5)."""

    motivation = long_text(
        _("Motivation"),
        rows=10,
        help_text=_("Les textes appliqués et les faits du dossier, en phrases que la personne peut comprendre."),
    )


class RefusalForm(MotivatedForm):
    """The law in a list, those of the procedure ticked first; then the facts."""

    field_order = ("law", "motivation")
    law = forms.MultipleChoiceField(
        label=_("Textes appliqués"),
        help_text=_("La lettre les cite. Cochez ceux sur lesquels repose le refus."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un texte appliqué : un refus cite la loi sur laquelle il repose.")},
    )

    def __init__(self, *args: Any, grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivation"].help_text = _(
            "Les faits du dossier et pourquoi ces textes s'y appliquent, en phrases que la personne peut comprendre."
        )
        self.fields["law"].choices = grounds  # type: ignore[attr-defined]


class TicketForm(GuichetForm):
    answer = long_text(
        _("Votre réponse"),
        rows=8,
        help_text=_("Elle part par courriel : n'y écrivez rien de plus personnel que la question."),
    )
