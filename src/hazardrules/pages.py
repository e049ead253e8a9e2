"""Readable Chinese pages for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hazardrules.backtesting import Verdicts
from hazardrules.catalogue import HeldDocument, HeldIndustry
from hazardrules.comparing import Change
from hazardrules.errors import PackError
from hazardrules.following import STATE_LABELS, FollowUp
from hazardrules.lang.explain import Step
from hazardrules.lang.text import to_text
from hazardrules.model import Finding, Judgment, Level, OpenRule
from hazardrules.pack import MAX_BYTES
from hazardrules.pack.content import FactDef, Rule
from hazardrules.replaying import Replay
from hazardrules.rulebook import RuleBook

__all__ = [
    "print_changes",
    "print_coverage",
    "print_facts",
    "print_follow_up",
    "print_judgment",
    "print_packs",
    "print_problems",
    "print_replay",
    "print_rule",
    "print_rules",
    "print_steps",
    "print_verdicts",
]


def _say(console: Console, text: Text) -> None:
    """Print without breaking lines: Chinese has no spaces to break at, and the terminal wraps by itself."""
    console.print(text, soft_wrap=True)


_STYLES = {Level.MAJOR: "bold white on red", Level.GENERAL: "bold black on yellow", Level.NONE: "bold black on green"}


def _lines(rows: Iterable[tuple[str, str]], indent: str = "") -> Text:
    """Label and text, a line each; empty ones left out."""
    text = Text()
    for label, value in rows:
        if value:
            text.append(f"{indent}{label}:", style="bold")
            text.append(f"{value}\n")
    text.rstrip()
    return text


def print_judgment(console: Console, book: RuleBook, judgment: Judgment) -> None:
    """The whole judgment: level, findings, open questions, and what else must be known."""
    observation = judgment.observation
    industries = "、".join(book.industries[id_].label for id_ in observation.industry)
    state = "结论确定"
    if not judgment.conclusive:
        state = "级别已定,另有情形待定" if judgment.level is Level.MAJOR else "结论待补充"
    _say(console, Text.assemble((f" {judgment.level.label} ", _STYLES[judgment.level]), f"  {state}"))
    _say(
        console,
        _lines(
            [
                ("检查日期", observation.observed_on.isoformat()),
                ("行业", industries or "没有给出,按全部行业核对"),
                ("编号", observation.ref or ""),
                ("理由", judgment.reason),
                ("整改期限", judgment.deadline.text if judgment.deadline else ""),
            ]
        ),
    )
    for index, finding in enumerate(judgment.findings, 1):
        _say(console, Text(f"命中情形 {index}:{finding.rule}", style="bold"))
        _say(console, _finding(finding))
    if judgment.open:
        _say(console, Text(f"还不能判定的情形({len(judgment.open)}条)", style="bold"))
        for one in judgment.open:
            _say(console, _open(one))
    rest: list[tuple[str, Sequence[str]]] = [
        ("假定", [f"{value.text}(没有报告)" for value in judgment.assumed]),
        ("依据缺口", [gap.text for gap in judgment.gaps]),
        ("法规缺口(级别不受影响)", [gap.text for gap in judgment.law_gaps]),
        ("即将施行", [one.text for one in judgment.upcoming]),
        ("第二手条文,仅供参考", [f"{one.citation}:{one.title}" for one in judgment.possible]),
        ("矛盾", [one.text for one in judgment.conflicts]),
        ("最接近的条款", [f"“{one.other}”→ {one.citation}:{one.title}" for one in judgment.nearest]),
        ("没有用上的事实", [one.text for one in judgment.unused]),
        ("拒收的输入", [f"{one.where}:{one.problem}" for one in judgment.rejected]),
        ("核对的文件", [f"{one.name}({one.window}):{one.considered}条" for one in judgment.checked]),
    ]
    for label, entries in rest:
        if entries:
            _say(console, Text(label, style="bold"))
            for entry in entries:
                _say(console, Text(f"  · {entry}"))
    packs = "、".join(f"{pack.id} {pack.version}" for pack in judgment.rulebook.packs)
    _say(console, Text(f"规则库:{packs};指纹 {judgment.rulebook.fingerprint[:16]}", style="dim"))


def _finding(finding: Finding) -> Text:
    return _lines(
        [
            ("依据", finding.citation),
            ("情形", finding.title),
            ("级别", finding.level.label + ("(人工认定)" if finding.by == "person" else "")),
            ("事实", ";".join(value.text for value in finding.because)),
            *[("另有", ";".join(value.text for value in facts)) for facts in finding.also_because],
            ("假定", ";".join(value.text for value in finding.assumed)),
            ("期限", finding.deadline.text if finding.deadline else ""),
            ("整改", finding.remedy),
            *[("义务", f"{duty.trigger}——{duty.text}({duty.citation})") for duty in finding.duties],
        ],
        indent="  ",
    )


def _open(one: OpenRule) -> Text:
    text = Text(f"  · {one.citation}:{one.title}\n")
    if one.manual:
        text.append(f"      由人判断:{one.inspect or '核对原文'}\n")
    for question in one.questions:
        text.append(f"      问:{question.label}({question.fact};{question.allowed})\n", style="cyan")
    for note in one.notes:
        text.append(f"      注意:{note}\n")
    text.rstrip()
    return text


def print_rules(console: Console, book: RuleBook, rules: Sequence[Rule]) -> None:
    """A line a criterion."""
    table = Table(show_lines=False)
    for column in ("标识", "依据", "分组", "情形"):
        table.add_column(column, overflow="fold", no_wrap=column == "标识")
    for rule in rules:
        row = (rule.id, f"{book.documents[rule.document].number or ''}{rule.ref}", rule.group, rule.title)
        table.add_row(*map(Text, row))
    console.print(table)
    console.print(f"共 {len(rules)} 条", markup=False)


def print_facts(console: Console, facts: Sequence[FactDef]) -> None:
    """A line a fact."""
    table = Table(show_lines=False)
    for column in ("标识", "名称", "取值"):
        table.add_column(column, overflow="fold", no_wrap=column == "标识")
    for fact in facts:
        table.add_row(Text(fact.id), Text(fact.label + (f"\n({fact.note})" if fact.note else "")), Text(fact.allowed()))
    console.print(table)
    console.print(f"共 {len(facts)} 个", markup=False)


def print_rule(console: Console, book: RuleBook, rule: Rule) -> None:
    """A criterion with everything that belongs to it."""
    document = book.documents[rule.document]
    industries = "、".join(book.industries[i].label if i in book.industries else "全部行业" for i in rule.industries)
    _say(
        console,
        _lines(
            [
                ("标识", rule.id),
                ("依据", book.cite(rule)),
                ("期间", document.window),
                ("情形", rule.title),
                ("级别", Level(rule.level).label + ("(草案,不决定级别)" if rule.status == "draft" else "")),
                ("行业", industries),
                ("条件", "由人判断" if rule.manual else to_text(rule.whole)),
                *[("加引", f"{also.ref},当 {to_text(also.condition)}") for also in rule.also_cited],
                ("整改", rule.remedy),
                ("检查", rule.inspect),
                ("说明", rule.note),
            ]
        ),
    )
    asked = book.asks(rule)
    if asked:
        _say(console, Text("事实", style="bold"))
    for id_ in asked:
        fact = book.facts[id_]
        assumed = f";没有报告时按“{fact.show(fact.assume)}”" if fact.assume is not None else ""
        _say(console, Text(f"  · {fact.label}({fact.id};{fact.allowed()}{assumed})"))
    labels = {"hit": "应命中", "miss": "应不命中", "open": "应待定"}
    for kind, label in labels.items():
        examples = [example for example in rule.examples if example.kind == kind]
        if examples:
            _say(console, Text(label, style="bold"))
        for example in examples:
            shown = ";".join(f"{book.facts[f].label}:{book.facts[f].show(v)}" for f, v in example.facts.items())
            _say(console, Text(f"  · {shown}"))


def print_problems(
    console: Console, problems: Sequence[PackError], texts: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Problems of packs, file by file, each with its source line and a caret under the place.

    :param texts: the text of what is no file, by the name that its problems give.
    """
    sources: dict[str, list[str]] = {name: text.splitlines() for name, text in texts.items()}
    last = None
    for problem in problems:
        if problem.file != last:
            _say(console, Text(problem.file, style="bold"))
            last = problem.file
        place = f"{problem.line}:{problem.column} " if problem.line else ""
        _say(console, Text.assemble("  ", place, (problem.code, "bold red"), f" {problem.problem}"))
        if problem.file not in sources:
            sources[problem.file] = _source(problem.file)
        lines = sources[problem.file]
        if 0 < problem.line <= len(lines):
            line = lines[problem.line - 1]
            _say(console, Text(f"      | {line}", style="dim"))
            _say(console, Text(f"      | {' ' * cell_len(line[: problem.column - 1])}^", style="red"))
        if problem.hint:
            _say(console, Text(f"      提示:{problem.hint}", style="cyan"))


def _source(file: str) -> list[str]:
    """The lines of a file, none where it can't be read."""
    path = Path(file)
    try:
        small = path.is_file() and path.stat().st_size <= MAX_BYTES
        return path.read_text(encoding="utf-8-sig").splitlines() if small else []
    except (OSError, UnicodeDecodeError):
        return []


def print_packs(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """A line a pack, and under the table what is wrong with any of them."""
    table = Table(show_lines=False)
    columns = {
        "id": "标识",
        "version": "版本",
        "region": "地区",
        "documents": "文件",
        "rules": "规则",
        "origin": "来源",
    }
    for name, label in columns.items():
        table.add_column(label, no_wrap=name == "id")
    table.add_column("指纹")
    table.add_column("状态")
    for row in rows:
        cells = [str(row.get(name, "")) for name in columns]
        table.add_row(*map(Text, [*cells, str(row.get("fingerprint", ""))[:12], str(row["state"])]))
    console.print(table)
    for row in rows:
        for problem in row["problems"]:
            _say(console, Text(f"  · {problem}", style="red"))


def print_changes(console: Console, changes: Sequence[Change]) -> None:
    """The clauses that changed, with both conditions."""
    for change in changes:
        _say(
            console,
            Text(f"{change.label}:{' → '.join(s.rule for s in (change.before, change.after) if s)}", style="bold"),
        )
        for label, side in (("原", change.before), ("新", change.after)):
            if side is not None:
                _say(console, _lines([(label, f"{side.citation}:{side.title}"), ("条件", side.condition)], indent="  "))
    console.print(f"共 {len(changes)} 处", markup=False)


def print_verdicts(console: Console, verdicts: Sequence[Verdicts]) -> None:
    """A line an observation: its level and criteria under either law."""
    for one in verdicts:
        name = f"第{one.number}行" + (f" {one.ref}" if one.ref else "")
        before, after = (
            f"{level.label}({'、'.join(rules) or '没有命中'})"
            for level, rules in ((one.before, one.rules_before), (one.after, one.rules_after))
        )
        _say(console, Text(f"{name}:{before} → {after}"))


def print_steps(
    console: Console, steps: Sequence[Step], outcome: bool | None, because: Sequence[str], asked: Sequence[str]
) -> None:
    """A condition part by part, and what decides it or is missing."""
    words = {True: ("真", "green"), False: ("假", "red"), None: ("未知", "yellow")}
    for step in steps:
        word, style = words[step.outcome]
        _say(console, Text.assemble("  " * step.depth, (f"[{word}] ", style), step.text))
    _say(console, Text.assemble("结果:", words[outcome]))
    for label, entries in (("因为", because), ("还要知道", asked)):
        for entry in entries:
            _say(console, Text(f"{label}:{entry}"))


def print_follow_up(console: Console, found: FollowUp) -> None:
    """Where a judgment stands: each hazard with its day, its delay, its extensions, and its duties."""
    _say(console, Text(f"{found.as_of.isoformat()}:{found.text}", style="bold"))
    for hazard in found.hazards:
        title = hazard.rule or hazard.level.label
        late = f",逾期 {hazard.overdue_days} 日" if hazard.overdue_days else ""
        _say(console, Text(f"\n{title}:{STATE_LABELS[hazard.state]}{late}"))
        prolonged = ";".join(f"{e.before} 延到 {e.due_on}({e.on};{e.instrument};{e.ground})" for e in hazard.extensions)
        _say(console, _lines([("期限", hazard.due_text), ("延期", prolonged)], "  "))
        for one in hazard.obligations[1:]:
            when = f"{one.due_on.isoformat()}前" if one.due_on else "及时"
            done = f"已于 {one.done_on.isoformat()} 完成" if one.done_on else "未完成"
            overdue = f",迟 {one.overdue_days} 日" if one.overdue_days else ""
            _say(console, Text(f"  · {when},{done}{overdue}:{one.text}({one.citation})"))
    if found.later:
        _say(console, Text(f"\n另有 {found.later} 件事在这一天以后,没有算进来", style="dim"))


def print_replay(console: Console, again: Replay) -> None:
    """Whether a judgment came out the same again, and if not, what differs and why."""
    if again.equal:
        console.print("重算的结论与保存的相同", style="green", markup=False)
        return
    _say(console, Text("重算的结论与保存的不同", style="red"))
    for cause in again.causes:
        _say(console, Text(f"  · {cause}"))
    names = "、".join(one.field for one in again.differences)
    _say(console, _lines([("不同的项", names)], "  "))


def print_coverage(console: Console, documents: Sequence[HeldDocument], industries: Sequence[HeldIndustry]) -> None:
    """What is held and what is missing, document by document, and which documents each industry has."""
    table = Table("文件", "适用期间", "行业", "收录", "情形", "由人认定", "没有收录")
    for row in documents:
        missing = ";".join(row.missing)
        counts = (str(row.clauses + row.draft), str(row.manual))
        table.add_row(row.document, row.window, "、".join(row.industries), row.coverage, *counts, missing)
    console.print(table)
    table = Table("行业", "有效的文件")
    for one in industries:
        table.add_row(one.label, "、".join(one.documents) or "没有")
    console.print(table)
