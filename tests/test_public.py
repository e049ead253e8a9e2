"""What the library offers: exactly the public names, each described, imported without the extras."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import hazardrules
from hazardrules import HazardRulesError, errors

PUBLIC = [
    "Deadline",
    "Duty",
    "Entry",
    "Event",
    "EventError",
    "FactValueError",
    "Finding",
    "FollowUp",
    "FrameProblem",
    "FrameResult",
    "HazardRulesError",
    "InputError",
    "Judgment",
    "LedgerError",
    "Level",
    "Observation",
    "PackError",
    "PackErrors",
    "PolicyError",
    "Programme",
    "ProgrammeError",
    "Replay",
    "RuleBook",
    "UnknownFactError",
    "UnknownIndustryError",
    "UnknownProgrammeError",
    "UnknownRegionError",
    "UnknownRuleError",
    "__version__",
    "classify",
    "classify_frame",
    "follow_up",
    "read_entries",
    "replay",
    "summary",
]
MODULES = ["hazardrules", *(m.name for m in pkgutil.walk_packages(hazardrules.__path__, "hazardrules."))]


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The classes and functions that a module offers, and the public methods of its classes."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if getattr(thing, "__module__", None) != module.__name__ or not (
            inspect.isclass(thing) or inspect.isfunction(thing)
        ):
            continue
        yield name, thing
        for method, member in tuple(vars(thing).items()) if inspect.isclass(thing) else ():
            inner = getattr(member, "__func__", getattr(member, "fget", getattr(member, "func", member)))
            if not method.startswith("_") and inspect.isfunction(inner):
                yield f"{name}.{method}", inner


def test_public_names() -> None:
    """``__all__`` is what is meant to be public, sorted, and nothing else stands in the package but modules."""
    assert hazardrules.__all__ == PUBLIC == sorted(PUBLIC)
    assert all(hasattr(hazardrules, name) for name in dir(hazardrules))  # what is imported later is there as well
    found = {name for name, thing in vars(hazardrules).items() if not isinstance(thing, ModuleType)}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        hazardrules.nothing  # noqa: B018
    assert {name for name in found if not name.startswith("_")} | {"__version__"} == set(PUBLIC)


def test_star_import() -> None:
    """Every public name can be imported."""
    for name in PUBLIC:
        assert getattr(hazardrules, name) is not None


@pytest.mark.parametrize("name", MODULES)
def test_modules(name: str) -> None:
    """Every module says what it is for, and what it offers exists."""
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip()
    assert all(hasattr(module, offered) for offered in getattr(module, "__all__", ()))


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    """Every public class, function and method has a docstring of its own."""
    for label, thing in public(importlib.import_module(name)):
        text = thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
        assert text, f"{name}.{label}"
        assert not text.startswith(f"{label}("), f"{name}.{label} has only the docstring of a dataclass"


def imported(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own interpreter
    return set(done.stdout.split())


def test_import_takes_no_extras() -> None:
    """Importing the library, and judging with it, imports neither the command line's packages nor pytest."""
    judged = "import hazardrules; hazardrules.classify({'dust.storeys': 3}, industry='machinery')"
    for statement in ("import hazardrules", judged):
        found = imported(statement)
        assert "hazardrules.judge" in found
        assert not {"typer", "rich", "click", "pytest", "_pytest", "hazardrules.cli"} & found


def test_pytest_plugin_is_light() -> None:
    """The plugin, which every pytest run loads, imports the library proper only when it meets a pack."""
    assert "hazardrules.pack.check" not in imported("import hazardrules.pytest_plugin")


def test_exceptions_share_a_base() -> None:
    """Every public exception can be caught as ``HazardRulesError``, and as the builtin that people know."""
    for name in PUBLIC:
        thing = getattr(hazardrules, name)
        if inspect.isclass(thing) and issubclass(thing, Exception):
            assert issubclass(thing, HazardRulesError)
            if thing not in (HazardRulesError, errors.InputError):
                assert issubclass(thing, ValueError | LookupError)


def test_version() -> None:
    """The version is three numbers."""
    assert [part.isdigit() for part in hazardrules.__version__.split(".")] == [True] * 3
