"""Forms: what is typed is understood, kept, and every error leads to its field."""

import re
from datetime import date

import pytest
from django import forms
from django.utils import translation

from guichet.core.dates import PartialDate
from guichet.web.design.forms import DateField3, GuichetForm, PartialDateField, PhoneField, YesNoField, summary
from tests.typography import keyboard


class Everything(GuichetForm):
    autocompletes = {"email": "email"}

    name = forms.CharField(label="Nom", help_text="Comme sur le passeport")
    email = forms.EmailField(label="Courriel", required=False)
    born = PartialDateField(label="Date de naissance", birth=True)
    taken = DateField3(label="Prise en charge", latest=date(2026, 11, 23), too_late="Pas dans le futur.")
    minor = YesNoField(label="Est-ce un mineur ?")
    papers = forms.MultipleChoiceField(label="Papiers", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    country = forms.ChoiceField(label="Pays", choices=[("", "–"), ("FR", "France")])
    agreed = forms.BooleanField(label="J'ai lu")
    phone = PhoneField(label="Téléphone")


GOOD = {
    "name": "DIALLO",
    "email": "",
    "born_day": "1",
    "born_month": "2",
    "born_year": "2009",
    "taken_day": "23",
    "taken_month": "11",
    "taken_year": "2026",
    "minor": "yes",
    "papers": ["a"],
    "country": "FR",
    "agreed": "on",
    "phone": "06 12 34 56 78",
}


def partial(**typed):
    class One(GuichetForm):
        born = PartialDateField(label="Date de naissance")

    form = One({f"born_{part}": text for part, text in typed.items()})
    return form.cleaned_data["born"] if form.is_valid() else form.errors["born"].as_data()[0].code


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ({"day": "12", "month": "5", "year": "2007"}, PartialDate(2007, 5, 12)),
        ({"day": " 12 ", "month": "05", "year": "2007"}, PartialDate(2007, 5, 12)),
        ({"day": "١٢", "month": "٥", "year": "٢٠٠٧"}, PartialDate(2007, 5, 12)),
        ({"day": "29", "month": "2", "year": "2008"}, PartialDate(2008, 2, 29)),
        ({"month": "5", "year": "2007", "unknown": "1"}, PartialDate(2007, 5)),
        ({"year": "2007", "unknown": "1"}, PartialDate(2007)),
        ({"day": "12", "month": "5", "year": "2007", "unknown": "1"}, PartialDate(2007, 5, 12)),
        ({"month": "5", "year": "2007"}, "day"),
        ({"year": "2007"}, "month"),
        ({"day": "12", "year": "2007", "unknown": "1"}, "month"),
        ({"day": "12", "month": "5"}, "year"),
        ({"day": "12", "month": "5", "year": "07"}, "year"),
        ({"day": "12", "month": "5", "year": "20007"}, "year"),
        ({"day": "12", "month": "13", "year": "2007"}, "month"),
        ({"day": "12", "month": "mai", "year": "2007"}, "month"),
        ({"day": "30", "month": "2", "year": "2007"}, "day"),
        ({"day": "29", "month": "2", "year": "2007"}, "day"),
        ({"day": "0", "month": "2", "year": "2007"}, "day"),
        ({"day": "-1", "month": "2", "year": "2007"}, "day"),
        ({}, "required"),
        ({"unknown": "1"}, "required"),
    ],
)
def test_a_date_of_birth_in_three_boxes(typed, understood):
    assert partial(**typed) == understood


@pytest.mark.parametrize(
    ("value", "boxes"),
    [
        (PartialDate(2007, 5, 12), ("12", "5", "2007", False)),
        (PartialDate(2007), ("", "", "2007", True)),
        ("2007-05", ("", "5", "2007", True)),
        (date(2007, 5, 12), ("12", "5", "2007", False)),
        (None, ("", "", "", False)),
    ],
)
def test_a_known_date_fills_its_boxes(value, boxes):
    class One(GuichetForm):
        born = PartialDateField(label="Date de naissance", initial=value)

    drawn = str(One())
    found = tuple(re.search(rf'name="born_{part}" value="([^"]*)"', drawn).group(1) for part in ("day", "month", "year"))
    assert found == boxes[:3]
    assert ("checked" in drawn) is boxes[3]


def test_a_whole_date_has_bounds_and_no_unknown_box():
    form = Everything({**GOOD, "taken_day": "24"})
    assert not form.is_valid() and form.errors == {"taken": ["Pas dans le futur."]}
    assert "taken_unknown" not in str(form)
    form = Everything({**GOOD, "taken_day": "", "taken_unknown": "1"})
    assert not form.is_valid() and list(form.errors) == ["taken"]


def test_good_answers_come_out_clean():
    form = Everything(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+33612345678"
    assert form.cleaned_data["minor"] is True
    assert form.cleaned_data["taken"] == date(2026, 11, 23)
    assert form.cleaned_data["born"] == PartialDate(2009, 2, 1)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0612345678", "+33612345678"), ("+212 612-345678", "+212612345678"), ("0033 6 12 34 56 78", "+33612345678")],
)
def test_a_telephone_is_understood_as_people_write_it(typed, number):
    assert PhoneField(label="T").clean(typed) == number


@pytest.mark.parametrize("typed", ["12", "abc", "06 12 34"])
def test_an_incomplete_telephone_is_refused_with_examples(typed):
    with pytest.raises(forms.ValidationError) as refusal:
        PhoneField(label="T").clean(typed)
    assert "06 12 34 56 78" in str(refusal.value)


def test_every_error_is_told_twice_and_leads_to_an_input():
    form = Everything({"email": "x", "born_day": "31", "born_month": "13", "born_year": "2007", "phone": "1"})
    drawn = str(form)
    lines = form.error_lines
    assert len(lines) == 9
    for line in lines:
        assert re.search(rf'<(input|select|textarea)[^>]*\bid="{line.anchor}"', drawn), line
    assert [line.anchor for line in lines][2] == "id_born_month", "the box to correct, not the first one"
    assert drawn.count("fr-message--error") == 9
    described = re.findall(r'aria-describedby="([^"]+)"', drawn)
    ids = set(re.findall(r'\bid="([^"]+)"', drawn))
    assert described and all(name in ids for value in described for name in value.split())
    labelled = re.findall(r'aria-labelledby="([^"]+)"', drawn)
    assert all(name in ids for value in labelled for name in value.split())


def test_what_was_typed_is_kept_as_typed():
    form = Everything({**GOOD, "name": "", "born_day": "trente", "phone": "1 2", "email": "a@"})
    drawn = str(form)
    for text in ('value="trente"', 'value="1 2"', 'value="a@"', 'value="2009"'):
        assert text in drawn
    assert re.search(r'value="yes"[^>]*checked', drawn) and '<option value="FR" selected>' in drawn


def test_optional_fields_are_marked_and_explained():
    drawn = str(Everything())
    assert drawn.count("guichet-optional") == 1
    assert "sauf ce qui est marqué « facultatif »" in drawn
    assert " required" not in drawn


def test_errors_speak_the_language_of_the_page():
    form = Everything({"email": "x"})
    with translation.override("en"):
        assert "To be filled in: Nom" in str(form)
        assert "Write a complete e-mail address" in str(form)
    form = Everything({"email": "x"})
    assert "À remplir : Nom" in str(form)


def test_the_browser_can_fill_in_what_it_knows():
    drawn = str(Everything())
    assert re.search(r'name="email"[^>]*autocomplete="email"', drawn)
    assert 'autocomplete="bday-year"' in drawn and 'autocomplete="tel"' in drawn


def test_the_summary_gathers_several_forms_in_order():
    class One(GuichetForm):
        a = forms.CharField(label="A")

    class Two(GuichetForm):
        b = forms.CharField(label="B")

        def clean(self):
            raise forms.ValidationError("Ensemble, cela ne va pas.")

    lines = summary(One({}, prefix="p"), Two({}))
    assert [(line.anchor, str(line.message)) for line in lines] == [
        ("id_p-a", "À remplir : A"),
        ("", "Ensemble, cela ne va pas."),
        ("id_b", "À remplir : B"),
    ]


def test_a_form_sent_by_the_language_button_is_not_checked():
    form = Everything({"_language": "en", "name": ""})
    assert not form.is_valid() and not form.errors and form.error_lines == []
    assert not Everything({"_language": "xx"}).is_valid() and Everything({"_language": "xx"}).errors


def test_what_is_typed_is_never_markup():
    form = Everything({**GOOD, "name": '"><script>alert(1)</script>', "born_day": '"><b>'})
    assert "<script>" not in str(form) and "<b>" not in str(form)


class Numbers(GuichetForm):
    minutes = forms.IntegerField(label="Durée, en minutes", min_value=1, max_value=90)
    desks = forms.IntegerField(label="Guichets", min_value=1, max_value=20)
    any = forms.IntegerField(label="Rang", required=False)
    hour = forms.TimeField(label="Ouvre à", required=False)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["Durée, en minutes : écrivez un nombre de 1 à 90.", "Guichets : écrivez un nombre de 1 à 20."]),
        ("en", ["Durée, en minutes: write a number from 1 to 90.", "Guichets: write a number from 1 to 20."]),
    ],
)
def test_a_wrong_number_is_told_with_its_field_and_its_bounds(language, told):
    for minutes, desks in (("0", "21"), ("x", "1,5")):
        with translation.override(language):
            form = Numbers({"minutes": minutes, "desks": desks})
            assert [keyboard(str(line.message)) for line in form.error_lines] == told
    assert Numbers({"minutes": "9", "desks": "2", "any": ""}).is_valid()
    late = Numbers({"minutes": "9", "desks": "2", "hour": "25h"})
    assert [keyboard(str(line.message)) for line in late.error_lines] == ["Ouvre à : écrivez l'heure comme 09:30."]
    assert str(Numbers({"minutes": "9", "desks": "2", "any": "x"}).errors["any"].data[0].message).startswith("Rang")
