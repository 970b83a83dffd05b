"""Written statements sent the short way answer and fail as Django's do."""

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, ProgrammingError, connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from guichet.core import statements

pytestmark = pytest.mark.django_db
STAMP = "INSERT INTO core_stamp (name, value) VALUES (%s, %s) RETURNING value"
READ = "SELECT name, value FROM core_stamp WHERE name LIKE %s ORDER BY name"


def test_rows_come_as_they_are_and_one_row_by_itself():
    for number in range(3):
        assert statements.row(STAMP, (f"test-{number}", str(number))) == (str(number),)
    assert statements.rows(READ, ("test-%",)) == [(f"test-{number}", str(number)) for number in range(3)]
    assert statements.row(READ, ("nothing-%",)) is None and statements.rows(READ, ("nothing-%",)) == []


def test_a_statement_that_is_watched_is_seen():
    with CaptureQueriesContext(connection) as seen:
        statements.rows(READ, ("x",))
    assert len(seen) == 1
    told = []
    with connection.execute_wrapper(lambda execute, *question: told.append(question[0]) or execute(*question)):
        statements.rows(READ, ("x",))
    assert told == [READ]


def test_a_violation_is_django_s_and_the_next_statement_is_answered():
    statements.row(STAMP, ("test", "1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.row(STAMP, ("test", "2"))
    assert statements.row(READ, ("test",)) == ("test", "1")
    with pytest.raises((ProgrammingError, OperationalError)), transaction.atomic():
        statements.rows("SELECT nothing FROM nowhere WHERE 1 = %s", (1,))
    assert statements.row(READ, ("test",)) == ("test", "1")


def test_within_a_transaction_that_is_broken_nothing_is_asked():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            statements.rows(READ, ("x",))


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_opened_again():
    statements.rows(READ, ("x",))
    connections[DEFAULT_DB_ALIAS].close()
    assert statements.rows(READ, ("nothing-%",)) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_left_for_another_one():
    statements.rows(READ, ("x",))
    broken = connection.connection
    broken.pgconn.finish()
    with pytest.raises(OperationalError):
        statements.rows(READ, ("x",))
    connection.close_if_unusable_or_obsolete()  # as between two requests
    assert statements.rows(READ, ("nothing-%",)) == [] and connection.connection is not broken
