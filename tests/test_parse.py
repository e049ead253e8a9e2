"""Parsing: what is allowed, and for everything else a code, a place and a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.lang.nodes import And, Compare, Const, Fact, In, Kind, Literal, Not, Or, Row, Table, atoms, size
from hazardrules.lang.parse import Parser, Scope, Signature
from hazardrules.lang.text import to_text
from hazardrules.lang.tokens import MAX_LENGTH, MAX_TOKENS, RESERVED, ExpressionError, tokenize

SCOPE = Scope(
    {
        "dust.storeys": Signature(Kind.NUMBER),
        "dust.structure": Signature(Kind.ENUM, ("frame", "brick")),
        "dust.gathering": Signature(Kind.SET, ("office", "rest")),
        "dust.tunnel": Signature(Kind.BOOLEAN),
        "dust.since": Signature(Kind.DATE),
    },
    elements={"e7_1": Fact("dust.tunnel", Kind.BOOLEAN)},
    tables={"T1": Table("T1", (Row(None, False, 5, True, 1),))},
    recorded=frozenset({"dust.remark"}),
)
PARSER = Parser(SCOPE)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('dust.storeys>1 and dust.structure!="frame"', 'dust.storeys > 1 and dust.structure != "frame"'),
        ("(dust.tunnel)", "dust.tunnel"),
        ("not dust.tunnel or not (dust.tunnel and dust.tunnel)", None),
        ("dust.tunnel and dust.tunnel or dust.tunnel", "(dust.tunnel and dust.tunnel) or dust.tunnel"),
        ("dust.structure not in ['frame']", 'not dust.structure in ["frame"]'),
        ("dust.storeys in [1, 2.50]", "dust.storeys in [1, 2.5]"),
        ('has_any(dust.gathering, ["office","rest"])', 'has_any(dust.gathering, ["office", "rest"])'),
        ('has_all(dust.gathering, ["office"])', None),
        ("at_least(1, [dust.tunnel, dust.storeys < 2])", None),
        ('band("T1", dust.storeys + 1) >= 1', 'band("T1", dust.storeys + 1) >= 1'),
        ("days_since(dust.since) > 30 and months_since(dust.since) <= 12", None),
        ('dust.since < d"2026-07-01"', None),
        ("dust.storeys - 1 - 1 > (2 - dust.storeys) * 3 / 4", None),
        ("-dust.storeys < -1", "(0 - dust.storeys) < -1"),
        ("1 + 1 < dust.storeys", "2 < dust.storeys"),
        ("element.e7_1", "element.e7_1"),
        ("true", "true"),
        ("dust.tunnel # 说明\n and dust.tunnel", "dust.tunnel and dust.tunnel"),
        ('"frame" == dust.structure', '"frame" == dust.structure'),
    ],
)
def test_allowed(text: str, canonical: str | None) -> None:
    """Each form of the language is read, and its canonical text means the same nodes."""
    node = PARSER.parse(text)
    assert canonical is None or to_text(node) == canonical
    assert PARSER.parse(to_text(node)) == node


REFUSED = [
    ("1 << 100000000", "HR301", 2, "移位"),
    ('dust.structure =~ "("', "HR301", 15, "正则"),
    ('dust.structure !~~ "x"', "HR301", 15, "正则"),
    ("$now", "HR301", 0, "内置变量"),
    ("dust.storeys ** 2 > 1", "HR301", 13, "乘方"),
    ("dust.storeys // 2 > 1", "HR301", 13, "整除"),
    ("dust.storeys % 2 > 1", "HR301", 13, "取余"),
    ("dust.tunnel ? true : false", "HR301", 12, "三元"),
    ("[x for x in dust.gathering]", "HR301", 3, "推导"),
    ("dust.gathering[0:1]", "HR301", 16, "切片"),
    ("dust.tunnel & dust.tunnel", "HR301", 12, "and"),
    ("dust.storeys = 1", "HR301", 13, "=="),
    ("dust.tunnel == null", "HR301", 15, "未知"),
    ("dust.storeys > 010", "HR301", 15, "前导零"),
    ("dust.storeys > 0x10", "HR301", 15, "十进制"),
    ("dust.storeys > 1e5", "HR301", 15, "十进制"),
    ("dust.storeys > .5", "HR301", 15, "十进制"),
    ('r"x" == dust.structure', "HR301", 0, "前缀"),
    ('dust.structure == "a\\n"', "HR301", 18, "没有结束"),
    ('dust.since < d"2026-13-01"', "HR301", 13, "日期"),
    ('dust.since < d"2026-1-1"', "HR301", 13, "日期"),
    ("dust.storeys.real > 1", "HR301", 4, "点号"),
    ("dust.tunnel 且 dust.tunnel", "HR301", 12, "中文"),
    ("dust.storeys 大于等于 1", "HR301", 13, "中文"),
    ("(dust.tunnel\uff09", "HR301", 12, "全角"),
    ("dust.structure == \u201cframe\u201d", "HR301", 18, "全角"),
    ("粉尘.层数 > 1", "HR301", 0, "不允许的字符"),
    ("dust.storeys \u2265 1", "HR301", 13, ">="),
    ("True", "HR301", 0, "true"),
    ("", "HR302", 0, "空"),
    ("# only", "HR302", 0, "空"),
    ("dust.tunnel and", "HR302", 15, "没有写完"),
    ("(dust.tunnel", "HR302", 12, "没有写完"),
    ("dust.tunnel)", "HR302", 11, ")"),
    ("dust.tunnel dust.tunnel", "HR302", 12, "不该出现"),
    ("1 < dust.storeys < 3", "HR302", 17, "不该出现"),
    ("has_any", "HR302", 0, "括号"),
    ("dust.storey > 1", "HR303", 0, "dust.storeys"),
    ("dusty > 1", "HR303", 0, "没有名字"),
    ('has_some(dust.gathering, ["office"])', "HR303", 0, "has_any"),
    ("element.e7_2", "HR303", 0, "element.e7_1"),
    ('band("T2", dust.storeys) > 1', "HR303", 5, "T1"),
    ("dust.remark", "HR304", 0, "text"),
    ("dust.storeys", "HR304", 0, "不是条件"),
    ("dust.storeys and dust.tunnel", "HR304", 0, "不是条件"),
    ('dust.storeys == "frame"', "HR304", 0, "不同类型"),
    ('dust.storeys > "frame"', "HR304", 0, "不同类型"),
    ("dust.tunnel == true", "HR304", 0, "直接写"),
    ("(dust.storeys > 1) == dust.tunnel", "HR304", 1, "不是条件"),
    ('dust.structure > "brick"', "HR304", 0, "没有大小"),
    ("dust.structure == dust.structure", "HR304", 0, "互相比较"),
    ("dust.gathering == dust.gathering", "HR304", 0, "集合"),
    ('"office" in dust.gathering', "HR304", 0, "列表"),
    ("dust.gathering in [1]", "HR304", 0, "集合"),
    ("dust.structure in []", "HR304", 0, "空"),
    ('dust.structure in ["frame", 1]', "HR304", 0, "常量"),
    ('dust.structure in ["frame", "frame"]', "HR304", 19, "重复"),
    ("has_any(dust.storeys, [1])", "HR304", 8, "集合"),
    ("has_any(dust.gathering, dust.gathering)", "HR304", 8, "列表"),
    ("has_any(dust.gathering)", "HR304", 0, "用法"),
    ("at_least(0, [dust.tunnel])", "HR304", 0, "1 到 1"),
    ("at_least(2, [dust.tunnel])", "HR304", 0, "1 到 1"),
    ("at_least(1, dust.tunnel)", "HR304", 0, "列表"),
    ("days_since(dust.storeys) > 1", "HR304", 11, "日期"),
    ("dust.tunnel + 1 > 2", "HR304", 0, "不是数"),
    ("1 / 0 > dust.storeys", "HR304", 0, "除数为零"),
    ('dust.structure == "fram"', "HR305", 18, "frame"),
    ('has_any(dust.gathering, ["office", "kitchen"])', "HR305", 35, "office"),
    ("(" * 30 + "dust.tunnel" + ")" * 30, "HR306", 24, "24"),
    ("not " * 60 + "dust.tunnel", "HR306", 0, "40"),
]


@pytest.mark.parametrize(("text", "code", "offset", "words"), REFUSED, ids=[text[:30] for text, *_ in REFUSED])
def test_refused(text: str, code: str, offset: int, words: str) -> None:
    """Whatever is outside the language is refused with code, place and a hint of what to write."""
    with pytest.raises(ExpressionError) as caught:
        PARSER.parse(text)
    issue = caught.value.issues[0]
    assert (issue.code, issue.offset) == (code, offset)
    assert words in issue.problem + issue.hint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dust.tunnel and " * (MAX_LENGTH // 16 + 1) + "dust.tunnel", "HR306"),
        ("not " * 1_000 + "dust.tunnel", "HR306"),
        ("1+" * MAX_TOKENS + "1 > 0", "HR306"),
        ("dust.tunnel or " * 500 + "dust.tunnel", "HR306"),
        ("(" * 5_000, "HR306"),
        ("dust.storeys > " + "1" * 40, "HR306"),
    ],
    ids=["length", "nots", "tokens", "operands", "brackets", "digits"],
)
def test_bounds(text: str, code: str) -> None:
    """Length, tokens, nesting and digits are bounded."""
    with pytest.raises(ExpressionError) as caught:
        PARSER.parse(text)
    assert {issue.code for issue in caught.value.issues} == {code}


def test_all_issues_are_told_at_once() -> None:
    """Several wrong names, or several wrong tokens, come together, in the order of the text."""
    with pytest.raises(ExpressionError) as caught:
        PARSER.parse("dust.storey > 1 and dust.tunel or dusty.x")
    assert [issue.offset for issue in caught.value.issues] == [0, 20, 34]
    with pytest.raises(ExpressionError) as caught:
        PARSER.parse("dust.tunnel 且 $x ** 2")
    assert [issue.code for issue in caught.value.issues] == ["HR301"] * 3
    with pytest.raises(ExpressionError) as caught:
        PARSER.parse('dust.structure == "fram" or dust.storeys')
    assert [issue.code for issue in caught.value.issues] == ["HR305", "HR304"]


@given(st.text(max_size=60))
def test_no_text_makes_anything_but_an_expression_error(text: str) -> None:
    """Any text is parsed or refused with ``ExpressionError``."""
    try:
        PARSER.parse(text)
    except ExpressionError as error:
        assert error.issues


PIECES = """
    dust.tunnel dust.storeys dust.structure dust.gathering dust.since "frame" "T1" d"2026-07-01" element.e7_1 true 1 0
    and or not in == > + - / ( ) [ ] , has_any( at_least( band( days_since(
"""
_pieces = st.sampled_from(PIECES.split())


@given(st.lists(_pieces, max_size=14).map(" ".join))
def test_no_mixture_of_tokens_makes_anything_but_an_expression_error(text: str) -> None:
    """Any sequence of allowed tokens is parsed or refused, and what is parsed round-trips."""
    try:
        node = PARSER.parse(text)
    except ExpressionError as error:
        assert error.issues
    else:
        assert PARSER.parse(to_text(node)) == node


def test_nesting_is_flattened() -> None:
    """``and`` in ``and`` and ``or`` in ``or`` are one node; mixed they stay apart."""
    a, b = Fact("dust.tunnel", Kind.BOOLEAN), Compare(">", Fact("dust.storeys", Kind.NUMBER), Literal(1))
    assert PARSER.parse("dust.tunnel and (dust.storeys > 1 and dust.tunnel)") == And((a, b, a))
    assert PARSER.parse("dust.tunnel or dust.storeys > 1 or dust.tunnel") == Or((a, b, a))
    assert PARSER.parse("dust.tunnel or dust.storeys > 1 and dust.tunnel") == Or((a, And((b, a))))


def test_atoms_are_the_smallest_conditions() -> None:
    """Atoms come in order, without the connectives around them."""
    node = PARSER.parse('not (dust.tunnel or dust.storeys > 1) and dust.structure in ["frame"]')
    fact = Fact("dust.structure", Kind.ENUM)
    assert list(atoms(node))[2] == In(fact, ("frame",))
    assert [type(atom).__name__ for atom in atoms(node)] == ["Fact", "Compare", "In"]
    assert size(Not(Const(True))) == 2


def test_tokens_know_their_place() -> None:
    """Tokens carry their kind and offset."""
    assert [(t.kind, t.offset) for t in tokenize("dust.n > 1.5 # c")] == [
        ("fact", 0),
        ("op", 7),
        ("number", 9),
        ("comment", 13),
    ]
    assert "and" in RESERVED
