"""The size of a file as people read it."""

import pytest
from django.utils.translation import override

from guichet.web.design.sizes import size_in_words


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (0, "1 Ko", "1 kB"),
        (524, "1 Ko", "1 kB"),
        (9_544, "10 Ko", "10 kB"),
        (999_499, "999 Ko", "999 kB"),
        (999_500, "1,0 Mo", "1.0 MB"),
        (2_340_000, "2,3 Mo", "2.3 MB"),
    ],
)
def test_a_size_is_said_in_the_units_of_the_language(size, french, english):
    with override("fr"):
        assert size_in_words(size) == french
    with override("en"):
        assert size_in_words(size) == english
