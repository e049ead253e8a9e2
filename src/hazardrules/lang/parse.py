"""From the text of an expression to our nodes.

The grammar and its types are those of the ``rule-engine`` library; this is the only module that touches it, and
judging never does. Steps: the token gate, names, the library's parser with a typed context, then the conversion, which
also checks what the library leaves open: ``==`` between different types, enum values that do not exist, results that
are not boolean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from decimal import Context
from functools import cached_property
from typing import Any, Final

import rule_engine
from rule_engine import DataType, ast
from rule_engine.errors import ArithmeticError as EngineArithmeticError
from rule_engine.errors import EngineError, RuleSyntaxError

from hazardrules.lang.nodes import (
    And,
    Arithmetic,
    AtLeast,
    Band,
    Compare,
    Condition,
    Const,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Kind,
    Literal,
    Node,
    Not,
    Number,
    Or,
    Since,
    children,
    facts_read,
    tidy_number,
)
from hazardrules.lang.scope import USAGE, Scope, Signature, check_names
from hazardrules.lang.text import literal_text, to_text
from hazardrules.lang.tokens import FUNCTIONS, MAX_DEPTH, ExpressionError, Issue, Token, tokenize
from hazardrules.nearest import nearest_hint

__all__ = ["Parser", "Scope", "Signature"]


_ENGINE_TYPES: Final[dict[Kind, Any]] = {
    Kind.BOOLEAN: DataType.BOOLEAN,
    Kind.NUMBER: DataType.FLOAT,
    Kind.ENUM: DataType.STRING,
    Kind.SET: DataType.SET(DataType.STRING),
    Kind.DATE: DataType.DATETIME,
}
_CALLS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "has_any": (DataType.BOOLEAN, (DataType.SET(DataType.STRING), DataType.ARRAY(DataType.STRING))),
    "has_all": (DataType.BOOLEAN, (DataType.SET(DataType.STRING), DataType.ARRAY(DataType.STRING))),
    "at_least": (DataType.BOOLEAN, (DataType.FLOAT, DataType.ARRAY(DataType.BOOLEAN))),
    "band": (DataType.FLOAT, (DataType.STRING, DataType.FLOAT)),
    "days_since": (DataType.FLOAT, (DataType.DATETIME,)),
    "months_since": (DataType.FLOAT, (DataType.DATETIME,)),
}
_COMPARISONS: Final = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ARITHMETIC: Final = {"add": "+", "sub": "-", "mul": "*", "tdiv": "/"}


class Parser:
    """Parses expressions over one scope; building it is cheap, and it holds no state between expressions."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def _context(self) -> rule_engine.Context:
        domains: dict[str, dict[str, Any]] = {"element": {}}
        for name, signature in self.scope.facts.items():
            domain, _, fact = name.partition(".")
            domains.setdefault(domain, {})[fact] = _ENGINE_TYPES[signature.kind]
        for name in self.scope.elements:
            domains["element"][name] = DataType.BOOLEAN
        types: dict[str, Any] = {name: DataType.OBJECT(name, attributes) for name, attributes in domains.items()}
        for name, (result, arguments) in _CALLS.items():
            types[name] = DataType.FUNCTION(name, return_type=result, argument_types=arguments)
        return rule_engine.Context(
            type_resolver=types, mapping_attribute_lookup=False, decimal_context=Context(prec=50)
        )

    def parse(self, text: str) -> Condition:
        """The condition that ``text`` states.

        :raises ExpressionError: with every issue that could be told apart.
        :raises UnreadableError: where it reads a fact of a domain that could not be read.
        """
        tokens = [token for token in tokenize(text) if token.kind != "comment"]
        issues = check_names(tokens, self.scope)
        if issues:
            raise ExpressionError(text, issues)
        try:
            return self._convert(tokens, text)
        except RecursionError:
            raise ExpressionError(text, [Issue("HR306", 0, "表达式嵌套太深")]) from None

    def _convert(self, tokens: Sequence[Token], text: str) -> Condition:
        converter = _Converter(self.scope, tokens)
        try:
            tree = _engine_parse(tokens, text, self._context)
        except EngineError as error:
            # The library says that types differ, not where: read the tree untyped, our own checks name the place.
            with suppress(EngineError):
                converter.condition(_engine_parse(tokens, text, rule_engine.Context()))
            issue = Issue("HR304", 0, *_engine_problem(error))
            raise ExpressionError(text, [*converter.issues] or [issue]) from None
        node = converter.condition(tree)
        if not converter.issues and _depth(node) > MAX_DEPTH:
            converter.issues.append(Issue("HR306", 0, f"表达式嵌套超过 {MAX_DEPTH} 层(含要素)"))
        if converter.issues:
            raise ExpressionError(text, converter.issues)
        return node


def _engine_parse(tokens: Sequence[Token], text: str, context: rule_engine.Context) -> Any:
    """The library's tree for the tokens, which it gets from us one by one, so that it sees nothing we did not check."""
    places, length = [], 0
    for token in tokens:
        places.append((length, token))
        length += len(token.text) + 1
    try:
        return rule_engine.Rule(" ".join(token.text for token in tokens), context=context).statement.expression
    except RuleSyntaxError as error:
        at = getattr(error.token, "lexpos", None)
        if at is None:
            raise ExpressionError(text, [Issue("HR302", len(text.rstrip()), "表达式没有写完")]) from None
        token = next(token for start, token in reversed(places) if start <= at)
        hint = "连着比较要拆开,如 1 < x and x < 5" if token.text in _COMPARISONS.values() else ""
        raise ExpressionError(text, [Issue("HR302", token.offset, f"{token.text} 不该出现在这里", hint)]) from None


def _engine_problem(error: EngineError) -> tuple[str, str]:
    """The problem and a hint for what the library refuses and our own checks don't name."""
    if isinstance(error, EngineArithmeticError):
        return "常量算式算不出来(如除数为零)", ""
    return "比较或运算的两边类型不同", "两边要同为数、枚举或日期;条件之间用 and、or 连接"


def _depth(node: Node) -> int:
    return 1 + max((_depth(child) for child in children(node)), default=0)


class _Stop(Exception):  # noqa: N818  # a jump, not an error that anyone sees
    """This part cannot be converted; the issue is already noted."""


class _Converter:
    """Turns the library's tree into nodes and collects every issue on the way."""

    def __init__(self, scope: Scope, tokens: Sequence[Token]) -> None:
        self.scope, self.tokens, self.issues = scope, tokens, list[Issue]()

    def _stop(self, code: str, problem: str, hint: str = "", at: Any = None) -> _Stop:
        self.issues.append(Issue(code, self._place(at), problem, hint))
        return _Stop()

    def _place(self, at: Any) -> int:
        """Where a node or literal text stands: the first token that says it, else the start."""
        words = facts_read(at) if not isinstance(at, str | None) else (at,)
        found = (token.offset for token in self.tokens if token.text in words)
        return next(found, 0)

    def condition(self, tree: Any) -> Condition:
        """The boolean meaning of ``tree``; ``Const(False)`` where an issue was noted."""
        try:
            return self._condition(tree)
        except _Stop:
            return Const(False)

    def _condition(self, tree: Any) -> Condition:
        match tree:
            case ast.BooleanExpression():
                return Const(bool(tree.value))
            case ast.LogicExpression():
                kind = And if tree.type == "and" else Or
                parts: list[Condition] = []
                for part in (self.condition(tree.left), self.condition(tree.right)):
                    parts.extend(part.operands if isinstance(part, kind) else (part,))
                return kind(tuple(parts))
            case ast.UnaryExpression(type="not"):
                return Not(self.condition(tree.right))
            case ast.ContainsExpression():
                return self._contains(tree)
            case ast.ComparisonExpression():
                return self._comparison(tree)
            case ast.FunctionCallExpression():
                node = self._call(tree)
            case _:
                node = self._value(tree)
        if isinstance(node, Const | HasAny | HasAll | AtLeast | Element):
            return node
        if isinstance(node, Fact) and node.kind is Kind.BOOLEAN:
            return node
        hint = 'x 是几个值之一写 x in ["a", "b"]' if isinstance(node, Literal) else ""
        raise self._stop("HR304", f"{to_text(node)} 不是条件(类型:{self._kind(node).label})", hint, at=node)

    def _comparison(self, tree: Any) -> Condition:
        left, op, right = self._value(tree.left), _COMPARISONS[tree.type], self._value(tree.right)
        kind = self._kind(left)
        if self._kind(right) is not kind:
            found = f"{to_text(left)}({kind.label})与 {to_text(right)}({self._kind(right).label})"
            raise self._stop("HR304", f"不同类型不能比较:{found}", at=left)
        if kind is Kind.BOOLEAN:
            raise self._stop("HR304", "是/否事实不用比较", "直接写 x 或 not x", at=left)
        if kind is Kind.SET:
            raise self._stop("HR304", "集合不能直接比较", USAGE["has_any"], at=left)
        if isinstance(left, Literal) and isinstance(right, Literal):  # the library folded everything else
            raise self._stop("HR304", "两边都是常量", at=left)
        if kind is Kind.ENUM:
            if op not in ("==", "!="):
                raise self._stop("HR304", f"枚举没有大小,不能用 {op}", "用 == 或 in", at=left)
            if isinstance(left, Fact) and isinstance(right, Fact):
                raise self._stop("HR304", "两个枚举事实不能互相比较", at=left)
            fact, literal = (left, right) if isinstance(left, Fact) else (right, left)
            self._check_options(fact, [literal.value])  # type: ignore[union-attr]  # one is a fact, so one is a literal
        return Compare(op, left, right)

    def _contains(self, tree: Any) -> Condition:
        item = self._value(tree.member)
        kind = self._kind(item)
        if kind in (Kind.SET, Kind.BOOLEAN):
            raise self._stop("HR304", f"{kind.label}不能放在 in 前面", USAGE["has_any"], at=item)
        if not isinstance(tree.container, ast.ArrayExpression):
            raise self._stop("HR304", "in 后面必须是列表 [..]", USAGE["has_any"], at=item)
        options = self._literals(tree.container, kind, item)
        if isinstance(item, Literal):
            raise self._stop("HR304", "in 前面必须有事实", at=item)
        if kind is Kind.ENUM:
            self._check_options(item, options)
        return In(item, tuple(options))

    def _literals(self, tree: Any, kind: Kind, at: Any) -> list[Any]:
        if not tree.value:
            raise self._stop("HR304", "列表不能是空的", at=at)
        values: list[Any] = []
        for member in tree.value:
            node = self._value(member)
            if not isinstance(node, Literal) or self._kind(node) is not kind:
                raise self._stop("HR304", f"列表里只能有{kind.label}的常量,这里有 {to_text(node)}", at=at)
            if node.value in values:
                raise self._stop("HR304", f"列表里 {literal_text(node.value)} 重复", at=literal_text(node.value))
            values.append(node.value)
        return values

    def _check_options(self, fact: Node, values: Sequence[Any]) -> None:
        known = self.scope.facts[fact.id].options if isinstance(fact, Fact) else ()
        missing = [value for value in values if value not in known]
        for value in missing:
            hint = nearest_hint(value, known) or f"可用:{'、'.join(known)}"
            place = next((t.offset for t in self.tokens if t.kind == "string" and t.text[1:-1] == value), 0)
            self.issues.append(Issue("HR305", place, f"{to_text(fact)} 没有取值 {value}", hint))
        if missing:
            raise _Stop

    def _call(self, tree: Any) -> Node:
        name = getattr(tree.function, "name", "")
        arguments = list(tree.arguments)
        if name not in FUNCTIONS or len(arguments) != len(_CALLS[name][1]):
            raise self._stop("HR304", f"函数 {name or '?'} 的用法不对", USAGE.get(name, ""), at=name)
        if name in ("has_any", "has_all"):
            fact = self._value(arguments[0])
            if not isinstance(fact, Fact) or fact.kind is not Kind.SET:
                raise self._stop("HR304", f"{name} 的第一个参数必须是集合事实", USAGE[name], at=fact)
            if not isinstance(arguments[1], ast.ArrayExpression):
                raise self._stop("HR304", f"{name} 的第二个参数必须是列表", USAGE[name], at=fact)
            options = self._literals(arguments[1], Kind.ENUM, fact)
            self._check_options(fact, options)
            return (HasAny if name == "has_any" else HasAll)(fact, tuple(options))
        if name == "at_least":
            return self._at_least(*arguments)
        if name == "band":
            table = self._value(arguments[0])
            if not isinstance(table, Literal) or table.value not in self.scope.tables:
                hint = f"可用:{'、'.join(self.scope.tables) or '本文件没有表'}"
                raise self._stop("HR303", f"没有表 {to_text(table)}", hint, at=to_text(table))
            return Band(self.scope.tables[str(table.value)], self._number(arguments[1]))
        fact = self._value(arguments[0])
        if not isinstance(fact, Fact) or fact.kind is not Kind.DATE:
            raise self._stop("HR304", f"{name} 的参数必须是日期事实", USAGE[name], at=fact)
        return Since(name.removesuffix("_since"), fact)

    def _at_least(self, count: Any, conditions: Any) -> Node:
        number = self._value(count)
        if not isinstance(conditions, ast.ArrayExpression) or not conditions.value:
            raise self._stop("HR304", "at_least 的第二个参数必须是条件列表", USAGE["at_least"], at="at_least")
        total = len(conditions.value)
        if not isinstance(number, Literal) or not isinstance(number.value, int) or not 1 <= number.value <= total:
            raise self._stop("HR304", f"at_least 的个数必须是 1 到 {total} 的整数", USAGE["at_least"], at="at_least")
        return AtLeast(number.value, tuple(self.condition(part) for part in conditions.value))

    def _value(self, tree: Any) -> Node:
        match tree:
            case ast.FloatExpression():
                return Literal(self._finite(tree.value))
            case ast.StringExpression():
                return Literal(tree.value)
            case ast.DatetimeExpression():
                return Literal(tree.value.date())
            case ast.BooleanExpression():
                return Const(bool(tree.value))
            case ast.GetAttributeExpression():
                return self._attribute(f"{getattr(tree.object, 'name', '?')}.{tree.name}")
            case ast.ArithmeticExpression() | ast.AddExpression() | ast.SubtractExpression() if (
                tree.type in _ARITHMETIC
            ):
                return Arithmetic(_ARITHMETIC[tree.type], self._number(tree.left), self._number(tree.right))
            case ast.UnaryExpression(type="uminus"):
                return Arithmetic("-", Literal(0), self._number(tree.right))
            case ast.FunctionCallExpression():
                return self._call(tree)
            case ast.LogicExpression() | ast.UnaryExpression() | ast.ComparisonExpression() | ast.ContainsExpression():
                raise self._stop("HR304", "这里要的是值,不是条件", "条件之间用 and、or 连接", at=self._condition(tree))
            case _:
                raise self._stop("HR304", "这里的写法不在表达式语言之内")

    def _attribute(self, name: str) -> Node:
        if name.startswith("element."):
            key = name.removeprefix("element.")
            return Element(key, self.scope.elements[key])
        return Fact(name, self.scope.facts[name].kind)

    def _number(self, tree: Any) -> Node:
        node = self._value(tree)
        if self._kind(node) is not Kind.NUMBER:
            raise self._stop("HR304", f"{to_text(node)} 不是数(类型:{self._kind(node).label})", at=node)
        return node

    def _finite(self, value: Any) -> Number:
        if not value.is_finite():
            raise self._stop("HR304", "数必须有限")
        return tidy_number(value)

    @staticmethod
    def _kind(node: Node) -> Kind:
        match node:
            case Fact(_, kind):
                return kind
            case Literal(value):
                if isinstance(value, str):
                    return Kind.ENUM
                return Kind.DATE if not re.fullmatch(r"int|Decimal", type(value).__name__) else Kind.NUMBER
            case Arithmetic() | Band() | Since():
                return Kind.NUMBER
            case _:
                return Kind.BOOLEAN
