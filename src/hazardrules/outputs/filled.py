"""Filled checklists, read back as observations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hazardrules.errors import (
    FactValueError,
    InputError,
    Problem,
    UnknownFactError,
    UnknownIndustryError,
    UnknownRegionError,
    UnknownRuleError,
    raise_all,
)
from hazardrules.judge import default_book
from hazardrules.outputs.recordsheet import (
    AFFIRMED,
    EACH_SEEN,
    FIRST,
    HEAD,
    MARK,
    NO,
    NONE_OF_THEM,
    OTHER,
    RECORD,
    YES,
)
from hazardrules.outputs.render import extra
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import ValueRefusedError, clip, normalise, parse_day, plain
from hazardrules.regions import region_code
from hazardrules.rulebook import RuleBook

__all__ = ["is_filled_checklist", "read_filled"]

MAX_UNPACKED = 200 * 2**20
"""How many bytes a workbook may hold when it is unpacked."""


def is_filled_checklist(path: str | Path) -> bool:
    """Whether a file is a workbook with the sheet 检查记录 of a checklist, filled in or not.

    :raises HazardRulesError: where openpyxl is not installed.
    """
    try:
        return _opened(path) is not None
    except InputError:
        return False


def _opened(path: str | Path) -> Any:
    """The sheet, or None in a workbook that has none.

    :raises InputError: for what is no Excel workbook.
    """
    with extra("excel"):
        from openpyxl import load_workbook  # noqa: PLC0415  # optional
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415  # only where a file is read

    try:
        with Path(path).open("rb") as file:
            with ZipFile(file) as archive:
                size = sum(part.file_size for part in archive.infolist())
            if size > MAX_UNPACKED:
                said = f"解开有 {size} 字节,超过上限 {MAX_UNPACKED}"
                raise InputError(Problem(str(path), str(path), said, "检查表不会这样大;另存一份,去掉图片和别的页"))
            book = load_workbook(file)
    except OSError as error:
        raise InputError(Problem(str(path), str(path), f"文件读不出来:{error.strerror or error}")) from error
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, AttributeError) as error:  # whatever is inside
        raise InputError(Problem(str(path), str(path), "不是 Excel 工作簿(.xlsx)")) from error
    return book[RECORD] if RECORD in book.sheetnames and MARK in book.defined_names else None


def read_filled(path: str | Path, *, book: RuleBook | None = None) -> list[dict[str, Any]]:
    """The arguments of ``classify()`` for each object of a filled checklist, in the order of the columns.

    What is blank is unknown. ``ref`` joins number, unit and object. An object is there once one of its facts, a clause
    that a person affirms, or a condition in words is filled in.

    :param book: the rule book that knows the facts; default: that of the region that the sheet names.
    :raises InputError: ``FactValueError``, ``UnknownFactError`` … with every cell that is wrong: sheet and cell, fact,
        value, what is allowed; also where nothing is filled in, or the file is no such workbook.
    :raises HazardRulesError: where openpyxl is not installed.
    """
    sheet = _opened(path)
    if sheet is None:
        said = f"不是检查表的工作簿:没有“{RECORD}”页,或者没有它的标记"
        raise InputError(Problem(str(path), str(path), said, "用 hazardrules checklist -o 表.xlsx 生成"))
    return _Reading(sheet, str(path), book).observations()


class _Reading:
    """Reads one sheet and collects what is wrong with it."""

    def __init__(self, sheet: Any, path: str, book: RuleBook | None) -> None:
        self.sheet, self.path = sheet, path
        self.problems: list[tuple[type[InputError], Problem]] = []
        self.rows: dict[str, int] = {}
        self._index()
        self.region = self._head_value("@region", self._region)
        self.book = book if book is not None else default_book(self.region)

    def _index(self) -> None:
        """Where each id stands; rows may have been moved, but each id must be there once."""
        for row in range(1, self.sheet.max_row + 1):
            id_ = self.sheet.cell(row, 1).value
            if isinstance(id_, str) and id_.strip():
                if id_ in self.rows:
                    self._refuse(FactValueError, self.sheet.cell(row, 1), id_, f"标识 {id_} 重复", "每行只留一个")
                self.rows[id_] = row

    def _refuse(self, kind: type[InputError], cell: Any, value: object, problem: str, hint: str = "") -> None:
        self.problems.append((kind, Problem(f"{RECORD}!{cell.coordinate}", clip(value), problem, hint)))

    def _value(self, cell: Any) -> Any:
        """What a cell holds; None where it is blank. Formulas and errors are refused."""
        if cell.data_type == "f":
            self._refuse(FactValueError, cell, cell.value, f"是公式:{clip(cell.value)}", "改填数值")
            return None
        if cell.data_type == "e":
            self._refuse(FactValueError, cell, cell.value, f"是错误值:{clip(cell.value)}", "改填数值,不知道就空着")
            return None
        value = cell.value
        if isinstance(value, str):
            return value.strip() or None
        return value

    def _head_value(self, id_: str, read: Any) -> Any:
        row = self.rows.get(id_)
        if row is None:
            return None
        cell = self.sheet.cell(row, FIRST)
        value = self._value(cell)
        if value is None:
            return None
        try:
            return read(value)
        except InputError as error:
            for problem in error.problems:
                self._refuse(type(error), cell, value, f"{HEAD[id_][0]}:{problem.problem}", problem.hint)
        except ValueRefusedError as refused:
            self._refuse(FactValueError, cell, value, f"{HEAD[id_][0]}:{refused.problem}", refused.hint)
        return None

    def _region(self, value: object) -> str:
        if not isinstance(value, str | int):
            raise UnknownRegionError(Problem("region", clip(value), f"没有地区 {clip(value)}"))
        return region_code(str(value), default_book().region_names)

    def _industries(self, value: object) -> list[str]:
        names = [name for name in re.split(r"[、,,;;]", str(value)) if name.strip()]
        problems: list[tuple[type[InputError], Problem]] = []
        found: dict[str, None] = {}
        for name in names:
            try:
                found.update(dict.fromkeys(self.book.industry_ids(name)))
            except UnknownIndustryError as error:
                problems.extend((UnknownIndustryError, problem) for problem in error.problems)
        if problems:
            raise_all(problems)
        return list(found)

    def observations(self) -> list[dict[str, Any]]:
        """Every object that is filled in.

        :raises InputError: with every problem of the sheet.
        """
        shared: dict[str, Any] = {}
        industries = self._head_value("@industry", self._industries)
        day = self._head_value("@observed_on", _day)
        if "@observed_on" not in self.rows or (
            day is None and self._blank(self.sheet.cell(self.rows["@observed_on"], FIRST))
        ):
            row = self.rows.get("@observed_on", 1)
            self._refuse(FactValueError, self.sheet.cell(row, FIRST), None, "没有填检查日期", "如 2026-11-20")
        if industries:
            shared["industry"] = industries
        if self.region is not None:
            shared["region"] = self.region
        shared["observed_on"] = day
        texts = [self._head_value(id_, str) for id_ in ("@number", "@unit")]
        found = [made for column in self._columns() if (made := self._object(column, shared, texts)) is not None]
        if not found and not self.problems:
            said = "没有填写任何对象的事实"
            self.problems.append((InputError, Problem(f"{self.path} {RECORD}", "", said, "在对象1、对象2…列里填")))
        if self.problems:
            raise_all(self.problems)
        return found

    def _blank(self, cell: Any) -> bool:
        return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())

    def _columns(self) -> Iterator[int]:
        """The columns of objects: those with a head; whatever stands in another is refused."""
        ids = {row: id_ for id_, row in self.rows.items()}
        there = [cell for cell in self.sheet._cells.values() if not self._blank(cell)]  # noqa: SLF001  # no empty ones
        heads = {cell.column for cell in there if ids.get(cell.row) == "标识" and cell.column >= FIRST}
        beside = [
            c for c in there if c.column >= FIRST and c.column not in heads and ids.get(c.row, "") not in ("", *HEAD)
        ]
        for column in sorted({cell.column for cell in beside}):
            first = min((cell for cell in beside if cell.column == column), key=lambda cell: cell.row)
            self._refuse(FactValueError, first, first.value, "这一列没有表头,不知道是哪个对象", "在表头填 对象")
        yield from sorted(heads)

    def _object(self, column: int, shared: dict[str, Any], texts: Sequence[str | None]) -> dict[str, Any] | None:
        before = len(self.problems)
        cells = {
            id_: self.sheet.cell(row, column) for id_, row in self.rows.items() if id_ not in HEAD and id_ != "标识"
        }
        values = {id_: value for id_, cell in cells.items() if (value := self._value(cell)) is not None}
        name, reported = values.pop("@name", None), values.pop("@reported", None)
        others = [line.strip() for line in str(values.pop(OTHER, "")).splitlines() if line.strip()]
        asserted = [
            id_[1:] for id_, value in values.items() if id_.startswith("!") and self._affirmed(cells[id_], value)
        ]
        given = {id_: value for id_, value in values.items() if not id_.startswith("!")}
        facts = self._facts(given, cells)
        if not (given or others or any(id_.startswith("!") for id_ in values)):
            if (name is not None or reported is not None) and len(self.problems) == before:
                cell = cells["@name" if name is not None else "@reported"]
                self._refuse(FactValueError, cell, cell.value, "这个对象没有填任何事实", "填事实,或者清空这一列")
            return None
        made: dict[str, Any] = {"facts": facts, **shared}
        if others:
            made["other"] = others
        if asserted:
            made["asserted"] = asserted
        made["reported"] = self._reported(cells, reported, column)
        head = self.sheet.cell(self.rows["标识"], column).value
        parts = [*texts, str(name) if name is not None else str(head)]
        made["ref"] = "/".join(part for part in parts if part)
        return made

    def _reported(self, cells: dict[str, Any], value: object, column: int) -> bool:
        if value in (YES, NO) or isinstance(value, bool):
            return value in (YES, True)
        cell = cells.get("@reported") or self.sheet.cell(self.rows["标识"], column)
        said = "没有填是否作为隐患上报" if value is None else f"是否作为隐患上报:{clip(value)} 不对"
        self._refuse(FactValueError, cell, value, said, f"填 {YES} 或 {NO}")
        return True

    def _affirmed(self, cell: Any, value: object) -> bool:
        rule = str(self.sheet.cell(cell.row, 1).value)[1:]
        if value != AFFIRMED:
            self._refuse(FactValueError, cell, value, f"{rule}:{clip(value)} 不对", f"只能填 {AFFIRMED},或者空着")
            return False
        try:
            self.book.rule(rule)
        except UnknownRuleError as error:
            self._refuse(UnknownRuleError, cell, value, error.problem.problem, error.problem.hint)
        return True

    def _facts(self, given: dict[str, Any], cells: dict[str, Any]) -> dict[str, Any]:
        """The facts of one object in normal form."""
        found: dict[str, Any] = {}
        for id_ in dict.fromkeys(one.partition("=")[0] for one in given):
            fact = self.book.facts.get(id_)
            if fact is None:
                cell = next(cells[one] for one in given if one.partition("=")[0] == id_)
                self._refuse(UnknownFactError, cell, cell.value, f"没有事实 {id_}", "用当前规则库重新生成检查表")
                continue
            raw = self._set(fact, given, cells) if fact.type == "set" else _tidy(fact, given[id_])
            if raw is None:
                continue
            try:
                found[id_] = plain(normalise(fact, raw))
            except ValueRefusedError as refused:
                said, hint = refused.problem, refused.hint
                if fact.type in ("boolean", "enum"):  # the sheet speaks in labels
                    said, hint = (
                        f"没有取值 {clip(given[id_])}",
                        f"填 {'、'.join(fact.options.values()) or '是、否'} 之一",
                    )
                self._refuse(FactValueError, cells[id_], given[id_], f"{fact.label}({id_}):{said}", hint)
        return found

    def _set(self, fact: FactDef, given: dict[str, Any], cells: dict[str, Any]) -> list[str] | None:
        """The members of a set; None with a problem where it is not wholly known."""
        rows = {id_.partition("=")[2]: id_ for id_ in cells if id_.startswith(f"{fact.id}=")}
        answers: dict[str, bool] = {}
        for key, id_ in rows.items():
            value = given.get(id_)
            if value in (YES, NO) or isinstance(value, bool):
                answers[key] = value in (YES, True)
            elif value is not None:
                said = f"{fact.label}—{fact.options.get(key, key)}:{clip(value)} 不对"
                self._refuse(FactValueError, cells[id_], value, said, f"填 {YES} 或 {NO}")
                return None
        members = [key for key, there in answers.items() if there]
        head, cell = given.get(fact.id), cells.get(fact.id)
        if head == NONE_OF_THEM and not members:
            return []
        if head == EACH_SEEN or (head is None and len(answers) == len(fact.options)):
            return members
        if head == NONE_OF_THEM:
            said = f"{fact.label}({fact.id}):填了“{NONE_OF_THEM}”,下面又有填“{YES}”的"
        elif head is None:
            said = f"{fact.label}({fact.id}):只填了几项,不知道其余各项有没有查"
        else:
            said = f"{fact.label}({fact.id}):{clip(head)} 不对"
        self._refuse(
            FactValueError, cell, head, said, f"填 {NONE_OF_THEM} 或 {EACH_SEEN}(没有填的项即为没有),没有查就都空着"
        )
        return None


def _day(value: object) -> date:
    """A day of a cell: midnight of a day is that day."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return parse_day(value)


_HALF: Final = str.maketrans("0123456789.-", "0123456789.-")
"""Full-width digits as the others; nothing else is taken for a digit (10² is not 102)."""


def _tidy(fact: FactDef, value: Any) -> Any:
    """What a spreadsheet makes of a value, as ``normalise`` takes it."""
    if fact.type == "date" and isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    if fact.type in ("number", "integer") and isinstance(value, str):
        text = value.strip().translate(_HALF)
        return Decimal(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else value
    return value
