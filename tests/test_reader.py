"""pack/reader.py: scalars as YAML 1.2 has them, what is refused, and the place of everything."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.pack import MAX_BYTES, reader
from hazardrules.pack.reader import MAX_DEPTH, YamlFile, parse_yaml, read_yaml

DECIMALS = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=6)


def value_of(text: str) -> Any:
    """The value of a file that says only ``value: <text>``."""
    file = parse_yaml(f"value: {text}\n", "demo.yaml")
    assert file.problems == []
    return file.data["value"]


def only_problem(file: YamlFile) -> tuple[str, int, int]:
    """Code, line and column of the one problem of a file."""
    assert len(file.problems) == 1
    problem = file.problems[0]
    assert problem.file == file.name
    return problem.code, problem.line, problem.column


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "y", "n", "No", "YES", "tRUE", "nULL", "None",
        "12:30", "190:20:30", "010", "-007", "00", "0.", "1.", ".5", "-.5", "00.5",
        "1e3", "1.5e3", "1E3", "0x1F", "0o17", "0b11", "1_000", "1,000", "1_0.5",
        "2026-11-20", "2026-11-20T08:00:00Z", "2026-11-20 08:00:00",
        ".inf", "-.inf", ".nan", "NaN", "inf", "=", "<<", "+", "1a", "3米", "≥3", "3.5.1", "10%",
        "1234567890123456789", "0.1234567890123456789",
    ],
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    """What YAML 1.1 would turn into something else, and what is no plain number, stays text to the letter."""
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("-0", 0), ("123456789012345678", 123456789012345678)],
)
def test_integers(text: str, value: int) -> None:
    """Decimal digits without a leading zero are an int."""
    found = value_of(text)
    assert (type(found), found) == (int, value)


@pytest.mark.parametrize("text", ["0.1", "-0.5", "+2.50", "10.0", "0.000000000000000001", "123456789012345678.25"])
def test_decimals_are_exact(text: str) -> None:
    """A number with a point is the exact decimal that stands there."""
    found = value_of(text)
    assert (type(found), found) == (Decimal, Decimal(text))


def test_decimals_add_up() -> None:
    """0.1 and 0.2 are 0.3, as a person expects."""
    assert value_of("0.1") + value_of("0.2") == value_of("0.3")


@given(number=DECIMALS)
def test_every_written_number_is_read_back(number: Decimal) -> None:
    """Any number that is written with its digits comes back unchanged."""
    assert value_of(format(number, "f")) == number


@given(number=st.integers(-(10**17), 10**17))
def test_every_written_integer_is_read_back(number: int) -> None:
    """Any integer of up to 18 digits comes back as an int."""
    found = value_of(str(number))
    assert (type(found), found) == (int, number)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("false", False)])
def test_booleans(text: str, *, value: bool) -> None:
    """Only the three spellings of true and of false are booleans."""
    assert value_of(text) is value


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null(text: str) -> None:
    """Nothing, ``~`` and ``null`` are None."""
    assert value_of(text) is None


@pytest.mark.parametrize("inner", ["3", "0.5", "true", "null", "", "~", "2026-11-20"])
@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
def test_quoted_and_block_scalars_stay_text(inner: str, style: str) -> None:
    """Whatever is quoted or in a block is text, even if it looks like a number or constant."""
    assert value_of(style.format(inner)) == inner


def test_lists_and_mappings() -> None:
    """Block and flow style give the same data; keys are text, whatever they look like."""
    block = "list:\n- 1\n- [a, 2.5]\nmap:\n  no: yes\n  1: {x: null}\n"
    flow = "{list: [1, [a, 2.5]], map: {no: yes, 1: {x: ~}}}"
    expected = {"list": [1, ["a", Decimal("2.5")]], "map": {"no": "yes", "1": {"x": None}}}
    assert parse_yaml(block, "demo.yaml").data == expected
    assert parse_yaml(flow, "demo.yaml").data == expected


def test_merge_key_is_a_plain_key() -> None:
    """``<<`` merges nothing."""
    assert parse_yaml("<<: {a: 1}\nb: 2\n", "demo.yaml").data == {"<<": {"a": 1}, "b": 2}


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n", "\n\n"])
def test_empty_file(text: str) -> None:
    """A file without content is None and not a problem by itself."""
    file = parse_yaml(text, "demo.yaml")
    assert (file.data, file.problems) == (None, [])


def test_place_in_an_empty_file() -> None:
    """An empty file has no place; one with a comment has its start."""
    assert parse_yaml("", "demo.yaml").place(("a",)) == (0, 0)
    assert parse_yaml("# comment\n", "demo.yaml").place(("a",)) == (1, 1)


def test_one_document_with_markers() -> None:
    """The markers of a single document are allowed."""
    file = parse_yaml("%YAML 1.2\n---\na: no\n...\n", "demo.yaml")
    assert (file.data, file.problems) == ({"a": "no"}, [])


def test_two_documents() -> None:
    """A second document is refused at its place, and nothing of the first is used."""
    file = parse_yaml("a: 1\n---\nb: 2\n", "demo.yaml")
    assert only_problem(file) == ("HR104", 2, 1)
    assert file.data is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: &x 1\n", 1, 4),
        ("a: 1\nb: *x\n", 2, 4),
        ("a:\n- &x {b: 1}\n", 2, 3),
        ("a:\n- &x [1]\n", 2, 3),
        ("a: {b: *x}\n", 1, 8),
        ("*x : 1\n", 1, 1),
        ("&x a: 1\n", 1, 1),
        ("a:\n  &x b: 1\n", 2, 3),
    ],
)
def test_anchors_and_aliases_are_refused(text: str, line: int, column: int) -> None:
    """Anchors and aliases are refused where they stand, on values and on keys."""
    file = parse_yaml(text, "demo.yaml")
    assert only_problem(file) == ("HR104", line, column)
    assert file.data is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: !!str 1\n", 1, 4),
        ("a: !!python/object/apply:os.system [x]\n", 1, 4),
        ("a:\n- !mine {b: 1}\n", 2, 3),
        ("a: !!set [1]\n", 1, 4),
        ("a: ! 12\n", 1, 4),
        ("!!str a: 1\n", 1, 1),
    ],
)
def test_tags_are_refused(text: str, line: int, column: int) -> None:
    """Tags are refused where they stand, on values and on keys."""
    file = parse_yaml(text, "demo.yaml")
    assert only_problem(file) == ("HR104", line, column)
    assert file.data is None


@pytest.mark.parametrize(
    ("text", "line", "column"), [("? [a]\n: 1\n", 1, 3), ("{a: 1}: 2\n", 1, 1), ("x:\n  [a]: 1\n", 2, 3)]
)
def test_keys_that_are_no_text(text: str, line: int, column: int) -> None:
    """A list or mapping as a key is refused."""
    assert only_problem(parse_yaml(text, "demo.yaml")) == ("HR104", line, column)


def test_duplicate_keys() -> None:
    """Every repetition of a key is a problem at its own place, which names the line of the first."""
    file = parse_yaml("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\na: 5\n", "demo.yaml")
    assert [(p.code, p.line, p.column) for p in file.problems] == [("HR103", 5, 3), ("HR103", 6, 1), ("HR103", 7, 1)]
    assert "c" in file.problems[0].problem
    assert "第 3 行" in file.problems[0].problem
    assert "第 1 行" in file.problems[2].problem
    assert file.problems[0].hint


def test_duplicate_keys_keep_the_first() -> None:
    """The data and the places of a key that is repeated are those of the first, so that further checks make sense."""
    file = parse_yaml("a: 1\na: {b: 2}\n", "demo.yaml")
    assert file.data == {"a": 1}
    assert file.place(("a",)) == (1, 4)


def test_the_same_key_in_two_mappings() -> None:
    """Only keys of one mapping are compared."""
    assert parse_yaml("a: {k: 1}\nb: {k: 2}\n", "demo.yaml").problems == []


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1, 2\nb: 3\n", 2), ("a: 1\n b: 2\n", 2), ('a: "x\n', 2), ("a: b: c\n", 1), ("a: @x\n", 1)]
)
def test_syntax_errors(text: str, line: int) -> None:
    """A syntax error has the line and column at which YAML gave up, and a hint."""
    file = parse_yaml(text, "demo.yaml")
    code, found, column = only_problem(file)
    assert (code, found) == ("HR102", line)
    assert column >= 1
    assert file.data is None
    assert file.problems[0].hint


def test_tabs_get_their_own_hint() -> None:
    """A tab where indentation should be is what the hint speaks of."""
    file = parse_yaml("a:\n\tb: 1\n", "demo.yaml")
    assert only_problem(file)[:2] == ("HR102", 2)
    assert "制表符" in file.problems[0].hint


@pytest.mark.parametrize("text", ["a: \x00\n", "a: \x07\n", "a: \ud800\n", "\ufffe"])
def test_characters_that_yaml_does_not_know(text: str) -> None:
    """Control characters and lone surrogates are problems and not exceptions."""
    file = parse_yaml(text, "demo.yaml")
    code, line, column = only_problem(file)
    assert code in ("HR101", "HR102")
    assert (line, column) == (0, 0) or min(line, column) >= 1
    assert "None" not in file.problems[0].problem
    assert file.data is None


@given(text=st.text(alphabet=st.characters(), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, nothing is raised, and where there is no problem there are only plain values."""
    file = parse_yaml(text, "demo.yaml")
    assert all(problem.code in ("HR101", "HR102", "HR103", "HR104", "HR105") for problem in file.problems)
    assert isinstance(file.data, str | int | Decimal | list | dict | None)


@given(text=st.text(alphabet="ab:-[]{},'\"|>#&*! \n?%~01.", max_size=60))
def test_any_punctuation_is_read_or_refused(text: str) -> None:
    """The same with text that is made of YAML's own characters: every place that is given lies in the text."""
    file = parse_yaml(text, "demo.yaml")
    lines = text.splitlines() or [""]
    for line, column in [file.place(path) for path in file.marks]:
        assert 1 <= line <= len(lines) + 1
        assert 1 <= column <= len((*lines, "")[line - 1]) + 1


def test_nesting_up_to_the_bound() -> None:
    """Exactly as many levels as are allowed can be read; one more is refused at its place."""
    assert parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "demo.yaml").problems == []
    deep = parse_yaml("[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH, "demo.yaml")
    assert deep.problems == []
    deeper = parse_yaml("[" * (MAX_DEPTH + 1) + "x" + "]" * (MAX_DEPTH + 1), "demo.yaml")
    assert only_problem(deeper) == ("HR105", 1, MAX_DEPTH + 2)
    assert deeper.data is None


def test_nesting_far_beyond_the_bound() -> None:
    """Nesting that would exhaust the stack is refused like any other."""
    assert only_problem(parse_yaml("[" * 100_000, "demo.yaml"))[0] == "HR105"
    assert only_problem(parse_yaml("- " * 10_000 + "x", "demo.yaml"))[0] == "HR105"


def test_number_of_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of values in a file is bounded; the list and its members count."""
    monkeypatch.setattr(reader, "MAX_NODES", 10)
    assert parse_yaml("[" + "1, " * 9 + "]", "demo.yaml").problems == []
    assert only_problem(parse_yaml("[" + "1, " * 10 + "]", "demo.yaml"))[0] == "HR105"


def test_file_is_read(tmp_path: Path) -> None:
    """A file is read as UTF-8, under the name that it is given."""
    path = tmp_path / "a.yaml"
    path.write_text("名称: 粉尘\n", encoding="utf-8")
    file = read_yaml(path, "facts/a.yaml")
    assert (file.name, file.data, file.problems) == ("facts/a.yaml", {"名称": "粉尘"}, [])


def test_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark is no part of the first key and shifts no column."""
    path = tmp_path / "a.yaml"
    path.write_bytes("键: 1\n".encode("utf-8-sig"))
    file = read_yaml(path, "a.yaml")
    assert file.data == {"键": 1}
    assert file.place(("键",), key=True) == (1, 1)
    assert file.place(("键",)) == (1, 4)


def test_windows_line_ends(tmp_path: Path) -> None:
    """Carriage returns end lines and stand in no value."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n")
    file = read_yaml(path, "a.yaml")
    assert file.data == {"a": 1, "b": "x\ny\n", "c": 2}
    assert file.place(("c",)) == (5, 4)
    assert file.place_in(("b",), 2) == (4, 3)


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused with the place of the first wrong byte and what to do."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: " + "粉尘".encode("gb18030"))
    file = read_yaml(path, "a.yaml")
    assert only_problem(file) == ("HR101", 0, 0)
    assert "第 4 字节" in file.problems[0].problem
    assert "UTF-8" in file.problems[0].hint


def test_missing_file(tmp_path: Path) -> None:
    """A file that cannot be read is a problem with the system's reason; a folder is no file."""
    for path in (tmp_path / "absent.yaml", tmp_path):
        file = read_yaml(path, "absent.yaml")
        assert only_problem(file) == ("HR101", 0, 0)
        assert file.data is None


def test_size_of_a_file(tmp_path: Path) -> None:
    """A file of the greatest size is read; one byte more is refused unread."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n#" + b"x" * (MAX_BYTES - 6))
    assert read_yaml(path, "a.yaml").data == {"a": 1}
    path.write_bytes(b"a: 1\n#" + b"x" * (MAX_BYTES - 5))
    file = read_yaml(path, "a.yaml")
    assert only_problem(file) == ("HR105", 0, 0)
    assert str(MAX_BYTES) in file.problems[0].problem
    assert file.data is None


PLACES = """\
top: 1
map:
  key: value
  list:
  - a
  - {x: 1, y: [p, q]}
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("top",), (1, 6), (1, 1)),
        (("map",), (3, 3), (2, 1)),
        (("map", "key"), (3, 8), (3, 3)),
        (("map", "list"), (5, 3), (4, 3)),
        (("map", "list", 0), (5, 5), (5, 5)),
        (("map", "list", 1), (6, 5), (6, 5)),
        (("map", "list", 1, "x"), (6, 9), (6, 6)),
        (("map", "list", 1, "y", 1), (6, 19), (6, 19)),
    ],
)
def test_place(path: reader.Trail, value: tuple[int, int], key: tuple[int, int]) -> None:
    """Every value and every key has its line and column, from 1; an item of a list has no key but itself."""
    file = parse_yaml(PLACES, "demo.yaml")
    assert file.place(path) == value
    assert file.place(path, key=True) == key


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("map", "absent"), (2, 1)),
        (("map", "absent", "deeper"), (2, 1)),
        (("map", "list", 7), (4, 3)),
        (("map", "list", 1, "z"), (6, 5)),
        (("absent",), (1, 1)),
    ],
)
def test_place_of_what_is_not_there(path: reader.Trail, place: tuple[int, int]) -> None:
    """What is missing stands at the key (or item) around it, or at the start of the file."""
    assert parse_yaml(PLACES, "demo.yaml").place(path) == place


EXPRESSIONS = """\
plain: alpha and beta
spread: alpha
  and
  beta
single: 'alpha and
  beta'
double: "alpha and beta"
literal: |
  alpha
    and beta
folded: >-
  alpha

  and
  beta
flow: {when: alpha and beta, more: [x, alpha and beta]}
chinese: 粉尘 且 beta
number: 12
"""


@pytest.mark.parametrize(
    ("path", "word", "place"),
    [
        (("plain",), "alpha", (1, 8)),
        (("plain",), "beta", (1, 18)),
        (("spread",), "and", (3, 3)),
        (("spread",), "beta", (4, 3)),
        (("single",), "alpha", (5, 10)),
        (("single",), "beta", (6, 3)),
        (("double",), "and", (7, 16)),
        (("literal",), "alpha", (9, 3)),
        (("literal",), "beta", (10, 9)),
        (("folded",), "alpha", (12, 3)),
        (("folded",), "and", (14, 3)),
        (("folded",), "beta", (15, 3)),
        (("flow", "when"), "beta", (16, 24)),
        (("flow", "more", 1), "beta", (16, 50)),
        (("chinese",), "beta", (17, 15)),
    ],
)
def test_place_in(path: reader.Trail, word: str, place: tuple[int, int]) -> None:
    """A character of a text is found in the source, whatever the style in which the text is written."""
    file = parse_yaml(EXPRESSIONS, "demo.yaml")
    assert file.problems == []
    assert file.place_in(path, file.value(path).index(word)) == place
    line = EXPRESSIONS.splitlines()[place[0] - 1]
    assert line[place[1] - 1 :].startswith(word)


def test_place_in_what_is_no_text() -> None:
    """Inside a number there is only its start."""
    file = parse_yaml(EXPRESSIONS, "demo.yaml")
    assert file.place_in(("number",), 1) == file.place(("number",))


@pytest.mark.parametrize(
    "text",
    [
        "when: alpha and\nhit: 1\n",
        "when: 'alpha and'\nhit: 1\n",
        "when: >-\n  alpha\n  and\nhit: 1\n",
        "when: alpha and",
    ],
)
def test_place_at_the_end_of_a_text(text: str) -> None:
    """What is missing at the end of a text stands after its last character, and not at whatever follows it."""
    file = parse_yaml(text, "demo.yaml")
    line, column = next((n, one.index("and") + 4) for n, one in enumerate(text.splitlines(), 1) if "and" in one)
    assert file.place_in(("when",), len(file.data["when"])) == (line, column)


@pytest.mark.parametrize("quoted", [r'"x == \"one\" or beta"', r'"\u7c89 or beta"', "'x == ''one'' or beta'"])
def test_place_in_a_text_with_escapes(quoted: str) -> None:
    """After an escape the place is the right one or the start of the text, never another word of it."""
    text = f"when: {quoted}\n"
    file = parse_yaml(text, "demo.yaml")
    offset = file.data["when"].index("beta")
    assert file.place_in(("when",), offset) in [(1, text.index("beta") + 1), file.place(("when",))]


@given(words=st.lists(st.text("abcd", min_size=1, max_size=4), min_size=1, max_size=8), data=st.data())
def test_place_in_any_style(words: list[str], data: st.DataObject) -> None:
    """Wherever lines are broken, the n-th letter of a text is the n-th letter of its source."""
    breaks = [data.draw(st.sampled_from([" ", "\n  ", "\n\n  ", "   "])) for _ in words[1:]]
    body = words[0] + "".join(gap + word for gap, word in zip(breaks, words[1:], strict=True))
    head, tail = data.draw(st.sampled_from([("", ""), ("'", "'"), ('"', '"'), (">-\n  ", ""), ("|-\n  ", "")]))
    text = f"when: {head}{body}{tail}\nzzz: 1\n"
    file = parse_yaml(text, "demo.yaml")
    assert file.problems == []
    value = file.data["when"]
    offset = data.draw(st.integers(0, len(value) - 1))
    if not value[offset].isspace():
        line, column = file.place_in(("when",), offset)
        assert text.splitlines()[line - 1][column - 1] == value[offset]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a: x and y\n", False),
        ("a: x\n  and y\n", True),
        ("a: 'x\n  and y'\n", True),
        ('a: "x\n  and y"\n', True),
        ("a: >-\n  x\n  and y\n", True),
        ("a: |\n  x\n  and y\n", False),
        ("a: {b: 1}\n", False),
    ],
)
def test_folded(text: str, *, folded: bool) -> None:
    """Every style but ``|`` joins its lines, so that a comment would swallow what follows it."""
    assert parse_yaml(text, "demo.yaml").folded(("a",)) is folded


def test_folded_of_what_is_not_there() -> None:
    """What is not there is not folded."""
    assert not parse_yaml("a: 1\n", "demo.yaml").folded(("b",))


def test_problems_are_noted_at_their_place() -> None:
    """``error`` notes a problem at the value, at the key, or inside the text."""
    file = parse_yaml("map:\n  when: alpha and beta\n", "demo.yaml")
    path = ("map", "when")
    file.error("HR203", path, "value")
    file.error("HR202", path, "key", "hint", key=True)
    file.error("HR303", path, "inside", offset=10)
    assert [(p.line, p.column) for p in file.problems] == [(2, 9), (2, 3), (2, 19)]
    assert str(file.problems[1]) == "demo.yaml:2:3: HR202 key(提示:hint)"


def test_value() -> None:
    """``value`` follows keys and indexes."""
    file = parse_yaml(PLACES, "demo.yaml")
    assert file.value(("map", "list", 1, "y", 1)) == "q"
    assert file.value(()) == file.data
