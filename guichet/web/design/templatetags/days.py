"""The filter ``date``, in the place of Django's: the first of a month is «1er mars» in French."""

from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.formats import get_format

from guichet.core.dates import first_in_french

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, arg: str | None = None) -> str:
    """A date or an instant in a format of Django (``j F Y``, ``DATE_FORMAT``), as its own filter writes it."""
    written = str(defaultfilters.date(value, arg))
    pattern = str(get_format(arg or "DATE_FORMAT"))
    return first_in_french(written) if pattern.startswith(("j ", "l j ")) else written
