"""Chinese sentences that an inspector can put on the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hazardrules.model import CheckedDocument, FactValue, Finding, Gap, Level, Observation
from hazardrules.pack.content import Document

if TYPE_CHECKING:
    from hazardrules.asking import OpenRule
    from hazardrules.seldom import PossibleRule

__all__ = ["checked_text", "finding_reason", "judgment_reason", "unused_text"]

NAMED: Final = 3
"""How many drafts that hold are named; all of them stand in ``possible``."""


def finding_reason(
    title: str,
    level: Level,
    citation: str,
    because: Sequence[FactValue],
    assumed: Sequence[FactValue],
    *,
    by_person: bool,
) -> str:
    """Why one criterion is met."""
    if by_person:
        return f"经人工认定,属于{citation}所列情形({title}),判定为{level.label}。"
    seen = ",".join(value.text for value in because)
    taken = f"(未报告,按条文除外情形不存在或通常情况认定:{','.join(v.text for v in assumed)})" if assumed else ""
    return f"经查,{seen}{taken};属于{citation}所列情形({title}),判定为{level.label}。"


def judgment_reason(
    observation: Observation,
    level: Level,
    findings: Sequence[Finding],
    open_: Sequence[OpenRule],
    gaps: Sequence[Gap],
    possible: Sequence[PossibleRule],
    checked: str,
) -> str:
    """Why the level is what it is, what was checked (see ``checked_text``), what stays open and what is unsure."""
    parts = []
    if findings:
        parts.append("".join(finding.reason for finding in findings))
    else:
        parts.append(_nothing_met(observation, level, checked))
    if observation.other:
        words = "、".join(f"“{text}”" for text in observation.other)
        parts.append(
            f"{words}没有判定标准的事实可对应,没有条文列为重大,按一般事故隐患记录;请对照最接近的条款人工核对。"
        )
    if open_:
        parts.append(f"另有{len(open_)}条判定情形因事实不全尚不能判定。")
    if possible:
        parts.append(_second_hand([one for one in possible if one.outcome == "holds"]))
    if gaps:
        parts.append("判定依据有缺口:" + ";".join(gap.text for gap in gaps) + "。")
    if not observation.industry:
        parts.append("没有给出行业,按全部行业的判定情形核对。")
    return "".join(parts)


def _second_hand(held: Sequence[PossibleRule]) -> str:
    """That drafts hold, and why they decide nothing."""
    if not held:
        return ""
    named = "、".join(f"{one.citation}({one.title})" for one in held[:NAMED])
    count = f"等{len(held)}条" if len(held) > NAMED else ""
    return f"只有第二手文字的{named}{count}按所报事实会成立;这些文字没有与原文核对过,不据以判定,须由人核对原文。"


def checked_text(considered: Sequence[CheckedDocument]) -> str:
    """What was checked, where nothing is met."""
    count = sum(one.considered for one in considered)
    names = "、".join(f"{one.name}({one.window})" for one in considered)
    if count:
        return f"已核对{names}中与所报事实有关的{count}条判定情形,没有一条成立"
    return "当日有效的判定情形都不涉及所报事实"


def _nothing_met(observation: Observation, level: Level, checked: str) -> str:
    if level is Level.NONE:
        return f"{checked};检查人员没有报告为隐患,未构成隐患。"
    if observation.reported and not observation.other:
        return f"{checked};检查人员报告为隐患,按一般事故隐患处理。"
    return f"{checked}。"


def unused_text(
    label: str, readers: Sequence[Document], replaced: Sequence[Document], elsewhere: Sequence[Document]
) -> str:
    """Why a given fact was of no use: who reads it, what the law in force replaced, what holds for other industries."""
    where = "、".join(f"{document.name}({document.window})" for document in readers) or "没有文件"
    text = f"“{label}”没有用上:所报行业当日有效的判定情形都不看它;看它的有{where}"
    if replaced:
        names = "、".join(dict.fromkeys(document.name for document in replaced))
        text += f"。{names}已被替代,现行文件对同一情况看的是别的事实,须对照现行条文补报,不能据此定为一般"
    if elsewhere:
        names = "、".join(document.name for document in elsewhere)
        text += f"。{names}当日有效,但不是所报行业的;核对行业,属于它的范围的按它判"
    return text
