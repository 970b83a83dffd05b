"""Import-linter does not see relations written as strings: this test walks every model relation; none points up."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def floors() -> dict[str, int]:
    """Room → floor, 0 being the roof, read from the import contract itself."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {room.strip().strip("()"): floor for floor, layer in enumerate(contract["layers"]) for room in layer.split("|")}


def relations():
    for model in apps.get_models():
        if model.__module__.startswith("guichet."):
            for field in model._meta.get_fields(include_hidden=False):
                if field.is_relation and field.concrete and field.related_model is not None:
                    yield model, field


def test_no_relation_points_up():
    floor = floors()
    wrong = []
    for model, field in relations():
        here, there = model.__module__.split(".")[1], field.related_model.__module__
        if not there.startswith("guichet.") or field.related_model._meta.label == settings.AUTH_USER_MODEL:
            continue
        if floor[there.split(".")[1]] < floor[here] or (
            floor[there.split(".")[1]] == floor[here] and there.split(".")[1] != here
        ):
            wrong.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    assert wrong == []


def test_the_walk_sees_relations():
    assert len(list(relations())) > 10


def test_every_room_has_its_floor():
    rooms = {path.parent.name for path in (ROOT / "guichet").glob("*/__init__.py")}
    assert rooms <= set(floors())
