"""What is allowed but wrong: rules without proof, conditions that are constant, doubles, words that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hazardrules.errors import PackError
from hazardrules.lang.kleene import truth
from hazardrules.lang.nodes import And, AtLeast, Condition, Const, Element, Not, Or, children, facts_read
from hazardrules.lang.text import to_text
from hazardrules.pack.cases import MAX_CASES, cases
from hazardrules.pack.content import Document, FactDef, Industry, Pack, Rule, ancestors

__all__ = ["MAX_CASES", "constant_parts", "lint"]


def lint(pack: Pack, vocabulary: Mapping[str, FactDef], inherited: Sequence[Industry] = ()) -> list[PackError]:
    """Every lint finding of a loaded pack.

    :param vocabulary: the facts that its rules may read, its own and those of its parents.
    :param inherited: the industries of its parents.
    """
    problems: list[PackError] = []
    used: set[str] = set()
    for document in pack.documents:
        if document.gate is not None:
            used.update(facts_read(document.gate))
        for rule in (*document.elements, *document.rules):
            used.update(fact for condition in _conditions(rule) for fact in facts_read(condition))
            problems.extend(_lint_rule(rule, vocabulary))
        problems.extend(_doubles(document, [*inherited, *pack.industries]))
    for fact in pack.facts.values():
        if fact.id not in used and fact.kind is not None:
            problem = f"事实 {fact.id}({fact.label})没有被任何规则使用"
            problems.append(PackError("HR504", fact.file, fact.line, 1, problem, "删去它,或写出使用它的规则"))
    return sorted(set(problems))


def _conditions(rule: Rule) -> list[Condition]:
    own = [] if rule.condition is None else [rule.condition]
    return [*own, *(also.condition for also in rule.also_cited)]


def _lint_rule(rule: Rule, vocabulary: Mapping[str, FactDef]) -> Iterator[PackError]:
    if rule.manual:
        return
    kinds = {example.kind for example in rule.examples}
    for kind, label in (("hit", "正例"), ("miss", "反例")):
        if kind not in kinds:
            yield PackError("HR501", rule.file, rule.line, 1, f"{rule.id} 没有{label}({kind})", f"至少写一个 {kind}")
    for condition in _conditions(rule):
        for part, value in constant_parts(condition, vocabulary):
            problem = f"{rule.id} 里的 {to_text(part)} 恒为{'真' if value else '假'}"
            yield PackError("HR502", rule.file, rule.line, 1, problem, "核对数值范围、枚举值和 and/or")


def _doubles(document: Document, industries: Sequence[Industry]) -> Iterator[PackError]:
    """Rules with the condition of an earlier one that apply to the same industry."""
    by_id = {industry.id: industry for industry in industries}
    wider = {id_: {id_, *ancestors(industry, by_id)} for id_, industry in by_id.items()}
    earlier: dict[Condition, list[Rule]] = {}
    for rule in document.rules:
        if rule.condition is None:
            continue
        same = earlier.setdefault(rule.condition, [])
        for other in same:
            if _meet(rule.industries, other.industries, wider):
                problem = f"{rule.id} 与 {other.id} 的条件完全相同,行业也有重叠"
                yield PackError("HR503", rule.file, rule.line, 1, problem, "合并,或写出两条的区别")
        same.append(rule)


def _meet(some: Iterable[str], others: Iterable[str], wider: Mapping[str, set[str]]) -> bool:
    """Whether an industry of the one list is, or lies in, one of the other."""
    one, other = set(some), set(others)
    around = [set().union(*(wider.get(name, {name}) for name in names)) for names in (one, other)]
    return "*" in one | other or bool(around[0] & other) or bool(one & around[1])


def constant_parts(node: Condition, vocabulary: Mapping[str, FactDef]) -> Iterator[tuple[Condition, bool]]:
    """The smallest parts of a condition that come out the same whatever the facts, with that outcome.

    Decided by trying one value from each range that the condition tells apart; parts with arithmetic, tables or too
    many combinations are left out, so that nothing is claimed that was not tried.
    """
    if isinstance(node, And | Or | AtLeast | Not | Element):
        found = [one for child in children(node) for one in constant_parts(child, vocabulary)]  # type: ignore[arg-type]
        if found:
            yield from found
            return
    if isinstance(node, Const):
        yield node, node.value
        return
    tried = cases([node], vocabulary)
    outcomes = {truth(node, facts) for facts in tried or ()}
    if len(outcomes) == 1 and (outcome := outcomes.pop()) is not None:
        yield node, outcome
