"""From an identity that FranceConnect vouches for to an account: the person's own, a new one, or none at all."""

import pytest

from guichet.accounts import actions, queries
from guichet.accounts.errors import LinkUnusable
from guichet.accounts.franceconnect import links
from guichet.accounts.franceconnect.errors import PivotMismatch, ProviderUnavailable
from guichet.accounts.franceconnect.pivot import PivotIdentity
from guichet.accounts.limits import FRANCECONNECT_STARTS, MISMATCH_ON_NUMBER
from guichet.accounts.models import Account, FranceConnectLink, Person, Representation
from guichet.core.errors import TooManyTries
from guichet.core.models import Event
from guichet.registries.errors import RegistryUnavailable
from tests.accounts.helpers import (
    ADDRESS,
    EMAIL,
    MARIAM,
    NUMBER,
    PASSWORD,
    activation_token,
    mails,
    make_account,
    open_account,
    record,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "autre@exemple.fr"


def pivot_of(number=NUMBER, *, subject="amadou", **changes):
    """What FranceConnect says of somebody whom the registry knows, but ``changes``."""
    known = record(number)
    return PivotIdentity(
        **{
            "subject": subject,
            "family_name": known.birth_name,
            "usage_name": "",
            "given_names": known.first_names,
            "sex": known.sex,
            "birth_date": str(known.birth_date),
            "birth_place": "",
            "birth_country": "99330",
            "email": EMAIL,
            **changes,
        }
    )


def identify(number=NUMBER, pivot=None, *, email=EMAIL, address=ADDRESS, **options):
    return actions.identify_by_franceconnect(pivot or pivot_of(), number, email, "fr", address, **options)


def test_the_account_of_the_person_is_linked_and_its_owner_told():
    account = make_account(email="proprietaire@exemple.fr")
    assert identify("59 08 00 20 10").account == account
    assert queries.account_of_franceconnect("amadou") == account
    assert [mail.address for mail in mails("franceconnect_linked")] == ["proprietaire@exemple.fr"]
    assert Event.objects.filter(kind="franceconnect_linked").count() == 1


def test_the_mail_holds_nothing_but_the_name():
    make_account()
    identify()
    body = mails("franceconnect_linked")[0].body
    assert "Amadou DIALLO" in body
    assert not any(said in body for said in (NUMBER, EMAIL, "amadou", str(record().birth_date)))


def test_linking_again_changes_nothing_and_writes_to_nobody():
    make_account()
    identify()
    identify()
    assert FranceConnectLink.objects.count() == 1
    assert len(mails("franceconnect_linked")) == 1


def test_without_an_account_a_link_is_mailed_and_opens_one_that_franceconnect_opens_too():
    found = identify(email="Nouveau@Exemple.fr")
    assert found.account is None
    assert not Account.objects.exists() and not FranceConnectLink.objects.exists()
    account = actions.activate(activation_token("nouveau@exemple.fr"), PASSWORD)
    assert (account.identifier, account.email) == (NUMBER, "nouveau@exemple.fr")
    assert queries.account_of_franceconnect("amadou") == account
    person = queries.persons_of(account)[0]
    assert (person.origin, person.birth_name) == (Person.Origin.REGISTRY, "DIALLO")
    assert not mails("franceconnect_linked")


def test_the_unconfirmed_address_receives_nothing_but_the_link():
    identify(email="inconnu@exemple.fr")
    written = mails(address="inconnu@exemple.fr")
    assert [mail.template for mail in written] == ["account_activation"]
    assert not any(said in written[0].body for said in (NUMBER, "DIALLO", "Amadou"))


def test_the_link_that_is_sent_again_still_links_franceconnect(movable_clock):
    identify()
    movable_clock.move(minutes=2)
    actions.resend_link(NUMBER, EMAIL, "fr", ADDRESS)
    actions.activate(activation_token(), PASSWORD)
    assert queries.account_of_franceconnect("amadou") is not None


def test_two_links_of_the_same_person_open_one_account():
    identify()
    first = activation_token()
    identify(email=ELSEWHERE, address="192.0.2.99")
    account = actions.activate(activation_token(ELSEWHERE), PASSWORD)
    with pytest.raises(LinkUnusable):
        actions.activate(first, PASSWORD)
    assert queries.account_of_franceconnect("amadou") == account


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"birth_date": "1990-01-02"}, ("birth_date",)),
        ({"family_name": "Autre"}, ("names",)),
        ({"sex": "F"}, ("sex",)),
    ],
)
def test_another_identity_opens_nothing(changes, differs):
    make_account()
    with pytest.raises(PivotMismatch) as refusal:
        identify(pivot=pivot_of(**changes))
    assert (refusal.value.known, refusal.value.differs) == (True, differs)
    assert not FranceConnectLink.objects.exists()
    assert not mails()


@pytest.mark.parametrize("number", ["5900000000", "5908002007", "", "numéro", "9" * 400])
def test_a_number_that_nobody_bears_opens_nothing_and_is_told_alike(number):
    with pytest.raises(PivotMismatch) as unknown:
        identify(number)
    with pytest.raises(PivotMismatch) as another:
        identify(pivot=pivot_of(family_name="Autre"))
    assert str(unknown.value.message) == str(another.value.message)
    assert not unknown.value.known
    assert not mails()


@pytest.mark.parametrize("number", ["5908002009", "5908002008"])
def test_a_registry_that_is_down_decides_nothing(number):
    for _ in range(MISMATCH_ON_NUMBER.tries + 1):  # and is nobody's wrong try
        with pytest.raises(RegistryUnavailable):
            identify(number)
    assert not mails() and not FranceConnectLink.objects.exists()


def test_wrong_tries_are_counted():
    for _ in range(MISMATCH_ON_NUMBER.tries):
        with pytest.raises(PivotMismatch):
            identify(pivot=pivot_of(family_name="Autre"))
    with pytest.raises(TooManyTries):
        identify()


@pytest.mark.parametrize("capacity", ["parent", "guardian", "care_service"])
def test_an_account_that_somebody_else_holds_is_neither_linked_nor_shown(capacity):
    holder = make_account(email="service@exemple.fr")
    Representation.objects.update(capacity=capacity)
    claims = []
    found = identify(on_second_claim=claims.append)
    assert found.account is None and not FranceConnectLink.objects.exists()
    assert [(claim.account, claim.door, claim.claimed["foreigner_number"]) for claim in claims] == [
        (holder, "franceconnect", NUMBER)
    ]
    assert [mail.address for mail in mails()] == ["service@exemple.fr"]


def test_the_own_account_is_taken_even_where_somebody_else_was_first():
    service = make_account("service@exemple.fr", email="service@exemple.fr")
    Representation.objects.filter(account=service).update(
        capacity="care_service", person=Person.objects.create(foreigner_number=NUMBER, birth_name="DIALLO")
    )
    own = Account.objects.create(identifier=NUMBER, email=EMAIL)
    Representation.objects.create(account=own, person=Person.objects.get(foreigner_number=NUMBER))
    assert identify().account == own


def test_a_closed_account_does_not_open():
    account = make_account()
    identify()
    Account.objects.update(is_active=False)
    assert queries.account_of_franceconnect("amadou") is None
    assert identify(email=ELSEWHERE).account is None
    assert account.franceconnect_links.count() == 1


def test_somebody_who_bears_two_identities_at_franceconnect_opens_one_account_with_both():
    """A subject changes with the civil status: the new one is linked beside."""
    account = make_account()
    identify()
    identify(pivot=pivot_of(subject="amadou-after-marriage"))
    assert {link.subject for link in queries.franceconnect_links_of(account)} == {"amadou", "amadou-after-marriage"}


def test_one_subject_opens_one_account():
    first = make_account()
    identify()
    second = open_account(MARIAM, email="mariam@exemple.fr")
    links.link(second, "amadou")
    assert queries.account_of_franceconnect("amadou") == second
    assert not queries.franceconnect_links_of(first)


def test_unlinking_is_told_and_done_once():
    account = make_account()
    identify()
    assert actions.unlink_franceconnect(account)
    assert not actions.unlink_franceconnect(account)
    assert queries.account_of_franceconnect("amadou") is None
    assert len(mails("franceconnect_unlinked")) == 1
    identify()
    assert len(mails("franceconnect_linked")) == 2


def test_departures_from_one_address_are_counted(settings):
    settings.FRANCECONNECT = {"issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "y", "simulated": True}
    for _ in range(FRANCECONNECT_STARTS.tries):
        with pytest.raises(ProviderUnavailable):
            actions.depart_for_franceconnect("https://guichet.example.org/", ADDRESS)
    with pytest.raises(TooManyTries):
        actions.depart_for_franceconnect("https://guichet.example.org/", ADDRESS)
