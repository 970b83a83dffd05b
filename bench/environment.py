"""What a benchmark stands on: settings of its own, an empty embedded database."""

import os
from pathlib import Path


def prepare(folder: Path) -> None:
    """Sets Django up on a scratch folder and migrates its database."""
    defaults = {
        "DJANGO_SETTINGS_MODULE": "guichet.config.settings",
        "GUICHET_TESTING": "1",
        "SECRET_KEY": "benchmarks-only",
        "SITE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,testserver",
        "LOG_LEVEL": "WARNING",
    }
    os.environ |= defaults | {"DATA_DIR": str(folder)}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
