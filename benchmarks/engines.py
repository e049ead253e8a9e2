"""The same rules in other engines, as far as each can express them: which ids hold for one observation.

Every engine gets the rules compiled and the facts in its own form, made once; only the judging is timed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, NamedTuple

from benchmarks.sure import CannotExpressError, Writer
from hazardrules.lang.nodes import Band, Fact, Kind, Scalar, Since, Value, walk
from hazardrules.lang.text import literal_text
from hazardrules.pack.content import Rule

__all__ = ["ENGINES", "Engine", "Prepared"]

Prepared = Callable[[Mapping[str, Value]], Callable[[], list[str]]]
"""Takes the facts of an observation; gives what judges them when it is called."""


class Engine(NamedTuple):
    """An engine by the name of its package, and the module that it installs."""

    name: str
    module: str
    prepare: Callable[[Sequence[Rule], date], tuple[int, Prepared]]

    @property
    def there(self) -> bool:
        """Whether it is installed."""
        return find_spec(self.module) is not None


def _nested(facts: Mapping[str, Value], domains: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """The facts by domain, as JSON has them."""
    found: dict[str, dict[str, Any]] = {domain: {} for domain in domains}
    for id_, value in facts.items():
        domain, _, name = id_.partition(".")
        plain: Any = sorted(value) if isinstance(value, frozenset) else value
        plain = float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else plain
        found.setdefault(domain, {})[name] = plain.isoformat() if isinstance(value, date) else plain
    return found


class _Text(Writer[str]):
    """What the textual languages have in common."""

    words: tuple[str, str, str] = ("and", "or", "not ")

    def __init__(self) -> None:
        self.facts: set[str] = set()

    @property
    def domains(self) -> set[str]:
        """The domains of all facts that the rules read."""
        return {id_.partition(".")[0] for id_ in self.facts}

    def fact(self, id_: str) -> str:
        self.facts.add(id_)
        return id_

    def reported(self, id_: str) -> str:
        return f"{self.fact(id_)} != null"

    def literal(self, value: Scalar) -> str:
        if isinstance(value, date):
            raise CannotExpressError(value)
        return str(value).lower() if isinstance(value, bool) else literal_text(value)

    def options(self, options: Sequence[Scalar]) -> str:
        return f"[{', '.join(map(self.literal, options))}]"

    def flag(self, fact: str, *, wanted: bool) -> str:
        return f"{fact} == {str(wanted).lower()}"

    def join(self, tests: Sequence[str], *, every: bool) -> str:
        return f"({f' {self.words[0] if every else self.words[1]} '.join(tests)})"

    def operation(self, op: str, left: str, right: str) -> str:
        return f"({left} {op} {right})"

    def negated(self, test: str, *, wanted: bool) -> str:
        return f"({test})" if wanted else f"{self.words[2]}({test})"

    def among(self, item: str, options: Sequence[Scalar], *, wanted: bool) -> str:
        return self.negated(f"{item} in {self.options(options)}", wanted=wanted)


class _RuleEngine(_Text):
    """rule-engine with typed facts, its fastest way; tables and dates are functions that stand beside them."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self.on, self.functions = on, dict[str, Callable[[Any], Any]]()

    def at_least(self, count: int, tests: Sequence[str]) -> str:
        return f"([t for t in [{', '.join(tests)}] if t].length >= {count})"

    def has_any(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return f"([m for m in {fact} if m in {self.options(options)}].length {'>' if wanted else '=='} 0)"

    def has_all(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        found = f"[m for m in {self.options(options)} if m in {fact}].length"
        return f"({found} {'==' if wanted else '<'} {len(options)})"

    def call(self, node: Band | Since) -> str:
        name = f"f{len(self.functions)}"
        if isinstance(node, Band):
            self.functions[name] = node.table.look_up
            return f"{name}({self.value(node.x)})"
        self.functions[name] = lambda start: (self.on - date.fromisoformat(start)).days
        return f"{name}({self.fact(node.fact.id)})"


def _rule_engine(rules: Sequence[Rule], on: date) -> tuple[int, Prepared]:
    import rule_engine
    from rule_engine import DataType

    writer = _RuleEngine(on)
    texts = writer.all_that_can(rules)
    kinds = {
        Kind.BOOLEAN: DataType.BOOLEAN,
        Kind.NUMBER: DataType.FLOAT,
        Kind.ENUM: DataType.STRING,
        Kind.SET: DataType.ARRAY(DataType.STRING),
        Kind.DATE: DataType.STRING,
    }
    domains: dict[str, dict[str, Any]] = {domain: {} for domain in writer.domains}
    for node in (node for rule in rules for node in walk(rule.whole)):
        if isinstance(node, Fact):
            domain, _, name = node.id.partition(".")
            domains[domain][name] = kinds[node.kind]
    types: dict[str, Any] = {
        domain: DataType.OBJECT(domain, names, accessor=lambda thing, name: thing.get(name))
        for domain, names in domains.items()
    }
    for name in writer.functions:
        types[name] = DataType.FUNCTION(name, return_type=DataType.FLOAT)
    context = rule_engine.Context(type_resolver=types, mapping_attribute_lookup=False)
    made = {id_: rule_engine.Rule(text, context=context) for id_, text in texts.items()}

    def prepare(facts: Mapping[str, Value]) -> Callable[[], list[str]]:
        thing = {**writer.functions, **_nested(facts, writer.domains)}
        return lambda: [id_ for id_, rule in made.items() if rule.matches(thing)]

    return len(made), prepare


class _Cel(_Text):
    """CEL; numbers are doubles."""

    words = ("&&", "||", "!")

    def reported(self, id_: str) -> str:
        return f"has({self.fact(id_)})"

    def literal(self, value: Scalar) -> str:
        text = super().literal(value)
        return text if isinstance(value, bool | str) or "." in text else f"{text}.0"

    def at_least(self, count: int, tests: Sequence[str]) -> str:
        return f"([{', '.join(tests)}].filter(t, t).size() >= {count})"

    def has_any(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return self.negated(f"{fact}.exists(m, m in {self.options(options)})", wanted=wanted)

    def has_all(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return self.negated(f"{self.options(options)}.all(m, m in {fact})", wanted=wanted)


def _cel(rules: Sequence[Rule], on: date) -> tuple[int, Prepared]:  # noqa: ARG001
    import cel

    writer = _Cel()
    made = {id_: cel.compile(text) for id_, text in writer.all_that_can(rules).items()}

    def prepare(facts: Mapping[str, Value]) -> Callable[[], list[str]]:
        context = cel.Context(variables=_nested(facts, writer.domains))
        return lambda: [id_ for id_, program in made.items() if program.execute(context)]

    return len(made), prepare


class _Zen(_Text):
    """The expression language of ZEN; tests are written out, since it binds ``not`` as it likes."""

    def at_least(self, count: int, tests: Sequence[str]) -> str:
        return f"(count([{', '.join(tests)}], #) >= {count})"

    def has_any(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return self.negated(f"some({fact}, # in {self.options(options)})", wanted=wanted)

    def has_all(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return self.negated(f"all({self.options(options)}, # in {fact})", wanted=wanted)


def _zen(rules: Sequence[Rule], on: date) -> tuple[int, Prepared]:  # noqa: ARG001
    import zen

    texts = _Zen().all_that_can(rules)
    keys = {f"r{i}": id_ for i, id_ in enumerate(texts)}
    expressions = [{"id": key, "key": key, "value": texts[id_]} for key, id_ in keys.items()]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "rules", "type": "expressionNode", "name": "rules", "position": place},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    nodes[1]["content"] = {"expressions": expressions}
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "out"))
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def prepare(facts: Mapping[str, Value]) -> Callable[[], list[str]]:
        given = _nested(facts)
        return lambda: [keys[key] for key, holds in decision.evaluate(given)["result"].items() if holds]

    return len(texts), prepare


class _JsonLogic(Writer[Any]):
    """JsonLogic: nested objects; facts under their own ids."""

    def fact(self, id_: str) -> Any:
        return {"var": id_.replace(".", "/")}

    def reported(self, id_: str) -> Any:
        return {"!==": [self.fact(id_), None]}

    def literal(self, value: Scalar) -> Any:
        if isinstance(value, date):
            raise CannotExpressError(value)
        return float(value) if isinstance(value, Decimal) else value

    def flag(self, fact: Any, *, wanted: bool) -> Any:
        return {"===": [fact, wanted]}

    def join(self, tests: Sequence[Any], *, every: bool) -> Any:
        return {"and" if every else "or": list(tests)}

    def operation(self, op: str, left: Any, right: Any) -> Any:
        return {{"==": "===", "!=": "!=="}.get(op, op): [left, right]}

    def negated(self, test: Any, *, wanted: bool) -> Any:
        return test if wanted else {"!": [test]}

    def among(self, item: Any, options: Sequence[Scalar], *, wanted: bool) -> Any:
        return self.negated({"in": [item, list(map(self.literal, options))]}, wanted=wanted)

    def has_any(self, fact: Any, options: Sequence[str], *, wanted: bool) -> Any:
        return self.negated({"some": [fact, {"in": [{"var": ""}, list(options)]}]}, wanted=wanted)

    def has_all(self, fact: Any, options: Sequence[str], *, wanted: bool) -> Any:
        return self.negated({"and": [{"in": [option, fact]} for option in options]}, wanted=wanted)


def _json_logic(rules: Sequence[Rule], on: date) -> tuple[int, Prepared]:  # noqa: ARG001
    from json_logic import jsonLogic

    made = _JsonLogic().all_that_can(rules)

    def prepare(facts: Mapping[str, Value]) -> Callable[[], list[str]]:
        nested = _nested(facts)
        data = {f"{domain}/{name}": value for domain, inner in nested.items() for name, value in inner.items()}
        return lambda: [id_ for id_, logic in made.items() if jsonLogic(logic, data)]

    return len(made), prepare


ENGINES = (
    Engine("rule-engine", "rule_engine", _rule_engine),
    Engine("common-expression-language", "cel", _cel),
    Engine("zen-engine", "zen", _zen),
    Engine("json-logic-qubit", "json_logic", _json_logic),
)
