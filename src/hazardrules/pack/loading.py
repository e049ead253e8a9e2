"""One load of a pack folder: its files, what it may build on, and what is wrong so far."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from hazardrules._version import __version__
from hazardrules.errors import PackError, UnknownRegionError
from hazardrules.pack.content import Head, Pack
from hazardrules.pack.reader import YamlFile, read_yaml
from hazardrules.pack.schema import PackFile
from hazardrules.pack.shape import validate
from hazardrules.regions import lineage, region_code

__all__ = ["FORMAT", "Loading", "check_requirements", "read_head"]

FORMAT: Final = 1
"""The newest pack format that this library reads."""

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Loading:
    """One load: the folder, what it may build on, and what is wrong so far."""

    folder: Path
    parents: Sequence[Pack]
    problems: list[PackError] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def read(self, relative: str, model: type[M]) -> tuple[YamlFile, M | None]:
        """Read and shape-check one file of the pack; None where either failed."""
        file = read_inside(self.folder, relative)
        shaped = validate(file, model) if not file.problems else None
        self.take(file)
        return file, shaped

    def optional(self, relative: str, model: type[M]) -> tuple[YamlFile, M | None]:
        """Like ``read``, for a file that a pack can do without."""
        if not os.path.lexists(self.folder / relative):
            return YamlFile(str(self.folder / relative), ""), None
        return self.read(relative, model)

    def take(self, file: YamlFile) -> None:
        """Move the problems noted on a file to those of the load."""
        self.problems.extend(file.problems)
        file.problems.clear()


def read_inside(folder: Path, relative: str) -> YamlFile:
    """A file of a pack, if it lies inside the pack's folder and is no link to the outside."""
    path = folder / relative
    if path.resolve().is_relative_to(folder.resolve()):
        return read_yaml(path, str(path))
    file = YamlFile(str(path), "")
    file.error("HR106", (), "文件指向规则包文件夹之外", "把文件放进规则包里")
    return file


def read_head(folder: Path) -> tuple[Head | None, YamlFile]:
    """What ``pack.yaml`` of a folder says, None where something is wrong, and the file with its problems."""
    file = YamlFile(str(folder), "")
    if not folder.is_dir():
        file.error("HR106", (), "没有这个规则包文件夹")
        return None, file
    if not (folder / "pack.yaml").is_file():
        file.error("HR106", (), "没有 pack.yaml", "规则包至少要有 pack.yaml")
        return None, file
    file = read_inside(folder, "pack.yaml")
    written = file.data.get("format") if isinstance(file.data, dict) else None
    if isinstance(written, int | Decimal) and not isinstance(written, bool) and written > FORMAT:
        file.error(
            "HR107", ("format",), f"规则包的格式是 {written},本库只认到 {FORMAT}", "升级 hazardrules 再用这个规则包"
        )
        return None, file
    head = None if file.problems else validate(file, PackFile)
    if head is not None:
        for code in head.names:
            _check_name(file, head.region, code)
    if head is not None and _version(__version__) < _version(head.requires.hazardrules):
        problem = f"规则包要求 hazardrules {head.requires.hazardrules},这里是 {__version__}"
        file.error("HR407", ("requires", "hazardrules"), problem, "升级 hazardrules 再用这个规则包")
    if head is None or file.problems:
        return None, file
    requires = head.requires
    names = dict(head.names)
    built = Head(head.id, head.title, head.version, head.region, names, dict(requires.packs), requires.hazardrules)
    return built, file


def _check_name(file: YamlFile, region: str, code: str) -> None:
    """A pack names only places below the provincial level that lie in its own region."""
    try:
        inside = region in lineage(region_code(code)) and not code.endswith("0000")
    except UnknownRegionError:
        inside = False
    if not inside:
        hint = "写本规则包地区以内的市、县,省级名称是内置的"
        file.error("HR203", ("names", code), f"{code} 不是本规则包地区 {region} 以内的市县代码", hint, key=True)


def check_requirements(file: YamlFile, head: Head, parents: Sequence[Pack]) -> None:
    """Note on the head's file the packs that it requires and that were not loaded before it, or are too old."""
    versions = {pack.id: pack.version for pack in parents}
    for id_, bound in head.requires.items():
        trail = ("requires", "packs", id_)
        if id_ not in versions:
            file.error(
                "HR407",
                trail,
                f"要求的规则包 {id_} 没有载入",
                "安装它,或在 packs 里写在前面;装了还这样,看 hazardrules packs 它自己的问题",
                key=True,
            )
        elif _version(versions[id_]) < _version(bound):
            file.error(
                "HR407", trail, f"要求规则包 {id_} {bound},这里是 {versions[id_]}", f"升级规则包 {id_}", key=True
            )


def _version(text: str) -> tuple[int, ...]:
    """A version or a lower bound as numbers that can be compared; zeros at the end don't count."""
    numbers = [int(part) for part in text.removeprefix(">=").split(".") if part.isdigit()]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
