"""Addresses that look mistyped are told from those that only look like it."""

import pytest

from guichet.web.booking.mail_domains import ALSO_REAL, USUAL, likely


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmil.fr", "hotmail.fr"),
        ("outlok.fr", "outlook.fr"),
        ("yaho.fr", "yahoo.fr"),
        ("laposte.com", ""),
        ("orage.fr", "orange.fr"),
        ("wanado.fr", "wanadoo.fr"),
    ],
)
def test_one_slip_is_seen(typed, meant):
    assert likely(f"Maria.Lopez@{typed}") == (f"Maria.Lopez@{meant}" if meant else "")


OTHERS = ("example.org", "univ-lyon1.fr", "etu.unistra.fr", "loire.gouv.fr", "company.com")


@pytest.mark.parametrize("end", [*USUAL, *ALSO_REAL, *OTHERS])
def test_nothing_is_said_of_a_mailbox_that_exists(end):
    assert likely(f"a@{end}") == ""


@pytest.mark.parametrize("typed", ["", "@", "a", "a@", "a@b@c"])
def test_what_is_no_address_is_left_alone(typed):
    assert likely(typed) == ""
