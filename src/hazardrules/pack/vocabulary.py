"""The vocabulary of a pack: its facts, and the values that it adds to facts of its parents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hazardrules.lang.scope import Scope, Signature
from hazardrules.lang.tokens import RESERVED
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.content import Added, FactDef, vocabulary
from hazardrules.pack.loading import Loading
from hazardrules.pack.reader import Trail, YamlFile
from hazardrules.pack.schema import AddedValue, FactsFile, FactSpec
from hazardrules.pack.values import ValueRefusedError, normalise
from hazardrules.record import changed

__all__ = ["OwnFacts", "read_facts", "scope_of"]


def scope_of(words: Mapping[str, FactDef], unreadable: frozenset[str] = frozenset()) -> Scope:
    """What expressions may name, for a vocabulary; ``unreadable`` are domains whose file could not be read."""
    return Scope(
        {id_: Signature(fact.kind, tuple(fact.options)) for id_, fact in words.items() if fact.kind is not None},
        recorded=frozenset(id_ for id_, fact in words.items() if fact.kind is None),
        unreadable=unreadable,
    )


@dataclass(slots=True)
class OwnFacts:
    """The vocabulary of the pack itself: its domains, facts, and the values that it adds to its parents' facts."""

    domains: dict[str, str] = field(default_factory=dict)
    facts: dict[str, FactDef] = field(default_factory=dict)
    extends: dict[str, dict[str, Added]] = field(default_factory=dict)


def read_facts(loading: Loading) -> OwnFacts:
    """Every file under ``facts/``; what is wrong is noted on the load."""
    own = OwnFacts()
    inherited = vocabulary(loading.parents)
    theirs = {domain for parent in loading.parents for domain in parent.domains}
    labels = {fold(fact.label): fact.id for fact in inherited.values()}
    for path in sorted((loading.folder / "facts").glob("*.yaml")):
        file, shaped = loading.read(f"facts/{path.name}", FactsFile)
        if shaped is None:
            loading.unreadable.add(path.stem)
            continue
        domain = shaped.domain
        _check_domain(file, shaped, path.stem, own, theirs)
        if shaped.label is not None and domain not in theirs:
            own.domains.setdefault(domain, shaped.label)
        for name, spec in shaped.facts.items():
            trail: Trail = ("facts", name)
            fact = _fact(file, trail, f"{domain}.{name}", domain, spec)
            if name in RESERVED:
                file.error("HR204", trail, f"{name} 是表达式的保留字,不能作事实名", key=True)
            if fact.id in inherited or fact.id in own.facts:
                hint = "要加可取的值,写在 extends 下面" if fact.id in inherited else ""
                file.error("HR401", trail, f"事实 {fact.id} 已经有了,不能再定义", hint, key=True)
                continue
            other = labels.setdefault(fold(fact.label), fact.id)
            if other != fact.id:
                problem = f"标签“{fact.label}”与 {other} 相同"
                file.error("HR505", (*trail, "label"), problem, "标签要让人不看规则就分得清")
            own.facts[fact.id] = fact
        for name, options in shaped.extends.items():
            _extend(file, f"{domain}.{name}", name, options, own, inherited)
        loading.take(file)
    return own


def _check_domain(file: YamlFile, shaped: FactsFile, stem: str, own: OwnFacts, theirs: Collection[str]) -> None:
    domain = shaped.domain
    if domain in RESERVED:
        file.error("HR204", ("domain",), f"{domain} 是表达式的保留字,不能作域名")
    if domain != stem:
        file.error("HR405", ("domain",), f"域名 {domain} 与文件名 {stem}.yaml 不符", f"文件应叫 {domain}.yaml")
    if domain in own.domains:
        file.error("HR401", ("domain",), f"域名 {domain} 已经有了", "同一域的事实写在一个文件里")
    if domain in theirs and shaped.label is not None:
        file.error("HR401", ("label",), f"域 {domain} 是上级规则包的,不能再起名", "删去 label")
    if domain not in theirs and shaped.label is None:
        file.error("HR201", (), "缺少 label", "只有上级规则包已有的域不写 label")


def _extend(
    file: YamlFile,
    id_: str,
    name: str,
    options: Mapping[str, AddedValue],
    own: OwnFacts,
    inherited: Mapping[str, FactDef],
) -> None:
    """Values that the pack adds to a fact of its parents."""
    trail: Trail = ("extends", name)
    fact = inherited.get(id_)
    if fact is None or fact.type not in ("enum", "set"):
        hint = nearest_hint(id_, [f.id for f in inherited.values() if f.type in ("enum", "set")])
        file.error("HR402", trail, f"上级规则包没有单选或多选事实 {id_}", hint, key=True)
        return
    known = {fold(label) for label in fact.options.values()}
    for key, added in options.items():
        if key in fact.options or fold(added.label) in known:
            problem = f"{id_} 已经有取值 {key} 或“{added.label}”,不能改动"
            file.error("HR409", (*trail, key), problem, key=True)
        if added.like not in fact.options:
            hint = nearest_hint(added.like, fact.options) or f"可用:{'、'.join(fact.options)}"
            file.error("HR402", (*trail, key, "like"), f"{id_} 没有取值 {added.like}", hint)
        known.add(fold(added.label))
    own.extends[id_] = {key: Added(added.label, added.like) for key, added in options.items()}


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
        return changed(fact, assume=normalise(fact, spec.assume))
    except ValueRefusedError as refused:
        file.error("HR203", (*trail, "assume"), refused.problem, refused.hint)
        return fact
