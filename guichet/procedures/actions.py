"""Publishing: the fully expanded definitions are stored once, and applications point to them."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused
from guichet.procedures import catalogues
from guichet.procedures.loader import LoadedProcedure, load_catalogue
from guichet.procedures.models import PublishedProcedure


class PublishedVersionChanged(ActionRefused):
    """A file says something else than what was published under its version."""

    def __init__(self, loaded: LoadedProcedure) -> None:
        message = _(
            "Le fichier %(file)s ne dit plus la même chose que la version %(version)s publiée. Remettez-le comme il était, "
            "et écrivez le changement dans une nouvelle version."
        ) % {"file": loaded.file, "version": loaded.definition.version}
        super().__init__(message, "published_version_changed")
        self.loaded = loaded

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Publication:
    """What a publication did, by «procedure version»."""

    published: tuple[str, ...]
    already_there: tuple[str, ...]


@transaction.atomic
def publish_catalogue(*folders: Path) -> Publication:
    """Of the site (or of these folders), publishes every version that is not published yet. Doing it twice changes nothing.

    The day from which a version is no longer to be started may be written later in its file; nothing else may change:
    ``PublishedVersionChanged``. A catalogue with any problem publishes nothing: ``DefinitionError``.
    """
    published: list[str] = []
    already_there: list[str] = []
    for loaded in load_catalogue(*(folders or catalogues.folders())):
        definition = loaded.definition
        row, created = PublishedProcedure.objects.get_or_create(
            slug=definition.procedure,
            version=definition.version,
            defaults={
                "digest": definition.digest,
                "content": definition.content(),
                "effective_from": loaded.effective_from,
                "effective_until": loaded.effective_until,
            },
        )
        if row.digest != definition.digest or row.effective_from != loaded.effective_from:
            raise PublishedVersionChanged(loaded)
        if row.effective_until != loaded.effective_until:
            row.effective_until = loaded.effective_until
            row.save(update_fields=["effective_until"])
        (published if created else already_there).append(str(row))
    return Publication(tuple(published), tuple(already_there))
