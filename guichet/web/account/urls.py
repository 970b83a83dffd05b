"""Routes of ``web/account``."""

from django.urls import URLPattern, path

from guichet.web.account import choosing, franceconnect, helping, mine, opening, recovering, signing, tickets, visa

app_name = "account"

urlpatterns: list[URLPattern] = [
    path("", mine.home, name="home"),
    path("creer/", opening.create, name="create"),
    path("creer/numero-etranger/", opening.create_with_number, name="create_with_number"),
    path("creer/titre/", opening.create_with_permit, name="create_with_permit"),
    path("creer/visa/", opening.create_with_visa, name="create_with_visa"),
    path("creer/sans-numero/", opening.create_without_number, name="create_without_number"),
    path("creer/envoye/", opening.sent, name="sent"),
    path("creer/effacer/", opening.forget, name="forget"),
    path("creer/aide/", helping.ask_for_help, name="ask_for_help"),
    path("creer/aide/envoyee/", helping.help_sent, name="help_sent"),
    path("activer/", choosing.activation, name="activation"),
    path("activer/<str:token>/", choosing.activate, name="activate"),
    path("visa/", visa.again, name="visa_again"),
    path("visa/acces/", visa.access, name="visa_access"),
    path("visa/lien/<str:token>/", visa.link, name="visa_link"),
    path("franceconnect/", franceconnect.begin, name="franceconnect"),
    # Declared to FranceConnect under these very addresses: do not change them.
    path("franceconnect/retour/", franceconnect.callback, name="franceconnect_callback"),
    path("franceconnect/deconnexion/", franceconnect.signed_out, name="franceconnect_signed_out"),
    path("franceconnect/identite/", franceconnect.identity, name="franceconnect_identity"),
    path("franceconnect/ecart/", franceconnect.mismatch, name="franceconnect_mismatch"),
    path("franceconnect/echec/", franceconnect.trouble, name="franceconnect_trouble"),
    path("franceconnect/retirer/", franceconnect.unlink, name="franceconnect_unlink"),
    path("connexion/", signing.sign_in, name="sign_in"),
    path("deconnexion/", signing.sign_out, name="sign_out"),
    path("mot-de-passe-oublie/", recovering.forgotten_password, name="forgotten_password"),
    path("mot-de-passe-oublie/envoye/", recovering.forgotten_password_sent, name="forgotten_password_sent"),
    path("identifiant-oublie/", recovering.forgotten_identifier, name="forgotten_identifier"),
    path("identifiant-oublie/envoye/", recovering.forgotten_identifier_sent, name="forgotten_identifier_sent"),
    path("adresse-perdue/", helping.lost_email, name="lost_email"),
    path("reinitialiser/", choosing.new_password, name="new_password"),
    path("reinitialiser/<str:token>/", choosing.reset_password, name="reset_password"),
    path("mot-de-passe/", mine.change_password, name="change_password"),
    path("langue/", mine.choose_language, name="choose_language"),
    path("sessions/", mine.close_sessions, name="close_sessions"),
    path("demandes-d-aide/", tickets.tickets, name="tickets"),
    path("personnes/ajouter/", mine.add_person, name="add_person"),
]
