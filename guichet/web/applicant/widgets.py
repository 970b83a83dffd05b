"""Inputs that only a procedure's questions need: an address, found or written by hand."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms

from guichet.procedures.institutions import institutions

ADDRESS_PARTS = ("house_number", "street", "complement", "postal_code", "city", "insee_code")


class AddressWidget(forms.Widget):
    """A text to search with (``<name>_text``), its suggestions as radio buttons, and each part to write by hand.

    The value is a dictionary of texts, as typed. A suggestion that was chosen (``<name>_choice``, as JSON) fills the parts.
    """

    template_name = "applicant/forms/address_inputs.html"
    input_type = "address"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        typed = {part: str(data.get(f"{name}_{part}") or "").strip() for part in ("text", *ADDRESS_PARTS)}
        chosen = parts_of_choice(str(data.get(f"{name}_choice") or ""))
        return {**typed, **chosen} if chosen else typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_street" not in data

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_text"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["typed"] = value if isinstance(value, dict) else {}
        context["widget"]["by_hand"] = isinstance(value, dict) and any(value.get(part) for part in ADDRESS_PARTS)
        return context


class InstitutionWidget(forms.TextInput):
    """A text with names proposed as one types; any other may be written. Needs no script."""

    template_name = "applicant/forms/institution_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-names"
        context["widget"]["proposed"] = institutions()
        return context


def choice_of(parts: Mapping[str, str]) -> str:
    """A suggestion as the value of its radio button."""
    return json.dumps({part: parts.get(part, "") for part in ("label", *ADDRESS_PARTS)}, ensure_ascii=False, sort_keys=True)


def parts_of_choice(text: str) -> dict[str, str]:
    """The parts that a radio button holds; empty when it holds none. They are checked like what is typed by hand."""
    if not text or len(text) > 2000:
        return {}
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    parts = {part: read[part].strip() for part in ADDRESS_PARTS if isinstance(read.get(part), str)}
    label = read.get("label")
    return {**parts, "text": label} if isinstance(label, str) else parts
