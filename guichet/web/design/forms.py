"""The form every page uses: DSFR markup, each error told twice (in the summary and beside its field), all that was typed kept.

A field is drawn by ``{{ form.name.as_field_group }}`` (or ``{{ form }}`` for all of them), its errors gathered by
``design/components/error_summary.html``. Everything is to be filled in unless marked «optional»: the form says so once.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorDict
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.identifiers import legible
from guichet.web.design import language
from guichet.web.design.dates import DateField3, PartialDateField
from guichet.web.design.fields import PhoneField, YesNoField

__all__ = [
    "DateField3",
    "ErrorLine",
    "GuichetForm",
    "PartialDateField",
    "PhoneField",
    "YesNoField",
    "summary",
]


LONGEST_MAILBOX = 254  # characters of an address (RFC 5321), and of our columns: browsers are told 320 otherwise


class Renderer(DjangoTemplates):
    """Draws forms with our templates; the widgets' own come from Django."""

    @cached_property
    def engine(self) -> Backend:
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [Path(__file__).parent / "templates", Path(forms.__file__).parent / "templates"],
                "NAME": "guichet-forms",
                "OPTIONS": {},
            }
        )


class ErrorLine(NamedTuple):
    """One line of the summary: the id of what to correct (may be empty) and the sentence."""

    anchor: str
    message: Any  # a sentence, translated or lazy


GROUPS = {"radioselect": "choices", "checkboxselectmultiple": "choices", "checkbox": "checkbox"}
CLASSES = {
    "select": "fr-select",
    "selectmultiple": "fr-select",
    "radioselect": "",
    "checkboxselectmultiple": "",
    "checkbox": "",
}


class GuichetBoundField(forms.BoundField):
    """A field as it is drawn: classes, descriptions and errors tied to the input."""

    @property
    def template_name(self) -> str:
        own = getattr(self.field, "group", "") or GROUPS.get(self.widget_type, "input")
        return getattr(self.field, "template_name", None) or f"design/forms/{own}.html"

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_errors"

    @property
    def anchor(self) -> str:
        """The id that an error leads to: the first input of the field."""
        if getattr(self.field, "group", "") == "date":
            return f"{self.auto_id}_{self.wrong_part}"
        return f"{self.auto_id}_0" if GROUPS.get(self.widget_type) == "choices" else self.auto_id

    @property
    def wrong_part(self) -> str:
        """Which input of a date is to be corrected: day, month or year."""
        for error in self.errors.as_data() if self.errors else []:
            if error.code in {"day", "month", "year"}:
                return error.code
        return "day"

    @property
    def is_optional(self) -> bool:
        return not self.field.required

    def build_widget_attrs(self, attrs: dict[str, Any] | None, widget: Any = None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        widget = widget or self.field.widget
        described = [self.hint_id] if self.help_text else []
        if self.errors:
            described.append(self.error_id)
        own_group = GROUPS.get(self.widget_type) == "choices" or getattr(self.field, "group", "") == "date"
        if not own_group:
            if self.widget_type == "checkbox" and self.help_text:
                described.remove(self.hint_id)  # it is part of the label
            if described:
                attrs["aria-describedby"] = " ".join(described)
            if self.errors:
                attrs["aria-invalid"] = "true"
            css = CLASSES.get(self.widget_type, "fr-input")
            if css:
                attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
        if self.field.disabled:
            attrs["disabled"] = True
        return attrs


class GuichetForm(forms.Form):
    """The base of the forms. ``template_name`` draws all its fields; ``error_lines`` is its summary.

    Sent by the «read in another language» button, it is never valid and shows no error: the view draws it again as typed.
    """

    template_name = "design/forms/form.html"
    default_renderer = Renderer
    bound_field_class = GuichetBoundField
    use_required_attribute = False  # the browser's own bubbles are neither readable by all nor in the page's language
    autocompletes: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.autocompletes:
                field.widget.attrs.setdefault("autocomplete", self.autocompletes[name])
            improve_messages(field)

    @property
    def only_changes_language(self) -> bool:
        return self.is_bound and self.data.get(language.BUTTON) in language.offered()

    def full_clean(self) -> None:
        if self.only_changes_language:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # the stubs leave it out
        for name, value in self.cleaned_data.items():
            widget = self.fields[name].widget
            is_line = isinstance(widget, forms.TextInput)
            if isinstance(value, str) and not isinstance(widget, forms.PasswordInput):
                self.cleaned_data[name] = legible(_on_one_line(value) if is_line else value)

    def is_valid(self) -> bool:
        return not self.only_changes_language and super().is_valid()

    @property
    def holds_password(self) -> bool:
        """Passwords are the one thing that is never written back."""
        return any(isinstance(field.widget, forms.PasswordInput) for field in self.fields.values())

    @property
    def has_optional_fields(self) -> bool:
        return any(not field.required for field in self.fields.values())

    @property
    def error_lines(self) -> list[ErrorLine]:
        """The lines of the summary: the form's own errors, then each field's in the order of the page."""
        lines = [ErrorLine("", message) for message in self.non_field_errors()]
        for bound in self.visible_fields():
            anchor = bound.anchor if isinstance(bound, GuichetBoundField) else bound.auto_id
            lines += [ErrorLine(anchor, message) for message in bound.errors]
        return lines + [ErrorLine("", message) for bound in self.hidden_fields() for message in bound.errors]


def summary(*filled: GuichetForm | Iterable[ErrorLine]) -> list[ErrorLine]:
    """The errors of several forms of one page, in order: the ``error_lines`` of the summary component."""
    return [line for form in filled for line in (form.error_lines if isinstance(form, GuichetForm) else form)]


def _on_one_line(text: str) -> str:
    """A browser's box of one line sends no other; what is put together by hand ends no subject of a mail."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text


def improve_messages(field: forms.Field) -> None:
    """Sentences that say how to get out, in place of Django's; of addresses, only those that we can keep and write to."""
    messages: dict[str, Any] = field.error_messages
    if field.label and messages.get("required") == forms.Field.default_error_messages["required"]:
        chosen = isinstance(field, forms.ChoiceField)
        messages["required"] = _Labelled(
            _("Choisissez une réponse : {label}") if chosen else _("À remplir : {label}"), field.label
        )
    if isinstance(field, forms.IntegerField) and field.label:
        _name_numbers(field)
    if isinstance(field, forms.TimeField) and field.label:
        messages["invalid"] = _Labelled(_("{label} : écrivez l'heure comme 09:30."), field.label)
    if isinstance(field, forms.EmailField):
        messages.setdefault("invalid", _("Écrivez une adresse électronique complète, comme nom@exemple.fr."))
        field.max_length = LONGEST_MAILBOX
        field.widget.attrs["maxlength"] = str(LONGEST_MAILBOX)
        field.validators = [MailboxValidator(), MaxLengthValidator(LONGEST_MAILBOX)]


def _name_numbers(field: forms.IntegerField) -> None:
    """What is no such number is told with the name of its field and what it may be: a summary may have several of them."""
    least, most = field.min_value, field.max_value
    bounded = least is not None and most is not None
    pattern = _("{label} : écrivez un nombre de {least} à {most}.") if bounded else _("{label} : écrivez un nombre.")
    messages: dict[str, Any] = field.error_messages
    if messages["invalid"] == forms.IntegerField.default_error_messages["invalid"]:
        said = _Labelled(pattern, field.label or "", least=least, most=most)
        messages |= {"invalid": said, "min_value": said, "max_value": said}


class MailboxValidator(EmailValidator):
    """An address at a named host: nobody lives at ``[192.0.2.1]``, and our mail server need not knock there."""

    def validate_domain_part(self, domain_part: str) -> bool:
        return self.domain_regex.match(domain_part) is not None


class _Labelled:
    """A message with the label of its field, put together when shown: both follow the language of the page."""

    def __init__(self, pattern: "str | Promise", label: "str | Promise", **values: Any) -> None:
        self.pattern, self.label, self.values = pattern, label, values

    def __str__(self) -> str:
        return str(self.pattern).format(label=str(self.label).rstrip(" \u00a0\u202f?:."), **self.values)

    def __mod__(self, told_by_the_validator: Any) -> str:
        """As it is: Django writes a validator's values into messages of its own."""
        return str(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Labelled) and (self.pattern, self.label) == (other.pattern, other.label)

    def __hash__(self) -> int:
        return hash((str(self.pattern), str(self.label)))
