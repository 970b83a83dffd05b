"""A step saves all that is typed, shows what the definition shows, and lets on only what is complete."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from guichet.applications import queries
from guichet.core import clock
from guichet.core.dates import add_years
from tests.typography import keyboard
from tests.web_applicant import world
from tests.web_applicant.test_lists import cost
from tests.web_applicant.world import IDENTITY, motive, send, step_url, text_of, three

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(at_home):
    return at_home[0]


def answers(draft, section, row=0):
    return queries.answers(draft)[section, row]


def test_what_the_registry_knows_is_read_and_never_asked(client, draft):
    page = client.get(step_url(draft, "personal_information"))
    assert "NGUYEN" in text_of(page) and "Vietnamienne" in text_of(page)
    assert "civil_status-0-birth_name" not in page.content.decode()
    assert "civil_status-0-usage_name" in page.content.decode()  # the registry left it empty: it can be filled in
    reported = send(client, step_url(draft, "personal_information"), {"contact-0-phone": "12"}, press="observations")
    assert reported.url == step_url(draft, "deposit") + "#observations"
    assert answers(draft, "contact").typed == {"phone": "12"}


def test_sending_a_locked_field_changes_nothing(client, draft):
    url = step_url(draft, "personal_information")
    send(client, url, {"civil_status-0-birth_name": "AUTRE", "civil_status-0-shown": "birth_name usage_name"})
    assert answers(draft, "civil_status").payload["birth_name"] == "NGUYEN"


def test_missing_answers_are_told_twice_and_hold_the_step(client, draft):
    page = send(client, step_url(draft, "personal_information"), {"contact-0-email": ""})
    assert page.status_code == 200
    html = page.content.decode()
    for anchor in ("id_address-0-home", "id_contact-0-email", "id_contact-0-phone"):
        assert f'href="#{anchor}' in html and f'id="{anchor}' in html
    draft.refresh_from_db()
    assert draft.current_step == "personal_information"


def test_what_is_not_valid_yet_is_kept_when_leaving_and_told_when_coming_back(client, draft):
    url = step_url(draft, "personal_information")
    left = send(client, url, {**IDENTITY, "contact-0-phone": "12"}, press="quit")
    assert left.url == reverse("applicant:applications")
    kept = answers(draft, "contact")
    assert kept.typed == {"phone": "12"} and "phone" not in kept.payload
    back = client.get(client.get(reverse("applicant:resume", args=[draft.pk])).url)
    html = back.content.decode()
    assert 'value="12"' in html and "Écrivez un numéro de téléphone" in html


def test_going_back_saves_too(client, draft):
    back = send(client, step_url(draft, "motive"), {"family-0-situation": "widowed"}, press="previous")
    assert back.url == step_url(draft, "personal_information")
    assert answers(draft, "family").payload == {"situation": "widowed"}


def test_another_language_keeps_what_is_typed(client, draft):
    url = step_url(draft, "personal_information")
    data = world.fields(client.get(url), action=url)
    answer = client.post(url, {**data, "contact-0-phone": ["12"], "_language": "en"})
    assert answer.url == url
    page = client.get(url)
    assert 'lang="en"' in page.content.decode() and 'value="12"' in page.content.decode()
    assert "Save and continue" in text_of(page)


def test_a_question_shows_once_its_condition_holds_and_its_hidden_answer_comes_back(client, draft):
    url = step_url(draft, "motive")
    assert "union_country" not in client.get(url).content.decode()
    shown = send(client, url, {"family-0-situation": "married"}, press="update:section-family")
    assert shown.url == f"{url}#section-family"
    assert "family-0-union_country" in client.get(url).content.decode()
    send(client, url, {"family-0-union_country": "FR"}, press="update:section-family")
    send(client, url, {"family-0-situation": "single"}, press="update:section-family")
    assert "family-0-union_country" not in client.get(url).content.decode()
    assert answers(draft, "family").payload["union_country"] == "FR"
    send(client, url, {"family-0-situation": "partnership"}, press="update:section-family")
    assert '<option value="FR" selected' in client.get(url).content.decode()


def test_the_preview_shows_the_same_questions_and_saves_nothing(client, draft):
    url = step_url(draft, "motive")
    data = world.fields(client.get(url), action=url)
    fragment = client.post(url, {**data, "family-0-situation": ["married"], "action": "preview"})
    assert "family-0-union_country" in fragment.content.decode() and "<html" not in fragment.content.decode()
    assert ("family", 0) not in queries.answers(draft)


def test_rows_are_added_and_removed_and_keep_what_is_typed(client, draft):
    url = step_url(draft, "motive")
    send(client, url, {"family-0-children_in_charge": "yes"}, press="update:section-family")
    added = send(client, url, {"children-0-name": "Linh", "children-0-birth_date_day": "45"}, press="add:children")
    assert added.url == f"{url}#children-1"
    send(client, url, {"children-1-name": "Mai"}, press="add:children")
    page = client.get(url)
    assert 'value="Linh"' in page.content.decode() and 'value="45"' in page.content.decode()
    removed = send(client, url, {"children-2-name": "Thu"}, press="remove:children:0")
    assert removed.url == f"{url}#section-children"
    names = [answer.payload.get("name") for (section, _row), answer in queries.answers(draft).items() if section == "children"]
    assert names == ["Mai", "Thu"]


def test_an_error_of_a_row_says_which_row(client, draft):
    """Read alone, the summary leads to the right child: missing answers and wrong ones, each told once."""
    url = step_url(draft, "motive")
    send(client, url, {"family-0-children_in_charge": "yes"}, press="update:section-family")
    send(client, url, {"children-0-name": "Linh"}, press="add:children")
    second = {f"children-1-birth_date_{part}": text for part, text in (("day", "31"), ("month", "2"), ("year", "2020"))}
    page = send(client, url, {**motive(draft.person), "family-0-children_in_charge": "yes", **second})
    summary = re.findall(r'<li><a href="#id_(children-[^"]+)"[^>]*>([^<]+)<', page.content.decode())
    told = {anchor: " ".join(unescape(text).split()) for anchor, text in summary}
    assert told["children-1-name"] == "Enfant 2 – À remplir : Nom"
    assert told["children-1-birth_date_day"].startswith("Enfant 2 – Date de naissance : ")
    assert not any(text.startswith("Enfant 1 – À remplir : Nom") for text in told.values())


def test_an_error_about_a_date_says_which_date(client, draft):
    """Read alone, a line of the summary is of no use when it says «this date»."""
    url = step_url(draft, "motive")
    ahead = three("care-0-taken_into_care_on", clock.today() + timedelta(days=400))
    page = send(client, url, {**motive(draft.person), **ahead})
    (line,) = re.findall(r'<li><a href="#id_care-0-taken_into_care_on_[^"]+"[^>]*>([^<]+)<', page.content.decode())
    (label,) = re.findall(r"<legend[^>]*>\s*([^<]*prise en charge[^<]*?)\s*<", unescape(page.content.decode()))[:1]
    assert unescape(line).startswith(label.rstrip(" ?:")) and "dans l'avenir" in keyboard(unescape(line))


def test_a_row_removed_from_another_window_keeps_what_was_typed_in_this_one(client, draft):
    url = step_url(draft, "motive")
    send(client, url, {"family-0-children_in_charge": "yes"}, press="update:section-family")
    send(client, url, {"children-0-name": "Linh"}, press="add:children")
    older = world.fields(client.get(url), action=url)
    send(client, url, press="remove:children:1")
    answer = client.post(url, {**older, "children-1-name": ["Mai"], "action": "quit"})
    assert answer.status_code == 302
    names = [each.payload.get("name") for (section, _row), each in queries.answers(draft).items() if section == "children"]
    assert names == ["Linh", "Mai"]


def test_the_last_row_stays_where_one_is_needed(client, draft):
    url = step_url(draft, "motive")
    send(client, url, {"family-0-children_in_charge": "yes"}, press="update:section-family")
    page = client.get(url)
    assert "remove:children:0" not in page.content.decode()
    complete = send(client, url, {**motive(draft.person), "family-0-children_in_charge": "yes"})
    assert complete.status_code == 200 and "À remplir : Nom" in text_of(complete), world.errors(complete)


def test_after_the_sixteenth_birthday_the_page_says_why_and_offers_two_ways(client, draft):
    url = step_url(draft, "motive")
    birth = draft.person.birth_date.assumed()
    late = add_years(birth, 17)
    answer = send(client, url, motive(draft.person, taken=late))
    assert answer.url.startswith(url) and "non-eligible" in answer.url
    page = client.get(answer.url)
    html = page.content.decode()
    assert "au plus tard le jour de leurs 16 ans" in text_of(page)
    assert f"{url}#id_care-0-taken_into_care_on_day" in html
    assert reverse("applicant:abandon", args=[draft.pk]) in html
    assert answers(draft, "care").payload["taken_into_care_on"] == str(late)  # nothing lost
    on_the_day = send(client, url, three("care-0-taken_into_care_on", add_years(birth, 16)))
    assert on_the_day.url == step_url(draft, "documents")


def test_each_statement_must_be_ticked(client, draft):
    url = step_url(draft, "motive")
    page = send(client, url, {**motive(draft.person), "statements": ["not_polygamous"]})
    assert page.status_code == 200
    assert 'href="#statement-knows_penalties"' in page.content.decode()
    assert answers(draft, "sworn_statements").payload == {"not_polygamous": True}
    unticked = send(client, url, {"statements": None}, press="update:attestations")
    assert unticked.status_code == 302 and answers(draft, "sworn_statements").payload == {}


@pytest.mark.parametrize(
    ("birth", "emancipated", "items"),
    [
        ((17, 40), "no", {"needs_permit_to_work", "knows_penalties"}),
        ((17, 40), "yes", {"needs_permit_to_work", "not_polygamous", "knows_penalties"}),
        ((18, 40), None, {"not_polygamous", "knows_penalties"}),
    ],
)
def test_statements_follow_age_and_emancipation(db, birth, emancipated, items):
    world.a_world()
    account, person = world.a_person(birth=world.born(*birth))
    client = world.signed_in(account)
    draft = world.start(client, person)
    if emancipated:
        send(client, step_url(draft, "personal_information"), {"civil_status-0-emancipated": emancipated}, press="quit")
    html = client.get(step_url(draft, "motive")).content.decode()
    assert {
        item for item in ("needs_permit_to_work", "not_polygamous", "knows_penalties") if f"statement-{item}" in html
    } == items


# Addresses


def test_an_address_is_found_by_the_search_button_without_javascript(client, draft):
    url = step_url(draft, "personal_information")
    found = send(
        client, url, {"address-0-home_text": "20 rue nationale lille", "contact-0-phone": "12"}, press="search:address-0-home"
    )
    html = found.content.decode()
    assert found.status_code == 200 and "address-0-home_choice" in html and 'value="12"' in html
    assert "Indiquez la voie" not in text_of(found), "who asked for help with the address is not told that it is wrong"
    data = world.fields(found, action=url)
    choice = unescape(re.search(r'name="address-0-home_choice" value="([^"]+59350[^"]*)"', html)[1])
    data["address-0-home_choice"] = [choice]
    used = client.post(url, {**data, "action": "update:address-0-home"})
    assert used.status_code == 302
    stored = answers(draft, "address").payload["home"]
    assert (stored["insee_code"], stored["postal_code"], stored["country"]) == ("59350", "59800", "FR")


def test_an_address_only_searched_asks_to_choose_one(client, draft):
    page = send(client, step_url(draft, "personal_information"), {"address-0-home_text": "20 rue nationale lille"})
    assert "choisissez-la dans les propositions" in text_of(page)
    assert "address-0-home_choice" in page.content.decode()  # the suggestions are already there


def test_the_commune_of_an_address_written_by_hand_is_found(client, draft):
    send(client, step_url(draft, "personal_information"), {**IDENTITY, "address-0-home_city": "LILLE cedex 2"}, press="quit")
    assert answers(draft, "address").payload["home"]["insee_code"] == "59350"


def test_a_city_that_is_not_of_the_postal_code_is_never_guessed(client, draft):
    url = step_url(draft, "personal_information")
    page = send(client, url, {**IDENTITY, "address-0-home_city": "Marseille"})
    assert page.status_code == 200 and "ne vont pas ensemble" in text_of(page)
    found = send(client, url, {"address-0-home_city": "Lil"}, press="communes:address-0-home")
    assert "59350" in found.content.decode()


def test_a_changed_city_does_not_keep_the_code_of_the_old_one(client, draft):
    url = step_url(draft, "personal_information")
    send(client, url, IDENTITY, press="quit")
    send(client, url, {"address-0-home_postal_code": "42000", "address-0-home_city": "Saint-Étienne"}, press="quit")
    assert answers(draft, "address").payload["home"]["insee_code"] == "42218"


def test_a_silent_address_base_lets_one_write_by_hand(client, draft):
    page = send(
        client, step_url(draft, "personal_information"), {"address-0-home_text": "zzz panne"}, press="search:address-0-home"
    )
    assert page.status_code == 200 and "Saisissez votre adresse à la main" in text_of(page)
    assert "<details" in page.content.decode() and " open" in page.content.decode()
    told = client.get(reverse("applicant:addresses"), {"q": "zzz lenteur"}).json()
    assert told["suggestions"] == [] and "ne répond pas" in told["message"]


def test_suggestions_come_as_one_types(client):
    addresses = client.get(reverse("applicant:addresses"), {"q": "20 rue nationale lil"}).json()["suggestions"]
    assert addresses[0]["insee_code"] == "59350"
    communes = client.get(reverse("applicant:communes"), {"q": "saint-et"}).json()["suggestions"]
    assert any(each["insee_code"] == "42218" for each in communes)


# Two windows


def test_two_windows_show_both_versions_and_lose_nothing(client, draft):
    url = step_url(draft, "personal_information")
    older = world.fields(client.get(url), action=url)
    send(client, url, {**IDENTITY, "contact-0-email": "one@example.org"}, press="quit")
    older |= {key: [value] for key, value in IDENTITY.items()}
    older |= {"contact-0-email": ["two@example.org"], "contact-0-phone": ["13"], "civil_status-0-usage_name": ["TRAN"]}
    clash = client.post(url, {**older, "action": "continue"})
    assert clash.status_code == 409
    words = text_of(clash)
    assert "one@example.org" in words and "two@example.org" in words and "13" in words
    assert answers(draft, "contact").payload["email"] == "one@example.org"
    assert answers(draft, "civil_status").payload["usage_name"] == "TRAN"  # what did not clash is saved
    data = world.fields(clash, action=url)
    chosen = client.post(url, {**data, "keep-contact-0-email": "mine", "keep-contact-0-phone": "theirs", "action": "continue"})
    assert chosen.url == step_url(draft, "motive")
    kept = answers(draft, "contact")
    assert kept.payload == {"email": "two@example.org", "phone": "+33612345678"} and kept.typed == {}


def test_saving_the_same_twice_is_no_clash(client, draft):
    url = step_url(draft, "personal_information")
    data = world.fields(client.get(url), action=url)
    data |= {key: [value] for key, value in IDENTITY.items()}
    first = client.post(url, {**data, "action": "continue"})
    second = client.post(url, {**data, "action": "continue"})
    assert first.url == second.url == step_url(draft, "motive")


# The draft as a whole


def test_abandoning_asks_first_then_erases(client, draft):
    asked = send(client, step_url(draft, "personal_information"), IDENTITY, press="abandon")
    assert asked.url == reverse("applicant:abandon", args=[draft.pk])
    assert "Garder ma demande" in text_of(client.get(asked.url)) and queries.answers(draft)
    assert client.post(asked.url).url == reverse("applicant:applications")
    assert client.post(asked.url).url == reverse("applicant:applications")  # twice is no error
    draft.refresh_from_db()
    assert draft.state == "abandoned" and queries.answers(draft) == {}
    assert client.get(step_url(draft, "motive")).status_code == 404


def test_starting_twice_at_once_is_one_draft_and_several_may_live(client, at_home, draft):
    _client, person = at_home
    assert world.start(client, person).pk == draft.pk
    send(client, step_url(draft, "personal_information"), IDENTITY, press="quit")
    assert world.start(client, person).pk != draft.pk


def test_who_acts_for_several_chooses(client, at_home):
    _client, person = at_home
    account = person.representations.get().account
    _account, sister = world.a_person(account, first_names="Thi Mai")
    url = reverse("applicant:start")
    asked = client.post(url, {"procedure": "ase"})
    assert asked.status_code == 200 and "Thi Mai" in text_of(asked)
    refused = client.post(url, {"procedure": "ase", "choosing": "1"})
    assert 'href="#person-0"' in refused.content.decode()
    chosen = client.post(url, {"procedure": "ase", "person": str(sister.pk)})
    assert chosen.status_code == 302
    assert queries.drafts_of(account)[0].person == sister
    assert client.get(url, {"procedure": "ase"}).status_code == 200
    assert client.post(url, {"procedure": "nothing-like-it"}).status_code == 404


def test_the_account_s_address_is_offered_once(client, draft):
    url = step_url(draft, "personal_information")
    assert 'value="person' in client.get(url).content.decode()
    send(client, url, {"contact-0-email": "", "contact-0-phone": "0612345678"}, press="quit")
    assert 'value="person' not in client.get(url).content.decode()


def test_a_step_costs_the_same_for_two_children_and_for_twelve(client, draft):
    url = step_url(draft, "motive")
    send(client, url, {"family-0-children_in_charge": "yes"}, press="add:children")
    few = cost(client, url)
    for _ in range(11):
        send(client, url, press="add:children")
    assert client.get(url).content.decode().count("-birth_country") > 12
    assert cost(client, url) == few
