"""The form of a type of appointment: its texts in both languages, who may take it, its delays, its agendas."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.appointments.models import Agenda, AppointmentType
from guichet.web.design.forms import GuichetForm, improve_messages
from guichet.web.officer.agendas import words
from guichet.web.officer.agendas.forms import whole_number
from guichet.web.officer.forms import long_text

LANGUAGES = ("fr", "en")
# The texts that an office writes, as ``AppointmentType.texts`` names them: (label in French, label in English, rows).
TEXTS: Mapping[str, tuple[Any, Any, int]] = {
    "purpose": (_("À quoi il sert, en français"), _("À quoi il sert, en anglais"), 3),
    "before": (_("À savoir avant de venir, en français"), _("À savoir avant de venir, en anglais"), 3),
    "moving": (_("Changer de date, en français"), _("Changer de date, en anglais"), 2),
    "address": (_("Adresse d'accueil, en français"), _("Adresse d'accueil, en anglais"), 2),
    "rights_address": (
        _("Où écrire pour ses données personnelles, en français"),
        _("Où écrire pour ses données personnelles, en anglais"),
        2,
    ),
}
LISTS: Mapping[str, tuple[Any, Any]] = {
    "documents": (_("Documents à apporter, en français"), _("Documents à apporter, en anglais")),
    "eligibility": (_("Qui ne peut pas le prendre, en français"), _("Qui ne peut pas le prendre, en anglais")),
}
UNITS = {"1": _("minutes"), "60": _("heures"), "1440": _("jours")}


def _words(label: Any, language: str, *, rows: int, required: bool = False, help_text: Any = "") -> forms.CharField:
    field = long_text(label, required=required, rows=rows, help_text=help_text)
    field.widget.attrs["lang"] = language
    return field


def _text_fields() -> dict[str, forms.CharField]:
    """One field per text and language, in the order of the page."""
    fields = {}
    for name, (french, english, rows) in TEXTS.items():
        required = name in ("purpose", "address")
        fields[f"{name}_fr"] = _words(french, "fr", rows=rows, required=required)
        fields[f"{name}_en"] = _words(english, "en", rows=rows, required=required)
    hint = _("Une chose par ligne, dans le même ordre dans les deux langues.")
    for name, (french, english) in LISTS.items():
        fields[f"{name}_fr"] = _words(french, "fr", rows=6, help_text=hint)
        fields[f"{name}_en"] = _words(english, "en", rows=6, help_text=hint)
    return fields


class TypeForm(GuichetForm):
    """Fields are named after the columns of ``AppointmentType``; texts and lists have one field per language."""

    name_fr = forms.CharField(label=_("Nom en français"), max_length=200)
    name_en = forms.CharField(label=_("Nom en anglais"), max_length=200, widget=forms.TextInput(attrs={"lang": "en"}))
    identity = forms.ChoiceField(
        label=_("Qui peut le prendre"), choices=list(words.IDENTITIES.items()), widget=forms.RadioSelect
    )
    agendas = forms.MultipleChoiceField(
        label=_("Agendas où l'on peut le prendre"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans agenda, la page dit qu'aucune plage n'est libre."),
    )
    confirmation = whole_number(
        _("Délai pour confirmer par courriel"),
        least=0,
        most=86400,
        help_text=_("0 : le rendez-vous est ferme aussitôt, sans courriel à confirmer."),
    )
    confirmation_unit = forms.ChoiceField(label=_("Unité du délai pour confirmer"), choices=list(UNITS.items()))
    lead = whole_number(
        _("Jusqu'à combien de temps avant peut-on réserver"), least=0, most=86400, help_text=_("0 : jusqu'au dernier moment.")
    )
    lead_unit = forms.ChoiceField(label=_("Unité du temps avant le rendez-vous"), choices=list(UNITS.items()))
    window_months_before_permit_end = whole_number(
        _("Combien de mois avant la fin du titre"),
        least=1,
        most=24,
        required=False,
        help_text=_("Vide : à tout moment. Sinon on ne réserve que dans les mois qui précèdent la fin du titre ou du visa."),
    )
    duration_minutes = whole_number(
        _("Durée annoncée, en minutes"), least=1, most=1440, required=False, help_text=_("Vide : celle de la plage.")
    )
    party_max = whole_number(
        _("Personnes d'un même foyer reçues ensemble, au plus"),
        least=1,
        most=6,
        required=False,
        help_text=_("Vide : chacun prend son rendez-vous. Possible seulement sans contrôle d'identité."),
    )
    may_move = forms.BooleanField(label=_("La personne peut changer de date"), required=False)
    active = forms.BooleanField(
        label=_("Rendez-vous ouvert"), required=False, help_text=_("Fermé, sa page n'existe plus ; qui l'a déjà pris le garde.")
    )

    def __init__(self, *args: Any, type: AppointmentType | None, agendas: Sequence[Agenda], **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial_of(type))
        super().__init__(*args, **kwargs)
        for name, field in _text_fields().items():
            self.fields[name] = field
            improve_messages(field)
        self.order_fields(["name_fr", "name_en", "identity", "agendas", *_text_fields()])
        self.type = type
        self.by_slug = {agenda.slug: agenda for agenda in agendas}
        self.fields["agendas"].choices = [(agenda.slug, agenda.name) for agenda in agendas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in TEXTS:
            self._both(name, bool(data.get(f"{name}_fr")), bool(data.get(f"{name}_en")))
        for name in LISTS:
            french, english = (len(_lines(data.get(f"{name}_{language}", ""))) for language in LANGUAGES)
            if french != english and f"{name}_en" not in self.errors:
                message = _("Autant de lignes en anglais qu'en français : %(french)d en français, %(english)d en anglais.")
                values = {"french": french, "english": english}
                self.add_error(f"{name}_en", ValidationError(message, params=values))
        return data

    def _both(self, name: str, french: bool, english: bool) -> None:
        missing = f"{name}_en" if french and not english else f"{name}_fr" if english and not french else ""
        if missing and missing not in self.errors:
            self.add_error(missing, ValidationError(_("Écrivez ce texte dans les deux langues, ou dans aucune.")))

    @property
    def chosen_agendas(self) -> list[Agenda]:
        return [self.by_slug[slug] for slug in self.cleaned_data["agendas"]]

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the type; texts that no field asks for are kept."""
        data = self.cleaned_data
        texts = dict(self.type.texts) if self.type else {}
        for name in TEXTS:
            texts.pop(name, None)
            if data[f"{name}_fr"]:
                texts[name] = {language: data[f"{name}_{language}"] for language in LANGUAGES}
        plain = ("name_fr", "name_en", "identity", "may_move", "active", "duration_minutes", "window_months_before_permit_end")
        return {
            **{name: data[name] for name in plain},
            "party_max": data["party_max"] or 1,
            "texts": texts,
            "confirmation_minutes": data["confirmation"] * int(data["confirmation_unit"]),
            "lead_minutes": data["lead"] * int(data["lead_unit"]),
            **{name: _pairs(data[f"{name}_fr"], data[f"{name}_en"]) for name in LISTS},
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pairs(french: str, english: str) -> list[dict[str, str]]:
    return [{"fr": one, "en": other} for one, other in zip(_lines(french), _lines(english), strict=True)]


def _initial_of(type: AppointmentType | None) -> dict[str, Any]:
    if type is None:
        new = {"identity": AppointmentType.Identity.NONE, "may_move": True, "active": True}
        return {**new, **_delay("confirmation", 2880), **_delay("lead", 0)}
    names = ("name_fr", "name_en", "identity", "may_move", "active", "duration_minutes", "window_months_before_permit_end")
    initial = {name: getattr(type, name) for name in names}
    initial["party_max"] = type.party_max if type.party_max > 1 else None
    initial |= {**_delay("confirmation", type.confirmation_minutes), **_delay("lead", type.lead_minutes)}
    initial["agendas"] = [agenda.slug for agenda in type.agendas.all()]
    for language in LANGUAGES:
        initial |= {f"{name}_{language}": type.texts.get(name, {}).get(language, "") for name in TEXTS}
        initial |= {f"{name}_{language}": "\n".join(each.get(language, "") for each in getattr(type, name)) for name in LISTS}
    return initial


def _delay(name: str, minutes: int) -> dict[str, Any]:
    """A delay in the largest unit that says it exactly."""
    unit = next((unit for unit in (1440, 60) if minutes and minutes % unit == 0), 1 if minutes else 60)
    return {name: minutes // unit, f"{name}_unit": str(unit)}
