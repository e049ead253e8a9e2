"""The rows of a chunk as columns, for dataframes: equal cells are read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hazardrules.files.columns import ROW_ONLY, Given, Plan, Words
from hazardrules.files.sources import Row
from hazardrules.judge import default_book
from hazardrules.pack.content import FactDef
from hazardrules.regions import region_code
from hazardrules.rulebook import RuleBook

__all__ = ["Books", "Sheet"]


class Books:
    """The rule books of the regions that rows name, each with its words."""

    def __init__(self, book: RuleBook | None, packs: Sequence[str | Path] | None, region: str | None) -> None:
        """One book for all rows, or those of the packs, or those that are found for each region."""
        self._given, self._packs = book, packs
        self._words: dict[str | None, Words] = {}
        self._of: dict[str | None, RuleBook] = {}
        self.base = self._load(region)
        self.region = None if region is None else region_code(region, self.base.region_names)
        self._of[self.region] = self.base

    @property
    def named(self) -> RuleBook | None:
        """The one book of all rows where the caller named it, or its packs."""
        return None if self._given is None and self._packs is None else self.base

    def _load(self, region: str | None) -> RuleBook:
        if self._given is not None:
            return self._given
        return default_book(region) if self._packs is None else RuleBook.load(region, packs=list(self._packs))

    def of(self, region: str | None) -> RuleBook:
        """The book of a row; the same object for the same rules."""
        if region is None:
            return self.base
        if region not in self._of:
            loaded = self._load(region)
            same = (book for book in self._of.values() if book.fingerprint == loaded.fingerprint)
            self._of[region] = next(same, loaded)
        return self._of[region]

    def words(self, region: str | None) -> Words:
        """How the cells of a row are read."""
        found = self._words.get(region)
        if found is None:
            book = self.of(region)
            same = (words for words in self._words.values() if words.book is book)
            found = self._words[region] = next(same, None) or Words(book)
        return found

    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of every book that was used, by region."""
        return {code or "": book.fingerprint for code, book in self._of.items()}


class Column:
    """The values of a column: those that occur, and for each row the number of its value."""

    __slots__ = ("codes", "values")

    def __init__(self, values: list[Any], codes: list[int]) -> None:
        self.values, self.codes = values, codes

    @classmethod
    def of(cls, values: Iterable[Any]) -> Column:
        """A column of values that are not known to repeat."""
        found = list(values)
        return cls(found, list(range(len(found))))


class Sheet:
    """Rows of one rule book, of which nothing was refused and that give only what a dataframe has columns for.

    ``indexes`` are their places in the chunk; ``columns`` are by fact id, or industry, observed_on, reported.
    """

    def __init__(self, book: RuleBook, indexes: Sequence[int], columns: dict[str, Column]) -> None:
        self.book, self.indexes, self.columns = book, indexes, columns

    @classmethod
    def of_rows(cls, indexes: Sequence[int], rows: Sequence[Given], books: Books) -> Sheet:
        """Rows that were read one by one."""
        names = {name for row in rows for name in row.facts}
        columns = {name: Column.of(row.facts.get(name) for row in rows) for name in sorted(names)}
        for name in {name for row in rows for name in row.args} - {"ref"}:
            columns[name] = Column.of(row.args.get(name) for row in rows)
        return cls(books.of(rows[0].region), indexes, columns)

    @classmethod
    def of_table(cls, rows: Sequence[Row], plan: Plan, books: Books) -> Iterator[Sheet]:
        """The rows of a table that can be read column by column; the others are left for one by one."""
        indexes = [index for index, row in enumerate(rows) if row.cells is not None]
        groups: dict[int, tuple[Words, list[int]]] = {}
        if plan.region is None:
            groups[0] = (books.words(None), indexes)
        else:
            for index in indexes:
                region, problems = books.words(None).look("region", _cells(rows[index])[plan.region], spoken=True)
                if not problems:
                    words = books.words(region)
                    groups.setdefault(id(words), (words, []))[1].append(index)
        for words, chosen in groups.values():
            yield cls._of_group(rows, chosen, plan, words)

    @classmethod
    def _of_group(cls, rows: Sequence[Row], indexes: Sequence[int], plan: Plan, words: Words) -> Sheet:
        table = list(zip(*[_cells(rows[index]) for index in indexes], strict=True))
        columns: dict[str, Column] = {}
        left: set[int] = set()
        for place, _, name in plan.used if table else ():
            column, bad = _read(table[place], name, words)
            left |= bad
            if name in ROW_ONLY:
                left.update(number for number, code in enumerate(column.codes) if column.values[code] is not None)
            elif name != "ref" and any(value is not None for value in column.values):
                columns[name] = column
        if not left:
            return cls(words.book, indexes, columns)
        kept = [number for number in range(len(indexes)) if number not in left]
        fewer = {name: Column(one.values, [one.codes[number] for number in kept]) for name, one in columns.items()}
        return cls(words.book, [indexes[number] for number in kept], fewer)

    def frame(self, industry: str | None, observed_on: Any, reported: bool) -> Any:
        """The sheet for ``classify_frame()``, with what holds for rows that say nothing themselves.

        The numbers of facts are so short that doubles hold them to the last digit.
        """
        import polars as pl  # noqa: PLC0415  # optional, and slow to import

        kinds = {"industry": pl.String, "observed_on": pl.Date, "reported": pl.Boolean}
        defaults = {"industry": industry, "observed_on": observed_on, "reported": reported}
        series = []
        for name, default in defaults.items():
            column = self.columns.get(name)
            if column is None:
                series.append(pl.repeat(default, len(self.indexes), dtype=kinds[name], eager=True).alias(name))
            else:
                values = [default if one is None else one for one in column.values]
                if name == "industry":
                    values = [one if one is None or isinstance(one, str) else ";".join(one) or None for one in values]
                series.append(_series(name, values, column.codes, kinds[name]))
        for name, column in self.columns.items():
            if name not in defaults:
                values, kind = _typed(self.book.facts[name], column.values)
                series.append(_series(name, values, column.codes, kind))
        return pl.DataFrame(series)


def _cells(row: Row) -> Sequence[Any]:
    return row.cells or ()


def _read(cells: Sequence[Any], name: str, words: Words) -> tuple[Column, set[int]]:
    """A column as values, and the rows whose cell is refused."""
    bad: set[int] = set()
    values: list[Any] = []
    if set(map(type, cells)) <= {str, type(None)}:
        numbers: dict[Any, int] = {}
        wrong: set[int] = set()
        for text in dict.fromkeys(cells):
            value, problems = words.look(name, text, spoken=True) if text else (None, ())
            numbers[text] = len(values)
            if problems:
                wrong.add(len(values))
            values.append(value)
        codes = [numbers[text] for text in cells]
        if wrong:
            bad = {row for row, code in enumerate(codes) if code in wrong}
        return Column(values, codes), bad
    for row, cell in enumerate(cells):
        value, problems = words.look(name, cell, spoken=True)
        if problems:
            bad.add(row)
        values.append(value)
    return Column.of(values), bad


def _typed(fact: FactDef, values: Sequence[Any]) -> tuple[list[Any], Any]:
    import polars as pl  # noqa: PLC0415

    match fact.type:
        case "integer" | "number":
            return [None if value is None else float(value) for value in values], pl.Float64
        case "set":
            return [None if value is None else sorted(value) for value in values], pl.List(pl.String)
        case "boolean":
            return list(values), pl.Boolean
        case "date":
            return list(values), pl.Date
    return list(values), pl.String


def _series(name: str, values: list[Any], codes: list[int], kind: Any) -> Any:
    import polars as pl  # noqa: PLC0415

    found = pl.Series(name, values, kind)
    return found.gather(pl.Series(codes, dtype=pl.UInt32))
