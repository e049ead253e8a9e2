"""Units ranked by points over the figures of a ledger (打分排队): practice, with weights that can be replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from hazardrules.errors import InputError, Problem, ProgrammeError, raise_all
from hazardrules.figures import DIMENSIONS, FIGURES, Figures
from hazardrules.ledger import Entry, summary
from hazardrules.model import Frozen
from hazardrules.nearest import nearest_hint
from hazardrules.pack.programmes import ScoringSpec
from hazardrules.pack.values import clip
from hazardrules.rulebook import RuleBook

__all__ = ["Rank", "rank"]

MAX_WEIGHT: Final = 1_000_000


class Rank(Frozen):
    """A unit (or what else was ranked) with its place and points; those with the same points share a place.

    ``parts`` are the points by figure, ``weights`` those used; ``weights_evidence`` says who gives them: the source
    (``read``), a default (``policy``), or the caller. ``key`` is the id, ``label`` what it is called.
    """

    place: int
    key: str | None
    label: str
    points: int | float
    parts: dict[str, int | float]
    figures: Figures
    weights: dict[str, int | float]
    weights_evidence: Literal["read", "policy", "caller"]


def rank(
    entries: Iterable[Entry],
    as_of: str | date,
    by: str,
    scoring: ScoringSpec | None,
    weights: Mapping[str, Any] | None,
    book: RuleBook,
) -> tuple[Rank, ...]:
    """The ranks, best first; see ``Programme.ranking``."""
    if not isinstance(by, str) or by not in DIMENSIONS:
        hint = nearest_hint(str(by), DIMENSIONS) or f"可用:{'、'.join(DIMENSIONS)}"
        raise ProgrammeError(Problem("by", clip(by), f"不能按 {clip(by)} 排队", hint))
    if weights is None and scoring is None:
        raise ProgrammeError(Problem("weights", "None", "这个专项行动没有打分的权重", "用 weights= 给出"))
    used = _weights(weights if weights is not None else dict(scoring.weights.items()) if scoring else {})
    evidence = "caller" if weights is not None or scoring is None else scoring.weights_evidence
    scored = []
    for row in summary(entries, as_of, by=by, book=book).rows:
        parts = {name: weight * getattr(row.figures, name) for name, weight in used.items()}
        scored.append((sum(parts.values(), Decimal(0)), row, parts))
    scored.sort(key=lambda one: (-one[0], one[1].labels))
    found: list[Rank] = []
    for number, (points, row, parts) in enumerate(scored, 1):
        tied = bool(found) and scored[number - 2][0] == points
        found.append(
            Rank(
                place=found[-1].place if tied else number,
                key=row.keys[0],
                label=row.labels[0],
                points=_plain(points),
                parts={name: _plain(part) for name, part in parts.items()},
                figures=row.figures,
                weights={name: _plain(weight) for name, weight in used.items()},
                weights_evidence=evidence,
            )
        )
    return tuple(found)


def _weights(given: Mapping[str, Any]) -> dict[str, Decimal]:
    """The weights as exact numbers."""
    problems: list[tuple[type[InputError], Problem]] = []
    found: dict[str, Decimal] = {}
    if not isinstance(given, Mapping) or not given:
        problems.append((ProgrammeError, Problem("weights", clip(given), "权重要写成映射", '如 {"overdue": -2}')))
        raise_all(problems)
    for name, weight in given.items():
        if name not in FIGURES:
            hint = nearest_hint(str(name), FIGURES) or f"可用:{'、'.join(FIGURES)}"
            problems.append((ProgrammeError, Problem("weights", clip(name), f"没有数字 {clip(name)}", hint)))
        number = None
        if isinstance(weight, int | float | Decimal) and not isinstance(weight, bool):
            number = Decimal(str(weight))
        if number is None or not number.is_finite() or abs(number) > MAX_WEIGHT:
            text = f"{clip(name)} 的权重不对:{clip(weight)}"
            problems.append((ProgrammeError, Problem("weights", clip(weight), text, f"绝对值不超过 {MAX_WEIGHT} 的数")))
        else:
            found[name] = number
    if problems:
        raise_all(problems)
    return found


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
