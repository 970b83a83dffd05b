"""Every database has the offices of the published table, however often it is migrated or emptied."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from guichet.offices import actions, geography, queries
from guichet.offices.apps import load_after_migrate
from guichet.offices.errors import UnknownCommune
from guichet.offices.models import Office
from guichet.registries.queries import suggest_addresses


@pytest.mark.django_db
def test_a_migrated_database_has_them_all():
    assert Office.objects.count() == len(geography.offices()) == 340
    for line in geography.offices():
        office = Office.objects.get(pk=line.code)
        assert (office.name, office.slug, office.kind, office.time_zone) == (line.name, line.slug, line.kind, line.time_zone)
        office.full_clean(validate_unique=False)
    assert Office.objects.filter(kind=Office.Kind.PREFECTURE).count() == 107


@pytest.mark.django_db
def test_loading_again_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, one read, the savepoint released
        assert actions.load_offices() == 0


@pytest.mark.django_db
def test_loading_mends_what_differs_and_leaves_what_offices_decide():
    Office.objects.filter(pk="5901").update(name="Autre nom", two_hands=True)
    Office.objects.filter(pk="5904").delete()
    assert actions.load_offices() == 2
    lille = queries.office("5901")
    assert (lille.name, lille.two_hands) == ("Préfecture du Nord", True)
    assert queries.office("5904").slug == "douai"


@pytest.mark.django_db
def test_an_office_that_is_not_published_is_left_alone():
    Office.objects.create(
        code="9999", kind="prefecture", name="Ancien", slug="ancien", department="99", city="Nulle part", city_insee="99999"
    )
    assert actions.load_offices() == 0
    assert queries.office("9999").name == "Ancien"


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_gets_them_back():
    call_command("flush", interactive=False, verbosity=0)
    assert Office.objects.count() == 340


@pytest.mark.django_db(transaction=True)
def test_a_database_where_the_table_is_not_there_yet_is_no_error():
    with connection.schema_editor() as editor:
        editor.alter_db_table(Office, "offices_office", "offices_elsewhere")
    try:
        load_after_migrate(apps.get_app_config("offices"), using="default")
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(Office, "offices_elsewhere", "offices_office")
    assert Office.objects.count() == 340


@pytest.mark.django_db
def test_the_way_from_an_address_to_its_office_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.office_for("69382").slug == "lyon"
    with django_assert_num_queries(0):
        assert queries.commune("69382").name == "Lyon"
        assert queries.department("69").name == "Rhône"
        assert queries.department("00") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("20 rue Nationale 59800 Lille", "lille"),
        ("2 rue Charles-de-Gaulle 42000 Saint-Étienne", "saint-etienne"),
        ("1 place Bellecour 69002 Lyon", "lyon"),
        ("rue des bons enfants saint pierre", "saint-pierre-974"),
        ("avenue felix eboue saint laurent du maroni", "saint-laurent-du-maroni"),
        ("boulevard halidi selemani", "mamoudzou"),
    ],
)
def test_a_suggested_address_has_its_office(typed, slug):
    (suggestion, *_) = suggest_addresses(typed)
    assert queries.office_for(suggestion.insee_code).slug == slug


@pytest.mark.django_db
def test_every_commune_reaches_a_stored_office():
    stored = {office.code for office in queries.offices()}
    assert {geography.office_code(commune) for commune in geography.communes().values()} == stored


@pytest.mark.django_db
def test_an_unknown_commune_says_what_to_do():
    with pytest.raises(UnknownCommune) as refusal:
        queries.office_for("99999")
    assert (refusal.value.code, refusal.value.insee_code) == ("unknown_commune", "99999")
    assert "liste" in str(refusal.value.message)


@pytest.mark.django_db
def test_an_unknown_office_is_told():
    with pytest.raises(Office.DoesNotExist):
        queries.office("0000")
