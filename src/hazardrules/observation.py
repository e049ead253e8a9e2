"""From what a caller gives to an ``Observation``: names resolved, values checked, every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hazardrules.errors import (
    FactValueError,
    InputError,
    Problem,
    UnknownFactError,
    UnknownIndustryError,
    UnknownRuleError,
    raise_all,
)
from hazardrules.lang.nodes import Value, keep
from hazardrules.model import Observation, built
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import MAX_TEXT, Plain, ValueRefusedError, clip, normalise, parse_day, plain, storable
from hazardrules.rulebook import RuleBook

if TYPE_CHECKING:
    from hazardrules.seldom import Order, Rejected

__all__ = ["BEIJING", "Reading", "read_observation", "today"]

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
MAX_FACTS: Final = 10_000
VALUES: Final = 4096
"""How many numbers and words are kept in their normal form."""

_WORDS: Final = frozenset({int, float, str})
_SINGLE: Final = frozenset({bool, int, float, str, list, tuple, set, frozenset, Decimal, date})
T = TypeVar("T")


def today() -> date:
    """The calendar day in China now."""
    return datetime.now(BEIJING).date()


_known_day: Final = lru_cache(1024)(parse_day)
"""The same days come again and again."""


class Reading:
    """An observation in normal form, its values as expressions read them, and what was refused."""

    __slots__ = ("observation", "rejected", "values")

    def __init__(self, observation: Observation, values: Mapping[str, Value], rejected: tuple[Rejected, ...]) -> None:
        self.observation, self.values, self.rejected = observation, values, rejected


class _Input:
    """Reads the arguments of one call and collects what is wrong with them."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.problems: list[tuple[type[InputError], Problem]] = []
        self.values: dict[str, Value] = {}
        self.plains: dict[str, Plain] = {}
        """The same as JSON can hold them, where that is something else."""

    def refuse(self, kind: type[InputError], where: str, value: object, problem: str, hint: str = "") -> None:
        self.problems.append((kind, Problem(where, clip(value), problem, hint)))

    def attempt(self, default: T, action: Callable[..., T], *arguments: Any) -> T:
        """What ``action`` gives, or ``default`` with its error noted."""
        try:
            return action(*arguments)
        except InputError as error:
            self.problems.extend((type(error), problem) for problem in error.problems)
        return default

    def facts(self, given: object) -> None:
        if not isinstance(given, dict | Mapping):
            self.refuse(FactValueError, "facts", given, "事实要写成映射 {事实: 值}", '如 {"dust.storeys": 3}')
            return
        if len(given) > MAX_FACTS:
            self.refuse(FactValueError, "facts", f"{len(given)} 项", f"事实超过 {MAX_FACTS} 项")
            return
        known, values = self.book.facts.taken, self.values
        for name, value in given.items():
            fact = known.get(name) if type(name) is str else None
            if fact is not None and type(value) in _SINGLE:  # most are facts that came before, by their ids
                if name in values or not (
                    (type(value) is str and fact.type == "enum" and value in fact.options)
                    or (type(value) is bool and fact.type == "boolean")
                ):
                    self._take(fact, value)
                else:
                    values[name] = value
            elif type(value) not in _SINGLE and isinstance(name, str) and isinstance(value, Mapping):
                for inner, raw in self._nested(name, value):
                    self._fact(inner, raw)
            else:
                self._fact(name, value)

    def _nested(self, name: str, value: Mapping[Any, Any]) -> Iterator[tuple[object, object]]:
        """The (name, value) pairs of a nested domain."""
        domain = next((id_ for id_, label in self.book.domains.items() if fold(name[:200]) in (id_, fold(label))), None)
        if domain is None:
            kind = FactValueError if fold(name[:200]) in self.book.fact_names else UnknownFactError
            hint = nearest_hint(name, [*self.book.domains, *self.book.domains.values()])
            self.refuse(kind, clip(name), value, f"{clip(name)} 不是事实的域,下面不能再分层", hint)
            return
        for inner, raw in value.items():
            whole = f"{domain}.{inner}" if isinstance(inner, str) and f"{domain}.{inner}" in self.book.facts else inner
            yield whole, raw

    def _fact(self, name: object, raw: object) -> None:
        id_ = None
        if isinstance(name, str):  # most names are ids, which need no folding
            id_ = name if name in self.book.facts else self.book.fact_names.get(fold(name[:500]))
        if id_ is None:
            known = [n for fact in self.book.facts.values() for n in (fact.id, fact.label)]
            hint = nearest_hint(name, known) if isinstance(name, str) else "事实名要写成文字"
            hint = hint or "词表里没有的情况写在 other 里"
            where = name[:60] if isinstance(name, str) and storable(name[:60]) else clip(name)
            self.refuse(UnknownFactError, where, raw, f"没有事实 {where}", hint)
            return
        self._take(self.book.facts[id_], raw)

    def _take(self, fact: FactDef, raw: object) -> None:
        if raw is None:  # reported as not known
            return
        id_ = fact.id
        try:
            value, as_plain = self._normal(fact, raw)
        except ValueRefusedError as refused:
            self.refuse(FactValueError, f"{id_}({fact.label})", raw, refused.problem, refused.hint)
            return
        if id_ in self.values and self.values[id_] != value:
            self.refuse(FactValueError, f"{id_}({fact.label})", raw, "同一事实给了两个不同的值", "只留一个")
            return
        self.values[id_] = value
        if as_plain is not value:
            self.plains[id_] = as_plain

    def _normal(self, fact: FactDef, raw: object) -> tuple[Value, Plain]:
        """A value in normal form, and as JSON can hold it; kept for numbers and words, since the same come again."""
        if type(raw) not in _WORDS or fact.type == "text":
            value = normalise(fact, raw)
            return value, plain(value)
        known, key = self.book.facts.read, (fact.id, type(raw), raw)
        found = known.get(key)
        if found is None:
            value = normalise(fact, raw)
            found = keep(known, key, (value, plain(value)), VALUES)
        return found

    def plain(self) -> dict[str, Plain]:
        """The values as JSON can hold them, by id; most are what they are."""
        every: dict[str, Any] = {**self.values, **self.plains}
        return {id_: every[id_] for id_ in sorted(every)}

    def texts(self, where: str, given: object) -> tuple[str, ...]:
        """A list of non-empty texts."""
        if type(given) is tuple and not given:
            return ()
        if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
            self.refuse(FactValueError, where, given, f"{where} 要写成文字的列表", "如 [...]")
            return ()
        kept: list[str] = []
        for item in given:
            if isinstance(item, str) and item.strip() and storable(item):
                kept.append(item)
            else:
                self.refuse(FactValueError, where, item, f"{where} 里的每一项都要是文字,不能空,不超过 {MAX_TEXT} 字")
        return tuple(dict.fromkeys(kept))

    def day(self, given: object) -> date:
        if given is None:
            return today()
        try:
            return _known_day(given) if type(given) is str else parse_day(given)
        except ValueRefusedError as refused:
            self.refuse(FactValueError, "observed_on", given, refused.problem, refused.hint)
            return today()

    def asserted(self, given: object, on: date) -> tuple[str, ...]:
        """The criteria that a person affirms; each must exist and be in force on the day."""
        kept = []
        for name in self.texts("asserted", given):
            rule = self.attempt(None, self.book.rule, name)
            if rule is None:
                continue
            document = self.book.documents[rule.document]
            if document.in_force(on):
                kept.append(rule.id)
            else:
                problem = f"{rule.id} 在 {on.isoformat()} 不适用:{document.name}{document.window}"
                self.refuse(UnknownRuleError, "asserted", name, problem, "核对检查日期,或改用当日有效的文件")
        return tuple(kept)

    def region(self, given: object) -> str | None:
        if given is None:
            return None
        from hazardrules.regions import region_code  # noqa: PLC0415  # not for the whole country

        return self.attempt(None, region_code, given, self.book.region_names)

    def flag(self, where: str, given: object) -> bool:
        if not isinstance(given, bool):
            self.refuse(FactValueError, where, given, f"{where} 只能是 true 或 false")
            return True
        return given

    def order(self, given: object, on: date) -> Order | None:
        """A deadline that the authority set: (last day, instrument number), or the two by name."""
        if given is None:
            return None
        if isinstance(given, Mapping) and set(given) == {"due_on", "instrument"}:
            given = (given["due_on"], given["instrument"])
        if not isinstance(given, list | tuple) or len(given) != 2 or not isinstance(given[1], str):
            hint = '如 ("2026-12-01", "(某)应急责改〔2026〕1号"),或 {due_on: ..., instrument: ...}'
            self.refuse(FactValueError, "ordered", given, "责令期限写成 (最后一日, 文书编号)", hint)
            return None
        try:
            due = parse_day(given[0])
        except ValueRefusedError as refused:
            self.refuse(FactValueError, "ordered", given, refused.problem, refused.hint)
            return None
        instrument = given[1].strip()
        if not instrument or not storable(instrument) or due < on:
            self.refuse(FactValueError, "ordered", given, "责令期限不能早于检查日期,文书编号不能空")
            return None
        from hazardrules.seldom import Order  # noqa: PLC0415

        return built(Order, due_on=due, instrument=instrument)

    def rejected(self) -> tuple[Rejected, ...]:
        """The problems as judgments carry them."""
        from hazardrules.seldom import Rejected  # noqa: PLC0415

        problems = [problem for _, problem in self.problems]
        return tuple([built(Rejected, where=p.where, value=p.value, problem=p.problem, hint=p.hint) for p in problems])

    def reference(self, given: object) -> str | None:
        if given is None or (isinstance(given, str) and storable(given)):
            return given
        self.refuse(FactValueError, "ref", given, "ref 要是文字", "如 2026-SD-0001")
        return None


def read_observation(
    book: RuleBook,
    facts: object,
    *,
    other: object = (),
    asserted: object = (),
    industry: object = None,
    region: object = None,
    observed_on: object = None,
    reported: object = True,
    ref: object = None,
    ordered: object = None,
    strict: bool = True,
) -> Reading:
    """The arguments of ``classify()`` in normal form.

    :raises InputError: one of its classes, with every problem of the call; with ``strict=False`` problems of single
        facts and texts are returned in ``rejected`` instead, while industry, region and date must always be right.
    """
    given = _Input(book)
    given.facts(facts)
    others = given.texts("other", other)
    lenient = len(given.problems)
    on = given.day(observed_on)
    affirmed = given.asserted(asserted, on)
    listed = industry is not None and not isinstance(industry, str)
    if listed and (isinstance(industry, bytes | Mapping) or not isinstance(industry, Iterable)):
        given.refuse(UnknownIndustryError, "industry", industry, "行业要写成文字或文字的列表", "如 机械")
        industry = None
    nothing: tuple[str, ...] = ()
    industries = given.attempt(nothing, book.industry_ids, industry)
    code = given.region(region)
    was_reported = given.flag("reported", reported)
    reference = given.reference(ref)
    order = given.order(ordered, on)
    if given.problems and (strict or len(given.problems) > lenient):
        raise_all(given.problems if strict else [*given.problems[lenient:], *given.problems[:lenient]])
    observation = built(
        Observation,
        facts=given.plain(),
        other=others,
        asserted=affirmed,
        industry=industries,
        region=code,
        observed_on=on,
        reported=was_reported,
        ref=reference,
        ordered=order,
    )
    return Reading(observation, given.values, given.rejected() if given.problems else ())
