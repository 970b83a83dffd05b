"""What is private to a registry is imported by nobody else: pages and rules know the door, the ports and the errors."""

import ast
from pathlib import Path

import guichet

ROOT = Path(guichet.__file__).parent
OPEN = {
    "",
    "queries",
    "actions",
    "errors",
    "agdref.port",
    "fne.port",
    "visabio.port",
    "ine.port",
    "ephoto.port",
    "addresses.port",
    "beacon.port",
}


def imports_of_registries(path):
    """What a file names of the room, without the room's own name: «agdref.simulator», «queries»."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            within = [f"{node.module}.{alias.name}" for alias in node.names]
            # «from …agdref import simulator» names a module; «from …agdref.port import Sex» names something in one.
            names = [name if is_module(name) else node.module for name in within]
        else:
            continue
        yield from (
            name.removeprefix("guichet.registries").lstrip(".") for name in names if name.startswith("guichet.registries")
        )


def is_module(dotted):
    path = ROOT.parent / Path(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_nobody_reaches_behind_the_door_of_the_registries():
    users = [path for path in ROOT.rglob("*.py") if not path.is_relative_to(ROOT / "registries")]
    named = {(str(path.relative_to(ROOT)), name) for path in users for name in imports_of_registries(path)}
    assert {name for _, name in named} >= {"queries", "errors"}  # the walk does see imports
    assert {(path, name) for path, name in named if name not in OPEN} == set()


def test_the_walk_sees_every_way_of_importing(tmp_path):
    source = tmp_path / "file.py"
    source.write_text(
        "import guichet.registries.agdref.http\n"
        "from guichet.registries.ephoto import simulator\n"
        "from guichet.registries.addresses.simulator import STREETS\n"
        "from guichet.registries import queries\n"
    )
    assert list(imports_of_registries(source)) == ["agdref.http", "ephoto.simulator", "addresses.simulator", "queries"]
