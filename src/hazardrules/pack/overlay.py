"""What a pack says of its parents' rules: that its own are stricter, and whether that is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.nearest import nearest_hint
from hazardrules.pack.cases import implies
from hazardrules.pack.content import Document, FactDef, Rule
from hazardrules.pack.reader import YamlFile

__all__ = ["check_tightening"]


def check_tightening(
    built: Mapping[str, Document],
    files: Mapping[str, YamlFile],
    inherited: Sequence[Document],
    words: Mapping[str, FactDef],
) -> None:
    """Hold every rule that claims to be stricter against the rule that it names; problems are noted on the files.

    Stricter means: it holds wherever the named rule does, and its level is not lower. Where that cannot be decided
    (arithmetic, tables, too many combinations) only a counter-example that was found is reported.
    """
    rules = {rule.id: rule for document in inherited for rule in document.rules}
    for document in built.values():
        for index, rule in enumerate(document.rules):
            if not rule.tightens or (rule.condition is None and not rule.manual):  # what can't be read is told already
                continue
            trail = ("rules", index, "tightens")
            named = rules.get(rule.tightens)
            if named is None:
                hint = nearest_hint(rule.tightens, rules)
                files[document.id].error("HR402", trail, f"上级规则包没有判定情形 {rule.tightens}", hint)
                continue
            for problem, hint in _looser(rule, named, words):
                files[document.id].error("HR409", trail, problem, hint)


def _looser(rule: Rule, named: Rule, words: Mapping[str, FactDef]) -> list[tuple[str, str]]:
    """In which ways a rule is not as strict as the one that it names."""
    found = []
    if named.level == "major" and rule.level != "major":
        found.append((f"{named.id} 是重大,{rule.id} 却是一般", "级别不能降低"))
    if rule.stands_under is None or named.stands_under is None:
        if named.stands_under is not rule.stands_under:
            found.append((f"{rule.id} 与 {named.id} 一个由人判断,一个由条件判断,比不出松紧", "删去 tightens"))
        return found
    answer = implies(named.stands_under, rule.stands_under, words)
    if answer.counter_example is not None:
        facts = {id_: value for id_, value in answer.counter_example.items() if id_ != OBSERVED_ON}
        shown = ";".join(f"{id_}: {words[id_].show(value)}" for id_, value in facts.items())
        hint = "它应在上级那条成立时都成立"
        found.append((f"{rule.id} 比 {named.id} 松:{{{shown}}} 时上级那条成立,它不成立", hint))
    return found
