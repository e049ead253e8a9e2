"""Compiled packs: the same content as the YAML, read without the parser, and never trusted where it may differ."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hazardrules import RuleBook, classify
from hazardrules.cli import app
from hazardrules.errors import PackError
from hazardrules.lang.nodes import Band, Compare, Fact, Kind, Literal, Row, Since, Table, facts_read
from hazardrules.lang.text import to_text
from hazardrules.pack.canonical import digest
from hazardrules.pack.check import build_pack, check_pack, open_pack
from hazardrules.pack.codec import decode, decode_table, decode_value, encode, encode_table, encode_value
from hazardrules.pack.compiled import CHUNK, COMPILED, Compiled, compiled_head, read_compiled, sources
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.loading import read_head
from hazardrules.record import Record, changed
from packs import RULE, rule, write_pack
from strategies import conditions_with_elements

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
HIGH = {"demo.height": 3, "demo.guard": "absent"}
TABLES = {"T1": {"title": "t", "input": "i", "output": "o", "rows": [{"ge": 0, "lt": 2.5, "value": 1.5}]}}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small pack with a table, an element, a gate and an exception, compiled."""
    rules = [
        RULE,
        rule("2", 'element.ee_1 and demo.height > band("T1", demo.height)', [HIGH | {"demo.height": 2}], [HIGH]),
        {"id": "demo-2026.3", "ref": "第3条", "title": "由人判断", "manual": True},
    ]
    element = rule("e.1", 'demo.guard == "absent"', [HIGH], [{"demo.guard": "working"}])
    folder = write_pack(
        tmp_path / "demo", rules=rules, elements=[element], tables=TABLES, document={"gate": "demo.height >= 1"}
    )
    build_pack(folder)
    return folder


def content(book: RuleBook) -> list[Any]:
    """Everything that a book says, with conditions as text."""
    return [
        [
            (r.id, r.ref, r.title, r.level, r.status, r.manual, r.industries, r.remedy, r.inspect, r.note, r.tightens)
            for r in book.rules()
        ],
        [r.manual or (to_text(r.whole), r.reads, facts_read(r.whole)) for r in book.rules()],
        dict(book.facts),
        book.industries,
        book.policies,
        book.domains,
        [(d.id, d.name, d.window, d.industries, d.coverage, d.missing, d.tables) for d in book.documents.values()],
        [[e.id for e in d.elements] for d in book.documents.values()],
        book.fact_names,
        book.fingerprint,
        book.info,
    ]


def test_a_compiled_pack_says_what_its_yaml_says(pack: Path) -> None:
    """Rules, conditions, facts, deadlines and fingerprint are the same, and so are judgments."""
    fast = RuleBook.load(packs=[national_folder(), pack])
    (pack / COMPILED).unlink()
    slow = RuleBook.load(packs=[national_folder(), pack])
    assert fast.problems == slow.problems == ()
    assert content(fast) == content(slow)
    for facts in ({}, HIGH, {"demo.height": 2, "demo.guard": "absent"}, {"demo.height": 0.5}):
        first, second = (classify(facts, book=book, observed_on="2026-11-20") for book in (fast, slow))
        assert first == second
        assert first.model_dump_json() == second.model_dump_json()


@pytest.mark.parametrize("compiled", [True, False])
def test_other_processes_may_share_a_book(pack: Path, tmp_path: Path, *, compiled: bool) -> None:
    """A book survives pickling, read from compiled packs or from YAML, before and after it judged; what follows from
    it is left behind.
    """
    if not compiled:
        (pack / COMPILED).unlink()
    book = RuleBook.load(packs=[national_folder(), pack])
    fresh = pickle.dumps(book)
    judgment = classify(HIGH, book=book, observed_on="2026-11-20")
    assert book.kept
    used = pickle.dumps(book)
    for data in (fresh, used):
        again = pickle.loads(data)  # noqa: S301  # our own
        assert content(again) == content(book)
        assert again.packs == book.packs
        assert classify(HIGH, book=again, observed_on="2026-11-20") == judgment
    assert not pickle.loads(used).kept  # noqa: S301
    (tmp_path / "book").write_bytes(used)
    code = f"""
import pickle, sys
from hazardrules import classify
book = pickle.load(open({str(tmp_path / "book")!r}, "rb"))
print(classify({HIGH!r}, book=book, observed_on="2026-11-20").model_dump_json())
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # noqa: S603  # our own code
    assert done.stdout.decode().strip() == judgment.model_dump_json()


def test_the_national_pack_compiles_to_the_same(tmp_path: Path) -> None:
    """Every rule, fact and provision of the national pack, and every one of its hits."""
    made = build_pack(national_folder(), tmp_path)
    assert made == tmp_path / COMPILED
    compiled, refused = read_compiled(_beside(tmp_path))
    assert refused is None
    assert compiled is not None
    slow = RuleBook.load()
    fast = RuleBook((compiled.pack(), *slow.packs[1:]))
    assert content(fast)[:2] == content(slow)[:2]
    assert fast.policies == slow.policies
    assert fast.fingerprint == slow.fingerprint
    for one in slow.rules():
        hits = [dict(example.facts) for example in one.examples if example.kind == "hit"][:1]
        for facts in hits:
            facts.pop("@observed_on", None)
            on = slow.documents[one.document].starts
            first, second = (classify(_given(facts), book=book, observed_on=on) for book in (fast, slow))
            assert first == second


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    return {id_: sorted(value) if isinstance(value, frozenset) else value for id_, value in facts.items()}


def _beside(folder: Path) -> Path:
    """The YAML of the national pack beside a compiled file."""
    for path in national_folder().rglob("*.yaml"):
        target = folder / path.relative_to(national_folder())
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def damage(pack: Path, change: Callable[[str], str]) -> None:
    path = pack / COMPILED
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def edit_yaml(pack: Path) -> None:
    path = pack / "documents" / "demo-2026.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("demo.height > 2", "demo.height > 4"), encoding="utf-8")


def add_file(pack: Path) -> None:
    (pack / "facts" / "x.yaml").write_text("x", encoding="utf-8")


def put_folder(pack: Path) -> None:
    (pack / COMPILED).unlink()
    (pack / COMPILED).mkdir()


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "a byte changed": (lambda p: damage(p, lambda t: t.replace("演示情形1", "演示情形9")), "残缺或者被改动"),
    "cut short": (lambda p: damage(p, lambda t: t[: len(t) // 2]), "残缺或者被改动"),
    "empty": (lambda p: damage(p, lambda _: ""), "残缺或者被改动"),
    "no JSON": (lambda p: damage(p, lambda t: "x" + t), "残缺或者被改动"),
    "another form": (lambda p: damage(p, lambda t: t.replace('"compiled":4', '"compiled":3')), "残缺或者被改动"),
    "a list": (lambda p: damage(p, lambda _: "[]\n{}"), "残缺或者被改动"),
    "another library": (lambda p: damage(p, lambda t: t.replace('"library":"', '"library":"9.', 1)), "hazardrules 9."),
    "newer YAML": (edit_yaml, "YAML 后来改过"),
    "one file more": (add_file, "YAML 后来改过"),
    "a folder": (put_folder, "读不出来"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_may_differ_is_not_trusted(pack: Path, case: str) -> None:
    """A damaged or stale file is named, and the YAML counts."""
    spoil, words = BROKEN[case]
    spoil(pack)
    compiled, refused = read_compiled(pack)
    assert compiled is None
    assert refused is not None
    assert (refused.code, refused.file) == ("HR108", str(pack / COMPILED))
    assert words in refused.problem
    assert f"hazardrules build {pack}" in refused.hint
    if case == "newer YAML":
        book = RuleBook.load(packs=[pack])
        assert [problem.code for problem in book.problems] == ["HR108"]
        assert "demo.height > 4" in to_text(book.rule("demo-2026.1").whole)
        assert [problem.code for problem in check_pack(open_pack(pack))] == ["HR108"]


def test_sources_are_read_alike_on_every_system(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file can't be read into a place that is there, it is read anew; the hash is that of all of it."""
    long = pack / "facts" / "long.yaml"
    long.write_bytes(b"# " + b"x" * 3 * CHUNK)
    whole = sources(pack)
    monkeypatch.delattr("os.readv", raising=False)
    assert sources(pack) == whole
    for at in (0, CHUNK - 1, CHUNK, 3 * CHUNK + 1):
        data = bytearray(b"# " + b"x" * 3 * CHUNK)
        data[at] ^= 1
        long.write_bytes(data)
        assert sources(pack) != whole
    long.write_bytes(b"# " + b"x" * (3 * CHUNK - 1))
    assert sources(pack) != whole


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)
    )
)
def test_a_digest_is_that_of_plain_json_with_sorted_keys(value: Any) -> None:
    """Anybody can work out a fingerprint: compact JSON, keys sorted, not escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest(value) == hashlib.sha256(text.encode()).hexdigest()


def test_a_pack_made_on_other_parents_is_read_anew(tmp_path: Path) -> None:
    """What a pack builds on is part of what it says."""
    parent = write_pack(tmp_path / "parent")
    child = write_pack(
        tmp_path / "child",
        id="child",
        domain="child",
        facts={},
        rules=[RULE | {"id": "child-2026.1"}],
        document={"id": "child-2026"},
        requires={"packs": {"demo": ">=2026.1"}},
    )
    text = RuleBook.load(packs=[parent, child]).packs[1].fingerprint
    book = RuleBook.load(packs=[parent, child])
    (child / COMPILED).write_bytes(_compiled(child, book))
    assert RuleBook.load(packs=[parent, child]).problems == ()
    (parent / "pack.yaml").write_text(
        (parent / "pack.yaml").read_text(encoding="utf-8").replace("2026.1.0", "2026.2.0")
    )
    again = RuleBook.load(packs=[parent, child])
    assert [problem.code for problem in again.problems] == ["HR108"]
    assert "上级规则包" in again.problems[0].problem
    assert again.packs[1].fingerprint == text


def _compiled(folder: Path, book: RuleBook) -> bytes:
    from hazardrules.pack.compiling import compile_pack
    from hazardrules.pack.loading import read_head

    head, _ = read_head(folder)
    assert head is not None
    return compile_pack(book.packs[1], folder, head, book.packs[:1])


def test_the_build_command_writes_the_file(pack: Path) -> None:
    """``hazardrules build`` makes it anew, and refuses a pack with problems."""
    (pack / COMPILED).unlink()
    result = CliRunner().invoke(app, ["build", str(pack)])
    assert result.exit_code == 0
    assert read_compiled(pack)[0] is not None
    (pack / "pack.yaml").write_text("id: 1", encoding="utf-8")
    assert CliRunner().invoke(app, ["build", str(pack)]).exit_code == 1


def test_judging_imports_neither_parser_nor_yaml(tmp_path: Path) -> None:
    """From a compiled pack nothing is parsed, and no calendar is loaded before a working day is asked for."""
    build_pack(national_folder(), tmp_path)
    code = f"""
import sys
from hazardrules import RuleBook, classify
book = RuleBook.load(packs=[{str(_beside(tmp_path))!r}])
facts = {{"dust.storeys": 3, "dust.structure": "brick"}}
assert classify(facts, book=book, industry="机械", observed_on="2026-11-20").level == "major"
assert "unicodedata" in sys.modules  # for the Chinese name: what is looked for below would be seen
later = ("regions", "ngrams", "asking", "seldom", "pack.schema", "pack.widening", "pack.compiling")
others = ("rule_engine", "yaml", "chinese_calendar", "importlib.metadata")
for name in (*others, *(f"hazardrules.{{one}}" for one in later)):
    assert name not in sys.modules, name
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


@given(conditions_with_elements)
def test_conditions_survive_the_codec(condition: Any) -> None:
    """Any condition is the same after it was data."""
    tables = {node.table.name: node.table for node in _walk(condition) if isinstance(node, Band)}
    data = json.loads(json.dumps(encode(condition)))
    assert decode(data, tables) == condition


def _walk(node: Any) -> list[Any]:
    from hazardrules.lang.nodes import children

    return [node, *(one for child in children(node) for one in _walk(child))]


def test_every_kind_of_value_survives_the_codec() -> None:
    """Numbers stay exact, days days, sets sets; tables keep their bounds."""
    for value in (True, 3, Decimal("0.1"), "brick", date(2026, 7, 1), frozenset({"a", "b"}), None):
        assert decode_value(json.loads(json.dumps(encode_value(value)))) == value
    table = Table("T1", (Row(None, False, Decimal("2.5"), True, 1), Row(Decimal("2.5"), False, None, False, 2)))
    assert decode_table(json.loads(json.dumps(encode_table(table)))) == table


HEIGHT = Fact("demo.height", Kind.NUMBER)


@pytest.mark.parametrize(
    "data",
    [
        encode(Compare("> 0 or print('x') or 1 <", HEIGHT, Literal(1))),
        ["calc", "**", encode(HEIGHT), encode(HEIGHT)],
        ["since", "print", ["fact", "a.b", "date"]],
        ["least", "1); print('x'", encode(HEIGHT)],
        ["call", "print"],
        ["fact", "a.b", "code"],
    ],
)
def test_words_of_data_never_become_code(data: list[Any]) -> None:
    """Only the operators of the language are taken from data; anything else is refused."""
    with pytest.raises(ValueError, match=r"not allowed|no kind|invalid literal|is not a valid"):
        decode(data, {})


def test_generated_code_takes_no_word_from_a_node() -> None:
    """Should a node hold another operator, no code is made of it."""
    from hazardrules.lang.kleene import source

    for node in (Compare("> 0 or 1 <", HEIGHT, Literal(1)), Compare(">", Since("print", HEIGHT), Literal(1))):
        with pytest.raises(KeyError):
            source(node)


# --- records --------------------------------------------------------------------------------------------------------


class Point(Record):
    """Two numbers, the second with a default."""

    x: int
    y: int = 0


class Marked(Point):
    """A point with a mark."""

    mark: str = ""


def test_records_are_values() -> None:
    """They compare and hash by class and fields, match by position, and show their fields."""
    assert Point(1) == Point(1, 0) == Point(x=1)
    assert Point(1) != Point(2)
    assert Point(1) != Marked(1)
    assert len({Point(1), Point(1, 0), Marked(1)}) == 2
    assert repr(Marked(1, 2, "m")) == "Marked(x=1, y=2, mark='m')"
    match Point(3, 4):
        case Point(x, y):
            assert (x, y) == (3, 4)
    assert changed(Point(1), y=5) == Point(1, 5)


WRONG: list[tuple[tuple[int, ...], dict[str, int]]] = [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((), {"z": 1})]


@pytest.mark.parametrize(("values", "named"), WRONG)
def test_records_want_their_fields(values: tuple[int, ...], named: dict[str, int]) -> None:
    """Too few, too many, double or unknown values are an error."""
    with pytest.raises(TypeError):
        Point(*values, **named)


def test_records_are_frozen() -> None:
    """No field is set or deleted, and none is changed that isn't there."""
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    with pytest.raises(TypeError):
        changed(point, z=1)


def test_a_head_comes_from_the_first_line(pack: Path) -> None:
    """Finding packs reads the first line of what was made of each, and trusts it only for the very ``pack.yaml``."""
    head, _ = read_head(pack)
    assert compiled_head(pack) == head
    path = pack / COMPILED
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(first + "\n" + rest[:10], encoding="utf-8")
    assert compiled_head(pack) == head  # the rest is held to its files when it is read
    path.write_text(first.replace("演示规则包", "改动规则包", 1) + "\n" + rest, encoding="utf-8")
    assert compiled_head(pack) is None
    assert read_compiled(pack)[0] is None
    path.write_text(first + "\n" + rest, encoding="utf-8")
    source = pack / "pack.yaml"
    source.write_text(source.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    assert compiled_head(pack) is None


def test_packs_of_other_regions_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The book of a region reads the packs of the region and of what it lies in."""
    read: list[str] = []

    def noted(folder: Path) -> tuple[Compiled | None, PackError | None]:
        read.append(folder.name)
        return read_compiled(folder)

    monkeypatch.setattr("hazardrules.assembly.read_compiled", noted)
    assert [one.id for one in RuleBook.load("济南").packs] == ["national", "shandong"] == read
