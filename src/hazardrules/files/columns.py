"""What the columns of a file stand for, and what the cells of a row give to ``classify()``.

A text cell of a table is read by its fact's type: a number exactly as it is written, 是/否 or true/false, the members
of a set with ``;`` between them (``[]`` or 无: none). An empty cell is not known. JSON values are taken as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from hazardrules.errors import InputError, Problem
from hazardrules.files.faults import Fault, all_of
from hazardrules.lang.nodes import keep
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import ValueRefusedError, clip, normalise, parse_day
from hazardrules.regions import region_code
from hazardrules.rulebook import RuleBook

__all__ = ["ARGUMENTS", "RESULTS", "ROW_ONLY", "ExcelFault", "Given", "Plan", "Words", "given_of_json"]

ARGUMENTS: Final = {
    "industry": "行业",
    "observed_on": "检查日期",
    "region": "地区",
    "reported": "上报",
    "ref": "编号",
    "other": "其他",
    "asserted": "人工认定",
    "due": "责令期限",
    "instrument": "责令文书",
}
"""The columns besides facts, with their Chinese names; the last two together are an ordered deadline."""
RESULTS: Final = ("level", "conclusive", "rules", "due_on", "open", "problem", "reason")
"""The columns that are added."""
_NAMED: Final = {name: id_ for id_, label in ARGUMENTS.items() for name in (id_, label)}
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
_BETWEEN: Final = re.compile("[;;]")
_KEPT: Final = 20_000
"""How many different texts of a column are kept with their values."""
EVERY: Final = "*"
Seen: TypeAlias = "tuple[Any, Sequence[tuple[str, str]]]"
"""The value of a cell, and the problems with their hints."""
ROW_ONLY: Final = frozenset(("other", "asserted", "due", "instrument", "ordered"))
"""Arguments that a dataframe has no column for."""


class ExcelFault(str):
    """A cell of a workbook that can't be taken for what it shows; the text is what it holds, ``reason`` why."""

    __slots__ = ("reason",)
    reason: str

    @classmethod
    def of(cls, text: str, reason: str) -> ExcelFault:
        """The cell with its text and the reason."""
        made = cls(text)
        made.reason = reason
        return made


class Given:
    """What a row gives: facts and the other arguments of ``classify()``, and what was refused.

    A row of which anything was refused is not judged. ``raw``: the facts are as they were given, for ``classify()`` to
    check.
    """

    __slots__ = ("args", "facts", "faults", "raw", "region")

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.args: dict[str, Any] = {}
        self.region: str | None = None
        self.faults: list[Fault] = []
        self.raw = False

    def refuse(self, column: str, value: object, problem: str, hint: str = "") -> None:
        """Note what is wrong with a cell."""
        text = value if isinstance(value, str) else clip(value)
        self.faults.append(Fault(column, text, problem + (f"(提示:{hint})" if hint else "")))


class Words:
    """A rule book's reading of cells; equal cells are read once."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._kept: dict[str, dict[Any, Any]] = {}

    def look(self, name: str, raw: Any, *, spoken: bool) -> Seen:
        """What a cell of a fact or an argument states: its value (None: not known), and what is wrong with it."""
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = {}
        text = type(raw) is str
        found: Seen | None = kept.get(raw) if text else None
        if found is None:
            found = (self._fact if "." in name else self._argument)(name, raw, spoken)
            if text:
                keep(kept, raw, found, _KEPT)
        return found

    def put(self, given: Given, column: str, name: str, raw: Any, *, spoken: bool) -> None:
        """Read a cell into what the row gives."""
        value, problems = self.look(name, raw, spoken=spoken)
        if problems:
            for problem, hint in problems:
                given.refuse(column, raw, problem, hint)
        elif value is None:
            return
        elif "." not in name:
            given.args[name] = value
        elif given.facts.setdefault(name, value) != value:
            given.refuse(column, raw, "同一事实给了两个不同的值", "只留一个")

    def _fact(self, name: str, raw: Any, spoken: bool) -> Seen:
        fact = self.book.facts.get(name)
        if fact is None:
            return None, [(f"这一行的地区没有事实 {name}", "")]
        try:
            value = _spoken(fact, raw) if spoken else raw
            return (None if value is None else normalise(fact, value)), []
        except ValueRefusedError as refused:
            return None, [(refused.problem, refused.hint)]

    def _argument(self, name: str, raw: Any, spoken: bool) -> Seen:
        try:
            value = _cell(raw) if spoken else raw
            return (None if value is None else self._argument_value(name, value, spoken)), []
        except ValueRefusedError as refused:
            return None, [(refused.problem, refused.hint)]
        except InputError as error:
            return None, [(one.problem, one.hint) for one in error.problems]

    def _argument_value(self, name: str, value: Any, spoken: bool) -> Any:
        book = self.book
        match name:
            case "industry":
                if spoken and isinstance(value, str):
                    value = _parts(value, lambda text: _known(book.industry_ids, text))
                return book.industry_ids(value)
            case "observed_on" | "due":
                return parse_day(value)
            case "region":
                code = str(value) if spoken and isinstance(value, int) else value
                return region_code(code, book.region_names)
            case "reported":
                if isinstance(value, str) and (flag := _FLAGS.get(value.lower())) is not None and spoken:
                    return flag
                if not isinstance(value, bool):
                    raise ValueRefusedError(f"上报只能是 是 或 否,这里是 {clip(value)}")
                return value
            case "ref" | "instrument" if spoken and not isinstance(value, str):
                return str(int(value) if isinstance(value, float) and value.is_integer() else value)
            case "other" | "asserted" if spoken and isinstance(value, str):
                return [part.strip() for part in _BETWEEN.split(value) if part.strip()]
        return value


_FLAGS: Final = {"是": True, "否": False, "true": True, "false": False}


def _cell(raw: Any) -> Any:
    """A cell without white space around it; None where it is empty; a day for midnight of that day."""
    if isinstance(raw, ExcelFault):
        raise ValueRefusedError(raw.reason)
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, datetime) and raw.tzinfo is None and raw == datetime(raw.year, raw.month, raw.day):  # noqa: DTZ001  # a spreadsheet's day
        return raw.date()
    return raw


def _spoken(fact: FactDef, raw: Any) -> Any:
    """What a text cell states, in the form that ``normalise`` takes."""
    value = _cell(raw)
    if not isinstance(value, str):
        return value
    match fact.type:
        case "boolean":
            return _FLAGS.get(value.lower(), value)
        case "integer" | "number":
            if _NUMBER.fullmatch(value) and len(value) <= 100:
                return Decimal(value)
            hint = "只写数,不写单位、千分位、百分号和全角字符" if any(map(str.isdigit, value)) else "不知道就空着"
            raise ValueRefusedError(f"{clip(value)} 不是数,应为{fact.allowed()}", hint)
        case "set":
            names = {fold(name) for pair in fact.options.items() for name in pair}
            if value == "无" and value not in names:
                return []
            if value.startswith("[") and fold(value) not in names:
                return _listed(value)
            return _parts(value, lambda text: fold(text) in names)
        case "date" if re.fullmatch(r"[0-9]{4}[/.年][0-9]{1,2}[/.月][0-9]{1,2}日?", value):
            raise ValueRefusedError(f"日期写作 YYYY-MM-DD,这里是 {value}", "如 2026-11-20")
    return value


def _listed(text: str) -> list[Any]:
    """A list in JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise ValueRefusedError(f"列表的写法不对:{clip(text)}", '写作 甲;乙,或 ["甲", "乙"]')
    return found


def _parts(text: str, known: Callable[[str], bool]) -> list[str]:
    """The names in a text: ``;`` between them, or 、 where what stands between is known and the whole is not."""
    found: list[str] = []
    for part in [text] if known(text) else _BETWEEN.split(text):
        name = part.strip()
        pieces = [piece.strip() for piece in name.split("、")]
        found.extend(pieces if len(pieces) > 1 and not known(name) and all(map(known, pieces)) else [name])
    return [name for name in found if name]


def _known(find: Callable[[str], object], text: str) -> bool:
    try:
        find(text)
    except InputError:
        return False
    return True


class Plan:
    """The columns of a table: which are facts, which arguments, which are only copied."""

    def __init__(self, columns: Sequence[str], book: RuleBook, keep: Iterable[str], where: str) -> None:
        """Take every column's meaning from its name.

        :raises FileError: for names that mean nothing, or the same thing, or what is added; all of them at once.
        """
        self.columns = tuple(columns)
        self.used: list[tuple[int, str, str]] = []
        self.region: int | None = None
        kept, problems, seen = set(keep), list[Problem](), dict[str, str]()
        unknown = sorted(kept - {*self.columns, EVERY})
        for name in unknown:
            said = f"没有列 {name[:60]}"
            problems.append(Problem(f"{where} --keep", name[:60], said, nearest_hint(name, self.columns)))
        twice = (
            {name for name in self.columns if self.columns.count(name) > 1} if len(set(columns)) < len(columns) else {}
        )
        for index, name in enumerate(self.columns):
            place = f"{where} 第{index + 1}列"
            meaning = None if name in kept else meaning_of(name, book)
            if not name.strip():
                problems.append(Problem(place, "", "没有列名", "给它起名,或删去这一列"))
            elif name in twice:
                if name not in seen:
                    problems.append(Problem(place, name[:60], f"列 {name[:60]} 不止一个", "只留一个"))
                seen[name] = name
            elif name in RESULTS:
                problems.append(Problem(place, name, f"列 {name} 与要加上的列同名", "改名或删去这一列"))
            elif meaning is None:
                if name not in kept and EVERY not in kept:
                    problems.append(Problem(place, name[:60], f"不认识的列 {name[:60]}", _hint(name, book)))
            elif meaning in seen:
                said = f"列 {name} 与列 {seen[meaning]} 是同一项({meaning})"
                problems.append(Problem(place, name[:60], said, "只留一个"))
            else:
                seen[meaning] = name
                if meaning == "region":
                    self.region = index
                else:
                    self.used.append((index, name, meaning))
        if ("due" in seen) != ("instrument" in seen):
            problems.append(Problem(where, "", "责令期限和责令文书两列要一起给"))
        meant = [name for _, _, name in self.used if "." in name or name in ("other", "asserted")]
        if not problems and not meant:
            hint = "查词表:hazardrules facts 文字"
            if len(columns) == 1 and re.search(r"[\t;|]", columns[0]):
                hint = "格与格之间用逗号"
            problems.append(Problem(where, "", "没有一列是观测事实、其他或人工认定", hint))
        if problems:
            raise all_of(problems)

    def given(self, cells: Sequence[Any], words: Callable[[str | None], Words]) -> Given:
        """What a row gives; ``words`` are those of the row's region."""
        given = Given()
        spoken = words(None)
        if self.region is not None and cells[self.region] not in (None, ""):
            spoken.put(given, self.columns[self.region], "region", cells[self.region], spoken=True)
            given.region = given.args.pop("region", None)
            if given.region is not None:
                spoken = words(given.region)
        put = spoken.put
        for index, column, name in self.used:
            raw = cells[index]
            if raw is not None and raw != "":
                put(given, column, name, raw, spoken=True)
        return _ordered(given)


def _ordered(given: Given) -> Given:
    """Join the two columns of an ordered deadline."""
    if "due" in given.args or "instrument" in given.args:
        due, instrument = given.args.pop("due", None), given.args.pop("instrument", None)
        if due is None or instrument is None:
            if not given.faults:
                given.refuse("责令期限", "", "责令期限和责令文书要一起写")
        else:
            given.args["ordered"] = (due, instrument)
    return given


def meaning_of(name: str, book: RuleBook) -> str | None:
    """The argument or the fact that a column stands for."""
    name = fold(name[:500])
    return _NAMED.get(name) or book.fact_names.get(name)


def _hint(name: str, book: RuleBook) -> str:
    known = [n for fact in book.facts.values() for n in (fact.id, fact.label)]
    near = nearest_hint(fold(name), [*_NAMED, *known])
    return ";".join(part for part in (near, "不是事实、只要照抄的列用 --keep 指明") if part)


def given_of_json(data: Mapping[str, Any], words: Callable[[str | None], Words], keep: Iterable[str]) -> Given:
    """What an object of JSON Lines gives: facts by name or under ``facts``, and the arguments of ``classify()``."""
    given = Given()
    spoken = words(None)
    if data.get("region", data.get("地区")) is not None:
        place = "region" if data.get("region") is not None else "地区"
        spoken.put(given, place, "region", data[place], spoken=False)
        given.region = given.args.pop("region", None)
        if given.region is not None:
            spoken = words(given.region)
    given.raw = any(isinstance(raw, Mapping) for column, raw in data.items() if column not in keep)
    if isinstance(data.get("facts"), Mapping):
        given.facts.update(data["facts"])
    seen: dict[str, str] = {}
    for column, raw in data.items():
        if raw is None or column in keep:
            continue
        name = column if column == "ordered" else meaning_of(column, spoken.book)
        if column in RESULTS:
            given.refuse(column, raw, f"{column} 与要加上的列同名", "改名或删去")
        elif name is None:
            _unnamed(given, column, raw, spoken.book, every=EVERY in keep)
        elif name in seen and "." not in name:
            given.refuse(column, raw, f"与 {seen[name]} 是同一项", "只留一个")
        else:
            seen[name] = column
            if name == "ordered":
                given.args[name] = raw
            elif given.raw and "." in name:
                if column in given.facts:
                    given.refuse(column, raw, "同一事实给了两次", "只留一个")
                given.facts.setdefault(column, raw)
            elif name != "region":
                spoken.put(given, column, name, raw, spoken=False)
    return _ordered(given)


def _unnamed(given: Given, column: str, raw: Any, book: RuleBook, *, every: bool) -> None:
    """A key that is no argument and no fact: ``facts``, a domain, what is only copied, or a mistake."""
    if column == "facts":
        if not isinstance(raw, Mapping):
            given.refuse(column, raw, "事实要写成映射 {事实: 值}")
    elif isinstance(raw, Mapping) and (column in book.domains or column in book.domains.values() or not every):
        given.facts[column] = raw  # classify() tells what is wrong inside
    elif not every:
        given.refuse(column[:60], raw, f"没有事实 {column[:60]}", _hint(column, book))
