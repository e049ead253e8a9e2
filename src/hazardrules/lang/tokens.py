"""The first gate of an expression: its length, its tokens, its nesting.

The parser behind it folds constants while it parses, so that ``1 << 100000000`` or a bad regular expression would hang
it: whatever is not on the short list below is refused here, with its place and the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from hazardrules.errors import HazardRulesError

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_LENGTH",
    "MAX_NESTING",
    "MAX_TOKENS",
    "RESERVED",
    "ExpressionError",
    "Issue",
    "Token",
    "tokenize",
]

MAX_LENGTH: Final = 8_000
MAX_TOKENS: Final = 1_200
MAX_NESTING: Final = 24
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 30
"""Bounds on characters, tokens, nested brackets of one expression, on the depth of its tree with elements, and on the
characters of a number."""

FUNCTIONS: Final = ("has_any", "has_all", "at_least", "band", "days_since", "months_since")
KEYWORDS: Final = ("and", "or", "not", "in", "true", "false")
RESERVED: Final = frozenset(
    {*FUNCTIONS, *KEYWORDS, "element", "if", "elif", "else", "for", "while", "null", "inf", "nan"}
)
"""Words that name no domain and no fact."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>\#[^\n]*)
    |(?P<date>d(?:"[^"\\\n]*"|'[^'\\\n]*'))
    |(?P<string>"[^"\\\n]*"|'[^'\\\n]*')
    |(?P<fact>[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_.(]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?!["'A-Za-z0-9_]))
    |(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
    |(?P<refused>\*\*|//|<<|>>|=~~?|!~~?|&\.|&\[|\?\?)
    |(?P<op>==|!=|<=|>=|[<>+\-*/()\[\],])""",
    re.VERBOSE,
)

_REFUSED: Final = {
    "**": "没有乘方",
    "//": "没有整除",
    "<<": "没有移位",
    ">>": "没有移位",
    "=~": "没有正则表达式",
    "=~~": "没有正则表达式",
    "!~": "没有正则表达式",
    "!~~": "没有正则表达式",
    "&.": "没有安全取值",
    "&[": "没有安全取值",
    "??": "没有空值合并;未知由三值逻辑处理",
    "%": "没有取余",
    "&": "没有按位运算,“且”写 and",
    "|": "没有按位运算,“或”写 or",
    "^": "没有按位运算",
    "?": "没有三元条件",
    ":": "没有切片和映射",
    "{": "没有映射和集合,列表写 [..]",
    "}": "没有映射和集合,列表写 [..]",
    "$": "没有内置变量;日期用 days_since、months_since",
    "=": "相等写 ==",
    "!": "“非”写 not,不等写 !=",
    ".": "点号只用在 domain.fact 里",
    "\\": "字符串里没有转义",
    '"': "字符串没有结束,或者内含反斜杠、换行",
    "'": "字符串没有结束,或者内含反斜杠、换行",
}

_FULL_WIDTH: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # ( ) , : = > and the like
    "\u3010": "[", "\u3011": "]", "\u3001": ",", "\u3002": ".", "\u2265": ">=", "\u2264": "<=", "\u2260": "!=",
    "\u00d7": "*", "\u00f7": "/", "\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'",
    "\u3000": "空格", "\u00a0": "空格",
}  # fmt: skip

_CHINESE: Final = {
    "并且": "and", "或者": "or", "不是": "not", "且": "and", "或": "or", "非": "not", "不": "not",
    "大于等于": ">=", "小于等于": "<=", "大于": ">", "小于": "<", "等于": "==", "超过": ">", "不足": "<",
}  # fmt: skip

_WORDS_REFUSED: Final = {
    "if": "没有三元条件",
    "elif": "没有三元条件",
    "else": "没有三元条件",
    "for": "没有列表推导",
    "while": "没有循环",
    "null": "没有空值;未知由三值逻辑处理",
    "inf": "没有无穷大",
    "nan": "没有非数",
    "True": "写 true",
    "False": "写 false",
    "None": "没有空值;未知由三值逻辑处理",
    "AND": "写 and",
    "OR": "写 or",
    "NOT": "写 not",
    "IN": "写 in",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong in an expression, ``offset`` characters into its text."""

    code: str
    offset: int
    problem: str
    hint: str = ""


class ExpressionError(HazardRulesError, ValueError):
    """An expression cannot be used; ``issues`` holds everything found, in the order of the text."""

    def __init__(self, text: str, issues: list[Issue]) -> None:
        self.text, self.issues = text, tuple(sorted(issues, key=lambda issue: issue.offset))
        super().__init__("\n".join(f"{i.code} 第{i.offset + 1}个字符:{i.problem}" for i in self.issues))


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its place; ``kind`` is date, string, fact, word, number, op or comment."""

    kind: str
    text: str
    offset: int


def tokenize(text: str) -> list[Token]:
    """Split ``text`` into allowed tokens, comments included.

    :raises ExpressionError: with every token that is not allowed, or a bound that is exceeded.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text, [Issue("HR306", 0, f"表达式有 {len(text)} 个字符,上限 {MAX_LENGTH}")])
    tokens: list[Token] = []
    issues: list[Issue] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup == "refused":
            issue, length = _refuse(text, at)
            issues.append(issue)
            at += length
            continue
        kind, at = match.lastgroup or "", match.end()
        if kind != "space":
            token = Token(kind, match.group(), match.start())
            tokens.append(token)
            issues.extend(_check_token(token))
    if len(tokens) > MAX_TOKENS:
        issues.append(Issue("HR306", 0, f"表达式有 {len(tokens)} 个记号,上限 {MAX_TOKENS}"))
    issues.extend(_check_nesting(tokens))
    if not [token for token in tokens if token.kind != "comment"] and not issues:
        issues.append(Issue("HR302", 0, "表达式是空的"))
    if issues:
        raise ExpressionError(text, issues)
    return tokens


def _refuse(text: str, at: int) -> tuple[Issue, int]:
    """The issue for whatever stands at ``at``, and how many characters it takes."""
    match = _TOKEN.match(text, at)
    found = match.group() if match else text[at]
    if found in _REFUSED and not (found == "." and text[at + 1 : at + 2].isdigit()):
        return Issue("HR301", at, f"不允许 {found}:{_REFUSED[found]}"), len(found)
    if found in _FULL_WIDTH:
        return Issue("HR301", at, f"不允许全角或中文标点 {found}", f"改用半角 {_FULL_WIDTH[found]}"), 1
    for word in sorted(_CHINESE, key=len, reverse=True):
        if text.startswith(word, at):
            return Issue("HR301", at, f"表达式里不写中文 {word}", f"改用 {_CHINESE[word]}"), len(word)
    run = re.compile(r"[A-Za-z0-9_.]+[\"']?|[^\x00-\x7f]+|.", re.DOTALL).match(text, at)
    found = run.group() if run else text[at]
    if found[0].isdigit() or found[0] == ".":
        problem, hint = f"数的写法不对:{found}", "只用十进制,如 30、0.5,不用前导零、指数和 0x"
    elif found[-1] in "\"'":
        problem, hint = f"不允许带前缀的字符串 {found}", '只有 "文字" 和 d"2026-07-01"'
    elif found[0].isascii() and found[0].isalpha():
        problem, hint = f"名字的写法不对:{found}", "事实写作 domain.fact,函数写作 名字(...)"
    else:
        problem, hint = f"不允许的字符 {found!r}", "事实用标识 domain.fact,枚举值用它的英文键"
    return Issue("HR301", at, problem, hint), len(found)


def _check_token(token: Token) -> list[Issue]:
    if token.kind == "word" and token.text in _WORDS_REFUSED:
        return [Issue("HR301", token.offset, f"不允许 {token.text}:{_WORDS_REFUSED[token.text]}")]
    if token.kind == "number" and len(token.text) > MAX_DIGITS:
        return [Issue("HR306", token.offset, f"数的位数超过 {MAX_DIGITS}")]
    if token.kind == "date":
        try:
            right = date.fromisoformat(token.text[2:-1]).isoformat() == token.text[2:-1]
        except ValueError:
            right = False
        if not right:
            return [Issue("HR301", token.offset, f"日期的写法不对:{token.text}", '写作 d"2026-07-01"')]
    return []


def _check_nesting(tokens: list[Token]) -> list[Issue]:
    depth = 0
    for token in tokens:
        if token.kind == "op" and token.text in "([":
            depth += 1
            if depth > MAX_NESTING:
                return [Issue("HR306", token.offset, f"括号嵌套超过 {MAX_NESTING} 层")]
        elif token.kind == "op" and token.text in ")]":
            depth -= 1
    return []
