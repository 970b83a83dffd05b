"""Routes of ``web/applicant``."""

from django.urls import URLPattern, path

from guichet.web.applicant import (
    addresses,
    applications,
    attachments,
    conversation,
    documents,
    drafts,
    mine,
    notifications,
    prolongations,
    steps,
    versions,
)

app_name = "applicant"

urlpatterns: list[URLPattern] = [
    path("demandes/", mine.index, name="applications"),
    path("demandes/commencer/", drafts.start, name="start"),
    path("demandes/adresses/", addresses.suggest, name="addresses"),
    path("demandes/communes/", addresses.communes, name="communes"),
    path("demandes/brouillon/<uuid:draft>/", drafts.resume, name="resume"),
    path("demandes/titres/actualiser/", mine.refresh_permits, name="refresh_permits"),
    path("demandes/brouillon/<uuid:draft>/version/", versions.version, name="version"),
    path("demandes/brouillon/<uuid:draft>/abandonner/", drafts.abandon, name="abandon"),
    path("demandes/brouillon/<uuid:draft>/e-photo/<slug:part>/", attachments.draft_photo, name="draft_photo"),
    path("demandes/brouillon/<uuid:draft>/pieces/<int:document>/", attachments.draft_file, name="draft_file"),
    path("demandes/brouillon/<uuid:draft>/pieces/<int:document>/vignette/", attachments.draft_preview, name="draft_preview"),
    path("demandes/brouillon/<uuid:draft>/pieces/<slug:requirement>/<int:row>/", documents.upload, name="draft_upload"),
    path("demandes/brouillon/<uuid:draft>/<slug:step>/", steps.step, name="draft"),
    path("demandes/<slug:number>/", applications.application, name="application"),
    path("demandes/<slug:number>/confirmation.pdf", applications.receipt, name="receipt"),
    path("demandes/<slug:number>/confirmation/", applications.confirmation, name="confirmation"),
    path("demandes/<slug:number>/attestation/renouveler/", prolongations.renew, name="renew_certificate"),
    path("demandes/<slug:number>/pieces/<int:document>/", attachments.application_file, name="application_file"),
    path("demandes/<slug:number>/pieces/<int:document>/vignette/", attachments.application_preview, name="application_preview"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/<uuid:notification>/", notifications.notification, name="notification"),
    path("notifications/<uuid:notification>/ouvrir/", notifications.open_notification, name="open_notification"),
    path("notifications/<uuid:notification>/reponses/<int:item>/", conversation.answer, name="answer_item"),
    path("notifications/<uuid:notification>/envoyer/", conversation.send, name="send_answers"),
    path("documents/<slug:number>.pdf", attachments.official_document, name="document"),
]
