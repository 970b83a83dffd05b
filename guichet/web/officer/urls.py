"""Routes of ``web/officer``."""

from django.urls import URLPattern, path

from guichet.web.officer import (
    announcements,
    complement,
    convoking,
    day,
    decision,
    documents,
    draws,
    identity,
    prolongations,
    queue,
    review,
    sign_in,
    signatures,
    state,
    ticket_acts,
    tickets,
)
from guichet.web.officer.agendas import urls as agendas
from guichet.web.officer.rdv.urls import ROUTES as RDV

app_name = "officer"

FILE = "dossiers/<slug:number>"

urlpatterns: list[URLPattern] = [
    path("connexion/", sign_in.sign_in, name="sign_in"),
    path("connexion/code/", sign_in.second_factor, name="second_factor"),
    path("deconnexion/", sign_in.sign_out, name="sign_out"),
    path("activer/", sign_in.set_password, name="set_password"),
    path("activer/<str:token>/", sign_in.set_up, name="set_up"),
    path("", day.home, name="home"),
    path("dossiers/", queue.queue, name="queue"),
    path("dossiers/confier/", queue.assign, name="assign_many"),
    path(f"{FILE}/", review.review, name="review"),
    path(f"{FILE}/prendre/", review.take_up, name="take_up"),
    path(f"{FILE}/confier/", review.assign, name="assign"),
    path(f"{FILE}/avis/", review.verdict, name="verdict"),
    path(f"{FILE}/note/", review.note, name="note"),
    path(f"{FILE}/rouvrir/", review.reopen, name="reopen"),
    path(f"{FILE}/numero-etranger/", identity.give_number, name="give_number"),
    path(f"{FILE}/complement/", complement.complement, name="complement"),
    path(f"{FILE}/attestations/", prolongations.certificates, name="certificates"),
    path(f"{FILE}/rendez-vous/", convoking.appointments_of, name="file_appointments"),
    path(f"{FILE}/decision/", decision.decision, name="decision"),
    path(f"{FILE}/decision/lettre/", decision.letter, name="decision_letter"),
    path(f"{FILE}/pieces/<int:pk>/", documents.document, name="document"),
    path(f"{FILE}/pieces/<int:pk>/<int:page>/", documents.document_page, name="document_page"),
    path(f"{FILE}/e-photo/<slug:which>/", documents.ephoto, name="ephoto"),
    path(f"{FILE}/documents/<slug:document_number>.pdf", documents.official_document, name="official_document"),
    path("signatures/", signatures.signatures, name="signatures"),
    path("signatures/<int:pk>/", signatures.signature, name="signature"),
    path("signatures/<int:pk>/lettre.pdf", signatures.signature_letter, name="signature_letter"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/<slug:number>/", tickets.ticket, name="ticket"),
    path("tickets/<slug:number>/identite/", ticket_acts.identity, name="ticket_identity"),
    path("tickets/<slug:number>/convoquer/", ticket_acts.convoke, name="ticket_convoke"),
    path("tickets/<slug:number>/transmettre/", ticket_acts.hand_over, name="ticket_hand_over"),
    path("annonces/", announcements.announcements, name="announcements"),
    path("annonces/nouvelle/", announcements.new, name="announce"),
    path("annonces/<int:pk>/", announcements.change, name="announcement"),
    path("annonces/<int:pk>/retirer/", announcements.withdraw, name="withdraw_announcement"),
    *draws.urlpatterns,
    *agendas.urlpatterns,
    *RDV,
    path("etat/", state.state, name="state"),
    path("etat/<uuid:pk>/renvoyer/", state.retry, name="retry"),
]
