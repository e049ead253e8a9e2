"""From the packs that are found to the packs of a book: chosen by region, in the order of their dependence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hazardrules.errors import PackError, PackErrors
from hazardrules.kinds import NATION
from hazardrules.pack.compiled import read_compiled
from hazardrules.pack.content import Pack
from hazardrules.pack.discovery import NATIONAL, Found, arrange, discover, named
from hazardrules.record import changed

__all__ = ["assemble"]

STALE: Final = "HR108"
"""The problem of a compiled file that was not used: the YAML was read instead, so that nothing is lost."""


def assemble(
    region: str | None, packs: Sequence[str | Path] | None
) -> tuple[tuple[Pack, ...], str, tuple[PackError, ...]]:
    """The packs of a book, the code of its region, and what is wrong with packs that were found.

    :raises PackErrors: as ``RuleBook.load`` says.
    :raises UnknownRegionError: for a region that is not known.
    """
    found = discover() if packs is None else named(packs)
    code, line = _line(region, found)
    everywhere = packs is not None and region is None
    chosen = [one for one in found if one.head and (everywhere or one.head.region in line)]
    ordered, problems = arrange(chosen)
    problems.extend(problem for one in found for problem in one.problems)
    loaded: list[Pack] = []
    for one in ordered:
        pack, wrong = _read(one, loaded)
        problems.extend(wrong)
        if pack is not None and all(problem.code == STALE for problem in wrong):
            loaded.append(pack)
    if packs is not None:  # a pack that was asked for tells everything that is wrong with it
        problems.extend(p for one in found if one.head is None for p in _read(one, loaded)[1])
    sound = packs is None and any(pack.id == NATIONAL for pack in loaded)
    if any(problem.code != STALE for problem in problems) and not sound:
        raise PackErrors(problems)
    return _widened(loaded), code, tuple(sorted(set(problems)))


def _line(region: str | None, found: Sequence[Found]) -> tuple[str, Sequence[str]]:
    """The code of a region, and those that it inherits from, itself among them.

    :raises UnknownRegionError: for a region that is not known.
    """
    if region is None:
        return NATION, (NATION,)
    from hazardrules.regions import lineage, region_code  # noqa: PLC0415  # not for the whole country

    names = {code: name for one in found if one.head is not None for code, name in one.head.names.items()}
    code = region_code(region, names)
    return code, lineage(code)


def _read(found: Found, loaded: Sequence[Pack]) -> tuple[Pack | None, list[PackError]]:
    """A pack from what was made of it to be read fast, where that fits its parents, else from its YAML."""
    compiled, refused = read_compiled(found.folder)
    if compiled is not None and compiled.fits(loaded):
        return compiled.pack(), []
    from hazardrules.pack.loader import read_pack  # noqa: PLC0415  # the parser is slow to import

    pack, problems = read_pack(found.folder, loaded)
    if compiled is not None:
        refused = compiled.misfit()
    return pack, problems if refused is None else [*problems, refused]


def _widened(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    """The packs with their rules as they are meant for the values that packs, which they don't know, add to facts."""
    if not any(pack.extends for pack in packs):
        return tuple(packs)
    from hazardrules.pack.widening import likes, widened  # noqa: PLC0415  # few packs add values

    known = {pack.id: set(pack.requires) for pack in packs}
    for pack in packs:  # parents come first, so that what they know is known here
        known[pack.id] |= {more for parent in pack.requires for more in known.get(parent, ())}
    found = []
    for pack in packs:
        documents = pack.documents
        for other in packs:
            if other.extends and other.id != pack.id and other.id not in known[pack.id]:
                documents = tuple(widened(document, likes(other.extends)) for document in documents)
        found.append(changed(pack, documents=documents))
    return tuple(found)
