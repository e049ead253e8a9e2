"""Two states of the law, clause by clause: what is new, gone, stricter, looser, or only said elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from hazardrules.lang.nodes import Fact, In, Node, children
from hazardrules.lang.nodes import Literal as Constant
from hazardrules.lang.text import number_text, to_text
from hazardrules.model import Frozen
from hazardrules.pack.cases import implies
from hazardrules.pack.content import FactDef, Rule

__all__ = ["Change", "Diff", "compare"]

Relation = Literal["added", "removed", "same", "stricter", "looser", "different", "undecided"]
_LABELS: Final[dict[str, str]] = {
    "added": "新增",
    "removed": "删去",
    "same": "条件相同",
    "stricter": "从严",
    "looser": "放宽",
    "different": "条件不同",
    "undecided": "松紧未能判定",
}
ALIKE: Final = 0.3
"""How much of the facts that two clauses read must be the same, for one to be taken as the other's successor."""


class Clause(Frozen):
    """One side of a change: the criterion, its citation, its condition in canonical text, and the numbers in it."""

    rule: str
    citation: str
    title: str
    condition: str
    facts: tuple[str, ...]
    numbers: tuple[str, ...]


class Change(Frozen):
    """A clause before and after. ``relation`` says how the condition after stands to that before.

    ``stricter`` holds wherever the old one did, and in more cases; ``looser`` the reverse; ``different`` each in cases
    of its own; ``undecided`` where not every case could be tried.
    """

    relation: Relation
    before: Clause | None
    after: Clause | None
    facts_added: tuple[str, ...] = ()
    facts_removed: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The relation in Chinese."""
        return _LABELS[self.relation]


class Diff(Frozen):
    """Every change between two states of the law, in the order of the clauses; unchanged clauses included."""

    changes: tuple[Change, ...]

    def only(self, *relations: Relation) -> tuple[Change, ...]:
        """The changes of these relations."""
        return tuple(change for change in self.changes if change.relation in relations)


def compare(
    before: Sequence[Rule],
    after: Sequence[Rule],
    cite: Callable[[Rule], str],
    words: Mapping[str, FactDef],
    meets: Callable[[Collection[str], Collection[str]], bool],
) -> Diff:
    """Hold two lists of criteria against each other.

    The same id is the same clause. A clause that is gone is paired with the new one for the same industries that reads
    most of the same facts, if any does so enough; each clause stands in one pair at most.
    """
    pairs = _pairs(before, after, meets)
    found: list[Change] = []
    for old in before:
        new = pairs.get(old.id)
        found.append(_change(old, new, cite, words))
    paired = {rule.id for rule in pairs.values()}
    found.extend(_change(None, rule, cite, words) for rule in after if rule.id not in paired)
    return Diff(changes=tuple(found))


def _pairs(
    before: Sequence[Rule], after: Sequence[Rule], meets: Callable[[Collection[str], Collection[str]], bool]
) -> dict[str, Rule]:
    """The successor of each old clause that has one, by the old one's id."""
    new_by_id = {rule.id: rule for rule in after}
    pairs = {rule.id: new_by_id[rule.id] for rule in before if rule.id in new_by_id}
    taken = {rule.id for rule in pairs.values()}
    scored = [
        (-score, old.id, new.id, new)
        for old in before
        if old.id not in pairs
        for new in after
        if new.id not in taken and (score := _alike(old, new)) >= ALIKE and meets(old.industries, new.industries)
    ]
    for _, old_id, new_id, new in sorted(scored, key=lambda one: one[:3]):
        if old_id not in pairs and new_id not in taken:
            pairs[old_id] = new
            taken.add(new_id)
    return pairs


def _alike(one: Rule, other: Rule) -> float:
    """The share of the facts that both read, of all that either reads."""
    a, b = set(one.reads), set(other.reads)
    return len(a & b) / len(a | b) if a | b else 0.0


def _change(old: Rule | None, new: Rule | None, cite: Callable[[Rule], str], words: Mapping[str, FactDef]) -> Change:
    before, after = set(old.reads) if old else set(), set(new.reads) if new else set()
    return Change(
        relation=_relation(old, new, words),
        before=_clause(old, cite) if old else None,
        after=_clause(new, cite) if new else None,
        facts_added=tuple(sorted(after - before)),
        facts_removed=tuple(sorted(before - after)),
    )


def _relation(old: Rule | None, new: Rule | None, words: Mapping[str, FactDef]) -> Relation:
    if old is None or new is None:
        return "added" if old is None else "removed"
    if old.stands_under is None or new.stands_under is None:
        return "same" if old.stands_under is new.stands_under else "undecided"
    if old.stands_under == new.stands_under:
        return "same"
    kept = implies(old.stands_under, new.stands_under, words)
    back = implies(new.stands_under, old.stands_under, words)
    refuted = kept.counter_example is not None, back.counter_example is not None
    if refuted == (True, True):
        return "different"
    if kept.proven and back.proven:
        return "same"
    if kept.proven and refuted[1]:
        return "stricter"
    return "looser" if back.proven and refuted[0] else "undecided"


def _clause(rule: Rule, cite: Callable[[Rule], str]) -> Clause:
    condition = rule.stands_under
    return Clause(
        rule=rule.id,
        citation=cite(rule),
        title=rule.title,
        condition="由人判断" if condition is None else to_text(condition),
        facts=rule.reads,
        numbers=() if condition is None else tuple(dict.fromkeys(_numbers(condition))),
    )


def _numbers(node: Node) -> Iterator[str]:
    """The numbers that stand in a condition, in order."""
    values: tuple[object, ...] = ()
    if isinstance(node, Constant):
        values = (node.value,)
    elif isinstance(node, In):
        values = node.options
    for value in values:
        if isinstance(value, int | Decimal):
            yield number_text(value)
    for child in () if isinstance(node, Fact) else children(node):
        yield from _numbers(child)
