"""The opening hours of a week as a form: for each weekday as many lines as it needs, all that was typed kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from guichet.appointments.actions import Hours
from guichet.web.design.forms import ErrorLine, GuichetForm
from guichet.web.officer.agendas import words

MOST_LINES = 8  # of one day
FIELDS = ("opens", "closes", "desks", "pool", "returns_hours")
COPIED_TO = range(1, 5)  # Tuesday to Friday have Monday's hours


def hour_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H"],
        widget=forms.TimeInput(attrs={"maxlength": 7, "autocomplete": "off"}, format="%H:%M"),
    )


class LineForm(GuichetForm):
    """One stretch of one day. Left empty, it is no stretch."""

    opens = hour_field(_("Ouvre à"))
    closes = hour_field(_("Ferme à"))
    desks = forms.IntegerField(
        label=_("Guichets"), required=False, min_value=1, max_value=2000, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    pool = forms.ChoiceField(label=_("Pour qui"), required=False)
    returns_hours = forms.IntegerField(
        label=_("À tous, heures avant"),
        required=False,
        min_value=1,
        max_value=720,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday = weekday
        known: list[tuple[str, Any]] = list(words.POOLS.items())
        kept = str(self.initial.get("pool") or (self.data.get(self.add_prefix("pool")) if self.is_bound else "") or "")
        if kept and kept not in words.POOLS and kept.replace("-", "").replace("_", "").isalnum() and len(kept) <= 30:
            known.append((kept, words.pool_name(kept)))  # opened from elsewhere: it stays
        self.fields["pool"].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", ValidationError(_("La fermeture vient après l'ouverture.")))
        for name, other in (("opens", "closes"), ("closes", "opens")):
            if data.get(other) and not data.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("Écrivez les deux heures, ou laissez la ligne vide.")))
        return data

    @property
    def hours(self) -> Hours | None:
        data = self.cleaned_data
        if not data.get("opens"):
            return None
        pool = data.get("pool") or words.PUBLIC
        returns = data.get("returns_hours") if pool != words.PUBLIC else None  # said of reserved places only
        return Hours(self.weekday, data["opens"], data["closes"], data.get("desks"), pool, returns)


class Day:
    """The lines of a weekday, as a page draws them."""

    def __init__(self, weekday: int, lines: list[LineForm]) -> None:
        self.weekday, self.lines = weekday, lines
        self.name = WEEKDAYS[weekday]

    @property
    def may_add(self) -> bool:
        return len(self.lines) < MOST_LINES


class WeekForm:
    """The seven days. ``data`` None: as the agenda has them, each day with an empty line to go on."""

    def __init__(self, data: QueryDict | None, hours: Sequence[Hours]) -> None:
        self.is_bound = data is not None
        self.days = [Day(day, _typed(data, day) if data is not None else _kept(hours, day)) for day in range(7)]

    @property
    def lines(self) -> list[LineForm]:
        return [line for day in self.days for line in day.lines]

    def is_valid(self) -> bool:
        return all([line.is_valid() for line in self.lines])

    @property
    def error_lines(self) -> list[ErrorLine]:
        """The errors of the lines, each with its day: the same sentence may be said of several."""
        return [
            ErrorLine(error.anchor, _("%(day)s : %(message)s") % {"day": day.name, "message": error.message})
            for day in self.days
            for line in day.lines
            for error in line.error_lines
        ]

    @property
    def hours(self) -> list[Hours]:
        return [line.hours for line in self.lines if line.hours is not None]

    def refuse(self, wrong: Hours | None, message: Any) -> bool:
        """Puts an error beside the line that the rules refused; whether it was found."""
        line = next((line for line in self.lines if wrong is not None and line.hours == wrong), None)
        if line is not None:
            line.add_error("opens", message)
        return line is not None


def _prefix(day: int, place: int) -> str:
    return f"h{day}-{place}"


def _kept(hours: Sequence[Hours], day: int) -> list[LineForm]:
    found = [one for one in hours if one.weekday == day]
    initials: list[dict[str, Any]] = [{name: getattr(one, name) for name in FIELDS} for one in found]
    empty: list[dict[str, Any]] = [] if found or day > 4 else [{}]
    return [
        LineForm(initial=initial, weekday=day, prefix=_prefix(day, place)) for place, initial in enumerate([*initials, *empty])
    ]


def _typed(data: QueryDict, day: int) -> list[LineForm]:
    return [LineForm(data, weekday=day, prefix=_prefix(day, place)) for place in range(_count(data, day))]


def _count(data: Mapping[str, Any], day: int) -> int:
    """How many lines of a day were sent."""
    return next((place for place in range(MOST_LINES) if f"{_prefix(day, place)}-opens" not in data), MOST_LINES)


def rearranged(data: QueryDict, act: str) -> QueryDict | None:
    """What was typed with one line more for a day (``add-0``), or Monday's hours given to the days until Friday (``copy``);
    None when the button was another."""
    changed = data.copy()
    if act == "copy":
        for day in COPIED_TO:
            _copy(changed, day)
        return changed
    verb, _dash, asked = act.partition("-")
    if verb != "add" or asked not in {"0", "1", "2", "3", "4", "5", "6"}:
        return None
    place = _count(changed, int(asked))
    if place < MOST_LINES:
        for name in FIELDS:
            changed[f"{_prefix(int(asked), place)}-{name}"] = ""
    return changed


def _copy(data: QueryDict, day: int) -> None:
    for place in range(MOST_LINES):
        for name in FIELDS:
            key, monday = f"{_prefix(day, place)}-{name}", f"{_prefix(0, place)}-{name}"
            if monday in data:
                data[key] = data.get(monday, "")
            else:
                data.pop(key, None)
