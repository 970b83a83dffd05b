"""Routes of ``web/officer``."""

from django.urls import URLPattern, path

from guichet.web.officer import sign_in

app_name = "officer"

urlpatterns: list[URLPattern] = [
    path("connexion/", sign_in.sign_in, name="sign_in"),
    path("connexion/code/", sign_in.second_factor, name="second_factor"),
    path("deconnexion/", sign_in.sign_out, name="sign_out"),
    path("activer/", sign_in.set_password, name="set_password"),
    path("activer/<str:token>/", sign_in.set_up, name="set_up"),
]
