"""Where packs are found: those that come with the library, installed ones, and folders that the environment names.

Finding a pack reads its ``pack.yaml`` and runs nothing: an installed package is located, never imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hazardrules.errors import HazardRulesError, PackError
from hazardrules.nearest import nearest_hint
from hazardrules.pack.compiled import compiled_head
from hazardrules.pack.content import Head
from hazardrules.record import Record

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = [
    "ENTRY_POINTS",
    "ENVIRONMENT",
    "NATIONAL",
    "Found",
    "arrange",
    "discover",
    "named",
    "national_folder",
    "rules_folder",
]

ENTRY_POINTS: Final = "hazardrules.packs"
"""The entry-point group of packs; the value is ``package:folder``."""

NATIONAL: Final = "national"
"""The id of the national pack, on which every other builds."""

_STANDARD: Final = ("importlib._bootstrap_external", "_frozen_importlib_external", "importlib.metadata")
"""Where the finders of Python itself come from; editable installs add one of their own, which find no distributions."""

ENVIRONMENT: Final = "HAZARDRULES_PACKS"
"""The environment variable that names pack folders, separated as in PATH."""


class Found(Record):
    """A pack that was found: its folder, how it was found (Chinese), its head, and what is wrong with that."""

    folder: Path
    origin: str
    head: Head | None
    problems: tuple[PackError, ...] = ()


def rules_folder() -> Path:
    """The folder of the packs that come with the library: inside the wheel, or ``rules/`` of a source checkout.

    :raises HazardRulesError: where neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "rules", package.parent.parent / "rules"):
        if (folder / NATIONAL / "pack.yaml").is_file():
            return folder
    raise HazardRulesError("找不到随库的全国规则包 rules/national:安装不完整,请重新安装 hazardrules")


def national_folder() -> Path:
    """The folder of the national pack."""
    return rules_folder() / NATIONAL


def discover() -> tuple[Found, ...]:
    """Every pack that can be found, each folder once, the national one first."""
    seen: dict[str, Found] = {}
    for folder in _shipped():  # in a folder that is resolved already
        where = os.path.realpath(folder) if os.path.islink(folder) else str(folder)  # noqa: PTH114
        seen.setdefault(where, _found(folder, "随库"))
    for folder, origin, problem in _elsewhere():
        where = os.path.realpath(folder)
        if where not in seen:
            seen[where] = _found(folder, origin) if problem is None else Found(folder, origin, None, (problem,))
    return tuple(seen.values())


def _shipped() -> list[Path]:
    """The folders of the packs that come with the library, the national one first."""
    folder = rules_folder()
    names = sorted(os.listdir(folder))  # noqa: PTH208  # all that is asked for is names
    held = [name for name in names if name != NATIONAL and os.path.isfile(f"{folder}/{name}/pack.yaml")]  # noqa: PTH113  # for each pack
    return [folder / name for name in (NATIONAL, *held)]


def _elsewhere() -> Iterator[tuple[Path, str, PackError | None]]:
    """Folder, origin, and a problem where the folder can't even be named."""
    if _may_be_installed():
        from importlib.metadata import entry_points  # noqa: PLC0415  # slow to import, and rarely needed

        for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
            yield _installed(entry)
    for text in os.environ.get(ENVIRONMENT, "").split(os.pathsep):
        if text.strip():
            yield Path(text.strip()), f"环境变量 {ENVIRONMENT}", None


def _may_be_installed() -> bool:
    """Whether an installed distribution may name packs: a quick look at the entry points beside the modules.

    Where distributions may lie elsewhere (archives, other finders), the answer is yes.
    """
    finders = [one for one in sys.meta_path if hasattr(one, "find_distributions")]
    if any(getattr(one, "__module__", "") not in _STANDARD for one in finders):
        return True
    for place in dict.fromkeys(sys.path):
        try:
            names = [name for name in os.listdir(place or ".") if name.endswith("-info")]  # noqa: PTH208  # as above
        except NotADirectoryError:
            return True
        except OSError:
            continue
        for name in names:
            try:
                with open(f"{place or '.'}/{name}/entry_points.txt", "rb", buffering=0) as file:  # noqa: PTH123
                    if ENTRY_POINTS.encode() in file.readall():
                        return True
            except OSError:
                continue
    return False


def _installed(entry: EntryPoint) -> tuple[Path, str, PackError | None]:
    """The folder of an entry point, without importing its package."""
    package, _, inner = entry.value.partition(":")
    distribution = entry.dist.name if entry.dist is not None else "?"
    origin = f"安装包 {distribution}"
    top, *rest = package.strip().split(".")
    from importlib.util import find_spec  # noqa: PLC0415

    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        spec = None
    roots = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not roots:
        hint = "值写作 包名:文件夹"
        problem = PackError("HR106", f"入口点 {entry.name} = {entry.value}", 0, 0, f"没有包 {package.strip()}", hint)
        return Path(package), origin, problem
    root = Path(roots[0])
    folder = root.joinpath(*rest, *inner.strip().split("/"))
    if not folder.resolve().is_relative_to(root.resolve()):
        name = f"入口点 {entry.name} = {entry.value}"
        return folder, origin, PackError("HR106", name, 0, 0, "文件夹在它的包之外", "值写作 包名:包里的文件夹")
    return folder, origin, None


def _found(folder: Path, origin: str) -> Found:
    head = compiled_head(folder)
    if head is not None:
        return Found(folder, origin, head)
    from hazardrules.pack.loading import read_head  # noqa: PLC0415  # YAML is read only where it must be

    head, file = read_head(folder)
    return Found(folder, origin, head, tuple(file.problems))


def named(packs: Sequence[str | Path]) -> tuple[Found, ...]:
    """The packs that were asked for, by folder or by the id of one that can be discovered."""
    found = []
    for pack in packs:
        folder = Path(pack)
        if isinstance(pack, str) and not folder.is_dir() and os.sep not in pack:
            known = {one.head.id: one for one in discover() if one.head is not None}
            if pack not in known:
                hint = nearest_hint(pack, known) or f"找得到的有 {'、'.join(known)}"
                problem = PackError("HR106", pack, 0, 0, f"没有这个规则包文件夹,也没有叫 {pack} 的规则包", hint)
                found.append(Found(folder, "指名", None, (problem,)))
            else:
                found.append(known[pack])
        else:
            found.append(_found(folder, "指名"))
    return tuple(found)


def arrange(packs: Iterable[Found]) -> tuple[list[Found], list[PackError]]:
    """Packs in the order in which they build on each other, and what stands against it (doubles, circles).

    Packs without a head are left out; a pack that stands in a circle, or has the id of an earlier one, as well.
    """
    problems: list[PackError] = []
    by_id: dict[str, tuple[Found, Head]] = {}
    for one in packs:
        if one.head is None:
            continue
        if one.head.id in by_id:
            other = by_id[one.head.id][0].folder
            problem = f"规则包 {one.head.id} 已经载入({other})"
            problems.append(PackError("HR401", str(one.folder / "pack.yaml"), 0, 0, problem))
        else:
            by_id[one.head.id] = (one, one.head)
    ordered: list[Found] = []
    state: dict[str, str] = {}
    circular: set[str] = set()

    def visit(id_: str, trail: tuple[str, ...]) -> bool:
        if state.get(id_) == "done":
            return True
        if id_ in trail:
            members = trail[trail.index(id_) :]
            circular.update(members)
            circle = " → ".join([*members, id_])
            file = str(by_id[id_][0].folder / "pack.yaml")
            problems.append(PackError("HR408", file, 0, 0, f"规则包互相依赖成圈:{circle}", "从 requires 里去掉一处"))
            return False
        parents = [visit(parent, (*trail, id_)) for parent in by_id[id_][1].requires if parent in by_id]
        sound = all(parents)
        if sound and id_ not in state:
            state[id_] = "done"
            ordered.append(by_id[id_][0])
        if not sound and id_ not in circular and id_ not in state:
            state[id_] = "left out"
            file = str(by_id[id_][0].folder / "pack.yaml")
            problems.append(PackError("HR407", file, 0, 0, f"规则包 {id_} 要求的规则包成圈,没有载入"))
        return sound

    for id_ in by_id:
        visit(id_, ())
    return ordered, problems
