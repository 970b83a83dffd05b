"""Telephone numbers as people read them: ``{% load phones %}``."""

from django import template

from guichet.web.design.fields import phone_to_read

register = template.Library()


@register.filter
def phone(number: str) -> str:
    """``{{ booking.phone|phone }}``: «+33 6 12 34 56 78»."""
    return phone_to_read(number)
