"""The settings that the rows of a frame fall into: which industries, and between which changes of the law.

Rows of one setting are judged by the same criteria, so that it is enough to know the setting's number for each row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import add
from typing import TYPE_CHECKING, Any

from hazardrules.deadline import Case, choose_deadline, concerned
from hazardrules.lang.parts import Part, all_of, joined
from hazardrules.model import Level
from hazardrules.pack.content import Rule
from hazardrules.pack.policy import Policy
from hazardrules.rulebook import RuleBook
from hazardrules.setting import Setting, setting_of

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Seasons"]

Industries = tuple[str, ...]
Due = dict[tuple[Industries, date], date | None]
"""The last day for each pair of industries and day of observation."""


class Seasons:
    """The settings of a frame; ``pairs`` are the industries and days that its rows have, each pair once."""

    def __init__(
        self,
        book: RuleBook,
        policies: Sequence[Policy],
        pairs: Iterable[tuple[Industries, date]],
        which: Mapping[Industries, Part],
        on: date | nw.Expr,
    ) -> None:
        """Find the settings.

        :param which: for each of the industries, which rows have them.
        :param on: the day of observation, or the column of days.
        """
        self.book, self.policies, self.which, self.on = book, policies, which, on
        self.pairs = sorted(set(pairs))
        changes = {day for one in book.documents.values() for day in (one.starts, one.expires) if day is not None}
        days = [day for _, day in self.pairs]
        first, last = (min(days), max(days)) if days else (date.min, date.min)
        self.changes = sorted(day for day in changes if first < day <= last)
        self.groups = list(which)
        self.settings: dict[int, Setting] = {}
        for industries, day in self.pairs:
            number = self.groups.index(industries) * (len(self.changes) + 1) + bisect_right(self.changes, day)
            if number not in self.settings:
                self.settings[number] = setting_of(book, industries, day)
        self.number: nw.Expr | None = None
        """The column that holds the number of a row's setting, once it is there; needless where there is one."""

    def numbered(self) -> nw.Expr:
        """The number of a row's setting."""
        import narwhals as nw  # noqa: PLC0415

        size = len(self.changes) + 1
        parts = [nw.lit(0), *(_one(self.which[g], index * size) for index, g in enumerate(self.groups) if index)]
        found: nw.Expr = joined([*parts, *(_one(self.on >= change, 1) for change in self.changes)], add)
        return found

    def where(self, holds: Callable[[Setting], bool]) -> Part:
        """The rows of those settings for which something holds."""
        numbers = [number for number, setting in self.settings.items() if holds(setting)]
        if len(numbers) == len(self.settings):
            return True
        if not numbers or self.number is None:
            return False
        return self.number.is_in(numbers)

    def count(self, of: Callable[[Setting], int]) -> Any:
        """For each row, a number that its setting has."""
        import narwhals as nw  # noqa: PLC0415

        by_number: dict[int, list[int]] = {}
        for number, setting in self.settings.items():
            by_number.setdefault(of(setting), []).append(number)
        if len(by_number) == 1 or self.number is None:
            return nw.lit(next(iter(by_number), 0))
        return joined([_one(self.number.is_in(numbers), value) for value, numbers in by_number.items()], add)

    def due(self, level: Level, rules: Sequence[Rule]) -> tuple[list[tuple[tuple[Rule, ...], nw.Expr]], nw.Expr]:
        """The last days: of the criteria that have the same, as an expression; and where no criterion has one."""
        classes: dict[tuple[Any, ...], list[Rule]] = {}
        for rule in rules:
            cases = [self._case(level, rule, industries) for industries in self.groups]
            key = tuple(concerned(self.book, self.policies, case) for case in cases)
            classes.setdefault(key, []).append(rule)
        same: dict[tuple[date | None, ...], tuple[list[Rule], Due]] = {}
        for members in classes.values():
            table = self._table(level, members[0])
            same.setdefault(tuple(table.values()), ([], table))[0].extend(members)
        told = [(tuple(found), self._days(table)) for found, table in same.values() if any(table.values())]
        return told, self._days(self._table(level, None))

    def _case(self, level: Level, rule: Rule | None, industries: Industries, on: date = date.min) -> Case:
        own = () if rule is None else tuple(id_ for id_ in rule.industries if id_ in self.book.industries)
        return Case(level, None if rule is None else rule.document, industries, own, on)

    def _table(self, level: Level, rule: Rule | None) -> Due:
        found: Due = {}
        for industries, day in self.pairs:
            deadline = choose_deadline(self.book, self.policies, self._case(level, rule, industries, day))
            found[industries, day] = None if deadline is None else deadline.due_on
        return found

    def _days(self, table: Due) -> nw.Expr:
        """The day that a table gives, counted from the day of observation."""
        import narwhals as nw  # noqa: PLC0415

        if isinstance(self.on, date) and len(set(table.values())) == 1:
            return nw.lit(next(iter(table.values())), dtype=nw.Date)
        lengths: dict[int | None, dict[Industries, list[date]]] = {}
        for (industries, day), due in table.items():
            length = None if due is None else (due - day).days
            lengths.setdefault(length, {}).setdefault(industries, []).append(day)
        on = nw.lit(self.on) if isinstance(self.on, date) else self.on
        ordered = sorted(lengths.items(), key=lambda item: sum(map(len, item[1].values())), reverse=True)
        found = _later(on, ordered[0][0]) if ordered else _later(on, None)
        for length, places in ordered[1:]:
            for industries, days in places.items():
                there: list[Part] = [self.which[industries]]
                if not isinstance(self.on, date):
                    there.append(self.on.is_in(days))
                test = all_of(there)
                found = nw.when(test).then(_later(on, length)).otherwise(found)  # type: ignore[arg-type]  # not all rows
        return found


def _later(on: nw.Expr, days: int | None) -> nw.Expr:
    import narwhals as nw  # noqa: PLC0415

    if days is None:
        return nw.lit(None, dtype=nw.Date)
    return on.dt.offset_by(f"{days}d").cast(nw.Date) if days else on


def _one(part: Part, value: int) -> Any:
    """A number where something holds, else 0."""
    import narwhals as nw  # noqa: PLC0415

    if isinstance(part, bool):
        return nw.lit(value if part else 0)
    return nw.when(part).then(nw.lit(value)).otherwise(nw.lit(0))
