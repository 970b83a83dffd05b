"""What goes wrong between an address and its office."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class UnknownCommune(ActionRefused):
    """No commune of today, municipal district or merged commune has this INSEE code."""

    def __init__(self, insee_code: str) -> None:
        super().__init__(
            _("Cette commune n'est pas reconnue. Choisissez-la dans la liste des communes proposées."), code="unknown_commune"
        )
        self.insee_code = insee_code
