"""Addresses and names of people as forms take them: what we can keep, write to and read."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from guichet.web.design.forms import GuichetForm
from guichet.web.design.names import check_name


class Written(GuichetForm):
    email = forms.EmailField(label="Courriel")


class Said(GuichetForm):
    title = forms.CharField(label="Titre")
    text = forms.CharField(label="Texte", widget=forms.Textarea)


def test_a_box_of_one_line_holds_one_line_whatever_is_sent():
    form = Said({"title": "Retrait\r\nBcc: x@y.fr", "text": "un\ndeux"})
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.cleaned_data["text"].split()) == ("Retrait Bcc: x@y.fr", ["un", "deux"])
    assert "\n" in form.cleaned_data["text"]


def test_the_longest_address_is_that_of_the_columns():
    fits = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.fr"
    assert Written({"email": fits}).is_valid() and len(fits) < 254
    for longer in (f"{'x' * 300}@example.org", f"{'a' * 242}@example.org"):
        assert Written({"email": f"{longer}.fr"}).errors["email"]
    assert 'maxlength="254"' in str(Written()["email"])


@pytest.mark.parametrize(
    "written", ["a@[127.0.0.1]", "a@[IPv6:::1]", "a@", "a@b@example.org", "a b@example.org", "a@example.org\r\nBcc: b@c.fr"]
)
def test_what_is_nobodys_address_is_refused(written):
    assert Written({"email": written}).errors["email"] == ["Écrivez une adresse électronique complète, comme nom@exemple.fr."]


@pytest.mark.parametrize("name", ["Nguyễn Thị Hương", "Ó Súilleabháin", "Ṇ̂g", "नीना", "محمّد", "ก๊วยเจ๋ง", "Ya‌ḥyá"])
def test_names_of_any_script_are_names(name):
    check_name(name)


@pytest.mark.parametrize("name", ["J. R. R. Tolkien", "J.R.R. Tolkien", "St. John", "A.-B. Diallo", "Abd. El Karim", "M.D"])
def test_initials_are_part_of_a_name(name):
    check_name(name)


@pytest.mark.parametrize(
    "name", ["evil.com", "Maria www.gagnez.fr", "Lopez.example.org", "A.com", "été.org", "Ana.рф", "e.co."]
)
def test_no_name_is_an_address_that_a_mail_would_make_a_link_of(name):
    with pytest.raises(ValidationError):
        check_name(name)


def test_whoever_puts_no_space_after_a_full_stop_is_told_to():
    with pytest.raises(ValidationError, match="espace après chaque point"):
        check_name("Ma.Teresa")
    check_name("Ma. Teresa")


@pytest.mark.parametrize(
    "name", ["a" + "̀" * 5, "Ana\nMaria", "Ana\tMaria", "Ana​", "‮anA", "=1+1", "a@b.fr", "<b>", "Ana\x00", "👩"]
)
def test_what_nobody_could_read_or_would_be_something_else_is_no_name(name):
    with pytest.raises(ValidationError):
        check_name(name)
