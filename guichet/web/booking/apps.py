from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "guichet.web.booking"
    label = "web_booking"
