"""The names that an expression may use, and what is said of those that nothing has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hazardrules.lang.nodes import Condition, Kind, Table
from hazardrules.lang.tokens import FUNCTIONS, RESERVED, Issue, Token
from hazardrules.nearest import nearest_hint

__all__ = ["USAGE", "Scope", "Signature", "UnreadableError", "check_names"]

USAGE: Final = {
    "has_any": 'has_any(集合事实, ["值", ...])',
    "has_all": 'has_all(集合事实, ["值", ...])',
    "at_least": "at_least(个数, [条件, ...])",
    "band": 'band("表名", 数)',
    "days_since": "days_since(日期事实)",
    "months_since": "months_since(日期事实)",
}
"""How each function is written."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What an expression may know of a fact: its kind and, for enum and set facts, the values it may take."""

    kind: Kind
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use.

    ``recorded`` are text facts: known, but never in rules; ``unreadable`` are domains whose file could not be read, so
    that nothing can be said of their facts.
    """

    facts: Mapping[str, Signature] = field(default_factory=dict)
    elements: Mapping[str, Condition] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    recorded: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()


class UnreadableError(Exception):
    """The expression reads a domain whose file could not be read; that file's problem is told already."""


def check_names(tokens: Sequence[Token], scope: Scope) -> list[Issue]:
    """Every name among the tokens that nothing has.

    :raises UnreadableError: where a fact of a domain is read that could not be read.
    """
    if any(token.kind == "fact" and token.text.partition(".")[0] in scope.unreadable for token in tokens):
        raise UnreadableError
    issues = []
    for here, after in zip(tokens, [*tokens[1:], None], strict=True):
        called = after is not None and after.text == "("
        if here.kind == "fact":
            issues.extend(_check_fact(here, scope))
        elif here.kind == "word" and here.text not in RESERVED:
            known = FUNCTIONS if called else tuple(scope.facts)
            what = "函数" if called else "名字"
            issues.append(Issue("HR303", here.offset, f"没有{what} {here.text}", nearest_hint(here.text, known)))
        elif here.kind == "word" and here.text in FUNCTIONS and not called:
            issues.append(Issue("HR302", here.offset, f"函数 {here.text} 后面要有括号", USAGE[here.text]))
    return issues


def _check_fact(token: Token, scope: Scope) -> list[Issue]:
    name = token.text
    domain, _, rest = name.partition(".")
    if domain == "element":
        if rest in scope.elements:
            return []
        known = tuple(f"element.{key}" for key in scope.elements)
        return [Issue("HR303", token.offset, f"没有(或尚未定义)要素 {name}", nearest_hint(name, known))]
    if name in scope.facts:
        return []
    if name in scope.recorded:
        return [Issue("HR304", token.offset, f"{name} 是 text 类型,只作记录,不能用于规则")]
    return [Issue("HR303", token.offset, f"没有事实 {name}", nearest_hint(name, tuple(scope.facts)))]
