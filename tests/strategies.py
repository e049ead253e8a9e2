"""Hypothesis strategies: random typed expressions over a small vocabulary, and facts for it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from hazardrules.lang.nodes import (
    And,
    Arithmetic,
    AtLeast,
    Band,
    Compare,
    Condition,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Row,
    Since,
    Table,
    Value,
)
from hazardrules.lang.parse import Scope, Signature

OBSERVED = date(2026, 11, 20)
BOOLEANS = tuple(Fact(f"a.b{i}", Kind.BOOLEAN) for i in range(4))
NUMBERS = tuple(Fact(f"a.n{i}", Kind.NUMBER) for i in range(3))
DIVISOR = Fact("a.divisor", Kind.NUMBER)
ENUMS = tuple(Fact(f"z.e{i}", Kind.ENUM) for i in range(2))
SETS = tuple(Fact(f"z.s{i}", Kind.SET) for i in range(2))
DATES = tuple(Fact(f"z.d{i}", Kind.DATE) for i in range(2))
OPTIONS = ("p", "q", "r")
TABLE = Table("T1", (Row(None, False, 2, True, 1), Row(2, False, 4, False, 3), Row(5, True, None, False, 7)))
ELEMENT = Element("e7_1", Or((BOOLEANS[0], Compare(">", NUMBERS[0], Literal(2)))))
SCOPE = Scope(
    {
        **{fact.id: Signature(fact.kind) for fact in (*BOOLEANS, *NUMBERS, DIVISOR, *DATES)},
        **{fact.id: Signature(fact.kind, OPTIONS) for fact in (*ENUMS, *SETS)},
    },
    elements={ELEMENT.name: ELEMENT.body},
    tables={TABLE.name: TABLE},
)
"""Values are small and binary-exact, so that an oracle with floating point numbers agrees; so are the divisors."""

_halves = st.integers(-4, 14).map(lambda n: n // 2 if n % 2 == 0 else Decimal(n) / 2)
_days = st.integers(-800, 800).map(lambda n: OBSERVED + timedelta(days=n))
_divisors = st.sampled_from([0, 1, 2, 4])

fact_values: dict[str, st.SearchStrategy[Value]] = {
    **{fact.id: st.booleans() for fact in BOOLEANS},
    **{fact.id: _halves for fact in NUMBERS},
    DIVISOR.id: _divisors,
    **{fact.id: st.sampled_from(OPTIONS) for fact in ENUMS},
    **{fact.id: st.frozensets(st.sampled_from(OPTIONS)) for fact in SETS},
    **{fact.id: _days for fact in DATES},
}
partial_facts: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries({}, optional=fact_values)
complete_facts: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(fact_values)

_positive = _halves.filter(lambda n: n >= 0).map(Literal)
_number: st.SearchStrategy[Node] = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS).map(lambda fact: Band(TABLE, fact)),
    st.tuples(st.sampled_from(["days", "months"]), st.sampled_from(DATES)).map(lambda pair: Since(*pair)),
    st.builds(
        Arithmetic, st.sampled_from("+-*"), st.sampled_from(NUMBERS), st.one_of(_positive, st.sampled_from(NUMBERS))
    ),
    st.builds(Arithmetic, st.just("/"), st.sampled_from(NUMBERS), st.just(DIVISOR)),
)
_options = st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True).map(tuple)
_comparison = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])

atoms: st.SearchStrategy[Condition] = st.one_of(
    st.sampled_from(BOOLEANS),
    st.builds(Compare, _comparison, _number, st.one_of(_positive, st.sampled_from(NUMBERS))),
    st.builds(Compare, st.sampled_from(["==", "!="]), st.sampled_from(ENUMS), st.sampled_from(OPTIONS).map(Literal)),
    st.builds(Compare, _comparison, st.sampled_from(DATES), _days.map(Literal)),
    st.builds(In, st.sampled_from(ENUMS), _options),
    st.builds(In, st.sampled_from(NUMBERS), st.lists(st.integers(0, 5), min_size=1, unique=True).map(tuple)),
    st.builds(HasAny, st.sampled_from(SETS), _options),
    st.builds(HasAll, st.sampled_from(SETS), _options),
)


def _flat(kind: type[And | Or]) -> Any:
    def build(parts: list[Condition]) -> Condition:
        flat: list[Condition] = []
        for part in parts:
            flat.extend(part.operands if isinstance(part, kind) else (part,))
        return kind(tuple(flat))

    return build


def _grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        inner.map(Not),
        some.map(_flat(And)),
        some.map(_flat(Or)),
        some.flatmap(lambda parts: st.integers(1, len(parts)).map(lambda n: AtLeast(n, tuple(parts)))),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(atoms, _grow, max_leaves=12)
"""Conditions without elements, so that their text means the same to any evaluator."""

conditions_with_elements: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(atoms, st.just(ELEMENT)), _grow, max_leaves=12
)
