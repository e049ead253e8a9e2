"""The pages about packs: one for every code, with examples that prove themselves, and the reference of the format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

from hazardrules import RuleBook
from hazardrules.errors import CODES, PackErrors
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.loader import load_pack
from hazardrules.pack.reader import parse_yaml

DOCS: Final = Path(__file__).parent.parent / "docs"
SECTIONS: Final = ("是什么", "错的写法", "对的写法", "为什么")
NOT_YAML: Final = ("HR102", "HR103", "HR104", "HR105")
"""Codes whose wrong example is wrong as YAML."""


@pytest.fixture(scope="module", autouse=True)
def _parent_read_once() -> Iterator[None]:
    """Read the national pack, the parent of all examples, once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hazardrules.pack.check.load_pack", lru_cache(load_pack))
        yield


def page(name: str) -> str:
    """The text of a page."""
    return (DOCS / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The second-level sections of a page by their titles, in order."""
    _, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def blocks(text: str) -> list[str]:
    """The YAML code blocks of a text."""
    return re.findall(r"^```yaml\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def files(text: str) -> dict[str, str]:
    """The YAML blocks that say in their first line which file they are, by that file."""
    found = [(re.match(r"# ([a-z0-9_/-]+\.(?:yaml|jsonl))", block), block) for block in blocks(text)]
    return {match.group(1): block for match, block in found if match}


def parts(text: str, indent: str) -> list[tuple[str, str]]:
    """The entries of a block mapping with their keys; empty where the text is no such mapping."""
    _, *found = re.split(rf"^(?={indent}[a-z_]+:)", text, flags=re.MULTILINE)
    return [(entry.split(":")[0].strip(), entry) for entry in found]


def laid_over(base: str, change: str, indent: str = "") -> str:
    """The text of a mapping with the entries of another in place of its own; in ``document`` entry by entry."""
    old, new = parts(base, indent), parts(change, indent)
    changed = {key for key, _ in new}
    texts = [entry for key, entry in old if key not in changed]
    inner = dict(old).get("document")
    for key, entry in new:
        whole = laid_over(inner, entry, "  ") if key == "document" and inner else entry
        texts.append(f"document:\n{whole}" if whole is not entry else entry)
    return "".join(texts)


def example_pack(folder: Path, text: str, *, encoding: str = "utf-8") -> set[str]:
    """Write the example of a section over the smallest pack; give the codes that ``check`` and ``test`` report.

    Where the files say which of several packs they are in, those are the whole example, and are loaded together.
    """
    changes = files(text)
    assert changes
    if "pack.yaml" in {name.partition("/")[2] for name in changes}:
        return several_packs(folder, changes)
    base = files(page("errors/README.md"))
    for name, content in (base | changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        used = laid_over(base[name], content) if name in base and name in changes else content
        path.write_text(used, encoding=encoding if name in changes else "utf-8")
    opened = open_pack(folder)
    return {problem.code for problem in [*check_pack(opened), *test_pack(opened)]}


def several_packs(folder: Path, written: dict[str, str]) -> set[str]:
    """Write packs in folders of their own; give the codes that loading them over the national one reports."""
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    try:
        book = RuleBook.load(packs=[national_folder(), *sorted(folder.iterdir())])
    except PackErrors as errors:
        return {problem.code for problem in errors.problems}
    assert len(book.packs) == 1 + len({name.partition("/")[0] for name in written})
    return set()


@pytest.mark.parametrize("code", CODES)
def test_page(code: str) -> None:
    """Every code has a page that names it and its title and has the four sections, all with content."""
    text = page(f"errors/{code}.md")
    assert text.startswith(f"# {code} {CODES[code]}\n")
    found = sections(text)
    assert tuple(found) == SECTIONS
    assert all(content.strip() for content in found.values())
    for name in ("错的写法", "对的写法"):
        assert blocks(found[name])
        assert len(files(found[name])) == len(blocks(found[name]))


@pytest.mark.parametrize("code", CODES)
def test_wrong_example(code: str, tmp_path: Path) -> None:
    """The wrong example of a page yields its code and no other."""
    wrong = sections(page(f"errors/{code}.md"))["错的写法"]
    assert example_pack(tmp_path, wrong, encoding="gbk" if code == "HR101" else "utf-8") == {code}


@pytest.mark.parametrize("code", CODES)
def test_right_example(code: str, tmp_path: Path) -> None:
    """The right example of a page has no problem at all."""
    assert example_pack(tmp_path, sections(page(f"errors/{code}.md"))["对的写法"]) == set()


@pytest.mark.parametrize("code", CODES)
def test_examples_are_yaml(code: str) -> None:
    """Every YAML block of a page is YAML as packs may have it, but for those that show how it is not."""
    found = sections(page(f"errors/{code}.md"))
    wrong = [problem.code for block in blocks(found["错的写法"]) for problem in parse_yaml(block, code).problems]
    right = [problem for block in blocks(found["对的写法"]) for problem in parse_yaml(block, code).problems]
    assert wrong == ([code] if code in NOT_YAML else [])
    assert right == []


def test_index_lists_every_code() -> None:
    """The index has every code once, in order, with its title and a link; no page is without a code."""
    rows = re.findall(r"^\| (HR\d+) \| (.+?) \| \[(.+?)\]\((.+?)\) \|$", page("errors/README.md"), flags=re.MULTILINE)
    assert rows == [(code, title, f"{code}.md", f"{code}.md") for code, title in CODES.items()]
    assert {path.stem for path in (DOCS / "errors").glob("*.md")} == {"README", *CODES}


def test_the_smallest_pack_is_sound(tmp_path: Path) -> None:
    """The pack that the examples start from has no problem itself."""
    assert example_pack(tmp_path, page("errors/README.md")) == set()


def test_links_lead_somewhere() -> None:
    """Links between these pages lead to files that are there."""
    for path in [DOCS / "pack-format.md", *(DOCS / "errors").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_links_lead_to_sections() -> None:
    """Links to a section name a heading of the page that they lead to."""
    for path in [DOCS / "pack-format.md", *(DOCS / "errors").glob("*.md")]:
        for target, section in re.findall(r"\]\(([^)#]*)#([^)]+)\)", path.read_text(encoding="utf-8")):
            text = (path.parent / target if target else path).read_text(encoding="utf-8")
            assert re.search(rf"^#+ {re.escape(section)}$", text, flags=re.MULTILINE), f"{path.name}: {section}"


def test_format_reference_is_yaml() -> None:
    """Every YAML block of the format's reference parses as packs are read."""
    found = blocks(page("pack-format.md"))
    assert found
    assert [problem for block in found for problem in parse_yaml(block, "pack-format.md").problems] == []


def test_format_reference_holds_a_sound_pack(tmp_path: Path) -> None:
    """The files that the format's reference shows make up a pack without any problem."""
    shown = files(page("pack-format.md"))
    assert {"pack.yaml", "industries.yaml", "deadlines.yaml", "facts/dust.yaml"} < set(shown)
    for name, content in shown.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    opened = open_pack(tmp_path)
    assert [*check_pack(opened), *test_pack(opened)] == []


def test_format_reference_names_every_code_it_links() -> None:
    """Codes named in the format's reference exist."""
    assert set(re.findall(r"HR\d{3}", page("pack-format.md"))) <= set(CODES)
