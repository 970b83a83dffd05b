"""Sessions in the database, read by a statement that is written out: every page of somebody who chose anything
reads one.

The store is Django's (``django.contrib.sessions.backends.db``). Building the same query again for each page costs more than
sending it and reading the answer.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from guichet.core import clock, statements

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's store, but for how a session is read."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, when it is unknown or over. One query."""
        now = connection.ops.adapt_datetimefield_value(clock.of_the_machine())
        found = statements.row(READ, (self.session_key, now))
        if found is None:
            self._session_key = None
            return {}
        return dict(self.decode(found[0]))
