"""Dates typed in three boxes: day, month, year. Nobody needs a calendar to write a date they know."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.core.dates import PartialDate
from guichet.core.identifiers import digits

PARTS = ("day", "month", "year")
EARLIEST_YEAR = 1900


class Typed(NamedTuple):
    """What was typed in the boxes, as typed; ``unknown`` is the ticked box, or empty."""

    day: str = ""
    month: str = ""
    year: str = ""
    unknown: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.day or self.month or self.year)


class DateWidget(forms.Widget):
    """Three inputs named ``<name>_day``, ``<name>_month``, ``<name>_year``, and with ``partial`` a box ``<name>_unknown``."""

    template_name = "design/forms/date_inputs.html"
    input_type = "date3"

    def __init__(self, *, partial: bool = False, birth: bool = False, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.partial, self.birth = partial, birth

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        return Typed(*(str(data.get(f"{name}_{part}") or "").strip() for part in (*PARTS, "unknown")))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_day"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["typed"] = self.decompress(value)
        context["widget"]["partial"] = self.partial
        context["widget"]["birth"] = self.birth
        return context

    @staticmethod
    def decompress(value: Any) -> Typed:
        """The boxes of a value: what was typed, a date, a partial date, or their text ``2007-05-12``."""
        if isinstance(value, Typed):
            return value
        if isinstance(value, str) and value:
            try:
                value = PartialDate.parse(value)
            except ValueError:
                return Typed(year=value)
        if isinstance(value, date):
            return Typed(str(value.day), str(value.month), str(value.year))
        if isinstance(value, PartialDate):
            unknown = "" if value.is_complete else "1"
            return Typed(str(value.day or ""), str(value.month or ""), str(value.year), unknown)
        return Typed()


class _BoxesField(forms.Field):
    group = "date"
    partial = False

    def __init__(self, *, birth: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateWidget(partial=self.partial, birth=birth))
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateWidget.decompress(initial) != DateWidget.decompress(data)

    def read(self, value: Any) -> PartialDate | None:
        """The date in the boxes; None when they are empty. Raises a ValidationError whose code is the box to correct."""
        typed = DateWidget.decompress(value)
        if typed.is_empty:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        year = _number(typed.year, "year", _("L'année s'écrit avec quatre chiffres, comme 2007."))
        if not EARLIEST_YEAR <= year <= date.max.year:
            raise ValidationError(_("L'année s'écrit avec quatre chiffres, comme 2007."), code="year")
        may_lack = self.partial and bool(typed.unknown)
        if may_lack and not typed.month:
            if typed.day:
                raise ValidationError(_("Écrivez le mois, ou laissez aussi le jour vide."), code="month")
            return PartialDate(year)
        month = _number(typed.month, "month", _("Le mois est un nombre de 1 à 12."))
        if not 1 <= month <= 12:
            raise ValidationError(_("Le mois est un nombre de 1 à 12."), code="month")
        if may_lack and not typed.day:
            return PartialDate(year, month)
        message = (
            _("Écrivez le jour, ou cochez que vous ne le connaissez pas.")
            if self.partial
            else _("Le jour est un nombre de 1 à 31.")
        )
        day = _number(typed.day, "day", message)
        try:
            return PartialDate(year, month, day) if day else _no_such_day()
        except ValueError as error:
            raise ValidationError(_("Ce jour n'existe pas dans ce mois."), code="day") from error


class PartialDateField(_BoxesField):
    """A date of birth whose day, or day and month, may be unknown; the value is a ``PartialDate`` or None."""

    partial = True

    def clean(self, value: Any) -> PartialDate | None:
        found = self.read(value)
        if found:
            self.run_validators(found)
        return found


class DateField3(_BoxesField):
    """A whole date in three boxes; the value is a ``date`` or None. ``earliest`` and ``latest`` are dates, both allowed."""

    def __init__(
        self,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        too_late: Any = "",
        too_early: Any = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest
        self.too_late = too_late or _("Cette date est trop tardive : vérifiez l'année.")
        self.too_early = too_early or _("Cette date est trop ancienne : vérifiez l'année.")

    def clean(self, value: Any) -> date | None:
        found = self.read(value)
        if found is None:
            return None
        day = found.assumed()
        if self.latest and day > self.latest:
            raise ValidationError(self.too_late, code="year")
        if self.earliest and day < self.earliest:
            raise ValidationError(self.too_early, code="year")
        self.run_validators(day)
        return day


def _number(text: str, part: str, message: Any) -> int:
    figures = digits(text)
    if not figures or len(figures) != len(text) or len(figures) > 4:
        raise ValidationError(message, code=part)
    return int(figures)


def _no_such_day() -> PartialDate:
    raise ValidationError(cast(str, _("Le jour est un nombre de 1 à 31.")), code="day")
