"""The way in by FranceConnect, as pages offer it: open, simulated, or closed and said so."""

from typing import Any

from django import template
from django.urls import reverse

from guichet.accounts import queries

register = template.Library()


@register.inclusion_tag("account/parts/franceconnect_button.html")
def franceconnect_button(*, heading: bool = False) -> dict[str, Any]:
    """The button and what FranceConnect is; nothing at all where this site is not connected to it. ``heading``: above it."""
    return {"open": queries.franceconnect_is_open(), "simulated": queries.franceconnect_is_simulated(), "heading": heading}


@register.simple_tag
def franceconnect_url() -> str:
    """Where the way in begins; empty where this site is not connected to FranceConnect."""
    return reverse("account:franceconnect") if queries.franceconnect_is_open() else ""


@register.simple_tag
def franceconnect_simulated() -> bool:
    return queries.franceconnect_is_simulated()
