"""The closed lists of words that packs, judgments and records share."""

from typing import Final, Literal, TypeAlias

__all__ = ["EVENT_LABELS", "NATION", "DutyKind", "EventKind"]

NATION: Final = "CN"
"""The region that is the whole country."""

DutyKind: TypeAlias = Literal[
    "report",
    "plan",
    "stop_work",
    "evacuate",
    "supervise",
    "recheck",
    "accept",
    "publicise",
    "notify_staff",
    "dispatch",
]
"""What must happen besides rectification, by kind."""

EventKind: TypeAlias = Literal[
    "notified",
    "determined",
    "expert_reviewed",
    "planned",
    "reported",
    "stopped",
    "evacuated",
    "supervised",
    "extended",
    "rectified",
    "rechecked",
    "applied",
    "accepted",
    "resumed",
    "publicised",
    "staff_notified",
    "dispatched",
    "penalised",
    "found_producing",
    "closure_proposed",
    "closed",
    "reopened",
]

EVENT_LABELS: Final[dict[str, str]] = {
    "notified": "送达责令整改的文书",
    "determined": "确定为重大事故隐患",
    "expert_reviewed": "组织专家论证",
    "planned": "制定治理方案",
    "reported": "报告",
    "stopped": "停产停业(停止使用)",
    "evacuated": "撤出人员",
    "supervised": "挂牌督办",
    "extended": "批准延期",
    "rectified": "整改完成",
    "rechecked": "复查",
    "applied": "申请恢复生产",
    "accepted": "验收",
    "resumed": "恢复生产",
    "publicised": "公告",
    "staff_notified": "通报从业人员",
    "dispatched": "移送",
    "penalised": "行政处罚",
    "found_producing": "发现仍然生产",
    "closure_proposed": "提请关闭",
    "closed": "销号",
    "reopened": "再次出现",
}
"""The kinds of events and what they are called."""
