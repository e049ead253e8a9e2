"""The same observations judged by the law of two days: which verdicts differ, and because of which clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from hazardrules.judge import classify, default_book
from hazardrules.model import Frozen, Judgment, Level
from hazardrules.rulebook import RuleBook

__all__ = ["Verdicts", "backtest"]


class Verdicts(Frozen):
    """One observation under two laws: levels and criteria met; ``number`` counts the observations from 1."""

    number: int
    ref: str | None
    before: Level
    after: Level
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the level differs."""
        return self.before is not self.after


def backtest(
    observations: Iterable[Mapping[str, Any]], before: date, after: date, book: RuleBook | None = None
) -> Iterator[Verdicts]:
    """Judge each observation as if it had been made on the one day and on the other.

    :param observations: arguments of ``classify()`` by name; their own date and ordered deadline are left aside.
    :raises InputError: for an observation that ``classify()`` refuses.
    """
    used = book if book is not None else default_book()
    for number, observation in enumerate(observations, 1):
        given = {key: value for key, value in observation.items() if key not in ("observed_on", "ordered")}
        first, second = (classify(**given, observed_on=day, book=used) for day in (before, after))
        yield Verdicts(
            number=number,
            ref=first.observation.ref,
            before=first.level,
            after=second.level,
            rules_before=_rules(first),
            rules_after=_rules(second),
        )


def _rules(judgment: Judgment) -> tuple[str, ...]:
    return tuple(finding.rule for finding in judgment.findings)
