"""Where a page stands, between the home page and itself."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Trail = list[dict[str, "str | Promise"]]


def under_creation() -> Trail:
    return [{"url": reverse("account:create"), "label": _("Créer un compte")}]


def under_sign_in() -> Trail:
    return [{"url": reverse("account:sign_in"), "label": _("Se connecter")}]


def under_account() -> Trail:
    return [{"url": reverse("account:home"), "label": _("Mon compte")}]
