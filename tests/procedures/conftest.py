"""A small right definition, and ways to change it."""

from datetime import date
from pathlib import Path

import pytest

from guichet.procedures.evaluation import Evaluation
from guichet.procedures.loader import load_catalogue, load_file

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def small_text():
    """The definition of which every file of the faulty corpus is a spoilt copy."""
    text = (Path(__file__).parent / "faulty" / "unknown_field.yaml").read_text()
    return text.split("\n", 1)[1].replace("person.birth_dat,", "facts.is_minor,")


@pytest.fixture
def load_small(small_text, tmp_path):
    """Loads the small definition with some of its text replaced."""

    def load(*changes):
        text = small_text
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        path = tmp_path / "small.yaml"
        path.write_text(text)
        return load_file(path).definition

    return load


@pytest.fixture(scope="session")
def ase():
    return next(loaded.definition for loaded in load_catalogue() if loaded.definition.procedure == "ase")


@pytest.fixture
def evaluate_ase(ase):
    """An evaluation of the ASE procedure; answers are given as «section__field»."""

    def evaluate(today=TODAY, registry=None, **values):
        answers = {}
        for name, value in values.items():
            section, _, field = name.partition("__")
            if field:
                answers.setdefault(section, {})[field] = value
            else:
                answers[section] = value
        return Evaluation(ase, answers, today, registry=registry)

    return evaluate
