"""Rules of the house that no tool of ours checks: what the code may not say, and what must be said of it."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guichet"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
LONGEST = 400
# Made by a tool from somebody else's work, or data.
VENDORED = ("static/design/dsfr.css", "static/design/marianne.css", "static/design/htmx.min.js")
CLOCK = PACKAGE / "core" / "clock.py"
READS_THE_TIME = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now"),
                  ("time", "time"), ("timezone", "localdate"), ("timezone", "localtime")}  # fmt: skip
# django-axes, sessions and one-time codes reckon with the machine's own clock, and so must who asks them how long is left.
OTHER_CLOCKS = {
    "accounts/queries.py": {("timezone", "now")},
    "accounts/due.py": {("timezone", "now")},
    "accounts/officers.py": {("time", "time")},
}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_error_is_caught_that_is_not_named(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = [one for one in ast.walk(node.type) if isinstance(one, ast.Name)] if node.type else []
            named = {one.id for one in caught}
            if name_of(path) == "core/worker.py":
                named -= {"Exception"}  # one duty that fails must not stop the others, whatever it met: it is logged
            last = node.body[-1]
            if isinstance(last, ast.Raise) and last.exc is None:
                named -= {"BaseException"}  # tidied up after, and passed on as it was
            assert node.type is not None and not named & {"Exception", "BaseException"}, f"line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_time_comes_from_the_clock(path):
    if path == CLOCK:
        return
    allowed = OTHER_CLOCKS.get(name_of(path), set())
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            owner = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
            read = (owner, node.func.attr)
            assert read not in READS_THE_TIME - allowed, f"line {node.lineno}: {'.'.join(read)}"


def test_the_exceptions_to_the_clock_are_still_needed():
    for name, calls in OTHER_CLOCKS.items():
        source = (PACKAGE / name).read_text(encoding="utf-8")
        assert all(f"{'.'.join(call)}(" in source for call in calls), name


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*/actions.py")), ids=name_of)
def test_every_verb_says_what_it_does(path):
    """Its own functions; and those it lends from its room's other files."""
    from importlib import import_module

    module = import_module("guichet." + name_of(path).removesuffix(".py").replace("/", "."))
    names = getattr(module, "__all__", None) or [
        node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    for name in names:
        verb = getattr(module, name)
        if not name.startswith("_") and callable(verb) and not isinstance(verb, type):
            assert (verb.__doc__ or "").strip(), f"{module.__name__}.{name} has no docstring"


LONG = sorted(
    path
    for path in ROOT.joinpath("guichet").rglob("*")
    if path.suffix in {".py", ".html", ".js", ".css", ".typ"} and "migrations" not in path.parts
)
LONG += sorted(path for folder in ("tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py"))


def test_no_file_is_longer_than_one_can_read():
    found = {
        str(path.relative_to(ROOT)): count
        for path in LONG
        if not str(path).endswith(VENDORED)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not found


def test_every_thing_kept_has_its_word_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`(\w+)`", glossary))
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("guichet.")}
    assert models - words == set(), "give it a line in docs/glossary.md"


def test_the_glossary_speaks_of_nothing_that_is_gone():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    gone = [
        word
        for word in re.findall(r"`(\w+)`", glossary)
        if not re.search(rf"^class {word}\b|^\s+{word}\b.*[:=]", code, re.MULTILINE)
    ]
    assert not gone


def test_every_setting_has_its_line_in_the_operating_manual():
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    read = {
        name
        for path in sorted((PACKAGE / "config").glob("*.py"))
        for name in re.findall(r'\b(?:text|flag|words|integer)\("([A-Z_]+)"', path.read_text(encoding="utf-8"))
    } - {"GUICHET_TESTING", "TEST_SQLITE_NAME"}  # of the tests
    assert len(read) > 20
    assert read - set(re.findall(r"`([A-Z_]+)`", manual)) == set()


def test_the_manuals_name_commands_and_files_that_exist():
    commands = set(get_commands())
    for path in (ROOT / "README.md", ROOT / "LISEZMOI.md", *sorted((ROOT / "docs").rglob("*.md"))):
        words = path.read_text(encoding="utf-8")
        called = set(re.findall(r"manage\.py (\w+)", words))
        if path.name == "operating.md":
            table = words.partition("| command |")[2].partition("\n\n")[0]
            called |= {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)[^`]*`", line.split("|")[1])}
            assert len(called) >= 10
        assert called <= commands, path.name
        named = re.findall(r"`((?:guichet|tests|tools|docs|core|web|files|applications|instruction)/[\w/.-]*)`", words)
        missing = [name for name in named if not (ROOT / name).exists() and not (PACKAGE / name).exists()]
        assert not missing, path.name


def test_every_room_says_what_it_owns():
    for folder in (*PACKAGE.iterdir(), *(PACKAGE / "web").iterdir(), *(PACKAGE / "registries").iterdir()):
        if folder.is_dir() and (folder / "__init__.py").exists() and folder.name not in ("migrations", "management"):
            assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))), folder.name


def test_nothing_is_left_to_do():
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
    left = [
        str(path.relative_to(ROOT))
        for path in (*SOURCES, *(ROOT / "tests").rglob("*.py"))
        if words.search(path.read_text(encoding="utf-8"))
    ]
    assert not left


def test_no_test_is_set_aside():
    aside = re.compile(r"pytest\.(?:mark\.)?(?:ski" r"p|xfai" r"l)|@unittest\.ski" r"p")
    found = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if aside.search(path.read_text("utf-8"))]
    assert not found


def test_pages_are_asked_for_by_a_method_that_is_named():
    """Each view says which methods it takes: what is not named would let a form be sent by a link."""
    from tests.contracts.addresses import routes

    loose = []
    for name, route in routes().items():
        view = route.callback
        module = ast.parse((PACKAGE.parent / view.__module__.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8"))
        function = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == view.__name__)
        decorators = {ast.unparse(one).partition("(")[0] for one in function.decorator_list}
        if not decorators & {"require_safe", "require_POST", "require_http_methods", "act"}:
            loose.append(name)
    assert not loose
