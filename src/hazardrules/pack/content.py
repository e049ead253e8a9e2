"""What a loaded pack holds: plain frozen records, ready to be merged into a rule book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, overload

from hazardrules.lang.nodes import And, Condition, Kind, Table, Value
from hazardrules.lang.text import number_text
from hazardrules.pack.policy import Policy
from hazardrules.record import Record, changed

__all__ = [
    "NO_RULES",
    "Added",
    "AlsoCited",
    "Document",
    "Example",
    "FactDef",
    "Head",
    "Industry",
    "Pack",
    "Rule",
    "Rules",
    "Vocabulary",
    "ancestors",
    "extend",
    "under",
    "vocabulary",
]

_TYPE_LABELS: Final = {
    "boolean": "是否",
    "integer": "整数",
    "number": "数",
    "enum": "单选",
    "set": "多选(列表)",
    "date": "日期",
    "text": "文字",
}


EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


class FactDef(Record):
    """One observable of the vocabulary. ``id`` is ``domain.name``; ``options`` maps enum keys to Chinese labels."""

    id: str
    domain: str
    type: str
    label: str
    unit: str | None = None
    options: Mapping[str, str] = EMPTY
    min: Any = None
    max: Any = None
    assume: Value | None = None
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def kind(self) -> Kind | None:
        """The type of its value in expressions; None for text, which rules can't read."""
        if self.type == "text":
            return None
        return Kind.NUMBER if self.type == "integer" else Kind(self.type)

    def allowed(self) -> str:
        """In Chinese: which values may be given."""
        if self.options:
            return f"{_TYPE_LABELS[self.type]}:" + "、".join(f"{key}({label})" for key, label in self.options.items())
        if self.type == "boolean":
            return "是否:true(是)、false(否)"
        if self.type == "date":
            return "日期:YYYY-MM-DD"
        bounds = "".join(
            f",{word} {number_text(bound)}"
            for word, bound in (("不小于", self.min), ("不大于", self.max))
            if bound is not None
        )
        return _TYPE_LABELS[self.type] + bounds + (f",单位 {self.unit}" if self.unit else "")

    def show(self, value: Value) -> str:
        """A normalised value in Chinese, with its unit."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, frozenset):
            return "、".join(label for key, label in self.options.items() if key in value) or "无"
        if isinstance(value, str):
            return self.options.get(value, value)
        if isinstance(value, date):
            return value.isoformat()
        return number_text(value) + (self.unit or "")


class Industry(Record):
    """An industry or topic with the names it is known by; ``gap`` says which criteria are lacking for it."""

    id: str
    label: str
    aliases: tuple[str, ...]
    parents: tuple[str, ...]
    gap: str = ""


class AlsoCited(Record):
    """A further citation of a rule, where its condition holds."""

    ref: str
    condition: Condition


class Example(Record):
    """An observation that proves a rule: ``kind`` is hit, miss or open; ``line`` is where it stands."""

    kind: str
    facts: Mapping[str, Value]
    line: int


class Rule(Record):
    """One clause. ``condition`` is its own expression and ``stands_under`` the whole one, with the document's gate."""

    id: str
    document: str
    ref: str
    title: str
    group: str
    level: str = "major"
    status: str = "stable"
    manual: bool = False
    industries: tuple[str, ...] = ()
    condition: Condition | None = None
    stands_under: Condition | None = None
    reads: tuple[str, ...] = ()
    also_cited: tuple[AlsoCited, ...] = ()
    examples: tuple[Example, ...] = ()
    remedy: str = ""
    inspect: str = ""
    note: str = ""
    tightens: str = ""
    file: str = ""
    line: int = 0

    @property
    def whole(self) -> Condition:
        """The condition with the document's gate.

        :raises ValueError: for a clause that only a person can decide.
        """
        if self.stands_under is None:
            raise ValueError(f"{self.id} 由人判断,没有条件")
        return self.stands_under


class Rules(Sequence[Rule]):
    """The rules of a document in order, each made when it is first asked for.

    ``ids`` and ``reads`` (the facts that each reads, without the document's gate) are there without making any.
    """

    __slots__ = ("_count", "_kept", "_make", "_named", "_names")

    def __init__(
        self,
        count: int,
        named: Callable[[], tuple[Sequence[str], Sequence[Sequence[str]]]],
        make: Callable[[int], Rule],
    ) -> None:
        """``named`` gives the ids and what each reads, when they are first asked for."""
        self._count, self._named, self._make = count, named, make
        self._names: tuple[Sequence[str], Sequence[Sequence[str]]] | None = None
        self._kept: dict[int, Rule] = {}

    @property
    def ids(self) -> Sequence[str]:
        """The ids of the rules."""
        if self._names is None:
            self._names = self._named()
        return self._names[0]

    @property
    def reads(self) -> Sequence[Sequence[str]]:
        """The facts that each rule reads, without the document's gate."""
        if self._names is None:
            self._names = self._named()
        return self._names[1]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Rules:
        """Rules that are already made."""
        made = tuple(rules)
        names = [rule.id for rule in made], [rule.reads for rule in made]
        return cls(len(made), lambda: names, made.__getitem__)

    def changed(self, change: Callable[[Rule], Rule]) -> Rules:
        """The same rules, each changed when it is asked for; ``change`` leaves ``id`` and ``reads`` as they are."""
        return Rules(self._count, lambda: (self.ids, self.reads), lambda index: change(self[index]))

    def unread(self) -> Iterator[Rule]:
        """The rules that read no fact, as those that only a person can decide."""
        return (self[index] for index, facts in enumerate(self.reads) if not facts)

    @overload
    def __getitem__(self, index: int) -> Rule: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Rule, ...]: ...

    def __getitem__(self, index: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        rule = self._kept.get(index)
        if rule is None:
            if not -len(self) <= index < len(self):
                raise IndexError(index)
            rule = self._kept[index] = self._make(index % len(self))
        return rule

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rule]:
        return (self[index] for index in range(len(self)))

    def __reduce__(self) -> tuple[Callable[[Iterable[Rule]], Rules], tuple[tuple[Rule, ...]]]:
        return Rules.of, (tuple(self),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self.ids))


NO_RULES: Final = Rules.of(())


class Document(Record):
    """One version of one legal instrument. ``starts`` is its first day: the effective date, or the day of issue."""

    id: str
    title: str
    number: str | None
    issuer: str
    rank: str
    issued: date
    effective: date | None
    expires: date | None
    supersedes: tuple[str, ...]
    supplements: tuple[str, ...]
    elaborated_by: tuple[str, ...]
    industries: tuple[str, ...]
    coverage: str
    missing: tuple[str, ...]
    source: str
    note: str
    rules: Rules
    elements: Rules = NO_RULES
    tables: tuple[Table, ...] = ()
    gate: Condition | None = None
    gate_line: int = 1
    file: str = ""

    @property
    def starts(self) -> date:
        """The first day on which it applies."""
        return self.effective or self.issued

    def in_force(self, on: date) -> bool:
        """Whether it applies on that day."""
        return self.starts <= on and (self.expires is None or on < self.expires)

    @property
    def name(self) -> str:
        """《title》(number), as it is cited."""
        return f"《{self.title}》" + (f"({self.number})" if self.number else "")

    @property
    def window(self) -> str:
        """In Chinese: from when to when it applies."""
        start = f"{self.starts.isoformat()}起" + ("" if self.effective else "(文件未列施行日,自印发日计)")
        return start + (f",至{self.expires.isoformat()}止(当日起不再适用)" if self.expires else "")


class Added(Record):
    """A value added to a fact of a parent pack: its Chinese label, and the value that it counts as in others' rules."""

    label: str
    like: str


class Head(Record):
    """What ``pack.yaml`` says; ``requires`` are packs with the lowest version of each, ``library`` that of this one."""

    id: str
    title: str
    version: str
    region: str
    names: Mapping[str, str]
    requires: Mapping[str, str]
    library: str


class Pack(Record):
    """A whole pack. ``facts`` and ``domains`` are its own, without those of its parents.

    ``extends`` holds the values that it adds to enum and set facts of its parents, by fact and value; ``names`` are
    regions by code; ``fingerprint`` is the SHA-256 of its canonical content.
    """

    id: str
    title: str
    version: str
    region: str
    origin: str
    facts: Mapping[str, FactDef]
    domains: Mapping[str, str]
    industries: tuple[Industry, ...]
    documents: tuple[Document, ...]
    policy: Policy
    extends: Mapping[str, Mapping[str, Added]] = EMPTY
    names: Mapping[str, str] = EMPTY
    requires: Mapping[str, str] = EMPTY
    fingerprint: str = ""


def under(gate: Condition | None, condition: Condition | None) -> Condition | None:
    """A condition with the gate of its document before it."""
    if gate is None or condition is None:
        return condition
    return And((gate, *(condition.operands if isinstance(condition, And) else (condition,))))


def ancestors(industry: Industry, by_id: Mapping[str, Industry]) -> frozenset[str]:
    """The industries that are wider than one; itself only where the parents go round in a circle."""
    seen: set[str] = set()
    queue = list(industry.parents)
    while queue:
        here = queue.pop()
        if here not in seen and here in by_id:
            seen.add(here)
            queue.extend(by_id[here].parents)
    return frozenset(seen)


class Vocabulary(Mapping[str, FactDef]):
    """The facts of several packs by id, each taken from its pack when it is asked for, with the values added to it.

    ``taken`` are those that were asked for; ``read`` are values that were given, in normal form and as JSON holds them,
    by fact, type and value.
    """

    __slots__ = ("_added", "_where", "read", "taken")

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._where: dict[str, Mapping[str, FactDef]] = {}
        self._added: dict[str, dict[str, str]] = {}
        self.taken: dict[str, FactDef] = {}
        self.read: dict[tuple[str, type, object], tuple[Any, Any]] = {}
        for pack in packs:
            self._where.update(dict.fromkeys(pack.facts, pack.facts))
            for id_, more in pack.extends.items():
                self._added.setdefault(id_, {}).update({value: added.label for value, added in more.items()})

    def __getitem__(self, id_: str) -> FactDef:
        fact = self.taken.get(id_)
        if fact is None:
            fact, added = self._where[id_][id_], self._added.get(id_)
            fact = changed(fact, options={**fact.options, **added}) if added else fact
            self.taken[id_] = fact
        return fact

    def __contains__(self, id_: object) -> bool:
        return id_ in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)


def vocabulary(packs: Iterable[Pack]) -> dict[str, FactDef]:
    """The facts of several packs by id, parents first, with the values that later ones add to earlier ones."""
    return dict(Vocabulary(packs))


def extend(words: dict[str, FactDef], extends: Mapping[str, Mapping[str, Added]]) -> None:
    """Add values to facts in place of the facts that ``words`` holds."""
    for id_, more in extends.items():
        labels = {value: added.label for value, added in more.items()}
        words[id_] = changed(words[id_], options={**words[id_].options, **labels})
