"""From a folder to a ``Pack``: shape, names, windows, expressions and examples, with every problem at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from hazardrules.errors import PackError, PackErrors
from hazardrules.lang.parse import Scope, Signature
from hazardrules.lang.tokens import RESERVED
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.content import Document, FactDef, Industry, Pack, Policy
from hazardrules.pack.documents import build_document
from hazardrules.pack.reader import Trail, YamlFile, read_yaml
from hazardrules.pack.schema import DeadlinesFile, DocumentFile, FactsFile, FactSpec, IndustriesFile, PackFile
from hazardrules.pack.shape import validate
from hazardrules.pack.values import ValueRefusedError, normalise

__all__ = ["load_pack", "read_pack"]

M = TypeVar("M", bound=BaseModel)
_TOP: Final = ("pack.yaml", "industries.yaml", "deadlines.yaml")
_FOLDERS: Final = ("facts", "documents")


@dataclass(slots=True)
class _Loading:
    """One load: the folder, what it may build on, and what is wrong so far."""

    folder: Path
    parents: Sequence[Pack]
    problems: list[PackError] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def read(self, relative: str, model: type[M]) -> tuple[YamlFile, M | None]:
        """Read and shape-check one file of the pack; None where either failed."""
        path = self.folder / relative
        name = str(path)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            self.problems.append(PackError("HR106", name, 0, 0, "文件指向规则包文件夹之外", "把文件放进规则包里"))
            return YamlFile(name, ""), None
        file = read_yaml(path, name)
        shaped = None
        if not file.problems:
            shaped = validate(file, model)
        self.problems.extend(file.problems)
        file.problems.clear()
        return file, shaped

    def optional(self, relative: str, model: type[M]) -> tuple[YamlFile, M | None]:
        """Like ``read``, for a file that a pack can do without."""
        if not os.path.lexists(self.folder / relative):
            return YamlFile(str(self.folder / relative), ""), None
        return self.read(relative, model)

    def take(self, file: YamlFile) -> None:
        """Move the problems noted on a file to those of the load."""
        self.problems.extend(file.problems)
        file.problems.clear()


def load_pack(folder: Path, parents: Sequence[Pack] = ()) -> Pack:
    """Load one pack folder.

    :param parents: packs whose facts and industries it may use.
    :raises PackErrors: with every problem that was found.
    """
    pack, problems = read_pack(folder, parents)
    if problems or pack is None:
        raise PackErrors(problems)
    return pack


def read_pack(folder: Path, parents: Sequence[Pack] = ()) -> tuple[Pack | None, list[PackError]]:
    """Like ``load_pack``, but gives what could be built beside the problems (for lint)."""
    loading = _Loading(folder, parents)
    if not folder.is_dir():
        return None, [PackError("HR106", str(folder), 0, 0, "没有这个规则包文件夹")]
    if not (folder / "pack.yaml").is_file():
        return None, [PackError("HR106", str(folder), 0, 0, "没有 pack.yaml", "规则包至少要有 pack.yaml")]
    _, head = loading.read("pack.yaml", PackFile)
    _check_files(loading)
    domains, facts = _facts(loading)
    industries = _industries(loading)
    documents = _documents(loading, facts, industries)
    policy = _policy(loading, industries, documents)
    problems = sorted(set(loading.problems))
    if head is None:
        return None, problems
    pack = Pack(
        head.id, head.title, head.version, head.region, str(folder), facts, domains, industries, documents, policy
    )
    return pack, problems


def _check_files(loading: _Loading) -> None:
    """Nothing that looks like a part of the pack lies where it would not be read."""
    hint = "规则包里只有 pack.yaml、industries.yaml、deadlines.yaml、facts/*.yaml、documents/*.yaml"
    for path in sorted(loading.folder.rglob("*")):
        relative = path.relative_to(loading.folder)
        fine = str(relative) not in _FOLDERS or path.is_dir()
        if path.suffix.lower() in (".yaml", ".yml"):
            known = str(relative) in _TOP or (len(relative.parts) == 2 and relative.parts[0] in _FOLDERS)
            fine = known and path.suffix == ".yaml"
        if not fine:
            loading.problems.append(PackError("HR106", str(path), 0, 0, "规则包不读这个文件", hint))


def _facts(loading: _Loading) -> tuple[dict[str, str], dict[str, FactDef]]:
    domains: dict[str, str] = {}
    facts: dict[str, FactDef] = {}
    labels = {fold(f.label): f.id for parent in loading.parents for f in parent.facts.values()}
    taken = {domain for parent in loading.parents for domain in parent.domains}
    for path in sorted((loading.folder / "facts").glob("*.yaml")):
        file, shaped = loading.read(f"facts/{path.name}", FactsFile)
        if shaped is None:
            loading.unreadable.add(path.stem)
            continue
        domain = shaped.domain
        if domain in RESERVED:
            file.error("HR204", ("domain",), f"{domain} 是表达式的保留字,不能作域名")
        if domain != path.stem:
            file.error("HR405", ("domain",), f"域名 {domain} 与文件名 {path.name} 不符", f"文件应叫 {domain}.yaml")
        if domain in domains or domain in taken:
            file.error("HR401", ("domain",), f"域名 {domain} 已经有了", "同一域的事实写在一个文件里")
            loading.take(file)
            continue
        domains[domain] = shaped.label
        for name, spec in shaped.facts.items():
            trail: Trail = ("facts", name)
            if name in RESERVED:
                file.error("HR204", trail, f"{name} 是表达式的保留字,不能作事实名", key=True)
            fact = _fact(file, trail, f"{domain}.{name}", domain, spec)
            other = labels.setdefault(fold(fact.label), fact.id)
            if other != fact.id:
                problem = f"标签“{fact.label}”与 {other} 相同"
                file.error("HR505", (*trail, "label"), problem, "标签要让人不看规则就分得清")
            facts[fact.id] = fact
        loading.take(file)
    return domains, facts


def _fact(file: YamlFile, trail: Trail, id_: str, domain: str, spec: FactSpec) -> FactDef:
    fact = FactDef(
        id=id_,
        domain=domain,
        type=spec.type,
        label=spec.label,
        unit=spec.unit,
        options=dict(spec.of),
        min=spec.min,
        max=spec.max,
        note=spec.note or "",
        file=file.name,
        line=file.place(trail, key=True)[0],
    )
    if spec.assume is None:
        return fact
    try:
        return replace(fact, assume=normalise(fact, spec.assume))
    except ValueRefusedError as refused:
        file.error("HR203", (*trail, "assume"), refused.problem, refused.hint)
        return fact


def _industries(loading: _Loading) -> tuple[Industry, ...]:
    file, shaped = loading.optional("industries.yaml", IndustriesFile)
    if shaped is None:
        if file.text:
            loading.unreadable.add("industries.yaml")
        return ()
    inherited = [industry for parent in loading.parents for industry in parent.industries]
    names = {fold(name): i.id for i in inherited for name in (i.id, i.label, *i.aliases)}
    known = {i.id for i in inherited} | {spec.id for spec in shaped.industries}
    built: list[Industry] = []
    for index, spec in enumerate(shaped.industries):
        trail: Trail = ("industries", index)
        if any(spec.id == one.id for one in inherited):
            file.error("HR401", (*trail, "id"), f"行业 {spec.id} 在上级规则包里已经有了", "直接使用它,不用再登记")
            continue
        for name in (spec.id, spec.label, *spec.aliases):
            other = names.setdefault(fold(name), spec.id)
            if other != spec.id or any(spec.id == one.id for one in built):
                file.error("HR401", trail, f"行业名“{name}”已经指 {other}", "每个名字只能指一个行业")
        for parent in spec.parents:
            if parent not in known:
                file.error("HR402", (*trail, "parents"), f"没有行业 {parent}", nearest_hint(parent, known))
        built.append(Industry(spec.id, spec.label, spec.aliases, spec.parents))
    by_id = {i.id: i for i in (*inherited, *built)}
    for index, industry in enumerate(built):
        if industry.id in _ancestors(industry, by_id):
            file.error("HR402", ("industries", index, "parents"), f"行业 {industry.id} 绕一圈成了自己的上级")
    loading.take(file)
    return tuple(built)


def _ancestors(industry: Industry, by_id: Mapping[str, Industry]) -> set[str]:
    seen: set[str] = set()
    queue = list(industry.parents)
    while queue:
        here = queue.pop()
        if here not in seen and here in by_id:
            seen.add(here)
            queue.extend(by_id[here].parents)
    return seen


def _policy(loading: _Loading, industries: Sequence[Industry], documents: Sequence[Document]) -> Policy:
    file, shaped = loading.optional("deadlines.yaml", DeadlinesFile)
    if shaped is None:
        return Policy()
    known = {i.id for i in (*industries, *(i for parent in loading.parents for i in parent.industries))}
    held = {d.id for d in (*documents, *(d for parent in loading.parents for d in parent.documents))}
    ids: set[str] = set()
    groups: tuple[tuple[str, Sequence[Any]], ...] = (("deadlines", shaped.deadlines), ("duties", shaped.duties))
    for part, entries in groups:
        for index, entry in enumerate(entries):
            trail: Trail = (part, index)
            if entry.id in ids:
                file.error("HR401", (*trail, "id"), f"标识 {entry.id} 重复")
            ids.add(entry.id)
            for name, listed, there, what in (
                ("industries", entry.industries, known, "行业"),
                ("documents", entry.documents, held, "文件"),
            ):
                for one in listed:
                    if one not in there and not loading.unreadable:
                        file.error("HR402", (*trail, name), f"没有{what} {one}", nearest_hint(one, there))
            if entry.effective and entry.expires and entry.expires <= entry.effective:
                file.error("HR403", (*trail, "expires"), "expires 不晚于 effective")
    loading.take(file)
    return Policy(shaped.policy, shaped.deadlines, shaped.duties)


def _documents(loading: _Loading, facts: Mapping[str, FactDef], industries: Sequence[Industry]) -> tuple[Document, ...]:
    vocabulary = {f.id: f for parent in loading.parents for f in parent.facts.values()} | dict(facts)
    scope = Scope(
        {f.id: Signature(f.kind, tuple(f.options)) for f in vocabulary.values() if f.kind is not None},
        recorded=frozenset(f.id for f in vocabulary.values() if f.kind is None),
        unreadable=frozenset(loading.unreadable),
    )
    by_id = {i.id: i for i in (*(i for parent in loading.parents for i in parent.industries), *industries)}
    known = {id_: frozenset({id_, *_ancestors(i, by_id)}) for id_, i in by_id.items()}
    if "industries.yaml" in loading.unreadable:
        known = {}
    theirs = {d.id: parent.id for parent in loading.parents for d in parent.documents}
    files: dict[str, YamlFile] = {}
    built: dict[str, Document] = {}
    for path in sorted((loading.folder / "documents").glob("*.yaml")):
        file, shaped = loading.read(f"documents/{path.name}", DocumentFile)
        if shaped is None:
            continue
        document = build_document(file, shaped, scope, vocabulary, known)
        if document.id != path.stem:
            problem = f"文件标识 {document.id} 与文件名 {path.name} 不符"
            file.error("HR405", ("document", "id"), problem, f"文件应叫 {document.id}.yaml")
        if document.id in built or document.id in theirs:
            where = files[document.id].name if document.id in built else f"规则包 {theirs[document.id]}"
            file.error("HR401", ("document", "id"), f"文件标识 {document.id} 已经有了({where})")
            loading.take(file)
            continue
        files[document.id], built[document.id] = file, document
    _check_succession(built, files, [d for parent in loading.parents for d in parent.documents])
    for file in files.values():
        loading.take(file)
    return tuple(built.values())


def _check_succession(
    built: Mapping[str, Document], files: Mapping[str, YamlFile], inherited: Sequence[Document]
) -> None:
    """A superseded document ends where its successor starts."""
    everything = {d.id: d for d in (*inherited, *built.values())}
    for document in built.values():
        file = files[document.id]
        for field_, others in (("supersedes", document.supersedes), ("supplements", document.supplements)):
            for other in others:
                if other == document.id:
                    file.error("HR402", ("document", field_), f"{field_} 不能写文件自己")
                elif other not in everything:
                    hint = nearest_hint(other, everything)
                    file.error("HR402", ("document", field_), f"没有文件 {other}", hint)
        for other in document.supersedes:
            old = everything.get(other)
            if old is not None and old.expires != document.starts:
                problem = f"{other} 的 expires 是 {old.expires},应为本文件开始适用的 {document.starts}"
                file.error("HR403", ("document", "supersedes"), problem, "被替代的文件在替代者施行之日终止")
