"""The form of one row of a section, made from its definition. It only draws and reads: what is valid is the rooms' business.

A question's value travels in three shapes: *raw* (what the boxes hold, as JSON), the *answer* (``procedures/values.py``), and
what is shown. The form is always drawn from raw values with errors beside, whether they were just sent or kept from before.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.identifiers import legible
from guichet.procedures import countries
from guichet.procedures.definition import Field, Section
from guichet.web.applicant.widgets import AddressWidget, InstitutionWidget
from guichet.web.applicant.words import in_row, of_question
from guichet.web.design.dates import PARTS, DateWidget, Typed
from guichet.web.design.fields import NO, YES
from guichet.web.design.forms import ErrorLine, GuichetBoundField, GuichetForm

Raw = Any  # JSON: a text, a list of texts, or a dictionary of texts

MOST_RADIOS = 6  # beyond, a list to unfold is shorter to read


class Question(forms.Field):
    """A question of a definition: the widget that asks it. Its value is the raw one, neither cleaned nor refused here."""

    group = ""
    inline = False

    def __init__(
        self, field: Field, widget: forms.Widget, *, required: bool, group: str = "", template: str | None = None
    ) -> None:
        super().__init__(label=str(field.label), help_text=str(field.help or ""), required=required, widget=widget)
        self.definition, self.group = field, group
        self.template_name = template
        self.inline = field.type == "yes_no"

    def clean(self, value: Any) -> Any:
        return value


class RowForm(GuichetForm):
    """The questions of one row. ``raw`` and ``errors`` are by field id; errors are shown beside and gathered in the summary,
    with ``row_title`` where a row is one among several.
    """

    def __init__(
        self,
        section: Section,
        number: int,
        questions: list[Question],
        raw: Mapping[str, Raw],
        errors: Mapping[str, "str | Promise"],
        row_title: str = "",
    ) -> None:
        initial = {question.definition.id: raw.get(question.definition.id) for question in questions}
        super().__init__(prefix=prefix_of(section.id, number), initial=initial)
        self.row_title = row_title
        self.fields = {question.definition.id: question for question in questions}
        for question in questions:
            asked = question.definition
            if asked.autocomplete and not isinstance(question.widget, DateWidget | AddressWidget):
                question.widget.attrs["autocomplete"] = asked.autocomplete
            if errors.get(asked.id):
                self.errors[asked.id] = self.error_class([str(errors[asked.id])], renderer=self.renderer)

    @property
    def error_lines(self) -> list[ErrorLine]:
        """Each line names its question: it is read alone, far from the field."""
        labels = {bound.anchor: str(bound.label) for bound in self.visible_fields() if isinstance(bound, GuichetBoundField)}
        lines = []
        for line in super().error_lines:
            message = of_question(labels.get(line.anchor, ""), str(line.message))
            lines.append(ErrorLine(line.anchor, in_row(self.row_title, message) if self.row_title else message))
        return lines


def prefix_of(section: str, number: int) -> str:
    return f"{section}-{number}"


def name_of(section: str, number: int, field: str) -> str:
    """The name of a question in the page; its address in the page is ``id_`` and this name."""
    return f"{prefix_of(section, number)}-{field}"


def question_for(field: Field, *, required: bool, suggestions: Mapping[str, Any] | None = None) -> Question:
    """The question as a form field. ``suggestions`` belongs to an address that was searched."""
    make = _WIDGETS[field.type]
    widget = make(field)
    if isinstance(widget, DateWidget):
        return Question(field, widget, required=required, group="date")
    if isinstance(widget, AddressWidget):
        widget.attrs.update({"search": suggestions or {}})
        return Question(field, widget, required=required, group="address", template="applicant/forms/address.html")
    return Question(field, widget, required=required)


def read(field: Field, data: QueryDict, name: str) -> Raw:
    """What the boxes of a question hold, as JSON."""
    value = _legible(_WIDGETS[field.type](field).value_from_datadict(data, MultiValueDict(), name))
    if isinstance(value, Typed):
        return {part: legible(text) for part, text in value._asdict().items() if text}
    if isinstance(value, str):
        return value.strip()
    return value if value is not None else ""


def _legible(value: Any) -> Any:
    """Texts, alone or gathered, as people type them."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {part: legible(text) for part, text in value.items()}
    return [legible(text) for text in value] if isinstance(value, list) else value


def is_blank(raw: Raw) -> bool:
    if isinstance(raw, dict):
        return not any(text for part, text in raw.items() if part != "unknown")
    return not raw


def address_written(raw: Raw) -> bool:
    """Whether an address was chosen or written, rather than only searched."""
    return isinstance(raw, dict) and any(raw.get(part) for part in ("street", "city", "postal_code"))


def boxes_of(field: Field, answer: Any) -> Raw:
    """An answer, back into its boxes."""
    if answer is None:
        return ""
    if field.type == "yes_no":
        return YES if answer else NO
    if field.type == "money":
        euros, cents = divmod(int(answer), 100)
        return f"{euros},{cents:02}" if cents else str(euros)
    if field.type == "address" and isinstance(answer, dict):
        return {**answer, "text": answer.get("label", "")}
    return str(answer) if field.type == "integer" else answer


def shown_raw(field: Field, raw: Raw) -> Raw:
    """A raw value as its widget wants it."""
    if field.type == "date" and isinstance(raw, dict):
        return Typed(**{part: str(raw.get(part, "")) for part in (*PARTS, "unknown")})
    return raw


def _choices(field: Field) -> list[tuple[str, str]]:
    return [(option.id, str(option.label)) for option in field.options]


def _choice(field: Field) -> forms.Widget:
    grouped = any(option.group for option in field.options)
    if len(field.options) <= MOST_RADIOS and not grouped:
        return forms.RadioSelect(choices=_choices(field))
    return forms.Select(choices=[("", _("Choisissez dans la liste")), *_under_headings(field)])


def _under_headings(field: Field) -> Iterator[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
    """The options under the heading of their group, where they have one."""
    for group, options in groupby(field.options, key=lambda option: option.group):
        choices = [(option.id, str(option.label)) for option in options]
        if group is None:
            yield from choices
        else:
            yield str(group), choices


def _country(field: Field) -> forms.Widget:
    return forms.Select(choices=[("", _("Choisissez un pays")), *countries.countries()])


def _nationality(field: Field) -> forms.Widget:
    return forms.Select(choices=[("", _("Choisissez une nationalité")), *countries.nationalities()])


def _text(kind: str, **attrs: Any) -> Callable[[Field], forms.Widget]:
    def make(field: Field) -> forms.Widget:
        limits = {"maxlength": field.max_length} if field.max_length else {}
        return forms.TextInput(attrs={"type": kind, **attrs, **limits})

    return make


def _institution(field: Field) -> forms.Widget:
    return InstitutionWidget(attrs={"maxlength": field.max_length} if field.max_length else {})


def _long_text(field: Field) -> forms.Widget:
    return forms.Textarea(attrs={"rows": 4, **({"maxlength": field.max_length} if field.max_length else {})})


_WIDGETS: dict[str, Callable[[Field], forms.Widget]] = {
    "text": _text("text"),
    "institution": _institution,
    "ephoto": _text("text", autocapitalize="characters", spellcheck="false"),
    "long_text": _long_text,
    "email": _text("email", spellcheck="false"),
    "phone": _text("tel"),
    "money": _text("text", inputmode="decimal"),
    "integer": _text("text", inputmode="numeric"),
    "yes_no": lambda field: forms.RadioSelect(choices=[(YES, _("Oui")), (NO, _("Non"))]),
    "choice": _choice,
    "choices": lambda field: forms.CheckboxSelectMultiple(choices=_choices(field)),
    "date": lambda field: DateWidget(partial=field.partial, birth="birth" in field.id),
    "country": _country,
    "nationality": _nationality,
    "address": lambda field: AddressWidget(),
}
