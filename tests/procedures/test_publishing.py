"""Publishing: stored once, whole, never changed under its version."""

import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from guichet.procedures import queries
from guichet.procedures.actions import PublishedVersionChanged, publish_catalogue
from guichet.procedures.loader import CATALOGUE, load_catalogue
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.source import DefinitionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_publishing_twice_changes_nothing(django_assert_num_queries):
    first = publish_catalogue()
    assert "ase 2026-09" in first.published
    rows = list(PublishedProcedure.objects.values_list("pk", "digest", "published_at"))
    second = publish_catalogue()
    assert second.published == ()
    assert second.already_there == first.published
    assert list(PublishedProcedure.objects.values_list("pk", "digest", "published_at")) == rows


def test_what_is_published_holds_its_blocks_and_is_read_back_the_same(django_assert_num_queries):
    publish_catalogue()
    [loaded] = [each for each in load_catalogue() if each.definition.procedure == "ase"]
    published = queries.current("ase")
    definition = queries.definition_of(published)
    assert definition == loaded.definition
    assert definition.digest == published.digest
    assert definition.field("civil_status", "birth_date") is not None
    with django_assert_num_queries(0):
        assert queries.definition_of(published) is definition


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("ase/2026-09.yaml", "facts.age >= 19", "facts.age >= 20"),
        ("blocks/contact.yaml", 'en: "Telephone"', 'en: "Phone"'),
        ("shared/statements.yaml", "I know the criminal", "I know all the criminal"),
        ("ase/2026-09.yaml", "from: 2026-09-01", "from: 2026-09-02"),
    ],
)
def test_a_file_changed_under_a_published_version_is_refused_and_nothing_is_published(folder, file, before, after):
    publish_catalogue(folder)
    digest = PublishedProcedure.objects.get(slug="ase").digest
    change(folder / file, before, after)
    with pytest.raises(PublishedVersionChanged) as refused:
        publish_catalogue(folder)
    assert "ase/2026-09.yaml" in str(refused.value)
    assert "nouvelle version" in str(refused.value)
    assert PublishedProcedure.objects.get(slug="ase").digest == digest


def test_the_database_itself_keeps_what_is_published():
    publish_catalogue()
    rows = PublishedProcedure.objects.filter(slug="ase")
    for change_ in ({"digest": "0" * 64}, {"content": {}}, {"version": "2026-10"}, {"effective_from": date(2027, 1, 1)}):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            rows.update(**change_)
    rows.update(effective_until=date(2027, 1, 1))  # the one thing that is said later
    assert queries.current("ase", date(2027, 1, 2)) is None


def new_version(folder):
    change(folder / "ase/2026-09.yaml", "{from: 2026-09-01}", "{from: 2026-09-01, until: 2026-12-31}")
    shutil.copy(folder / "ase/2026-09.yaml", folder / "ase/2027-01.yaml")
    change(folder / "ase/2027-01.yaml", "{from: 2026-09-01, until: 2026-12-31}", "{from: 2027-01-01}")
    change(folder / "ase/2027-01.yaml", 'version: "2026-09"', 'version: "2027-01"')


def test_a_version_ends_when_the_next_begins_without_being_touched(folder):
    publish_catalogue(folder)
    new_version(folder)
    assert publish_catalogue(folder).published == ("ase 2027-01",)
    assert queries.current("ase", date(2026, 8, 31)) is None
    assert queries.current("ase", date(2026, 12, 31)).version == "2026-09"
    assert queries.current("ase", date(2027, 1, 1)).version == "2027-01"
    assert [row.version for row in queries.all_current(date(2027, 5, 1)) if row.slug == "ase"] == ["2027-01"]
    assert queries.current("nothing") is None


def test_versions_that_overlap_or_are_misplaced_are_refused(folder):
    new_version(folder)
    change(folder / "ase/2026-09.yaml", ", until: 2026-12-31", ", until: 2027-01-01")
    with pytest.raises(DefinitionError) as refused:
        load_catalogue(folder)
    assert "This version and «2027-01» both apply on 2027-01-01" in str(refused.value)
    (folder / "ase/2027-01.yaml").rename(folder / "ase/2027-02.yaml")
    (folder / "refugee").mkdir()
    shutil.copy(folder / "ase/2026-09.yaml", folder / "refugee/2026-09.yaml")
    with pytest.raises(DefinitionError) as refused:
        publish_catalogue(folder)
    assert "name the file «2027-01.yaml»" in str(refused.value)
    assert "move it to the folder of that name" in str(refused.value)
    assert not PublishedProcedure.objects.exists()


def test_a_mistake_in_a_block_is_told_in_the_file_of_the_block(folder):
    change(folder / "blocks/contact.yaml", "autocomplete: email", "autocomplete: mail")
    with pytest.raises(DefinitionError) as refused:
        load_catalogue(folder)
    [problem] = refused.value.problems
    assert (problem.position.file, problem.position.line) == ("blocks/contact.yaml", 8)


def test_the_commands_check_publish_and_say_what_is_to_verify(capsys, tmp_path):
    call_command("check_procedures")
    assert "ase 2026-09" in capsys.readouterr().out
    call_command("publish_procedures")
    assert "Published: ase 2026-09" in capsys.readouterr().out
    call_command("list_to_verify")
    listed = capsys.readouterr().out
    assert "tables/thresholds.yaml:" in listed
    assert "ase/2026-09.yaml:" in listed
    assert "offices/data/administrative_courts.yaml:" in listed
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("procedure: x\n")
    with pytest.raises(CommandError, match="problem"):
        call_command("check_procedures", str(faulty))
    assert "faulty.yaml:1:1: " in capsys.readouterr().err
    with pytest.raises(CommandError, match="No such file"):
        call_command("check_procedures", str(tmp_path / "nowhere.yaml"))


# A folder of the site's own


@pytest.fixture
def own(settings, tmp_path):
    """``own(file, text)``: writes a file of the site's own folder."""
    settings.PROCEDURES_DIR = str(tmp_path / "own")

    def write(name, text):
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    write(
        "bees/2026-10.yaml",
        text_of_ours("ase/2026-09.yaml").replace("procedure: ase", "procedure: bees").replace("2026-09", "2026-10"),
    )
    return write


def text_of_ours(name):
    return (CATALOGUE / name).read_text()


def test_a_site_s_own_procedures_come_beside_those_of_guichet_and_use_their_blocks(own, capsys):
    call_command("check_procedures")
    assert "bees 2026-10" in capsys.readouterr().out
    assert {"ase 2026-09", "bees 2026-10"} <= set(publish_catalogue().published)
    ours, theirs = (queries.definition_of(queries.current(slug, date(2026, 11, 1))) for slug in ("ase", "bees"))
    assert theirs.section("civil_status") == ours.section("civil_status")
    call_command("list_to_verify")
    assert "bees/2026-10.yaml" in capsys.readouterr().out


def test_a_block_and_a_shared_text_of_the_site_go_before_ours(own):
    own("blocks/contact.yaml", text_of_ours("blocks/contact.yaml").replace('en: "Telephone"', 'en: "Mobile"'))
    own("shared/documents.yaml", 'passport: {label: {fr: "Le passeport", en: "The passport"}}\n')
    publish_catalogue()
    definition = queries.definition_of(queries.current("bees", date(2026, 11, 1)))
    assert definition.field("contact", "phone").label.en == "Mobile"
    assert definition.kinds["passport"].label.fr == "Le passeport"
    assert definition.kinds["birth_certificate"].label.en


def test_a_site_with_questions_of_its_own_leads_to_its_procedures(own):
    own("orientation.yaml", text_of_ours("orientation.yaml").replace("procedure: ase", "procedure: bees"))
    assert any(answer.procedure == "bees" for question in queries.orientation().questions for answer in question.answers)


def test_questions_of_the_site_that_lead_nowhere_are_told(own, capsys):
    own("orientation.yaml", text_of_ours("orientation.yaml").replace("procedure: ase", "procedure: nowhere"))
    with pytest.raises(CommandError):
        call_command("check_procedures")
    said = capsys.readouterr().err
    assert "«nowhere»" in said and "Nobody is led to the procedure «bees»" in said


def test_a_version_written_in_both_folders_is_told(own):
    own("ase/2026-09.yaml", text_of_ours("ase/2026-09.yaml"))
    with pytest.raises(DefinitionError, match="both apply"):
        publish_catalogue()
