"""Routes of ``web/account``."""

from django.urls import URLPattern, path

from guichet.web.account import mine, opening, recovering, signing

app_name = "account"

urlpatterns: list[URLPattern] = [
    path("", mine.home, name="home"),
    path("creer/", opening.create, name="create"),
    path("creer/numero-etranger/", opening.create_with_number, name="create_with_number"),
    path("creer/sans-numero/", opening.create_without_number, name="create_without_number"),
    path("creer/envoye/", opening.sent, name="sent"),
    path("creer/effacer/", opening.forget, name="forget"),
    path("activer/", opening.activation, name="activation"),
    path("activer/<str:token>/", opening.activate, name="activate"),
    path("connexion/", signing.sign_in, name="sign_in"),
    path("deconnexion/", signing.sign_out, name="sign_out"),
    path("mot-de-passe-oublie/", recovering.forgotten_password, name="forgotten_password"),
    path("mot-de-passe-oublie/envoye/", recovering.forgotten_password_sent, name="forgotten_password_sent"),
    path("identifiant-oublie/", recovering.forgotten_identifier, name="forgotten_identifier"),
    path("identifiant-oublie/envoye/", recovering.forgotten_identifier_sent, name="forgotten_identifier_sent"),
    path("reinitialiser/", recovering.new_password, name="new_password"),
    path("reinitialiser/<str:token>/", recovering.reset_password, name="reset_password"),
    path("mot-de-passe/", mine.change_password, name="change_password"),
    path("langue/", mine.choose_language, name="choose_language"),
    path("sessions/", mine.close_sessions, name="close_sessions"),
    path("personnes/ajouter/", mine.add_person, name="add_person"),
]
