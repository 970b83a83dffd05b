from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "guichet.web.account"
    label = "web_account"
