"""A whole pack held to the standard: ``check`` (shape and lint) and ``test`` (examples), as CLI and pytest run them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hazardrules.errors import PackError, PackErrors
from hazardrules.pack.compiled import COMPILED, read_compiled
from hazardrules.pack.compiling import compile_pack
from hazardrules.pack.content import Example, FactDef, Industry, Pack, Rule, vocabulary
from hazardrules.pack.discovery import NATIONAL, Found, arrange, discover, national_folder, rules_folder
from hazardrules.pack.examples import check_examples
from hazardrules.pack.lint import lint
from hazardrules.pack.loader import load_pack, read_pack
from hazardrules.pack.loading import read_head

__all__ = ["Opened", "build_pack", "check_pack", "open_pack", "shipped_packs", "test_pack"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack that was read: None with problems where it could not be.

    ``vocabulary`` includes the facts of its ``parents``.
    """

    pack: Pack | None
    vocabulary: Mapping[str, FactDef]
    problems: tuple[PackError, ...]
    parents: tuple[Pack, ...] = ()

    @property
    def inherited(self) -> tuple[Industry, ...]:
        """Its parents' industries."""
        return tuple(industry for parent in self.parents for industry in parent.industries)

    def examples(self) -> Iterator[tuple[Rule, Example]]:
        """Every example of every rule and element."""
        for document in self.pack.documents if self.pack else ():
            for rule in (*document.elements, *document.rules):
                for example in rule.examples:
                    yield rule, example

    def summary(self) -> str:
        """In Chinese: how much the pack holds."""
        if self.pack is None:
            return "规则包读不出来"
        rules = sum(len(document.rules) for document in self.pack.documents)
        counts = f"{len(self.pack.documents)} 个文件,{rules} 条判定情形,{len(self.pack.facts)} 个事实"
        counts += f",{sum(1 for _ in self.examples())} 个例子"
        policy = self.pack.policy
        parts = (("部法规", policy.laws), ("项义务", policy.duties), ("个行业或专题", self.pack.industries))
        counts += "".join(f",{len(some)} {what}" for what, some in parts if some)
        return f"规则包 {self.pack.id} {self.pack.version}:{counts}"


def open_pack(folder: Path) -> Opened:
    """Read a pack; any other than the national one builds on the national one, and on those that it requires.

    :raises PackErrors: where the national pack is broken.
    """
    parents, circles = _parents(folder)
    pack, problems = read_pack(folder, parents)
    problems = circles or problems
    return Opened(pack, vocabulary([*parents, *([pack] if pack else [])]), tuple(problems), tuple(parents))


def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with the library beside the national one, in the order of their regions.

    :raises PackErrors: where one of them, or the national one, is broken.
    """
    folders = sorted(path.parent for path in rules_folder().glob("*/pack.yaml") if path.parent.name != NATIONAL)
    opened = [open_pack(folder) for folder in folders]
    problems = [problem for one in opened for problem in one.problems]
    if problems:
        raise PackErrors(problems)
    return tuple(sorted((one.pack for one in opened if one.pack is not None), key=lambda pack: pack.region))


def build_pack(folder: Path, into: Path | None = None) -> Path:
    """Make the file by which a pack is read fast, in its folder or in another one.

    :raises PackErrors: where the pack has problems.
    """
    opened = open_pack(folder)
    head, _ = read_head(folder)
    if opened.problems or opened.pack is None or head is None:
        raise PackErrors(opened.problems)
    path = (folder if into is None else into) / COMPILED
    path.write_bytes(compile_pack(opened.pack, folder, head, opened.parents))
    return path


def _parents(folder: Path) -> tuple[list[Pack], list[PackError]]:
    """The packs that a pack builds on, first those that the others need, and the circles that it stands in."""
    head, _ = read_head(folder)
    if head is not None and head.id == NATIONAL:
        return [], []
    loaded = [load_pack(national_folder())]
    wanted = set(head.requires) - {NATIONAL} if head is not None else set()
    if head is None or not wanted:
        return loaded, []
    known = {one.head.id: one for one in discover() if one.head is not None}
    known[head.id] = Found(folder, "指名", head)
    needed: set[str] = set()
    while wanted:
        id_ = wanted.pop()
        found = known.get(id_)
        if found is not None and found.head is not None and id_ not in needed and found.head.id != NATIONAL:
            needed.add(id_)
            wanted |= set(found.head.requires)
    ordered, problems = arrange(known[id_] for id_ in (needed | {head.id}))
    circles = [problem for problem in problems if problem.code == "HR408"]
    for one in ordered:
        if one.folder == folder:
            continue
        pack, wrong = read_pack(one.folder, loaded)
        if pack is not None and not wrong:
            loaded.append(pack)
    return loaded, circles


def check_pack(opened: Opened) -> list[PackError]:
    """What is wrong with the pack itself: its shape, or if that is sound, what lint finds."""
    if opened.problems or opened.pack is None:
        return list(opened.problems)
    found = lint(opened.pack, opened.vocabulary, opened.inherited)
    compiled, refused = read_compiled(Path(opened.pack.origin))
    if compiled is not None and not compiled.fits(opened.parents):
        refused = compiled.misfit()
    return [*found, *([refused] if refused else [])]


def test_pack(opened: Opened) -> list[PackError]:
    """What its examples find wrong; problems of shape if it could not be read."""
    if opened.problems or opened.pack is None:
        return list(opened.problems)
    return sorted(set(check_examples(opened.pack, opened.vocabulary)))


test_pack.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's
