"""The floors of the library: each module imports only lower ones, so that there is no circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import hazardrules

SOURCE = Path(hazardrules.__file__).parent

FLOORS = [
    ["_version", "errors", "record", "kinds", "doors"],
    ["nearest", "ngrams", "workdays"],
    ["regions", "model", "asking", "seldom", "lang"],
    ["pack"],
    ["comparing", "assembly"],
    ["rulebook", "deadline"],
    ["observation", "events", "reasons"],
    ["obligations"],
    ["criterion"],
    ["index"],
    ["law"],
    ["setting"],
    ["judge", "following", "seasons", "engines", "headings"],
    ["columns"],
    ["intake"],
    ["batch"],
    ["replaying", "backtesting", "catalogue", "transition", "markdown", "provinces"],
    ["outputs"],
    ["files"],
    ["occasions", "pressure", "tasking", "figures"],
    ["ledger"],
    ["ranking"],
    ["programme"],
    [
        "pages",
        "terminal",
        "authoring",
        "exporting",
        "filing",
        "printing",
        "running",
        "cli",
        "pytest_plugin",
        "__main__",
        "",
    ],
]
"""Lowest first; ``""`` is the package itself. Modules of one floor may import each other."""

INSIDE = {
    "lang": [
        ["nodes"],
        ["text", "tokens", "widen", "exact", "days", "tables", "parts"],
        ["scope", "digits"],
        ["parse", "kleene"],
        ["explain", "frame"],
    ],
    "pack": [
        ["types", "policy"],
        ["reader"],
        ["content"],
        ["canonical", "provisions", "values", "codec", "shape", "widening"],
        ["programmes"],
        ["schema"],
        ["examples", "cases"],
        ["loading"],
        ["compiled"],
        ["compiling", "discovery", "vocabulary"],
        ["documents", "lint", "overlay", "practice"],
        ["loader"],
        ["check", "scaffold"],
    ],
    "outputs": [
        ["page", "wording", "columns", "schema", "rows"],
        ["render", "picking", "records"],
        ["word", "excel", "database"],
        ["paper"],
        ["recordsheet"],
        ["filled"],
        ["checklist", "card", "notice", "export"],
    ],
    "files": [
        ["faults"],
        ["columns", "text", "progress"],
        ["sources"],
        ["excel", "sheets"],
        ["judging"],
        ["targets"],
        ["run"],
    ],
}
"""The floors inside the packages."""


DOORS: set[tuple[str, str]] = {
    ("doors", "batch"),
    ("doors", "model"),
    ("doors", "rulebook"),
    ("doors", "outputs.card"),
    ("doors", "outputs.checklist"),
    ("doors", "outputs.columns"),
    ("doors", "outputs.export"),
    ("doors", "outputs.notice"),
    ("doors", "programme"),
}
"""(module, upper module): methods that lead upstairs, as ``book.checklist()`` does; opened when called, not before."""


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: nothing inside functions, nothing for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from at_import(node)


def imports(file: Path, *, eager: bool = False) -> set[str]:
    """The modules of the library that a file imports (or only when it is imported), without the package's name."""
    found = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in at_import(tree) if eager else ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("hazardrules."):
                found.add(name.removeprefix("hazardrules."))
    return found


def height(floors: list[list[str]], name: str) -> int:
    """On which floor a module stands."""
    return next(i for i, floor in enumerate(floors) if name in floor)


def test_every_module_stands_on_a_floor() -> None:
    """No module is forgotten above."""
    top = {p.stem if p.stem != "__init__" else "" for p in SOURCE.glob("*.py")}
    packages = {p.name for p in SOURCE.iterdir() if (p / "__init__.py").exists()}
    assert top | packages == {name for floor in FLOORS for name in floor}
    for package, floors in INSIDE.items():
        inside = {p.stem for p in (SOURCE / package).glob("*.py")} - {"__init__"}
        assert inside == {name for floor in floors for name in floor}


def test_imports_go_down() -> None:
    """A module imports only modules of its own floor or of lower ones."""
    wrong = []
    for file in SOURCE.rglob("*.py"):
        relative = file.relative_to(SOURCE)
        own = relative.parts[0] if len(relative.parts) > 1 else (relative.stem if relative.stem != "__init__" else "")
        eager = imports(file, eager=True)
        for name in imports(file):
            other, _, inner = name.partition(".")
            if name not in eager and not {(own, name), (own, name.rpartition(".")[0])}.isdisjoint(DOORS):
                continue
            if height(FLOORS, other) > height(FLOORS, own):
                wrong.append((str(relative), name))
            known = [module for floor in INSIDE.get(own, []) for module in floor]
            if other == own and relative.stem != "__init__" and inner.partition(".")[0] in known:
                floors = INSIDE[own]
                if height(floors, inner.partition(".")[0]) > height(floors, relative.stem):
                    wrong.append((str(relative), name))
    assert wrong == []


def test_rule_engine_stands_behind_one_module() -> None:
    """Only the expression parser touches rule-engine."""
    users = [
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if "rule_engine" in {n.split(".")[0] for n in _all_imports(file)}
    ]
    assert users == [str(Path("lang") / "parse.py")]


def _all_imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_modules_stay_small() -> None:
    """No module is longer than about 400 lines."""
    long = {f.name: n for f in SOURCE.rglob("*.py") if (n := len(f.read_text(encoding="utf-8").splitlines())) > 410}
    assert long == {}
