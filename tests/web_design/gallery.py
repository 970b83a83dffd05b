"""A page that shows every component in its states, and a place to send files to: for the tests only."""

from datetime import UTC, datetime
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from guichet.web.design.forms import DateField3, GuichetForm, PartialDateField, PhoneField, YesNoField

PAGE = (Path(__file__).parent / "gallery.html").read_text(encoding="utf-8")
received: list[str] = []


class Sample(GuichetForm):
    name = forms.CharField(label="Nom", help_text="Comme sur le passeport")
    born = PartialDateField(label="Date de naissance", birth=True, help_text="Trois cases")
    taken = DateField3(label="Prise en charge")
    minor = YesNoField(label="Est-ce un mineur ?")
    papers = forms.MultipleChoiceField(label="Papiers", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    country = forms.ChoiceField(label="Pays", choices=[("", "–"), ("FR", "France")])
    agreed = forms.BooleanField(label="J'ai lu", help_text="Tout")
    phone = PhoneField(label="Téléphone", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    messages.success(request, "C'est enregistré.")
    form = Sample(request.POST) if request.method == "POST" else Sample()
    context = {
        "form": form,
        "trail": [{"url": "/aide/", "label": "Aide"}],
        "pages": ["/static/design/favicon.svg", "/static/design/favicon.svg"],
        "fields": [{"name": "a", "value": "1"}],
        "entries": [
            {"at": datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "title": "Déposée", "text": "Une ligne\nDeux", "by": "vous"},
            {"at": datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "title": "Lue", "url": "/", "label": "Voir"},
        ],
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def receive(request: HttpRequest) -> HttpResponse:
    for file in request.FILES.getlist("files"):
        if file.name.endswith(".exe"):
            return JsonResponse({"error": "Ce n'est pas un document."}, status=422)
        received.append(file.name)
    return JsonResponse({})


urlpatterns = [
    path("galerie/", gallery),
    path("galerie/fichiers/", receive),
    path("", include("guichet.config.urls")),
]
