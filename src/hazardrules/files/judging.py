"""The rows of a chunk judged: together as a dataframe where possible, else one by one; the answer is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from hazardrules.deadline import load_policy
from hazardrules.errors import HazardRulesError, InputError
from hazardrules.files.columns import ROW_ONLY, Given, Plan, given_of_json
from hazardrules.files.faults import Fault
from hazardrules.files.sheets import Books, Sheet
from hazardrules.files.sources import Row
from hazardrules.judge import classify
from hazardrules.model import Judgment
from hazardrules.pack.policy import Policy

__all__ = ["Judge", "Options", "Verdict"]

TOGETHER: Final = 1_000
"""From how many rows on a dataframe is worth making."""


class Verdict(NamedTuple):
    """What is added to a row; everything None where it can't be judged."""

    level: str | None = None
    conclusive: bool | None = None
    rules: tuple[str, ...] | None = None
    due_on: date | None = None
    open: int | None = None
    reason: str | None = None


class Options(NamedTuple):
    """What holds for rows that say nothing else."""

    industry: tuple[str, ...] = ()
    region: str | None = None
    observed_on: date | None = None
    reported: bool = True
    policy: Policy | None = None
    explain: bool = False

    @staticmethod
    def policy_of(path: str | Path | None) -> Policy | None:
        """A policy file, read once.

        :raises PolicyError: where it can't be used.
        """
        return None if path is None else load_policy(path)


class Judge:
    """Judges rows. With ``explain`` each is judged by itself, since dataframes have no reasons of a row's own."""

    def __init__(self, books: Books, options: Options, plan: Plan | None, keep: Collection[str]) -> None:
        """``plan`` says what the columns of a table are, None for JSON Lines, of which ``keep`` are only copied."""
        self.books, self.options, self.plan, self.keep = books, options, plan, keep
        self.called = {} if plan is None else {meaning: column for _, column, meaning in plan.used}
        self.frames = not options.explain and all(map(find_spec, ("narwhals", "polars")))

    def judged(self, rows: Sequence[Row]) -> Iterator[tuple[Verdict, Sequence[Fault]]]:
        """The verdict of each row, and what was refused of it."""
        found: dict[int, Verdict] = {}
        given: dict[int, Given] = {}
        if self.plan is None:
            given = {index: self._given(row) for index, row in enumerate(rows)}
        if self.frames:
            sheets = self._sheets(given) if self.plan is None else Sheet.of_table(rows, self.plan, self.books)
            for sheet in sheets:
                if len(sheet.indexes) >= TOGETHER:
                    found.update(self._together(sheet))
        for index, row in enumerate(rows):
            if index in found:
                yield found[index], ()
            else:
                one = given.get(index) or self._given(row)
                yield self._single(one), one.faults

    def _given(self, row: Row) -> Given:
        if row.fault is not None:
            given = Given()
            given.faults.append(row.fault)
            return given
        if self.plan is None:
            return given_of_json(row.data or {}, self.books.words, self.keep)
        return self.plan.given(row.cells or (), self.books.words)

    def _sheets(self, given: Mapping[int, Given]) -> Iterator[Sheet]:
        groups: dict[int, list[int]] = {}
        for index, row in given.items():
            if not row.faults and not row.raw and ROW_ONLY.isdisjoint(row.args):
                groups.setdefault(id(self.books.of(row.region)), []).append(index)
        for indexes in groups.values():
            yield Sheet.of_rows(indexes, [given[index] for index in indexes], self.books)

    def _together(self, sheet: Sheet) -> dict[int, Verdict]:
        """The verdicts of those rows of a sheet that a dataframe can judge."""
        from hazardrules.batch import classify_frame  # noqa: PLC0415  # optional, and slow to import

        options = self.options
        defaults = (";".join(options.industry) or None, options.observed_on, options.reported)
        frame = sheet.frame(*defaults)
        try:
            judged = classify_frame(frame, book=sheet.book, policy=options.policy).frame
        except HazardRulesError:  # arithmetic that dataframes can't do exactly: classify() can
            return {}
        columns = [judged[name].to_list() for name in ("level", "conclusive", "rules", "due_on", "open")]
        return {
            index: Verdict(level, conclusive, tuple(rules), due_on, open_)
            for index, level, conclusive, rules, due_on, open_ in zip(sheet.indexes, *columns, strict=True)
            if level is not None
        }

    def _single(self, row: Given) -> Verdict:
        """A row judged by itself; of one that has faults already, what else is wrong is told."""
        options, args = self.options, row.args
        if row.faults and not row.raw and ROW_ONLY.isdisjoint(args):
            return Verdict()
        try:
            judgment = classify(
                row.facts,
                other=args.get("other", ()),
                asserted=args.get("asserted", ()),
                industry=args.get("industry", options.industry) or None,
                region=row.region or options.region,
                observed_on=args.get("observed_on", options.observed_on),
                reported=args.get("reported", options.reported),
                ref=args.get("ref"),
                ordered=args.get("ordered"),
                policy=options.policy,
                book=self.books.of(row.region),
            )
        except InputError as error:
            for one in error.problems:
                where = "asserted" if one.where == "rule" else one.where
                row.refuse(self.called.get(where, where), one.value, one.problem, one.hint)
            return Verdict()
        return Verdict() if row.faults else verdict_of(judgment, explain=options.explain)


def verdict_of(judgment: Judgment, *, explain: bool) -> Verdict:
    """The columns that tell a judgment."""
    return Verdict(
        judgment.level.value,
        judgment.conclusive,
        tuple(finding.rule for finding in judgment.findings),
        None if judgment.deadline is None else judgment.deadline.due_on,
        len(judgment.open),
        judgment.reason if explain else None,
    )
