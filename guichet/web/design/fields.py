"""Fields that many pages share: yes or no, a telephone."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YES, NO = "yes", "no"
INCOMPLETE = _("Numéro de téléphone incomplet. Exemples : 06 12 34 56 78, ou +212 6 12 34 56 78 pour un autre pays.")


def phone_to_read(number: str) -> str:
    """``+33612345678`` as people read it, «+33 6 12 34 56 78»; what is no such number as it is."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return number


class YesNoField(forms.TypedChoiceField):
    """Two radio buttons; the value is True, False, or None when not answered."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        kwargs["choices"] = [(YES, _("Oui")), (NO, _("Non"))]
        super().__init__(coerce=lambda value: value == YES, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class PhoneField(forms.CharField):
    """A telephone number, in France unless it says its country; the value is E.164 (``+33612345678``) or empty."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(INCOMPLETE, code="phone")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
