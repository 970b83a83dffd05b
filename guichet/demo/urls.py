"""Pages of the demonstration."""

from django.urls import path

from guichet.demo import views

app_name = "demo"

urlpatterns = [
    path("courriels/", views.mailbox, name="mailbox"),
    path("courriels/<uuid:pk>/", views.message, name="message"),
    path("courriels/<uuid:pk>/<int:index>/", views.attachment, name="attachment"),
    path("horloge/", views.move_clock, name="clock"),
    path("remise-a-zero/", views.reset, name="reset"),
]
