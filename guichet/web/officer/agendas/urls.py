"""Routes of the set-up of appointments, under ``/agents/``."""

from django.urls import URLPattern, path

from guichet.web.officer.agendas import agenda, closures, listing, to_move, types

OFFICE = "agendas/<slug:office>"

urlpatterns: list[URLPattern] = [
    path("agendas/", listing.agendas, name="agendas"),
    path(f"{OFFICE}/ouvrir/", agenda.new, name="agenda_new"),
    path(f"{OFFICE}/agenda/<slug:agenda>/", agenda.agenda, name="agenda"),
    path(f"{OFFICE}/fermetures/", closures.closures, name="closures"),
    path(f"{OFFICE}/fermetures/<int:pk>/rouvrir/", closures.reopen, name="reopen_days"),
    path(f"{OFFICE}/a-deplacer/", to_move.to_move, name="to_move"),
    path(f"{OFFICE}/rendez-vous/", types.new, name="appointment_type_new"),
    path(f"{OFFICE}/rendez-vous/<slug:type>/", types.appointment_type, name="appointment_type"),
]
