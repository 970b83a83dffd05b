"""Can the site serve? Database reachable, migrated, its triggers in place, its folder writable."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guichet.core import triggers


def problems() -> list[str]:
    """Names of what prevents serving; empty when all is well. Costs a few queries, no lock."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["database not migrated"]
        found = [f"trigger missing: {name}" for name in triggers.missing()]
    except DatabaseError:
        return ["database unreachable"]
    if not os.access(settings.PRIVATE_DIR, os.W_OK):
        found.append("private folder not writable")
    return found
