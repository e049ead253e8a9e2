"""A page on how the law changed for an industry between two days: clause by clause, and by the rules' own examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hazardrules.comparing import Change, compare
from hazardrules.judge import classify
from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Value
from hazardrules.markdown import table
from hazardrules.model import Level
from hazardrules.pack.content import Rule
from hazardrules.pack.values import plain
from hazardrules.rulebook import RuleBook

__all__ = ["transition_page"]

VERDICTS = ("重大", "待定", "一般")


def transition_page(book: RuleBook, before: date, after: date, industry: str) -> str:
    """In Chinese Markdown: what is new, gone, stricter, looser, and how the hits of one day fare under the other's law.

    :param book: read from YAML, since it is the examples that are judged.
    :param industry: id, label or alias.
    :raises UnknownIndustryError: for an industry that is not known.
    """
    ids = book.industry_ids(industry)
    first, second = (
        [rule for rule in book.rules(industry=ids, on=day) if "*" not in rule.industries] for day in (before, after)
    )
    changes = compare(first, second, book.cite, book.facts, book.meets_any).changes
    counts = Counter(change.label for change in changes)
    documents = {rule.document: book.documents[rule.document] for rule in (*first, *second)}
    label = "、".join(book.industries[id_].label for id_ in ids)
    lines = [
        f"# {label}判定情形:{before.isoformat()} 与 {after.isoformat()}",
        "",
        f"本页由 `hazardrules diff {before} {after} -i {industry} --markdown` 生成。比较的是规则,不是条文的字句;",
        "两天都有效而没有变的文件不列出。",
        "",
        *(f"- {d.name}:{d.window}" for d in documents.values() if not (d.in_force(before) and d.in_force(after))),
        "",
        "## 逐条比较",
        "",
        "按所看的事实把旧条和新条配对,一条只配一条。“从严”“放宽”是证明过的:旧条成立时新条都成立,或者反过来;",
        "“条件不同”是各有对方不成立的情形;“松紧未能判定”的带四则运算、判定表,没有逐一试完。",
        "一条旧条可以由几条新条接替,所以单看一对的“放宽”“删去”,不等于那些情形不再是重大:看后面的回放。",
        "",
        "、".join(f"{name} {count} 条" for name, count in counts.most_common()) + "。",
        "",
        *table(
            ("变化", "旧", "新", "数字", "不再看的事实", "新看的事实"),
            [_row(change) for change in changes if change.relation != "same"],
        ),
        "",
        "## 用例子回放",
        "",
        "每条规则的正例都是一份检查发现,按两天的法律各判一次。“待定”是另一天的法律还要问别的事实;“一般”是另一天没有一条成立,也没有待定。",
        "",
        *_replayed(book, first, after, ids, f"{before.isoformat()} 有效的情形,按 {after.isoformat()} 的法律"),
        "",
        *_replayed(book, second, before, ids, f"{after.isoformat()} 有效的情形,按 {before.isoformat()} 的法律"),
    ]
    return "\n".join(lines) + "\n"


def _row(change: Change) -> tuple[str, ...]:
    old, new = change.before, change.after
    sides = [f"`{side.rule}` {side.title}" if side else "—" for side in (old, new)]
    numbers = [",".join(side.numbers) if side else "" for side in (old, new)]
    changed = f"{numbers[0] or '—'} → {numbers[1] or '—'}" if numbers[0] != numbers[1] else numbers[0]
    facts = ["、".join(f"`{fact}`" for fact in some) for some in (change.facts_removed, change.facts_added)]
    if old is None or new is None:
        facts = ["", ""]
    return change.label, *sides, changed, *facts


def _replayed(book: RuleBook, rules: Sequence[Rule], day: date, ids: tuple[str, ...], title: str) -> list[str]:
    rows, total = [], Counter[str]()
    for rule in rules:
        hits = [example.facts for example in rule.examples if example.kind == "hit"]
        if rule.status != "stable" or not hits or book.documents[rule.document].in_force(day):
            continue
        found = Counter(_verdict(book, facts, day, ids) for facts in hits)
        total.update(found)
        if found["待定"] or found["一般"]:
            rows.append((f"`{rule.id}`", rule.title, *(str(found[verdict]) for verdict in VERDICTS)))
    summary = f"{sum(total.values())} 个正例:仍为重大 {total['重大']},待定 {total['待定']},一般 {total['一般']}。"
    return [
        f"### {title}",
        "",
        f"{summary}下面只列不全是重大的。",
        "",
        *table(("规则", "情形", *VERDICTS), rows),
    ]


def _verdict(book: RuleBook, facts: Mapping[str, Value], day: date, ids: tuple[str, ...]) -> str:
    given: dict[str, Any] = {id_: plain(value) for id_, value in facts.items() if id_ != OBSERVED_ON}
    judgment = classify(given, industry=ids, observed_on=day, book=book)
    if judgment.level is Level.MAJOR:
        return "重大"
    undecided = any(not one.manual for one in judgment.open) or any(one.superseded for one in judgment.unused)
    return "待定" if undecided else "一般"
