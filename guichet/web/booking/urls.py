"""Routes of ``web/booking``, under ``/rdv/``."""

from django.urls import URLPattern, path

from guichet.web.booking import checking, choosing, details, grid, identity, identity_codes, invitations, managing, requests

app_name = "booking"

urlpatterns: list[URLPattern] = [
    path("", choosing.index, name="index"),
    path("gerer/", managing.find, name="find"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/", invitations.link, name="invitation_link"),
    path("demande/", requests.booking, name="request"),
    path("demande/confirmer/", requests.confirm, name="confirm"),
    path("demande/annuler/", requests.cancel, name="cancel"),
    path("demande/deplacer/", requests.move, name="move"),
    path("demande/convocation.pdf", requests.convocation, name="convocation"),
    path("demande/rendez-vous.ics", requests.calendar, name="calendar"),
    path("demande/<str:token>/", requests.link, name="link"),
    path("<slug:office>/<slug:type>/", choosing.type_page, name="type"),
    path("<slug:office>/<slug:type>/documents.pdf", choosing.documents, name="documents"),
    path("<slug:office>/<slug:type>/identite/", identity.institution, name="identity"),
    path("<slug:office>/<slug:type>/identite/ine/", identity.ine, name="identity_ine"),
    path("<slug:office>/<slug:type>/identite/verifier/", identity.check, name="identity_check"),
    path("<slug:office>/<slug:type>/identite/situation/", identity.situation, name="identity_situation"),
    path("<slug:office>/<slug:type>/identite/trop-tot/", identity.early, name="identity_early"),
    path("<slug:office>/<slug:type>/identite/autre/", identity_codes.other, name="identity_other"),
    path("<slug:office>/<slug:type>/identite/code/", identity_codes.code, name="identity_code"),
    path("<slug:office>/<slug:type>/identite/code/demander/", identity_codes.ask, name="identity_ask"),
    path("<slug:office>/<slug:type>/identite/code/envoye/", identity_codes.sent, name="identity_sent"),
    path("<slug:office>/<slug:type>/descriptif/", choosing.description, name="description"),
    path("<slug:office>/<slug:type>/creneaux/", grid.slots, name="slots"),
    path("<slug:office>/<slug:type>/controle/", checking.check, name="check"),
    path("<slug:office>/<slug:type>/coordonnees/", details.details, name="details"),
    path("<slug:office>/<slug:type>/valider/", details.finish, name="finish"),
    path("<slug:office>/<slug:type>/termine/", details.done, name="done"),
]
