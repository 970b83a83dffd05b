"""Pages of the demonstration."""

from django.urls import path

from guichet.demo import views
from guichet.web.design.gate import past_the_gate

app_name = "demo"

urlpatterns = [
    path("courriels/", past_the_gate(views.mailbox), name="mailbox"),
    path("courriels/<uuid:pk>/", past_the_gate(views.message), name="message"),
    path("courriels/<uuid:pk>/<int:index>/", past_the_gate(views.attachment), name="attachment"),
    path("horloge/", past_the_gate(views.move_clock), name="clock"),
    path("remise-a-zero/", past_the_gate(views.reset), name="reset"),
]
