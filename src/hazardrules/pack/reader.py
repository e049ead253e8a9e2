"""YAML as packs may use it, read so that every value knows its place.

YAML 1.2 scalars only (``no``, ``12:30``, ``010`` and dates stay text; numbers with a point are exact decimals), no
duplicate keys, no anchors, aliases or tags, one document a file, bounds on size and nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from hazardrules.errors import PackError
from hazardrules.pack import MAX_BYTES

__all__ = ["Trail", "YamlFile", "parse_yaml", "read_yaml"]

MAX_DEPTH: Final = 24
MAX_NODES: Final = 400_000
_TOO_MUCH: Final = f"嵌套超过 {MAX_DEPTH} 层或节点超过 {MAX_NODES} 个"

Trail: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands in the data: keys and list indexes from the top."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}\Z")
_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mark:
    line: int
    column: int
    end_line: int
    style: str


@dataclass(slots=True)
class YamlFile:
    """One file as data, with the place of every value and key; lines and columns count from 1."""

    name: str
    text: str
    data: Any = None
    marks: dict[Trail, _Mark] = field(default_factory=dict)
    keys: dict[Trail, _Mark] = field(default_factory=dict)
    problems: list[PackError] = field(default_factory=list)

    def place(self, path: Trail, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or key) at ``path``, or of the nearest thing around it that is there."""
        for end in range(len(path), -1, -1):
            here = path[:end]
            mark = (self.keys.get(here) if key or end < len(path) else None) or self.marks.get(here)
            if mark:
                return mark.line, mark.column
        return (1, 1) if self.text else (0, 0)

    def place_in(self, path: Trail, offset: int) -> tuple[int, int]:
        """Line and column of a character inside the string at ``path``.

        Folding changes nothing but white space, so the n-th other character of the value is the n-th of the source.
        At the end of the value it is the place after its last character; where escapes stand before it, the start.
        """
        mark, value = self.marks.get(path), self.value(path)
        if mark is None or not isinstance(value, str):
            return self.place(path)
        count = len("".join(value[:offset].split()))
        visible = "".join(value.split())
        after = (mark.line, mark.column)
        source = ((line, column, c) for line, column, c in self._source(mark) if not c.isspace())
        for index, (line, column, character) in enumerate(source):
            if index == len(visible):
                break
            if character != visible[index]:
                return mark.line, mark.column
            if index == count:
                return line, column
            after = (line, column + 1)
        return after

    def folded(self, path: Trail) -> bool:
        """Whether the string at ``path`` spans lines that YAML joins into one (any style but ``|``)."""
        mark = self.marks.get(path)
        return mark is not None and mark.style != "|" and mark.end_line > mark.line

    def error(
        self, code: str, path: Trail, problem: str, hint: str = "", *, key: bool = False, offset: int | None = None
    ) -> None:
        """Note a problem at ``path``: at its value, its key, or ``offset`` characters into its text."""
        place = self.place(path, key=key) if offset is None else self.place_in(path, offset)
        self.problems.append(PackError(code, self.name, *place, problem, hint))

    def value(self, path: Trail) -> Any:
        """The data at ``path``."""
        here = self.data
        for part in path:
            here = here[part]
        return here

    def _source(self, mark: _Mark) -> Iterator[tuple[int, int, str]]:
        lines = self.text.splitlines()
        block = mark.style in ("|", ">")
        for number in range(mark.line + (1 if block else 0), len(lines) + 1):
            start = 1 if number > mark.line else mark.column + (1 if mark.style in ("'", '"') else 0)
            for column, character in enumerate(lines[number - 1][start - 1 :], start):
                yield number, column, character


class _Reader:
    """Builds the data of one file from the parser's events."""

    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.nodes = 0

    def read(self) -> None:
        events = iter(yaml.parse(self.file.text, Loader=_LOADER))
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refuse("HR104", event, "一个文件只能有一份 YAML 文档")
            elif isinstance(event, yaml.NodeEvent):
                self.file.data = self._node(event, events, ())

    def _refuse(self, code: str, event: Any, problem: str, hint: str = "") -> PackError:
        mark = event.start_mark
        return PackError(code, self.file.name, mark.line + 1, mark.column + 1, problem, hint)

    def _node(self, event: Any, events: Iterator[Any], path: Trail) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(path) > MAX_DEPTH:
            raise self._refuse("HR105", event, _TOO_MUCH)
        self._check_plain(event)
        start, end = event.start_mark, event.end_mark
        self.file.marks[path] = _Mark(start.line + 1, start.column + 1, end.line + 1, getattr(event, "style", "") or "")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] and not event.style else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, (*path, len(items))))
            return items
        return self._mapping(events, path)

    def _check_plain(self, event: Any) -> None:
        """Refuse anchors, aliases and tags."""
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._refuse("HR104", event, "不允许锚点(&)和别名(*)", "把内容写两遍,或改用要素 elements")
        if event.tag:
            raise self._refuse("HR104", event, f"不允许标签 {event.tag}")

    def _mapping(self, events: Iterator[Any], path: Trail) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self._check_plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refuse("HR104", event, "键只能是文字")
            key = event.value
            here = (*path, key)
            if key in mapping:
                first = self.file.keys[here].line
                problem = f"键 {key} 在同一映射里重复(第一次在第 {first} 行)"
                self.file.problems.append(self._refuse("HR103", event, problem, "删去其中一个"))
                here = (*path, f"{key} (重复)")
            start: Any = event.start_mark
            self.file.keys[here] = _Mark(start.line + 1, start.column + 1, start.line + 1, "")
            value = self._node(next(events), events, here)
            if here[-1] == key:
                mapping[key] = value
        return mapping


def _scalar(text: str) -> Any:
    """A plain scalar by the rules above."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    return text


_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOK: Final = "看这一行和上一行的冒号、引号、缩进"
_SAID: Final = (
    ("mapping values are not allowed", "这里不能有冒号", "值里有冒号加空格的,整个值加引号;或者缩进不对"),
    ("could not find expected ':'", "缺少冒号", "键后面要有冒号和空格"),
    ("did not find expected key", "缩进或括号不对,这里应是一个键", _LOOK),
    ("did not find expected '-' indicator", "列表的缩进不对,这里应是一个 -", _LOOK),
    ("did not find expected ',' or ']'", "列表没有写完,缺少逗号或 ]", _LOOK),
    ("did not find expected ',' or '}'", "映射没有写完,缺少逗号或 }", _LOOK),
    ("found character that cannot start any token", "值不能以这个字符开头", "整个值加引号"),
    ("found unexpected end of stream", "引号没有结束", "补上引号"),
    ("did not find expected node content", "这里缺少一个值", _LOOK),
    ("found unknown escape character", "双引号里的反斜杠写法不对", "改用单引号"),
    ("did not find expected alphabetic or numeric character", "值不能以 & 或 * 开头", "整个值加引号"),
)
"""What libyaml says, and how it is said here, with a hint."""


def read_yaml(path: Path, name: str) -> YamlFile:
    """Read one YAML file. What is wrong with it stands in ``problems`` of the result; nothing is raised.

    :param name: how the file is called in messages.
    """
    file = YamlFile(name, "")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            problem = f"文件有 {size} 字节,上限 {MAX_BYTES}"
            file.problems.append(PackError("HR105", name, 0, 0, problem, "拆成几个文件"))
            return file
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        file.problems.append(PackError("HR101", name, 0, 0, f"文件读不出来:{error.strerror}"))
        return file
    except UnicodeDecodeError as error:
        problem = f"不是 UTF-8(第 {error.start + 1} 字节)"
        file.problems.append(PackError("HR101", name, 0, 0, problem, "另存为 UTF-8"))
        return file
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> YamlFile:
    """Like ``read_yaml``, for text that is already there."""
    file = YamlFile(name, text)
    strange = _STRANGE.search(text)
    if strange:
        line, column = text.count("\n", 0, strange.start()) + 1, strange.start() - text.rfind("\n", 0, strange.start())
        problem = f"不允许的控制字符 {strange.group()!r}"
        file.problems.append(PackError("HR102", name, line, column, problem, "删去它"))
        return file
    try:
        _Reader(file).read()
    except PackError as error:
        file.problems.append(error)
        file.data = None
    except (yaml.YAMLError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        if "maximum nesting depth" in said:  # newer versions of libyaml have a bound of their own, far beyond ours
            file.problems.append(PackError("HR105", name, line, column, _TOO_MUCH))
            return file
        problem, hint = next(((p, h) for part, p, h in _SAID if part in said), (said, _LOOK))
        if "\t" in text:
            hint = "缩进用空格,不用制表符"
        file.problems.append(PackError("HR102", name, line, column, f"YAML 语法错误:{problem}", hint))
        file.data = None
    return file
