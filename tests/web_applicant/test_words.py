"""The words of a person's pages for what the registries name by a code."""

import pytest

from guichet.permits.held import VISA_KINDS
from guichet.web.applicant import words


@pytest.mark.parametrize("kind", VISA_KINDS.values())
def test_each_kind_of_visa_has_a_name(kind):
    assert kind in words.PERMIT_KINDS, "a code would be shown as it is, «Vls ts»"
    assert "visa" in words.permit_kind(kind).lower()
