"""The demonstration world: what it holds, and starting afresh."""

import re
from base64 import b32decode
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts.models import Account, Person, Post
from guichet.applications.models import Application
from guichet.appointments import queries as appointments
from guichet.appointments.draws.running import replay
from guichet.appointments.models import Draw
from guichet.core import clock, triggers
from guichet.core.dates import add_years, years_between
from guichet.core.models import Event
from guichet.demo import handles, people, world
from guichet.demo.models import World
from guichet.messaging import due
from guichet.messaging.models import OutboxMessage
from guichet.permits import queries as permits
from guichet.registries.queries import find_permit, find_person, find_student, find_visa
from tests.typography import keyboard


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    world.make_if_missing()
    return clock.today()


def test_making_the_world_twice_makes_it_once(demo):
    assert world.make_if_missing() is False
    assert Application.objects.count() == 5


def test_one_file_waits_one_awaits_a_complement_and_one_is_decided(demo):
    states = {file.person.foreigner_number: file.state for file in Application.objects.select_related("person")}
    assert states == {
        "5906004101": "deposited",
        "5906004102": "awaiting_complement",
        "5906004103": "approved",
        "5906004104": "approved",
        "9908001002": "under_review",
    }
    request = Application.objects.get(person__foreigner_number="5906004102").complement_requests.get()
    assert request.opened_at is None


def test_a_card_is_ready_in_lille_and_its_owner_is_invited_to_collect_it(demo):
    file = Application.objects.get(person__foreigner_number="5906004104")
    (invited,) = appointments.invitations_of_source("application", str(file.pk))
    assert invited.is_open and invited.invitation.type.slug == "remise-de-titre"
    assert invited.invitation.display_name == "Tunde OYELARAN" and invited.invitation.birth_date_text


def test_the_addresses_of_appointments_are_those_of_the_world(demo):
    pages = {f"/rdv/{type.office.slug}/{type.slug}/" for type in appointments.types_of()}
    assert pages == {page for page in handles.APPOINTMENTS if not page.startswith("/rdv/ecran/")}


def test_an_office_overseas_is_open_at_the_hours_of_its_own_wall(demo):
    type = appointments.type_of("saint-denis-974", "duplicata")
    free = appointments.first_free(type)
    wall = free.starts_at.astimezone(type.agendas.get().zone)
    paris = free.starts_at.astimezone(clock.PARIS)
    assert time(7, 30) <= wall.time() <= time(11) and wall.minute in (0, 30)
    assert wall.utcoffset() - paris.utcoffset() in (timedelta(hours=2), timedelta(hours=3))
    visitor = Client()
    visitor.post("/rdv/saint-denis-974/duplicata/", {"accepted": "on"})
    page = keyboard(visitor.get("/rdv/saint-denis-974/duplicata/creneaux/").content.decode())
    assert "Ce n'est pas l'heure de Paris" in page and f"{wall:%H:%M}" in page


@pytest.mark.parametrize(
    ("number", "age", "days"), [("5908002010", 17, 40), ("5908002016", 17, 200), ("5903007192", 18, 90), ("5903007193", 18, 60)]
)
def test_each_person_has_the_age_of_their_story_on_the_day_of_the_world(demo, number, age, days):
    born = find_person(number).birth_date.assumed()
    assert years_between(born, demo) == age
    assert add_years(demo, -age) - timedelta(days=days) == born


def test_the_suggested_care_dates_fall_on_the_right_side_of_the_sixteenth_birthday(demo):
    sixteen = {
        number: add_years(people.person(number).birth_date(demo).assumed(), 16) for number in ("5903007193", "5903007195")
    }
    assert people.care_date("5903007193", demo) > sixteen["5903007193"]
    assert people.care_date("5903007195", demo) == sixteen["5903007195"]


def test_each_office_has_its_four_officers_and_the_country_its_administrator(demo):
    assert Post.objects.count() == 17
    assert Account.objects.get(identifier="agent@lille.demo").check_password(handles.PASSWORD)


def handles_of(day):
    return [handle for group in handles.groups(day, with_franceconnect=True) for handle in group.handles]


EVERY_HANDLE = {
    "5908002010", "5908002016", "5903007192", "5903007193", "5903007195", "5903007194", "9908001001", "9908001002",
    "7503134955", "A1B2C3D4E", "T4L3NT001", "FRA2600012345", "FRA2600067890", "", "fc-ok", "fc-mismatch",
    "1234567890123456789012", "1234567890123456789017", "1234567890123456789018",
    "5903007109", "5903007108", "5903007107", "5906004101", "5906004102", "5906004103",
    "5906004104", "0123456789A", "012345678BC",
    "/rdv/saint-etienne/admission-exceptionnelle/", "/rdv/saint-etienne/etudiants/", "/rdv/lyon/etudiants/",
    "/rdv/saint-etienne/protection-internationale/", "/rdv/lille/remise-de-titre/", "/rdv/lyon/admission-exceptionnelle/",
    "/rdv/lyon/duplicata/", "/rdv/saint-denis-974/duplicata/", "/rdv/ecran/saint-etienne/",
}  # fmt: skip


def test_the_home_page_tells_every_handle_and_what_each_shows(demo, client: Client, settings):
    assert {handle.value for handle in handles_of(demo)} == EVERY_HANDLE
    assert all(str(handle.sentence).endswith(".") or "fc-" in handle.value for handle in handles_of(demo))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_home_page_of_the_demonstration_puts_services_first_and_prints_the_handles(
    demo, client: Client, settings, language
):
    processors = [*settings.TEMPLATES[0]["OPTIONS"]["context_processors"], "guichet.demo.context.demonstration"]
    options = {**settings.TEMPLATES[0]["OPTIONS"], "context_processors": processors}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": options}]
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": "http://127.0.0.1:9"}
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert page.index("guichet-tiles") < page.index("guichet-demo")
    for told in EVERY_HANDLE | {"admin@national.demo", "@lyon.demo", handles.PASSWORD, handles.TOTP_SECRET, people.LYON}:
        assert told in page, told
    assert {"fr": "Qui répond aux comptes bloqués", "en": "Who answers about blocked accounts"}[language] in page
    permit = people.permit_of("7503134955", demo)
    assert f"{permit.valid_from:%d/%m/%Y}" in page and f"{permit.valid_until:%d/%m/%Y}" in page


def test_permits_and_visas_of_the_handles_open_their_doors(demo):
    for number, name in (("7503134955", "OKAFOR"), ("6908004242", "SHARMA")):
        permit = people.permit_of(number, demo)
        assert find_permit(permit.number, permit.valid_from, permit.valid_until).birth_name == name
    for visa in people.visa_records(demo):
        assert find_visa(visa.number, visa.valid_from, visa.valid_until) == visa
        holder = people.VISAS[visa.number][0]
        assert find_person(holder).birth_name == visa.birth_name, "the number that an officer gives is known"
        assert not Person.objects.filter(foreigner_number=holder).exists()


def test_students_of_the_handles_are_known_by_their_number(demo):
    for student in people.student_records(demo):
        assert find_student(student.ine) == student
    lopez, benali = people.student_records(demo)
    assert (lopez.birth_name, lopez.first_names, lopez.stay_ends_on) == ("LOPEZ", "Maria", demo + timedelta(days=42))
    assert (benali.birth_name, benali.first_names, benali.stay_ends_on) == ("BENALI", "Yasmine", demo + timedelta(days=150))


def test_the_days_of_the_handles_hold_on_the_day_of_the_world(demo):
    day = timedelta(days=1)
    okafor, sharma = (people.permit_of(number, demo) for number in ("7503134955", "6908004242"))
    assert (okafor.valid_from, okafor.valid_until) == (demo - 290 * day, demo + 75 * day)
    assert (sharma.valid_from, sharma.valid_until) == (demo - 1000 * day, demo + 90 * day)
    for visa in people.visa_records(demo):
        assert (visa.valid_from, visa.valid_until) == (demo - 20 * day, demo + 345 * day)


def test_a_protected_person_waits_with_a_certificate_that_ends_in_ten_days(demo):
    tesfaye = Application.objects.get(person__foreigner_number="9908001002")
    assert (tesfaye.procedure.slug, tesfaye.state, tesfaye.office.city) == (
        "international_protection",
        "under_review",
        "Saint-Étienne",
    )
    found = permits.prolongation_of(("application", str(tesfaye.pk)))
    assert found.is_open and found.next_starts_on == demo + timedelta(days=11) and found.may_ask


def test_what_the_accounts_already_open_hold_is_known_at_once(demo):
    okafor = Person.objects.get(foreigner_number="7503134955")
    assert permits.held(okafor, demo).number == "A1B2C3D4E"


def test_every_officer_can_sign_in_and_every_account_was_opened_by_an_act(demo):
    opened = Event.objects.filter(kind__in=["account_opened", "officer_created"]).count()
    assert opened == Account.objects.count() == 17 + len(world.HAVE_AN_ACCOUNT)
    for account in Account.objects.filter(kind=Account.Kind.OFFICER):
        device = TOTPDevice.objects.get(user=account)
        assert device.confirmed and device.bin_key == b32decode(handles.TOTP_SECRET)


def test_the_demonstration_writes_no_row_of_another_room():
    """Its people and files come by the doors that everybody uses."""
    written = re.compile(r"\b(?!World\b)[A-Z]\w*\.objects\.(?:create|bulk_create|update|get_or_create|filter\([^)]*\)\.update)")
    for path in Path(world.__file__).parent.glob("*.py"):
        assert not written.findall(path.read_text()), path.name


def test_the_mailbox_shows_every_mail_with_its_links_leading_here(demo, client: Client, settings):
    settings.OUTBOX_TRANSPORT = "mailbox"
    due.deliver()
    assert client.get("/demo/courriels/").status_code == 200
    mail = OutboxMessage.objects.filter(template="notification").first()
    page = client.get(f"/demo/courriels/{mail.pk}/").content.decode()
    assert 'href="/notifications/"' in page
    receipt = OutboxMessage.objects.filter(template="deposit").first()
    attached = client.get(f"/demo/courriels/{receipt.pk}/0/")
    assert attached.content.startswith(b"%PDF")
    assert client.get(f"/demo/courriels/{receipt.pk}/9/").status_code == 404


def test_a_hostile_mail_text_is_shown_as_text():
    from guichet.demo.views import clickable

    shown = clickable('<script>alert(1)</script> https://example.org/"onmouseover="x')
    assert "<script>" not in shown
    assert '"onmouseover' not in shown


def test_the_clock_moves_forward_and_does_what_falls_due(demo, client: Client):
    before = clock.stored_offset()
    assert client.post("/demo/horloge/", {"step": "7d"}).status_code == 302
    assert clock.stored_offset() - before == timedelta(days=7)
    assert client.post("/demo/horloge/", {"days": "31"}).status_code == 302
    assert clock.stored_offset() - before == timedelta(days=38)
    for wrong in ("0", "-1", "99999", "x", ""):
        client.post("/demo/horloge/", {"days": wrong})
    assert clock.stored_offset() - before == timedelta(days=38)


def test_the_clock_does_not_move_outside_the_demonstration(db, settings):
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        clock.move(timedelta(days=1))
    with pytest.raises(RuntimeError):
        world.start_afresh()


@pytest.mark.django_db(transaction=True)
def test_starting_afresh_forgets_everything_and_puts_the_guards_back(settings, client: Client):
    settings.DEMO = True
    world.make_if_missing()
    clock.move(timedelta(days=400))
    first = set(Application.objects.values_list("pk", flat=True))
    assert client.post("/demo/remise-a-zero/").status_code == 302
    assert clock.stored_offset() == timedelta()
    assert World.objects.get().made_on == clock.today(), "made on the day of the clock that starts again, not of the moved one"
    assert Application.objects.count() == 5
    assert first.isdisjoint(Application.objects.values_list("pk", flat=True))
    assert triggers.missing() == []


def test_a_draw_is_open_and_another_was_drawn_yesterday(demo, client: Client):
    opened, past = Draw.objects.filter(type__office__slug="lyon")
    assert (opened.state, past.state) == ("open", "drawn")
    assert past.beacon["source"] == "simulated" and replay(past).is_right
    assert past.counts["won"] > 0 < past.counts["no_place"] and past.counts["registrations"] > past.counts["places"]
    page = client.get("/rdv/lyon/admission-exceptionnelle/tirage/").content.decode()
    for draw in (opened, past):
        address = f"/rdv/lyon/admission-exceptionnelle/tirage/{draw.slug}/"
        assert address in page and client.get(address).status_code == 200
