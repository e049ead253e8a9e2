"""A small pack with programmes for tests: what is due when, steps of pressure, stages, points, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hazardrules import Judgment, RuleBook, classify
from packs import RULE, rule, write_pack

__all__ = ["FOUND", "PROGRAMMES", "book_in", "general", "major"]

FOUND: Final = "2026-03-02"

PROGRAMMES: Final = """\
programmes:
- id: wide
  title: 演示省行动
  starts: 2026-01-01
  ends: 2028-01-01
  source: 演示省方案
  scope:
  - {id: trades, title: 行业, kind: industries, industries: [works], departments: [演示省住建厅]}
  - {id: sites, title: 场所, kind: places, items: [游乐园, 剧本杀], departments: [演示省文旅厅]}
  cadence:
  - {id: monthly, title: 月分析, kind: analyse, rule: FREQ=MONTHLY;BYMONTHDAY=-1, actor: 专班}
  escalation:
  - {id: remind, title: 通报提醒, when: {overdue_days: 1}, when_evidence: read}
  - {id: talk, title: 约谈纠治, when: {overdue_days: 15, reopened: 1}, actor: 安委办}
  - {id: punish, title: 联合惩戒, when: {overdue_days: 30, failed_rechecks: 2, domains: [demo]}}
  closing:
  - {id: find, state: found, title: 查}
  - {id: rectify, state: rectifying, title: 改, needs: [notified]}
  - {id: supervise, state: supervised, title: 督, needs: [supervised]}
  - {id: close, state: closed, title: 销, needs: [rectified, rechecked, closed], needs_evidence: read}
  scoring: {id: points, title: 打分排队, weights: {found: 1, major: 2, in_time: 3, overdue: -3, reopened: -2}}
  checklists:
  - {id: guards, title: 护栏, words: [护栏], columns: [content, method, basis], headings: {content: 查什么}}
- id: narrow
  title: 演示市行动
  carries_out: wide
  starts: 2026-03-02
  ends: 2026-09-01
  source: 演示市方案
  scope:
  - {id: pits, title: 专题, kind: topics, items: [基坑], industries: [pits], departments: [演示市住建局]}
  phases:
  - {id: self, title: 自查, ends: 2026-05-01}
  - {id: enforce, title: 执法, starts: 2026-05-01, ends: 2026-09-01}
  - {id: undated, title: 总结}
  cadence:
  - {id: weekly, title: 周调度, kind: dispatch, rule: FREQ=WEEKLY;BYDAY=FR, actor: 专班}
  - {id: quarterly, title: 季讲评, kind: review, rule: 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15', day: read}
  checklists:
  - {id: works, title: 工程检查表, industries: [works]}
  practices:
  - {id: list, title: 三十项任务, kind: tasks, numbers: {任务: 2, 类: 6}, by: [tasks]}
  - {id: free, title: 清单, kind: tasks, by: [tasks, summary]}
  - {id: steps, title: 加压, kind: escalation, by: [follow_up]}
"""
"""``narrow`` carries out ``wide``, which has what ``narrow`` lacks."""

INDUSTRIES: Final[list[Mapping[str, Any]]] = [
    {"id": "works", "label": "演示工程"},
    {"id": "pits", "label": "演示基坑", "aliases": ["基坑工程"], "parents": ["works"]},
    {"id": "shops", "label": "演示商店"},
]

DEADLINES: Final[Mapping[str, Any]] = {
    "policy": "演示策略",
    "deadlines": [
        {
            "id": f"demo-{level}",
            "level": level,
            "source": "policy",
            "days": days,
            "day_kind": "calendar",
            "citation": "演示策略",
            "evidence": "policy",
            "text": "演示",
        }
        for level, days in (("major", 10), ("general", 2))
    ],
}

SECOND: Final = rule(
    "2",
    "demo.height > 50",
    hit=[{"demo.height": 51}],
    miss=[{"demo.height": 50}],
)


def book_in(folder: Path, programmes: str = PROGRAMMES) -> RuleBook:
    """A rule book of one pack with these programmes: 10 days for what is major, 2 for what is general."""
    files = {"programme.yaml": programmes}
    write_pack(folder, rules=[RULE, SECOND], industries=INDUSTRIES, deadlines=DEADLINES, files=files)
    return RuleBook.load(packs=[folder])


def major(book: RuleBook, *, observed_on: str = FOUND, height: int = 3, **more: Any) -> Judgment:
    """One major hazard (two from a height above 50), due on the tenth day after it was found."""
    facts = {"demo.height": height, "demo.guard": "failed"}
    return classify(facts, industry=more.pop("industry", "works"), observed_on=observed_on, book=book, **more)


def general(book: RuleBook, *, observed_on: str = FOUND, **more: Any) -> Judgment:
    """A general hazard that is in no criterion, due on the second day after it was found."""
    return classify(
        other=["三个螺栓松动"], industry=more.pop("industry", "works"), observed_on=observed_on, book=book, **more
    )
