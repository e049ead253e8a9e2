"""From a folder to a ``Pack``: shape, names, windows, expressions and examples, with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from hazardrules.errors import PackError, PackErrors
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.canonical import digest
from hazardrules.pack.compiled import sources
from hazardrules.pack.content import (
    Document,
    Industry,
    Pack,
    ancestors,
    extend,
    vocabulary,
)
from hazardrules.pack.documents import build_document
from hazardrules.pack.loading import Loading, check_requirements, read_head
from hazardrules.pack.overlay import check_tightening
from hazardrules.pack.policy import Policy
from hazardrules.pack.practice import check_programmes
from hazardrules.pack.programmes import PROGRAMME
from hazardrules.pack.provisions import DeadlinesFile, policy_of
from hazardrules.pack.reader import Trail, YamlFile
from hazardrules.pack.schema import DocumentFile, IndustriesFile
from hazardrules.pack.vocabulary import OwnFacts, read_facts, scope_of
from hazardrules.pack.widening import likes, widened
from hazardrules.record import changed

__all__ = ["load_pack", "read_pack"]

M = TypeVar("M", bound=BaseModel)
_TOP: Final = ("pack.yaml", "industries.yaml", "deadlines.yaml", PROGRAMME)
_FOLDERS: Final = ("facts", "documents")
KEPT: Final = 8
_KEPT: Final[dict[tuple[str, str], Pack]] = {}
"""Packs that build on nothing, by their folder and what their files hold."""


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
    """Like ``load_pack``, but gives what could be built beside the problems (for lint).

    A sound pack that builds on nothing is read once for as long as its files stay as they are: it is what all others
    build on.
    """
    try:
        key = (str(folder), sources(folder)) if not parents and folder.is_dir() else None
    except OSError:
        key = None  # what is wrong is told by reading it
    kept = None if key is None else _KEPT.get(key)
    if kept is not None:
        return kept, []
    pack, problems = _read_pack(folder, parents)
    if key is not None and pack is not None and not problems:
        if len(_KEPT) >= KEPT:
            _KEPT.clear()
        _KEPT[key] = pack
    return pack, problems


def _read_pack(folder: Path, parents: Sequence[Pack]) -> tuple[Pack | None, list[PackError]]:
    head, file = read_head(folder)
    if not (folder / "pack.yaml").is_file() or any(problem.code == "HR107" for problem in file.problems):
        return None, file.problems
    if head is not None:
        check_requirements(file, head, parents)
    loading = Loading(folder, parents)
    loading.take(file)
    _check_files(loading)
    own = read_facts(loading)
    industries = _industries(loading)
    documents = _documents(loading, own, industries)
    policy = _policy(loading, industries, documents)
    check_programmes(loading, industries, {*own.domains, *(d for parent in parents for d in parent.domains)})
    problems = sorted(set(loading.problems))
    if head is None:
        return None, problems
    pack = Pack(
        id=head.id,
        title=head.title,
        version=head.version,
        region=head.region,
        origin=str(folder),
        facts=own.facts,
        domains=own.domains,
        industries=industries,
        documents=documents,
        policy=policy,
        extends=own.extends,
        names=dict(head.names),
        requires=dict(head.requires),
    )
    return changed(pack, fingerprint=digest(pack)), problems


def _check_files(loading: Loading) -> None:
    """Nothing that looks like a part of the pack lies where it would not be read."""
    hint = "规则包里只有 pack.yaml、industries.yaml、deadlines.yaml、programme.yaml、facts/*.yaml、documents/*.yaml"
    for path in sorted(loading.folder.rglob("*")):
        relative = path.relative_to(loading.folder)
        fine = str(relative) not in _FOLDERS or path.is_dir()
        if path.suffix.lower() in (".yaml", ".yml"):
            known = str(relative) in _TOP or (len(relative.parts) == 2 and relative.parts[0] in _FOLDERS)
            fine = known and path.suffix == ".yaml"
        if not fine:
            loading.problems.append(PackError("HR106", str(path), 0, 0, "规则包不读这个文件", hint))


def _industries(loading: Loading) -> tuple[Industry, ...]:
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
        built.append(Industry(spec.id, spec.label, spec.aliases, spec.parents, spec.gap or ""))
    by_id = {i.id: i for i in (*inherited, *built)}
    for index, industry in enumerate(built):
        if industry.id in ancestors(industry, by_id):
            file.error("HR402", ("industries", index, "parents"), f"行业 {industry.id} 绕一圈成了自己的上级")
    loading.take(file)
    return tuple(built)


def _policy(loading: Loading, industries: Sequence[Industry], documents: Sequence[Document]) -> Policy:
    file, shaped = loading.optional("deadlines.yaml", DeadlinesFile)
    if shaped is None:
        return Policy()
    known = {i.id for i in (*industries, *(i for parent in loading.parents for i in parent.industries))}
    held = {d.id for d in (*documents, *(d for parent in loading.parents for d in parent.documents))}
    ids: set[str] = set()
    inherited = {way.id for parent in loading.parents for way in parent.policy.counting}
    for index, own in enumerate(shaped.counting):
        if own.id in inherited or own.id in ids:
            file.error("HR401", ("counting", index, "id"), f"标识 {own.id} 重复")
        ids.add(own.id)
    ways = inherited | ids
    duties = {duty.id: duty for duty in shaped.duties}
    for index, duty in enumerate(shaped.duties):
        extended = duties.get(duty.extends) if duty.extends else None
        if duty.extends and (extended is None or extended.days is None):
            problem = f"extends 要写本文件里有 days 的义务,没有 {duty.extends}"
            file.error("HR402", ("duties", index, "extends"), problem, nearest_hint(duty.extends, duties))
    for index, law in enumerate(shaped.laws):
        if law.id in ids:
            file.error("HR401", ("laws", index, "id"), f"标识 {law.id} 重复")
        ids.add(law.id)
        for one in law.industries:
            if one not in known and not loading.unreadable:
                file.error("HR402", ("laws", index, "industries"), f"没有行业 {one}", nearest_hint(one, known))
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
            if entry.counting is not None and entry.counting not in ways:
                problem = f"没有计日规则 {entry.counting}"
                file.error("HR402", (*trail, "counting"), problem, nearest_hint(entry.counting, ways))
            if entry.effective and entry.expires and entry.expires <= entry.effective:
                file.error("HR403", (*trail, "expires"), "expires 不晚于 effective")
    loading.take(file)
    return policy_of(shaped)


def _documents(loading: Loading, own: OwnFacts, industries: Sequence[Industry]) -> tuple[Document, ...]:
    words = vocabulary(loading.parents) | own.facts
    extend(words, own.extends)
    scope = scope_of(words, frozenset(loading.unreadable))
    by_id = {i.id: i for i in (*(i for parent in loading.parents for i in parent.industries), *industries)}
    known = {id_: frozenset({id_, *ancestors(i, by_id)}) for id_, i in by_id.items()}
    if "industries.yaml" in loading.unreadable:
        known = {}
    theirs = {d.id: parent.id for parent in loading.parents for d in parent.documents}
    files: dict[str, YamlFile] = {}
    built: dict[str, Document] = {}
    for path in sorted((loading.folder / "documents").glob("*.yaml")):
        file, shaped = loading.read(f"documents/{path.name}", DocumentFile)
        if shaped is None:
            continue
        document = build_document(file, shaped, scope, words, known)
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
    inherited = [widened(d, likes(own.extends)) for parent in loading.parents for d in parent.documents]
    check_tightening(built, files, inherited, words)
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
        named = (
            ("supersedes", document.supersedes),
            ("supplements", document.supplements),
            ("elaborated_by", document.elaborated_by),
        )
        for field_, others in named:
            for other in others:
                if other == document.id:
                    file.error("HR402", ("document", field_), f"{field_} 不能写文件自己")
                elif field_ == "supersedes" and other in {d.id for d in inherited}:
                    hint = "要更严的,写自己的文件,规则用 tightens 指出上级的条款"
                    file.error("HR409", ("document", field_), f"不能替代上级规则包的文件 {other}", hint)
                elif other not in everything:
                    hint = nearest_hint(other, everything)
                    file.error("HR402", ("document", field_), f"没有文件 {other}", hint)
        for other in document.supersedes:
            old = built.get(other)
            if old is not None and old.expires != document.starts:
                problem = f"{other} 的 expires 是 {old.expires},应为本文件开始适用的 {document.starts}"
                file.error("HR403", ("document", "supersedes"), problem, "被替代的文件在替代者施行之日终止")
