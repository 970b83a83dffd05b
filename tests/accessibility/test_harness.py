"""The harness sees what it is there to see: each fault, planted in a page, is reported."""

import pytest

from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard

pytestmark = pytest.mark.browser


def test_a_field_without_a_label_is_reported(open_page):
    page = open_page("/aide/")
    assert_accessible(page)
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<input type=text>')")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_a_faint_text_is_reported(open_page):
    page = open_page("/aide/")
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


def test_a_page_too_wide_is_reported(open_page):
    page = open_page("/aide/")
    assert_fits(page)
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<div id=wide>x</div>')")
    page.evaluate("document.getElementById('wide').style.width = '500px'")
    with pytest.raises(AssertionError, match="wide"):
        assert_fits(page)


def test_a_link_out_of_reach_of_the_keyboard_is_reported(open_page):
    page = open_page("/aide/")
    assert_keyboard(page)
    page.evaluate(
        """() => {
          const last = document.querySelector('h1');
          last.insertAdjacentHTML('afterend', '<a href="#" id="lost">x</a>');
          const lost = document.getElementById('lost');
          lost.addEventListener('focus', () => lost.blur());
          document.addEventListener('keydown', event => {
            if (event.key === 'Tab' && document.activeElement.textContent === 'Aide') {
              event.preventDefault(); document.querySelector('main a[href]:not(#lost)').focus();
            }
          });
        }"""
    )
    page.evaluate("document.querySelectorAll('.fr-nav__link, #lost').forEach(link => { if (link.id) link.remove(); })")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<button id=lost>x</button>')")
    page.evaluate("document.getElementById('lost').addEventListener('focus', event => event.target.blur())")
    with pytest.raises(AssertionError):
        assert_keyboard(page)


def test_a_focus_that_does_not_show_is_reported(open_page):
    page = open_page("/aide/")
    page.evaluate(
        """() => {
          const hidden = new CSSStyleSheet();
          hidden.replaceSync('main a, main a::before, main *:focus { outline: none !important }');
          document.adoptedStyleSheets = [hidden];
        }"""
    )
    with pytest.raises(AssertionError, match="focus does not show"):
        assert_keyboard(page)


def test_a_page_that_answers_an_error_is_reported(open_page):
    with pytest.raises(AssertionError, match="404"):
        open_page("/nulle-part/")
