"""The screen of a waiting room: who is called, to which desk.

Public, and without a name: a number, or the end of a reference.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guichet.appointments import queries as appointments

PART, CALLS = "vue", "appels"  # the part of the page that refreshes itself
LARGE = 3  # calls in large type; the others below


@require_safe
def screen(request: HttpRequest, office: str) -> HttpResponse:
    """The last calls. The page asks again every few seconds: unchanged is a 304, for three queries."""
    found = appointments.office_called(office)
    if found is None:
        raise Http404
    language = get_language() or settings.LANGUAGE_CODE
    calls = appointments.calls(found, language)
    part = request.GET.get(PART) == CALLS
    if part and request.headers.get("If-None-Match") == calls.etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        opened = [call for call in calls.calls if call.is_open]
        context = {
            "office": found,
            "current": opened[:LARGE],
            "waiting": calls.waiting,
            "hour": calls.hour,
            "earlier": [*opened[LARGE:], *(call for call in calls.calls if not call.is_open)],
            "other_language": "en" if language == "fr" else "fr",
        }
        response = render(request, "booking/parts/calls.html" if part else "booking/screen.html", context)
    if part:
        response["ETag"] = calls.etag
    response["Cache-Control"] = "no-cache"
    return response
