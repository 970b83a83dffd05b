"""Passwords: eight characters of four kinds, any special one; not a common one; not oneself."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guichet.accounts.models import Account

ME = Account(identifier="5908002010", email="amadou.diallo@exemple.fr", display_name="Amadou DIALLO")


def codes(password, user=ME):
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return {error.code for error in refused.error_list}
    return set()


@pytest.mark.parametrize("special", [*"!\"#$%&()*-/=>?@_ ~€§é'[]{}|\\^`+,.:;<", "—", "😀", "ツ"])
def test_every_special_character_is_accepted(special):
    expected = {"composition"} if special.isalnum() else set()  # é and ツ are letters
    assert codes(f"Trois7chats{special}") == expected


@pytest.mark.parametrize("password", ["Tc-7abc", "trois-chats-7", "TROIS-CHATS-7", "Trois-chats-g", "Trois7chats", ""])
def test_one_kind_missing_is_said(password):
    assert "composition" in codes(password)


def test_eight_characters_of_four_kinds_are_enough():
    assert codes("Lune-742") == set()
    assert codes("Demonstration-2026!") == set()


def test_what_is_missing_is_listed_in_one_sentence():
    with pytest.raises(ValidationError) as refused:
        validate_password("abc", ME)
    sentence = refused.value.messages[0]
    for missing in ("8 caractères", "majuscule", "chiffre", "spécial"):
        assert missing in sentence
    assert "minuscule" not in sentence


@pytest.mark.parametrize("password", ["Password1!", "Azerty-123", "Qwerty!2026", "Letmein-1", "P@ssw0rd1"])
def test_common_passwords_are_refused_also_when_dressed_up(password):
    assert "common" in codes(password)


@pytest.mark.parametrize("password", ["Aa-5908002010", "Amadou-2007!", "Diallo#12", "Amadou.Diallo-1"])
def test_one_s_own_name_and_identifier_are_refused(password):
    assert "identity" in codes(password)


def test_a_name_lost_in_a_long_sentence_is_fine_and_so_is_a_short_name():
    assert codes("Le-Tigre-de-Diallo-court-7-fois") == set()
    assert codes("Lidi-Tigre-7", Account(identifier="x@y.fr", email="x@y.fr", display_name="Li DI")) == set()
