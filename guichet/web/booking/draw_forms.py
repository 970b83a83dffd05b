"""The wishes of somebody who takes part in a draw: numbered lists, that need no script."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guichet.appointments.draws.taking_part import WISHES
from guichet.appointments.models import Draw, Slot
from guichet.core.dates import first_in_french
from guichet.web.booking.forms import DetailsForm
from guichet.web.design.forms import GuichetForm


class WishesForm(GuichetForm):
    """From one to five slots, the preferred one first."""

    def __init__(self, *args: Any, draw: Draw, slots: list[Slot], asks_conditions: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices_of(draw, slots)
        for number in range(1, WISHES + 1):
            self.fields[f"wish_{number}"] = forms.TypedChoiceField(
                label=_("Vœu n° %(number)d") % {"number": number},
                choices=[("", _("Choisissez une plage") if number == 1 else _("Pas d'autre vœu")), *choices],
                coerce=int,
                empty_value=None,
                required=number == 1,
                error_messages={"required": _("Choisissez au moins une plage : votre préférée.")},
            )
        if asks_conditions:
            self.fields["accepted"] = forms.BooleanField(
                label=_(
                    "J'ai lu les conditions de ce rendez-vous : je peux le prendre et j'apporterai les documents demandés."
                ),
                error_messages={"required": _("Lisez les conditions, puis cochez la case pour continuer.")},
            )

    def clean(self) -> dict[str, Any]:
        """The same slot twice is an error of the later wish."""
        cleaned = super().clean() or self.cleaned_data
        seen: set[int] = set()
        for number in range(1, WISHES + 1):
            chosen = cleaned.get(f"wish_{number}")
            if chosen in seen:
                self.add_error(
                    f"wish_{number}", ValidationError(_("Cette plage est déjà dans vos vœux. Choisissez-en une autre."))
                )
            if chosen:
                seen.add(chosen)
        return cleaned

    @property
    def wishes(self) -> list[int]:
        """The ids of the slots, the preferred one first."""
        chosen = [self.cleaned_data.get(f"wish_{number}") for number in range(1, WISHES + 1)]
        return [wish for wish in chosen if wish]


def initial_of(wishes: list[int]) -> dict[str, int]:
    return {f"wish_{number}": wish for number, wish in enumerate(wishes, start=1)}


def choices_of(draw: Draw, slots: list[Slot]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The slots by day, each said with its day: a list that is closed again shows the line alone."""
    local = [(slot.pk, slot.starts_at.astimezone(draw.agenda.zone)) for slot in slots]
    return [
        (first_in_french(date_format(day, "l j F")), [(pk, slot_label(starts)) for pk, starts in each])
        for day, each in groupby(local, key=lambda one: one[1].date())
    ]


def slot_label(starts: Any) -> str:
    """«lundi 7 décembre, 09:00»; the moment on the clock of the office's wall."""
    return f"{first_in_french(date_format(starts.date(), 'l j F'))}, {starts:%H:%M}"


class DrawDetailsForm(DetailsForm):
    """Who takes part, and where to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = gettext_lazy(
            "Le lien pour confirmer, votre code et le résultat y arriveront : vérifiez-la bien."
        )
