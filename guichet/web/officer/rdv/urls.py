"""Routes of the office's day, under ``/agents/rdv/``."""

from django.urls import URLPattern, path

from guichet.web.officer.rdv import changing, counter, day, figures, queue

ROUTES: list[URLPattern] = [
    path("rdv/", day.day, name="rdv"),
    path("rdv/arrivee/", day.check_in, name="rdv_check_in"),
    path("rdv/liste/", day.printed, name="rdv_list"),
    path("rdv/file/", queue.queue, name="rdv_queue"),
    path("rdv/file/appeler/", queue.call_next, name="rdv_call_next"),
    path("rdv/file/<int:pk>/", queue.act, name="rdv_visit"),
    path("rdv/numero/", queue.number, name="rdv_number"),
    path("rdv/numero/<int:pk>/", queue.ticket, name="rdv_ticket"),
    path("rdv/prendre/", counter.types, name="rdv_types"),
    path("rdv/prendre/<slug:type>/", counter.slots, name="rdv_slots"),
    path("rdv/prendre/<slug:type>/<int:slot>/", counter.book, name="rdv_book"),
    path("rdv/chiffres/", figures.figures, name="rdv_figures"),
    path("rdv/<int:pk>/", day.booking, name="rdv_booking"),
    path("rdv/<int:pk>/noter/", day.note, name="rdv_note"),
    path("rdv/<int:pk>/annuler/", changing.cancel, name="rdv_cancel"),
    path("rdv/<int:pk>/deplacer/", changing.move, name="rdv_move"),
    path("rdv/<int:pk>/deplacer/<int:slot>/", changing.move_to, name="rdv_move_to"),
    path("rdv/<int:pk>/convocation.pdf", day.convocation, name="rdv_convocation"),
]
