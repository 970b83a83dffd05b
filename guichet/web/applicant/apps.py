from django.apps import AppConfig


class ApplicantConfig(AppConfig):
    name = "guichet.web.applicant"
    label = "web_applicant"
