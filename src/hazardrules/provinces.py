"""What the packs beyond the national one hold, as a page: laws and what of them is read, duties, topics, programmes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from hazardrules.markdown import table
from hazardrules.pack.content import Pack
from hazardrules.pack.policy import DutyProvision, Law
from hazardrules.pack.programmes import ProgrammeSpec, read_programmes
from hazardrules.regions import region_label

__all__ = ["LAW_STATES", "packs_page"]

LAW_STATES: Final = {"in_force": "现行", "unverified": "是否现行没有核对", "repealed": "已失效"}
"""What the states of a law are called."""

_HELD: Final = {"full": "全部", "partial": "部分", "none": "没有"}


def packs_page(packs: Sequence[Pack]) -> str:
    """The page ``docs/provinces.md`` in Chinese Markdown, in the order of the packs given.

    :raises PackErrors: where a pack's programme can no longer be read.
    """
    lines = [
        "# 地方规则包",
        "",
        "本页由 `hazardrules packs --markdown` 生成。法规只收读到条文的义务;没有读到条文的也登记在这里,写明缺什么。",
        "",
        "专项行动是工作做法,不是法定依据。",
        "",
        *table(
            ("规则包", "地区", "版本", "法规", "义务", "期限", "增加的领域", "专项行动"),
            [_row(pack) for pack in packs],
        ),
    ]
    for pack in packs:
        lines += ["", f"## {region_label(pack.region)}", "", *_section(pack)]
    return "\n".join(lines) + "\n"


def _row(pack: Pack) -> tuple[str, ...]:
    counts = (len(pack.policy.laws), len(pack.policy.duties), len(pack.policy.deadlines), len(pack.industries))
    return (f"`{pack.id}`", region_label(pack.region), pack.version, *map(str, counts), str(len(_programmes(pack))))


def _programmes(pack: Pack) -> tuple[ProgrammeSpec, ...]:
    return read_programmes(Path(pack.origin))


def _section(pack: Pack) -> Iterator[str]:
    if pack.policy.laws:
        head = ("法规", "位阶", "施行", "状态", "读到", "没有读到")
        yield from table(head, [_law(law) for law in pack.policy.laws])
        yield ""
    if pack.policy.duties:
        yield from table(("义务", "由谁", "何时", "依据"), [_duty(duty) for duty in pack.policy.duties])
        yield ""
    topics = "、".join(f"{one.label}({'缺判定标准' if one.gap else '适用全国标准'})" for one in pack.industries)
    if topics:
        yield f"增加的领域:{topics}。"
        yield ""
    for programme in _programmes(pack):
        ends = f"{programme.ends.isoformat()} 前" if programme.ends else "没有定终点"
        yield f"**{programme.title}**(`{programme.id}`,{programme.starts.isoformat()} 起,{ends})"
        yield ""
        for label, entries in (
            ("周期", programme.cadence),
            ("加压", programme.escalation),
            ("检查表", programme.checklists),
            ("做法", programme.practices),
        ):
            if entries:
                yield f"- {label}:{';'.join(one.title for one in entries)}"
        yield ""


def _law(law: Law) -> tuple[str, ...]:
    starts = law.effective.isoformat() if law.effective else "施行日没有读到"
    window = starts + (f",至 {law.expires.isoformat()}" if law.expires else "")
    return law.name, law.rank, window, LAW_STATES[law.status], _HELD[law.coverage], ";".join(law.missing)


def _duty(duty: DutyProvision) -> tuple[str, ...]:
    return duty.text, duty.actor, duty.period or duty.trigger, duty.citation
