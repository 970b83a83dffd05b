"""What is known of who is signed in: it answers the questions of the orientation, and dates the application."""

import html
from datetime import date, timedelta

import pytest
from django.test import Client

from guichet.accounts.models import Account, Person, Representation
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.permits.models import ResidencePermit
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.queries import current, definition_of, orientation
from guichet.web.public.costs_and_dates import costs, when_to_apply, window
from guichet.web.public.procedures import parts

BACKEND = "guichet.accounts.backends.IdentifierBackend"


@pytest.fixture
def someone(catalogue):
    """Signs somebody in, with the permit given (kind, reason, days from today)."""

    def make(*permits, capacity="self", born="1998-02-03", number="7503134955", people=1):
        account = Account.objects.create(identifier=f"{number}-{capacity}", email="a@example.org", display_name="A")
        for rank in range(people):
            person = Person.objects.create(
                foreigner_number=f"{number}{rank}" if number else None, birth_name="OKAFOR", birth_date_text=born
            )
            Representation.objects.create(account=account, person=person, capacity=capacity)
            for kind, reason, first, last in permits:
                ResidencePermit.objects.create(
                    person=person, number="A1", kind=kind, reason=reason, origin="agdref",
                    valid_from=clock.today() + timedelta(days=first), valid_until=clock.today() + timedelta(days=last),
                )  # fmt: skip
        browser = Client(headers={"host": "localhost"})
        browser.force_login(account, backend=BACKEND)
        return browser

    return make


def question(browser, address="/titres/"):
    page = html.unescape(browser.get(address).content.decode())
    return page[page.index("<h1>") + 4 : page.index("</h1>")], page


def test_a_permit_that_the_registry_knows_answers_the_first_two_questions(someone):
    asked, page = question(someone(("temporary_card", "student", -290, 75)))
    assert asked.startswith("Que voulez-vous demander")
    ends = day_in_words(clock.today() + timedelta(days=75))
    assert f"jusqu’au {ends}" in page.replace("'", "’").replace("\u00a0", " ")
    assert "d’après votre compte" in page.replace("'", "’")


def test_what_is_known_can_be_changed(someone):
    browser = someone(("temporary_card", "student", -290, 75))
    _, page = question(browser)
    assert 'href="?pour=moi&demander=situation"' in page and 'href="?demander=pour"' in page
    asked, page = question(browser, "/titres/?pour=moi&demander=situation")
    assert asked.startswith("Que détenez-vous") and 'href="?pour=moi&situation=visa"' in page
    asked, _ = question(browser, "/titres/?pour=moi&situation=visa")
    assert asked.startswith("Pour quelle raison")


def test_a_student_card_leads_to_its_renewal_and_a_student_visa_to_the_first_card(someone, monkeypatch):
    browser = someone(("temporary_card", "talent_blue_card", -290, 75))
    answer = browser.get("/titres/?demande=continuer")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/titres/talent_renewal/")
    asked, page = question(someone(("vls_ts", "talent", -20, 345), number=""), "/titres/?demande=continuer")
    assert asked.startswith("Quelle est votre mention talent") and "<optgroup" in page


@pytest.mark.parametrize(
    ("permit", "number", "expected"),
    [
        (("long_stay_visa", "talent", -20, 345), "7503134955", "Pour quelle raison"),
        (("prolongation_certificate", "student", -20, 30), "7503134955", "Pour quelle raison"),  # no permit: a number
        (None, "7503134955", "Pour quelle raison"),
        (None, "", "Que détenez-vous"),  # a visa may not be known here: asked
    ],
)
def test_what_is_held_is_what_the_registry_knows(someone, permit, number, expected):
    asked, _ = question(someone(*([permit] if permit else []), number=number))
    assert asked.startswith(expected)


def test_a_permit_that_is_over_is_told_so(someone):
    _, page = question(someone(("temporary_card", "student", -400, -10)))
    assert "fini le" in page


def test_nothing_is_supposed_of_who_acts_for_several_people_nor_of_an_officer(someone, catalogue):
    asked, _ = question(someone(people=2))
    assert asked.startswith("Pour qui")
    officer = Account.objects.create(kind=Account.Kind.OFFICER, identifier="x@lille.demo", email="x@lille.demo")
    browser = Client(headers={"host": "localhost"})
    browser.force_login(officer, backend=BACKEND)
    assert question(browser)[0].startswith("Pour qui")


@pytest.mark.parametrize(("born", "for_whom"), [("{}-01-01", "Pour un mineur"), ("1980-01-01", None)])
def test_who_represents_a_minor_asks_for_them(someone, born, for_whom):
    asked, page = question(someone(capacity="guardian", born=born.format(clock.today().year - 17)))
    if for_whom:
        assert for_whom in page and asked.startswith("Pour quelle raison")
    else:
        assert asked.startswith("Pour qui")


def test_the_page_costs_the_same_whatever_is_known(someone, django_assert_num_queries):
    browser = someone(("temporary_card", "student", -290, 75), ("long_stay_visa", "student", -900, -300))
    browser.get("/titres/")
    with django_assert_num_queries(7):  # session, account, whom it acts for, permit, procedures, announcements, bell
        browser.get("/titres/")


ENDS = date(2027, 5, 31)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 1, 30), "early"),
        (date(2027, 1, 31), "now"),  # 120 days before the end
        (date(2027, 4, 1), "now"),  # 60 days before
        (date(2027, 4, 2), "late"),
        (date(2027, 5, 31), "late"),  # the last day is still a day of the permit
        (date(2027, 6, 1), "over"),
    ],
)
def test_the_time_to_apply_is_counted_in_whole_days_before_the_end(today, state):
    found = window(ENDS, today)
    assert (found.opens, found.closes, found.state) == (date(2027, 1, 31), date(2027, 4, 1), state)


@pytest.mark.parametrize(
    ("last", "words"), [(200, "encore tôt"), (75, "C’est le moment"), (30, "un droit de 180"), (-3, "Votre titre est fini")]
)
def test_the_page_of_a_procedure_says_when_to_apply_from_the_permit_held(someone, last, words):
    page = html.unescape(someone(("multiannual_card", "talent", -400, last)).get("/titres/talent_renewal/").content.decode())
    assert words in page.replace("'", "’")
    assert "Je commence ma demande" in page, "late or early, the application can be started"


def test_a_visitor_reads_the_rule_in_days(visitor, catalogue):
    page = html.unescape(visitor.get("/titres/talent_renewal/").content.decode()).replace("\u00a0", " ")
    assert "Entre 120 et 60 jours avant la fin" in page and "180 €" in page.replace("\u202f", " ")
    assert "60 jours après votre entrée" not in page, "a renewal is not for who has just come"
    first = html.unescape(visitor.get("/titres/talent/").content.decode()).replace("\u00a0", " ")
    assert "dans les 60 jours après votre entrée en France" in first
    assert "Quand déposer la demande" not in visitor.get("/titres/ase/").content.decode(), "there is no permit to follow"


def test_what_a_permit_costs_comes_from_the_dated_tables(catalogue):
    definition = definition_of(current("talent"))
    told = costs(definition, "fr")
    assert [cost.total.replace("\u202f", " ").replace("\u00a0", " ") for cost in told] == ["350 €"] and len(told[0].lines) == 2
    assert told[0].lines[0][0] != costs(definition, "en")[0].lines[0][0]
    nothing = definition.model_copy(update={"grants": ()})
    assert costs(nothing, "fr") == [] and when_to_apply(nothing, None) is None


def test_what_was_chosen_shortens_the_list_of_documents_and_its_pdf(visitor, catalogue):
    definition = definition_of(current("talent"))
    blue_card = orientation().chosen("talent_mention.carte_bleue").carry

    def asked(carried):
        return {str(document.label) for part in parts(definition, carried) for document in part.documents}

    assert asked(blue_card) < asked(None) and len(asked(None)) - len(asked(blue_card)) >= 5
    page = html.unescape(visitor.get("/titres/talent/?choix=talent_mention.carte_bleue").content.decode())
    assert '<option value="talent_mention.carte_bleue" selected>' in page
    assert "/titres/talent/documents.pdf?choix=talent_mention.carte_bleue" in page
    for part in parts(definition):
        if str(part.title) not in {str(kept.title) for kept in parts(definition, blue_card)}:
            assert f">{part.title}</button>" not in page
    whole = visitor.get("/titres/talent/documents.pdf").content
    short = visitor.get("/titres/talent/documents.pdf?choix=talent_mention.carte_bleue").content
    assert short.startswith(b"%PDF") and len(short) < len(whole)


def test_what_the_short_list_leaves_out_is_never_asked_for(catalogue):
    """Whatever else is answered, a document ruled out by the mention is not among those that the draft asks."""
    definition = definition_of(current("talent"))
    for answer in orientation().carrying("talent").answers:
        ((place, value),) = answer.carry.items()
        section, _, name = place.partition(".")
        answers = {section: {name: value}}
        out = Evaluation(definition, answers, clock.today()).ruled_out_documents()
        assert out and out < {document.id for document in definition.documents}
        asked = Evaluation(definition, answers, clock.today()).requirements()
        assert not out & {need.id.partition("__")[0] for need in asked}


def test_a_procedure_of_which_nothing_is_told_beforehand_has_no_menu(visitor, catalogue):
    assert "<select" not in visitor.get("/titres/ase/").content.decode()
