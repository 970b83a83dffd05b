"""My applications: what to do first, by kind, by person; what a decision says waits for its letter to be opened."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.applications import queries
from guichet.applications.models import Application
from guichet.core import clock
from guichet.instruction import actions
from guichet.messaging.models import Notification
from guichet.permits.models import ResidencePermit
from guichet.procedures.definition import definition_from
from guichet.procedures.models import PublishedProcedure
from guichet.web.applicant import mine
from tests.web_applicant import world
from tests.web_applicant.world import IDENTITY, send, step_url, text_of

pytestmark = pytest.mark.django_db
HERE = "/demandes/"


@pytest.fixture
def client(at_home):
    return at_home[0]


@pytest.fixture
def person(at_home):
    return at_home[1]


@pytest.fixture
def account(person):
    return person.representations.get().account


@pytest.fixture
def application(client, person):
    return world.deposited(client, person)


@pytest.fixture
def officer(application):
    officer = world.an_officer(application.office)
    actions.take_up(application, officer)
    return officer


def tab(client, code, **more):
    return client.get(HERE, {"onglet": code, **more})


def tasks(client, **more):
    return [str(task.title) for task in client.get(HERE, more).context["tasks"]]


def refuse(application, officer):
    return actions.propose_decision(
        application, officer, "refusal", motivation="Les conditions du séjour ne sont pas remplies aujourd'hui."
    )


def opened(client, account, kind):
    notification = Notification.objects.get(account=account, kind=kind)
    client.post(reverse("applicant:open_notification", args=[notification.pk]))


# By kind


def test_each_kind_has_its_tab_and_the_first_that_holds_something_opens(client, person, application):
    draft = world.start(client, person)
    page = client.get(HERE)
    assert page.context["tab"] == "en-cours" and application.number in text_of(page)
    assert {str(one["label"]): one["number"] for one in page.context["tabs"]} == {
        "En cours": 1,
        "Brouillons": 1,
        "Décidées": 0,
        "Attestations et lettres": None,
        "Titres de séjour": None,
    }
    drafts = tab(client, "brouillons")
    assert reverse("applicant:resume", args=[draft.pk]) in drafts.content.decode() and application.number not in text_of(drafts)
    assert "Aucune décision pour l'instant" in text_of(tab(client, "decidees"))
    assert tab(client, "inconnu").context["tab"] == "en-cours"


def test_with_drafts_only_the_drafts_open(client, person):
    world.start(client, person)
    assert client.get(HERE).context["tab"] == "brouillons"


def test_a_state_says_since_when_to_the_minute_and_what_comes(client, application):
    words = text_of(client.get(HERE))
    since = application.state_since.astimezone(clock.PARIS)
    assert f"Dans cet état depuis le {since:%d/%m/%Y} à {since:%H:%M}" in words
    assert "Sans réponse, refusée après le" in words


def test_the_papers_of_an_application_are_one_click_away(client, application):
    page = client.get(HERE)
    papers = page.context["applications"][0]["papers"]
    assert [str(paper["title"]) for paper in papers] == ["Confirmation du dépôt"]
    answer = client.get(reverse("applicant:document", args=[papers[0]["number"]]))
    assert answer["Content-Type"] == "application/pdf"
    every = tab(client, "attestations")
    assert papers[0]["number"] in text_of(every) and application.number in text_of(every)


# Several people


def test_one_person_can_be_looked_at_alone(client, person, account, application):
    _account, sister = world.a_person(account, first_names="Thi Mai")
    world.start(client, sister)
    everybody = tab(client, "en-cours")
    assert [str(one["name"]) for one in everybody.context["people"]] == ["Tout le monde", "Minh Anh NGUYEN", "Thi Mai NGUYEN"]
    hers = client.get(HERE, {"personne": str(sister.pk)})
    assert hers.context["tab"] == "brouillons" and application.number not in text_of(hers)
    assert tab(client, "en-cours", personne=str(sister.pk)).context["applications"] == []


def test_somebody_else_s_person_cannot_be_looked_at(client, application):
    _other, stranger = world.a_person(first_names="Inconnue")
    page = client.get(HERE, {"personne": str(stranger.pk)})
    assert "Inconnue" not in text_of(page) and application.number in text_of(page)


def test_lists_cost_the_same_for_two_people_and_for_ten(client, account, application):
    from tests.web_applicant.test_lists import cost

    world.a_person(account)
    urls = [HERE, *(f"{HERE}?onglet={code}" for code in ("brouillons", "decidees", "attestations", "titres"))]
    before = [cost(client, url) for url in urls]
    for _ in range(8):
        _account, other = world.a_person(account)
        a_permit(other, until=clock.today() + timedelta(days=100))
    assert [cost(client, url) for url in urls] == before


# A decision


def test_a_decision_is_not_told_before_its_letter_is_opened(client, account, application, officer):
    refuse(application, officer)
    for url in (
        HERE,
        f"{HERE}?onglet=decidees",
        f"{HERE}?onglet=attestations",
        reverse("applicant:application", args=[application.number]),
    ):
        words = text_of(client.get(url))
        said = "Lettre de décision" if "attestations" in url else "Une décision vous attend"
        assert said in words and "refus" not in words.lower().replace("sans réponse, refusée", ""), url
    opened(client, account, "decision")
    assert "Demande refusée" in text_of(tab(client, "decidees"))
    assert "Décision de refus" in text_of(tab(client, "attestations"))
    assert "refusé votre demande" in text_of(client.get(reverse("applicant:application", args=[application.number])))
    assert tasks(client) == []


def test_the_letter_of_a_decision_is_opened_from_what_to_do_first(client, account, application, officer):
    refuse(application, officer)
    assert tasks(client) == ["Une décision vous attend"]
    notification = Notification.objects.get(kind="decision")
    address = reverse("applicant:notification", args=[notification.pk])
    assert client.get(HERE).context["tasks"][0].url == address
    assert address in tab(client, "attestations").content.decode()


# What to do first


def test_a_request_says_to_read_it_then_by_when_to_answer(client, account, application, officer):
    actions.request_complement(application, officer, [actions.AskedItem("nationality", 0, reason="illegible")], "")
    assert tasks(client) == ["L'administration vous demande des documents"]
    opened(client, account, "complement_request")
    due = clock.today() + timedelta(days=30)
    [task] = client.get(HERE).context["tasks"]
    assert task.by == due and str(task.title).startswith("Répondez avant la fin du ") and not task.is_late
    assert "À répondre avant la fin du" in text_of(tab(client, "en-cours"))


def test_a_request_past_its_day_says_so(client, account, application, officer, movable_clock):
    actions.request_complement(application, officer, [actions.AskedItem("nationality", 0, reason="illegible")], "")
    opened(client, account, "complement_request")
    movable_clock.move(days=32)
    [task] = client.get(HERE).context["tasks"]
    assert task.is_late and "est passé" in str(task.title)


def test_a_draft_about_to_be_erased_says_so(client, person, movable_clock):
    draft = world.start(client, person)
    assert tasks(client) == []
    Application.objects.filter(pk=draft.pk).update(kept_until=clock.today() + timedelta(days=14))
    assert [title.startswith("Reprenez ce brouillon avant la fin du ") for title in tasks(client)] == [True]


def a_permit(person, until, kind="temporary_card"):
    return ResidencePermit.objects.create(
        person=person, number="AB1234567", kind=kind, reason="student", origin="agdref",
        valid_from=until - timedelta(days=364), valid_until=until,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (121, None),
        (120, "Demandez le renouvellement avant la fin du"),
        (60, "Demandez le renouvellement avant la fin du"),
        (59, "Demandez le renouvellement dès maintenant"),
        (0, "Demandez le renouvellement dès maintenant"),
        (-1, "Votre titre s'est terminé le"),
    ],
)
def test_a_permit_that_ends_says_when_to_ask(client, person, days, said):
    a_permit(person, clock.today() + timedelta(days=days))
    found = tasks(client)
    assert len(found) == (said is not None) and all(title.startswith(str(said)) for title in found)


def test_who_has_asked_already_is_not_told_to_ask(client, person, application):
    a_permit(person, clock.today() + timedelta(days=30))
    assert tasks(client) == []


def test_the_most_pressing_comes_first(client, person, account, application, officer):
    actions.request_complement(application, officer, [actions.AskedItem("nationality", 0, reason="illegible")], "")
    _account, sister = world.a_person(account, first_names="Thi Mai")
    a_permit(sister, clock.today() + timedelta(days=10))
    found = client.get(HERE).context["tasks"]
    assert [task.comes_first for task in found] == [0, 1] and "Thi Mai" in text_of(client.get(HERE))


# Permits


def test_the_history_shows_what_was_read_and_looking_asks_no_registry(client, person, monkeypatch):
    monkeypatch.setattr("guichet.web.applicant.mine.permit_actions.refresh", lambda person: pytest.fail("asked"))
    a_permit(person, clock.today() + timedelta(days=200))
    words = text_of(tab(client, "titres"))
    for said in ("AB1234567", "Carte de séjour temporaire", "Études", "En cours de validité"):
        assert said in words, said


@pytest.mark.parametrize(("number", "said"), [("7503134955", "Études"), ("5903007192", "ne connaissent pas de titre")])
def test_the_registries_are_asked_by_a_button(client, person, number, said):
    person.foreigner_number = number
    person.save()
    assert "pas encore demandé aux registres" in text_of(tab(client, "titres"))
    answer = client.post(reverse("applicant:refresh_permits"), {"personne": str(person.pk)}, follow=True)
    assert (
        "L'historique est à jour" in text_of(answer)
        and said in text_of(answer)
        and "Lu dans les registres le" in text_of(answer)
    )


def test_a_silent_registry_is_told_and_what_was_known_stays(client, person):
    a_permit(person, clock.today() + timedelta(days=200))
    person.foreigner_number = "5903007109"
    person.save()
    answer = client.post(reverse("applicant:refresh_permits"), {"personne": str(person.pk)}, follow=True)
    assert "ne répond pas" in text_of(answer) and "AB1234567" in text_of(answer)


def test_the_registries_are_not_asked_for_a_stranger_nor_without_end(client, person, monkeypatch):
    asked = []
    monkeypatch.setattr("guichet.web.applicant.mine.permit_actions.refresh", lambda one: asked.append(one) or True)
    _other, stranger = world.a_person()
    assert client.post(reverse("applicant:refresh_permits"), {"personne": str(stranger.pk)}).status_code == 404
    for _ in range(7):
        answer = client.post(reverse("applicant:refresh_permits"), {"personne": str(person.pk)}, follow=True)
    assert asked == [person] * 5 and "Trop d'essais" in text_of(answer)


def another_version(slug, version, change=lambda content: None):
    """A version of a procedure in force since today; the one before ended yesterday."""
    model = PublishedProcedure.objects.get(slug="ase")
    content = copy.deepcopy(model.content)
    content |= {"procedure": slug, "version": version}
    change(content)
    definition = definition_from(content)
    if slug == "ase":
        PublishedProcedure.objects.filter(pk=model.pk).update(effective_until=clock.today() - timedelta(days=1))
    return PublishedProcedure.objects.create(
        slug=slug, version=version, digest=definition.digest, content=definition.content(), effective_from=clock.today()
    )


def test_a_change_is_declared_where_its_procedure_is_open(client):
    PublishedProcedure.objects.filter(slug__in=["change_of_address", "change_of_civil_status", "lost_permit"]).delete()
    page = tab(client, "titres")
    assert text_of(page).count("Bientôt sur ce site") == 3
    another_version("change_of_address", "2026-10")
    page = tab(client, "titres")
    assert text_of(page).count("Bientôt sur ce site") == 2
    assert reverse("public:procedure", args=["change_of_address"]) in page.content.decode()


# Another draft of the same procedure


def test_who_has_a_draft_is_told_before_another_begins(client, person):
    draft = world.start(client, person)
    send(client, step_url(draft, "personal_information"), IDENTITY, press="quit")
    start = reverse("applicant:start")
    asked = client.post(start, {"procedure": "ase"})
    assert asked.status_code == 200 and "Vous avez déjà commencé cette démarche" in text_of(asked)
    assert reverse("applicant:resume", args=[draft.pk]) in asked.content.decode()
    assert len(queries.drafts_of(Account.objects.get(representations__person=person))) == 1
    another = client.post(start, {"procedure": "ase", "choosing": "1", "person": str(person.pk)})
    assert another.status_code == 302 and str(draft.pk) not in another.url


def test_a_draft_of_somebody_else_is_not_told(client, person, account):
    _account, sister = world.a_person(account, first_names="Thi Mai")
    draft = world.start(client, sister)
    send(client, step_url(draft, "personal_information"), IDENTITY, press="quit")
    answer = client.post(reverse("applicant:start"), {"procedure": "ase", "person": str(person.pk)})
    assert answer.status_code == 302


# A procedure that changed


@pytest.fixture
def older(client, person):
    """A draft with its first step filled in, of a version that has since given way to another."""
    draft = world.start(client, person)
    send(client, step_url(draft, "personal_information"), IDENTITY, press="quit")

    def change(content):
        step = next(step for step in content["steps"] if step["id"] == "personal_information")
        contact = next(section for section in step["sections"] if section["id"] == "contact")
        phone = next(field for field in contact["fields"] if field["id"] == "phone")
        contact["fields"].remove(phone)
        label = {"fr": "Comment préférez-vous être joint ?", "en": "How would you rather be reached?"}
        contact["fields"].append({"id": "reached", "section": "contact", "type": "text", "label": label})

    another_version("ase", "2026-11", change)
    return draft


def test_a_draft_of_an_older_version_is_offered_the_move_and_told_what_changes(client, older):
    page = tab(client, "brouillons")
    url = reverse("applicant:version", args=[older.pk])
    assert url in page.content.decode() and tasks(client) == ["Cette démarche a changé depuis votre brouillon"]
    words = text_of(client.get(url))
    for said in ("Une question : « Comment préférez-vous être joint ? »", "Votre réponse à « Téléphone", "sont gardées"):
        assert said in words, said


def test_moving_by_its_button_keeps_what_is_still_asked(client, older):
    url = reverse("applicant:version", args=[older.pk])
    moved = send(client, url, press="")
    assert moved.status_code == 302 and moved.url == reverse("applicant:resume", args=[older.pk])
    older.refresh_from_db()
    assert older.procedure.version == "2026-11" and queries.answers(older)["address", 0].payload
    assert client.get(url).status_code == 404 and client.post(url).status_code == 302
    assert tasks(client) == []


def test_what_changed_since_it_was_shown_is_shown_anew(client, older):
    url = reverse("applicant:version", args=[older.pk])
    form = world.fields(client.get(url), action=url)
    send(client, step_url(older, "motive"), {"family-0-situation": "single"}, press="quit")
    answer = client.post(url, form)
    assert answer.status_code == 200 and "a changé entre-temps" in text_of(answer)
    older.refresh_from_db()
    assert older.procedure.version == "2026-09"


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "", "x" * 65, "' OR 1=1"])
def test_a_page_is_asked_for_by_a_key_that_could_be_ours_or_not_at_all(name):
    """PostgreSQL refuses to compare with NUL: an address that somebody made up would end in an error page."""
    now = clock.now()
    assert mine._key(f"{now.isoformat()}_{name}") is None
    assert mine._key(f"{now.isoformat()}_G-7K3M-9QWX-2HJT-5RVB-C") == (now, "G-7K3M-9QWX-2HJT-5RVB-C")
