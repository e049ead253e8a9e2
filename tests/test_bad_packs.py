"""Mistakes in packs: each is reported with its code, file, line and the words that help, and nothing else is.

Every folder of ``bad_packs/`` is a pack with mistakes; its ``expected.txt`` has one line a problem: code, file, line
(0 for the file as a whole) and words that the message must hold. What no repository keeps well (files that are not
text, links out of the folder, files of megabytes) is made on the spot, and so are packs that go wrong only together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import pytest

from hazardrules import RuleBook
from hazardrules.errors import CODES, PackError, PackErrors
from hazardrules.lang.nodes import Kind
from hazardrules.lang.parse import Parser, Scope, Signature
from hazardrules.lang.tokens import MAX_LENGTH, MAX_TOKENS, ExpressionError
from hazardrules.pack import MAX_BYTES
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.loader import load_pack
from hazardrules.pack.reader import MAX_NODES

FOLDER: Final = Path(__file__).parent / "bad_packs"
KEPT: Final = sorted(path.parent.name for path in FOLDER.glob("*/expected.txt"))

PACK: Final = 'id: demo\ntitle: 示例规则包\nversion: 2026.1.0\nregion: "370000"\n'
FACTS: Final = "domain: demo\nlabel: 示例\nfacts:\n  a: {type: boolean, label: 示例甲}\n"
DOCUMENT: Final = """document:
  id: demo-2026
  title: 示例标准
  number: null
  issuer: 示例厅
  rank: 规范性文件
  issued: 2026-01-01
  effective: 2026-02-01
  expires: null
  industries: [machinery]
  coverage: full
rules:
- id: demo-2026.1
  ref: 第一条
  title: 示例
  when: demo.a
"""


@pytest.fixture(scope="module", autouse=True)
def _parent_read_once() -> Iterator[None]:
    """Read the national pack, the parent of all these, once and ahead of any measurement."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hazardrules.pack.check.load_pack", lru_cache(load_pack))
        open_pack(FOLDER / KEPT[0])
        yield


class Expected(NamedTuple):
    """One problem that must be reported."""

    code: str
    file: str
    line: int
    words: tuple[str, ...]


def read_expected(text: str) -> list[Expected]:
    """The lines of an ``expected.txt``."""
    parts = [line.split() for line in text.splitlines()]
    return [Expected(code, file, int(line), tuple(words)) for code, file, line, *words in parts]


def problems_of(folder: Path) -> list[PackError]:
    """What ``check`` and ``test`` report, each problem once."""
    opened = open_pack(folder)
    return sorted({*check_pack(opened), *test_pack(opened)})


def problems_together(folder: Path) -> list[PackError]:
    """What is reported where the packs in a folder are loaded together over the national one."""
    with pytest.raises(PackErrors) as caught:
        RuleBook.load(packs=[national_folder(), *sorted(folder.iterdir())])
    return list(caught.value.problems)


def assert_reported(
    folder: Path, expected: list[Expected], problems: Callable[[Path], list[PackError]] = problems_of
) -> None:
    """Exactly the expected problems are reported: as many, at their places, with their words."""
    left = problems(folder)
    for one in expected:
        place = (one.code, str(folder / one.file), one.line)
        fitting = [
            problem
            for problem in left
            if (problem.code, problem.file, problem.line) == place and all(word in str(problem) for word in one.words)
        ]
        assert fitting, f"{one} is not among:\n" + "\n".join(map(str, left))
        left.remove(fitting[0])
    assert not left, "not expected:\n" + "\n".join(map(str, left))


@pytest.mark.parametrize("name", KEPT)
def test_kept_pack(name: str) -> None:
    """A kept pack yields the problems of its ``expected.txt`` and no others."""
    assert_reported(FOLDER / name, read_expected((FOLDER / name / "expected.txt").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", [name for name in KEPT if name.startswith("HR")])
def test_kept_pack_shows_one_code(name: str) -> None:
    """A folder named after a code shows that code only, and every problem has words to look for."""
    expected = read_expected((FOLDER / name / "expected.txt").read_text(encoding="utf-8"))
    assert {one.code for one in expected} == {name.partition("-")[0]}
    assert all(one.words for one in expected)


def test_all_problems_at_once() -> None:
    """Five different mistakes in three files are reported together, each at its own line."""
    problems = problems_of(FOLDER / "five-at-once")
    assert len({problem.code for problem in problems}) == 5
    assert len({problem.file for problem in problems}) == 3
    assert len({(problem.file, problem.line) for problem in problems}) == 5
    assert all(problem.line > 0 and problem.column > 0 for problem in problems)


def test_thirty_faults() -> None:
    """Thirty known faults, each of another code, are all found at their lines, and nothing else is.

    A pack that can't be read is not linted, and its examples are not run; so the faults stand in two packs: 24 that
    reading finds in the first, and six that ``check`` and ``test`` find in the second, which can be read. The codes
    left out belong to whole files (HR101, HR106, HR108), end the reading (HR107), take several packs (HR408), or a text
    too long to keep (HR306).
    """
    found: list[PackError] = []
    for name, count in (("thirty-faults-1", 24), ("thirty-faults-2", 6)):
        expected = read_expected((FOLDER / name / "expected.txt").read_text(encoding="utf-8"))
        assert len(expected) == count
        assert all(one.line > 0 and one.words for one in expected)
        assert_reported(FOLDER / name, expected)
        found += problems_of(FOLDER / name)
    assert len(found) == 30
    assert {problem.code for problem in found} == set(CODES) - {"HR101", "HR106", "HR107", "HR108", "HR306", "HR408"}
    assert all(problem.line > 0 and problem.column > 0 for problem in found)


@pytest.mark.parametrize("folder", sorted(national_folder().parent.glob("*/pack.yaml")), ids=lambda p: p.parent.name)
def test_shipped_packs_have_no_fault(folder: Path) -> None:
    """``check`` and ``test`` find nothing in the packs that come with the library."""
    assert problems_of(folder.parent) == []


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A pack with these files; ``pack.yaml`` and the facts are there unless given."""
    for name, content in ({"pack.yaml": PACK, "facts/demo.yaml": FACTS} | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def with_when(when: str) -> dict[str, str | bytes]:
    """A document whose rule has this condition."""
    return {"documents/demo-2026.yaml": DOCUMENT.replace("demo.a", when)}


def in_gbk(folder: Path) -> str:
    """A document in another encoding."""
    write(folder, {"documents/demo-2026.yaml": DOCUMENT.encode("gbk")})
    return "HR101 documents/demo-2026.yaml 0 不是 UTF-8 另存为"


def folder_for_file(folder: Path) -> str:
    """A folder whose name is that of a file."""
    write(folder, {"documents/demo-2026.yaml/readme.txt": ""})
    return "HR101 documents/demo-2026.yaml 0 文件读不出来"


def control_character(folder: Path) -> str:
    """A character that no YAML may hold."""
    write(folder, {"documents/demo-2026.yaml": DOCUMENT.replace("示例厅", "示例\x00厅")})
    return "HR102 documents/demo-2026.yaml 5 控制字符"


def large_file(folder: Path) -> str:
    """A file of more bytes than are read."""
    write(folder, {"facts/demo.yaml": FACTS + "#" * MAX_BYTES})
    return f"HR105 facts/demo.yaml 0 字节 上限 {MAX_BYTES} 拆成几个文件"


def huge_file(folder: Path) -> str:
    """A file of a hundred megabytes that takes no room on the disk."""
    write(folder, {})
    with (folder / "facts" / "demo.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    return f"HR105 facts/demo.yaml 0 104857600 字节 上限 {MAX_BYTES}"


def deep_flow(folder: Path) -> str:
    """Five thousand lists in one another, in brackets."""
    write(folder, {"facts/demo.yaml": FACTS + "  b: " + "[" * 5_000 + "]" * 5_000})
    return "HR105 facts/demo.yaml 5 嵌套超过 24 层"


def deep_block(folder: Path) -> str:
    """Five thousand lists in one another, as blocks."""
    write(folder, {"facts/demo.yaml": "- " * 5_000 + "x"})
    return "HR105 facts/demo.yaml 1 嵌套超过 24 层"


def many_nodes(folder: Path) -> str:
    """More values than one file may have."""
    write(folder, {"facts/demo.yaml": "[" + "0," * MAX_NODES + "0]"})
    return f"HR105 facts/demo.yaml 1 节点超过 {MAX_NODES} 个"


def link_to_elsewhere(folder: Path) -> str:
    """A file of the pack that is a link to a file outside."""
    write(folder, {"documents/readme.txt": ""})
    outside = folder.parent / "outside.yaml"
    outside.write_text(DOCUMENT, encoding="utf-8")
    (folder / "documents" / "demo-2026.yaml").symlink_to(outside)
    return "HR106 documents/demo-2026.yaml 0 规则包文件夹之外"


def linked_folder(folder: Path) -> str:
    """A folder of the pack that is a link to a folder outside."""
    write(folder, {})
    outside = write(folder.parent / "outside", {"demo-2026.yaml": DOCUMENT})
    (folder / "documents").symlink_to(outside)
    return "\n".join(
        f"HR106 documents/{name} 0 规则包文件夹之外" for name in ("demo-2026.yaml", "pack.yaml")
    )  # the facts of that folder lie one level deeper, where nothing is read


def links_upwards(folder: Path) -> str:
    """Files of the pack that lead out of it by way of the folder above."""
    write(folder, {"documents/readme.txt": ""})
    outside = write(folder.parent / "outside", {"demo-2026.yaml": DOCUMENT, "deadlines.yaml": "policy: 示例\n"})
    (folder / "documents" / "demo-2026.yaml").symlink_to(Path("../../outside/demo-2026.yaml"))
    (folder / "deadlines.yaml").symlink_to(Path("..") / outside.name / "deadlines.yaml")
    return "\n".join(f"HR106 {name} 0 规则包文件夹之外" for name in ("documents/demo-2026.yaml", "deadlines.yaml"))


def linked_head(folder: Path) -> str:
    """A ``pack.yaml`` that is a link to that of another pack."""
    write(folder, {})
    outside = write(folder.parent / "outside", {})
    (folder / "pack.yaml").unlink()
    (folder / "pack.yaml").symlink_to(outside / "pack.yaml")
    return "HR106 pack.yaml 0 规则包文件夹之外"


def no_folder(folder: Path) -> str:
    """A folder that is not there."""
    assert not folder.exists()
    return "HR106 . 0 没有这个规则包文件夹"


def long_expression(folder: Path) -> str:
    """One character too many."""
    tail = "or demo.a"
    write(folder, with_when("demo.a".ljust(MAX_LENGTH + 1 - len(tail)) + tail))
    return f"HR306 documents/demo-2026.yaml 16 {MAX_LENGTH + 1} 个字符 上限 {MAX_LENGTH}"


def many_tokens(folder: Path) -> str:
    """One token too many."""
    write(folder, with_when("demo.a" + " or demo.a" * (MAX_TOKENS // 2)))
    return f"HR306 documents/demo-2026.yaml 16 {MAX_TOKENS + 1} 个记号 上限 {MAX_TOKENS}"


def hundred_thousand_tokens(folder: Path) -> str:
    """An expression of a hundred thousand tokens."""
    write(folder, with_when("demo.a" + " or demo.a" * 50_000))
    return f"HR306 documents/demo-2026.yaml 16 字符 上限 {MAX_LENGTH}"


def deep_brackets(folder: Path) -> str:
    """Brackets nested as deep as the length allows: too many tokens, too."""
    write(folder, with_when("(" * 3_000 + "demo.a" + ")" * 3_000))
    return (
        f"HR306 documents/demo-2026.yaml 16 6001 个记号 上限 {MAX_TOKENS}\n"
        "HR306 documents/demo-2026.yaml 16 括号嵌套超过 24 层"
    )


def five_thousand_brackets(folder: Path) -> str:
    """Brackets nested five thousand deep."""
    write(folder, with_when("(" * 5_000 + "demo.a" + ")" * 5_000))
    return f"HR306 documents/demo-2026.yaml 16 字符 上限 {MAX_LENGTH}"


def long_chain(folder: Path) -> str:
    """A chain that fills the tokens; the tree behind it would be as deep as the chain is long."""
    write(folder, with_when("not " * (MAX_TOKENS - 1) + "demo.a"))
    return "HR306 documents/demo-2026.yaml 16 嵌套"


MADE: Final[dict[str, Callable[[Path], str]]] = {
    make.__name__: make
    for make in (
        in_gbk,
        folder_for_file,
        control_character,
        large_file,
        huge_file,
        deep_flow,
        deep_block,
        many_nodes,
        link_to_elsewhere,
        linked_folder,
        links_upwards,
        linked_head,
        no_folder,
        long_expression,
        many_tokens,
        hundred_thousand_tokens,
        deep_brackets,
        five_thousand_brackets,
        long_chain,
    )
}


@pytest.mark.parametrize("name", MADE)
def test_made_pack(name: str, tmp_path: Path) -> None:
    """A pack that is made on the spot yields the problems that its maker names and no others."""
    folder = tmp_path / "demo"
    assert_reported(folder, read_expected(MADE[name](folder)))


def requiring(id_: str, *others: str) -> dict[str, str | bytes]:
    """The head of a pack that requires other packs."""
    packs = ", ".join(f"{other}: '>=2026.1'" for other in others)
    head = PACK.replace("id: demo", f"id: {id_}") + f"requires: {{packs: {{{packs}}}}}\n"
    return {"pack.yaml": head, "facts/demo.yaml": f"domain: demo\nlabel: 示例\n# {id_}\n"}


def circle_of_two(folder: Path) -> str:
    """Two packs that require each other."""
    write(folder / "one", requiring("one", "two"))
    write(folder / "two", requiring("two", "one"))
    return "HR408 one/pack.yaml 0 成圈:one → two → one\nHR408 two/pack.yaml 0 成圈:two → one → two"


def circle_of_three(folder: Path) -> str:
    """Three packs in a circle: each is told, with the circle as seen from it."""
    for id_, other in (("b", "c"), ("c", "d"), ("d", "b")):
        write(folder / id_, requiring(id_, other))
    circles = {"b": "b → c → d → b", "c": "c → d → b → c", "d": "d → b → c → d"}
    return "\n".join(f"HR408 {id_}/pack.yaml 0 成圈:{circle} requires" for id_, circle in circles.items())


def circle_of_one(folder: Path) -> str:
    """A pack that requires itself."""
    write(folder / "one", requiring("one", "one"))
    return "HR408 one/pack.yaml 0 成圈:one → one requires"


def same_id(folder: Path) -> str:
    """Two packs of one name."""
    write(folder / "one", {})
    write(folder / "two", {})
    return "HR401 two/pack.yaml 0 规则包 demo 已经载入 one"


def same_document(folder: Path) -> str:
    """Two packs with a document of one name, neither of which is the other's parent."""
    for name in ("one", "two"):
        facts = {f"facts/{name}.yaml": FACTS.replace("demo", name).replace("示例", name)}
        files = with_when(f"{name}.a") | facts | requiring(name, "national")
        write(folder / name, {name: text for name, text in files.items() if name != "facts/demo.yaml"})
        (folder / name / "facts" / "demo.yaml").unlink()
    return "HR401 two/documents/demo-2026.yaml 2 文件标识 demo-2026 已经有了 one"


def missing_parent(folder: Path) -> str:
    """A pack without the pack that it requires, beside one that is complete."""
    write(folder / "one", requiring("one", "national", "nowhere"))
    return "HR407 one/pack.yaml 5 要求的规则包 nowhere 没有载入"


def old_parent(folder: Path) -> str:
    """A pack that requires a later version of a pack that is there, and is named before it."""
    write(folder / "one", {"pack.yaml": requiring("one", "two")["pack.yaml"]})
    head = PACK.replace("id: demo", "id: two").replace("2026.1.0", "2025.12.3")
    write(folder / "two", {"pack.yaml": head, "facts/demo.yaml": "domain: dust\n"})
    (folder / "one" / "facts" / "demo.yaml").unlink()
    (folder / "two" / "facts" / "demo.yaml").rename(folder / "two" / "facts" / "dust.yaml")
    return "HR407 one/pack.yaml 5 要求规则包 two >=2026.1 这里是 2025.12.3"


TOGETHER: Final[dict[str, Callable[[Path], str]]] = {
    make.__name__: make
    for make in (
        circle_of_two,
        circle_of_three,
        circle_of_one,
        same_id,
        same_document,
        missing_parent,
        old_parent,
    )
}


@pytest.mark.parametrize("name", TOGETHER)
def test_packs_together(name: str, tmp_path: Path) -> None:
    """Packs that don't go together yield the problems that their maker names and no others."""
    assert_reported(tmp_path, read_expected(TOGETHER[name](tmp_path)), problems_together)


def test_every_code_has_a_pack(tmp_path: Path) -> None:
    """No code is without a pack that yields it."""
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*/expected.txt")]
    texts += [make(tmp_path / name) for name, make in (MADE | TOGETHER).items()]
    shown = {one.code for text in texts for one in read_expected(text)}
    assert shown == set(CODES)


DANGEROUS: Final = {
    "shift": ("1 << 100000000", "HR301"),
    "power": ("9 ** 9 ** 9 > 1", "HR301"),
    "regular expression": ('demo.e =~ "(x+x+)+y"', "HR301"),
    "negated regular expression": ('demo.e !~~ "(x+x+)+y"', "HR301"),
    "built-in": ("$now", "HR301"),
    "call of a built-in": ('$split("x")', "HR301"),
    "attribute": ("demo.e.__class__", "HR301"),
    "method of a value": ('"x".__class__.__mro__', "HR301"),
    "comprehension": ("[x for x in demo.e]", "HR301"),
    "index": ('demo.e[0] == "x"', "HR304"),
    "import": ('__import__("os")', "HR303"),
    "lambda": ("lambda: 1", "HR301"),
    "semicolon": ("demo.a; demo.a", "HR301"),
    "nesting": ("(" * 5_000 + "demo.a" + ")" * 5_000, "HR306"),
    "nesting of lists": ("[" * 1_100 + "]" * 1_100, "HR306"),
    "tokens": ("1 " * 100_000, "HR306"),
    "digits": ("9" * 7_000 + " > 1", "HR306"),
    "division by zero": ("1 / 0 > 1", "HR304"),
    "open quote": ('"' + "x" * 7_000, "HR301"),
    "many open brackets": ("(" * 7_000, "HR306"),
    "stray characters": ("@" * 7_000, "HR301"),
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_expressions_are_refused_at_once(name: str) -> None:
    """What could hang the parser or reach out of an expression is refused in well under a second."""
    text, code = DANGEROUS[name]
    facts = {"demo.a": Signature(Kind.BOOLEAN), "demo.e": Signature(Kind.ENUM, ("x", "y"))}
    start = perf_counter()
    with pytest.raises(ExpressionError) as caught:
        Parser(Scope(facts)).parse(text)
    assert perf_counter() - start < 1
    assert code in {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize("name", ["HR104-alias-bomb", "HR104-tag", "HR301-dangerous"])
def test_dangerous_packs_are_refused_at_once(name: str) -> None:
    """An alias bomb, a tag that would run code and dangerous expressions cost no time."""
    start = perf_counter()
    assert problems_of(FOLDER / name)
    assert perf_counter() - start < 1


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    """A file of a hundred megabytes is refused by its size, without reading it."""
    huge_file(tmp_path)
    start = perf_counter()
    assert [problem.code for problem in problems_of(tmp_path)] == ["HR105"]
    assert perf_counter() - start < 1
