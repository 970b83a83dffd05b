"""Forms of the set-up of appointments: shapes only, the rules are those of ``appointments``."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from guichet.appointments.models import Agenda, AppointmentType
from guichet.appointments.queries import Holiday
from guichet.web.design.forms import DateField3, GuichetForm, improve_messages
from guichet.web.officer.agendas import words
from guichet.web.officer.agendas.hours import hour_field
from guichet.web.officer.forms import long_text

ROLLING, WEEKLY, DRAW = "rolling", "weekly", "draw"
RULES = {
    ROLLING: _("Au fil des jours : chaque jour s'ouvre un même nombre de jours avant"),
    WEEKLY: _("Chaque semaine : toute une semaine s'ouvre d'un coup"),
    DRAW: _("Par tirage au sort ; les jours sans tirage s'ouvrent au fil des jours"),
}
DEFAULT_RELEASE = {"rule": ROLLING, "days": 28, "at": "09:00"}


def whole_number(label: Any, *, least: int, most: int, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "officer-short"}),
    )


class AgendaForm(GuichetForm):
    """An agenda without its hours."""

    name_fr = forms.CharField(label=_("Nom en français"), max_length=120, help_text=_("Par exemple : Remise des titres."))
    name_en = forms.CharField(
        label=_("Nom en anglais"), max_length=120, widget=forms.TextInput(attrs={"lang": "en"}), help_text=_("Le même nom.")
    )
    slot_minutes = whole_number(_("Durée d'une plage, en minutes"), least=1, most=24 * 60)
    desks = whole_number(
        _("Nombre de guichets"), least=1, most=2000, help_text=_("Autant de personnes sont reçues sur une même plage.")
    )
    rule = forms.ChoiceField(label=_("Quand les plages s'ouvrent à la réservation"), widget=forms.RadioSelect)
    days = whole_number(
        _("Au fil des jours : combien de jours avant"), least=0, most=366, required=False, help_text=_("0 : le jour même.")
    )
    weekday = forms.ChoiceField(
        label=_("Chaque semaine : quel jour"),
        required=False,
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
    )
    weeks = whole_number(
        _("Chaque semaine : combien de semaines avant"),
        least=1,
        most=26,
        required=False,
        help_text=_("1 : la semaine suivante s'ouvre."),
    )
    at = hour_field(_("À quelle heure"))
    worked_holidays = forms.MultipleChoiceField(
        label=_("Jours fériés où cet agenda reçoit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    active = forms.BooleanField(
        label=_("Agenda ouvert"), required=False, help_text=_("Fermé, il n'a plus de plages et personne ne peut y réserver.")
    )

    def __init__(self, *args: Any, agenda: Agenda | None, holidays: Sequence[Holiday] = (), **kwargs: Any) -> None:
        """``holidays``: those ahead, where the office stands."""
        kwargs.setdefault("initial", _initial_of(agenda))
        super().__init__(*args, **kwargs)
        self.fields["worked_holidays"].choices = _worked(holidays, agenda)  # type: ignore[attr-defined]
        self.kept = dict(agenda.release) if agenda else {}
        self.fields["rule"].choices = list(RULES.items())  # type: ignore[attr-defined]
        self.fields["at"].required = True
        self.fields["at"].error_messages["required"] = _("À remplir : l'heure à laquelle les plages s'ouvrent.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wanted = {WEEKLY: ("weekday", "weeks"), ROLLING: ("days",), DRAW: ("days",)}.get(data.get("rule", ""), ())
        for name in wanted:
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, ValidationError(_("À remplir, pour la règle que vous avez choisie.")))
        return data

    @property
    def release(self) -> dict[str, Any]:
        """The rule as the agenda keeps it; what the pages do not ask of a rule that stays is kept."""
        data = self.cleaned_data
        asked: dict[str, Any] = {"rule": data["rule"], "at": f"{data['at']:%H:%M}"}
        if data["rule"] == WEEKLY:
            asked |= {"weekday": int(data["weekday"]), "weeks": data["weeks"]}
        else:
            asked |= {"days": data["days"]}
        return {**self.kept, **asked} if self.kept.get("rule") == data["rule"] else asked


def _initial_of(agenda: Agenda | None) -> dict[str, Any]:
    release: Mapping[str, Any] = agenda.release if agenda else DEFAULT_RELEASE
    asked = {
        "rule": release.get("rule", ROLLING),
        "days": release.get("days", ""),
        "weekday": str(release.get("weekday", 0)),
        "weeks": release.get("weeks", 1),
        "at": _time(release.get("at", "09:00")),
    }
    if agenda is None:
        return {**asked, "active": True}
    kept = ("name_fr", "name_en", "slot_minutes", "desks", "active", "worked_holidays")
    return {**asked, **{name: getattr(agenda, name) for name in kept}}


def _worked(holidays: Sequence[Holiday], agenda: Agenda | None) -> list[tuple[str, str]]:
    """Each holiday by its key, with its next day; those that the agenda works on and no list knows any more stay."""
    known = {one.key: words.holiday(one) for one in holidays if one.may_be_worked}
    kept = {key: key for key in (agenda.worked_holidays if agenda else ()) if key not in known}
    return [*known.items(), *kept.items()]


def _time(text: Any) -> time | str:
    try:
        return time.fromisoformat(str(text))
    except ValueError:
        return str(text)


class ReasonForm(GuichetForm):
    """Why people lose their slot: they read it."""

    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=200,
        help_text=_("Lu par les personnes prévenues, tel quel. Une phrase simple, sans rien de personnel."),
    )


class ReplacementForm(GuichetForm):
    """Where the people go of each type that keeps no open agenda."""

    OFFICE = "bureau"

    def __init__(self, *args: Any, types: Sequence[tuple[AppointmentType, Sequence[AppointmentType]]], **kwargs: Any) -> None:
        """``types``: each with those that may receive its people."""
        super().__init__(*args, **kwargs)
        self.types = [(type, {str(one.pk): one for one in others}) for type, others in types]
        for type, others in self.types:
            label = _("« %(type)s » n'a plus d'agenda ouvert : où vont ces personnes ?") % {"type": type.name}
            field = forms.ChoiceField(
                label=label,
                choices=[
                    ("", _("Choisissez")),
                    *((pk, f"{one.name} ({one.office.name})") for pk, one in others.items()),
                    (self.OFFICE, _("Nulle part : nous les contactons nous-mêmes")),
                ],
                help_text=_("Elles y choisissent une autre date par le lien qu'elles ont déjà, sans refaire leur demande."),
            )
            improve_messages(field)
            self.fields[self.name_of(type)] = field

    @staticmethod
    def name_of(type: AppointmentType) -> str:
        return f"remplace-{type.slug}"

    @property
    def replacements(self) -> dict[int, AppointmentType | None]:
        return {type.pk: others.get(self.cleaned_data[self.name_of(type)]) for type, others in self.types}


class ClosingForm(ReasonForm):
    """Days to close."""

    agenda = forms.ChoiceField(label=_("Ce qui ferme"), required=False)
    first_day = DateField3(label=_("Premier jour de fermeture"))
    last_day = DateField3(
        label=_("Dernier jour de fermeture"), required=False, help_text=_("Ce jour compris. Vide : un seul jour.")
    )
    field_order = ("agenda", "first_day", "last_day", "reason")

    def __init__(self, *args: Any, agendas: Sequence[Agenda], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_slug = {agenda.slug: agenda for agenda in agendas}
        choices = [("", _("Tout le bureau")), *((agenda.slug, agenda.name) for agenda in agendas)]
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]
        first_day = self.fields["first_day"]
        first_day.earliest, first_day.too_early = today, _("Ce jour est passé.")  # type: ignore[attr-defined]

    @property
    def wanted(self) -> tuple[Agenda | None, date, date]:
        """The agenda (None: the whole office), the first day and the last."""
        data = self.cleaned_data
        return self.by_slug.get(data["agenda"]), data["first_day"], data["last_day"] or data["first_day"]


__all__ = ["AgendaForm", "ClosingForm", "ReasonForm", "ReplacementForm", "long_text", "whole_number"]
