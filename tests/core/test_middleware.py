"""GET never writes; logs name routes."""

import pytest
from django.db import connection
from django.http import HttpResponse

from guichet.core.addresses import client_address
from guichet.core.middleware import ReadOnlyMiddleware, WroteOnRead, writes_on_get
from guichet.core.models import Counter


def writing_view(request):
    Counter.objects.create(name="x")
    return HttpResponse("done")


def serve(rf, method, view):
    def inner(request):
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = ReadOnlyMiddleware(inner)
    return middleware(getattr(rf, method)("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_page_that_writes_when_it_is_only_looked_at_is_a_programming_error(rf, method):
    with pytest.raises(WroteOnRead):
        serve(rf, method, writing_view)


@pytest.mark.django_db
def test_a_write_is_seen_within_a_statement_that_begins_with_with(rf):
    def view(request, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return HttpResponse(str(cursor.fetchone()[0]))

    read = "WITH one AS (SELECT 1 AS updated_at) SELECT updated_at FROM one"
    assert serve(rf, "get", lambda request: view(request, read)).content == b"1"
    write = "WITH one AS (INSERT INTO core_counter (name, value) VALUES ('x', 1) RETURNING value) SELECT value FROM one"
    with pytest.raises(WroteOnRead):
        serve(rf, "get", lambda request: view(request, write))


@pytest.mark.django_db
def test_a_post_may_write(rf):
    assert serve(rf, "post", writing_view).content == b"done"


@pytest.mark.django_db
def test_an_exception_is_declared_on_the_view(rf):
    @writes_on_get
    def declared(request):
        return writing_view(request)

    assert serve(rf, "get", declared).content == b"done"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 9.9.9.9", "1.2.3.4"),
        (1, "", "10.0.0.1"),
        (1, "not an address", "not an address"),
    ],
)
def test_only_the_known_proxies_are_believed_about_an_address(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected


@pytest.mark.parametrize("written", ["2001:db8:1:2::1", "2001:db8:1:2:ffff:eeee:dddd:cccc", "2001:0db8:0001:0002::a%eth0"])
def test_one_subscriber_is_one_address_however_many_they_have(rf, written):
    assert client_address(rf.get("/", REMOTE_ADDR=written)) == "2001:db8:1:2::"


def test_neighbours_are_two_addresses_and_an_ipv4_one_is_itself_however_it_comes(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="2001:db8:1:3::1")) == "2001:db8:1:3::"
    assert client_address(rf.get("/", REMOTE_ADDR="::ffff:192.0.2.7")) == "192.0.2.7"
