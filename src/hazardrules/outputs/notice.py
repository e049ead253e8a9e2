"""Rectification notices as drafts: what was found, by which law, what must be done, and what stays open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from hazardrules.errors import FactValueError, InputError, Problem, UnknownRegionError, raise_all
from hazardrules.judge import default_book
from hazardrules.model import Deadline, Duty, Finding, Judgment, Level
from hazardrules.outputs.page import Block, Fields, Heading, Items, Page, Signs, Text
from hazardrules.outputs.paper import Paper
from hazardrules.outputs.wording import day_text
from hazardrules.pack.values import MAX_TEXT, ValueRefusedError, clip, normalise, storable
from hazardrules.rulebook import RuleBook

__all__ = ["MARKING", "Notice", "make_notice"]

MARKING: Final = "草稿:须由有权机关审核签发,未经签发不产生效力"
"""What stands on every page of a draft."""
TITLES: Final = {
    Level.MAJOR: "重大事故隐患整改通知书(草稿)",
    Level.GENERAL: "事故隐患整改通知书(草稿)",
    Level.NONE: "检查情况告知书(草稿)",
}
LINE: Final = "＿＿＿＿＿＿"
DAY: Final = "＿＿＿＿年＿＿月＿＿日"


class Notice(Paper):
    """A draft; what is None or empty is a line to fill in. ``observed`` are the facts in words, as they were given."""

    judgment: Judgment
    unit: str | None
    place: str | None
    inspectors: tuple[str, ...]
    authority: str | None
    number: str | None
    industry_labels: tuple[str, ...]
    observed: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the notice is called, by the level of what was found."""
        return TITLES[self.judgment.level]

    def page(self) -> Page:
        """The notice as a paper."""
        blocks: list[Block] = [
            self._head(),
            Text(f"{self.unit or LINE}:"),
            Text(self._opening()),
            Heading("检查中观察到的情况"),
            self._observed(),
        ]
        blocks += self._found()
        blocks += [Heading("本通知没有作出结论的事项"), *self._unsettled()]
        blocks += [Heading("签名和签发"), self._signs(), Text(self._origin(), "note")]
        return Page(self.title, "", tuple(blocks), marking=MARKING)

    def _head(self) -> Fields:
        observation = self.judgment.observation
        return Fields(
            (
                ("文书编号", self.number or ""),
                ("签发机关", self.authority or ""),
                ("被检查单位", self.unit or ""),
                ("检查地点", self.place or ""),
                ("行业", "、".join(self.industry_labels) or "没有给出,按全部行业核对"),
                ("检查日期", day_text(observation.observed_on)),
                *((("检查编号", observation.ref),) if observation.ref else ()),
            )
        )

    def _opening(self) -> str:
        judgment = self.judgment
        day = day_text(judgment.observation.observed_on)
        counts = {
            level: sum(finding.level is level for finding in judgment.findings)
            for level in (Level.MAJOR, Level.GENERAL)
        }
        if judgment.level is Level.NONE:
            return f"{day}对你单位进行了检查。对照当日有效的判定标准,检查的情况没有被认定为事故隐患。"
        if judgment.level is Level.MAJOR:
            also = f",以及一般事故隐患{counts[Level.GENERAL]}项" if counts[Level.GENERAL] else ""
            said = f"存在重大事故隐患{counts[Level.MAJOR]}项{also}"
        elif judgment.findings:
            said = f"存在一般事故隐患{counts[Level.GENERAL]}项"
        else:
            said = "存在一般事故隐患"
        return f"{day}对你单位进行检查,发现{said}。现将认定的依据、理由和整改要求通知如下。"

    def _observed(self) -> Block:
        told = (*self.observed, *(f"其他情况:{text}" for text in self.judgment.observation.other))
        return Items(told) if told else Text("没有记录观察到的事实;下列认定来自检查人员的人工认定。")

    def _found(self) -> Iterator[Block]:
        judgment = self.judgment
        if judgment.level is Level.NONE:
            yield Heading("核对的结果")
            yield Text(judgment.reason)
            return
        yield Heading("认定的事故隐患")
        for number, finding in enumerate(judgment.findings, 1):
            yield Heading(f"{number}. {finding.title}", 3)
            yield Fields(tuple(self._about(finding)))
        bare = not judgment.findings
        if bare or judgment.observation.other:
            yield Heading("没有判定情形列明的一般事故隐患" if not bare else "一般事故隐患", 3)
            yield Text(judgment.reason if bare else "、".join(f"“{one}”" for one in judgment.observation.other))
            if bare:
                yield Fields((("整改期限", _term(judgment.deadline)),))
        duties, laws = self._duties(), self.judgment.law_gaps
        if duties or laws:
            yield Heading("后续义务")
        if duties:
            yield Items(tuple(_duty(duty) for duty in duties), ordered=True)
        if laws:
            yield Heading("条文没有读到的法规,另有的期限和义务须核对原文", 3)
            yield Items(tuple(gap.text for gap in laws))

    def _about(self, finding: Finding) -> Iterator[tuple[str, str]]:
        yield "级别", finding.level.label
        yield "依据", finding.citation
        yield "理由", finding.reason
        for also in finding.also_because:
            yield "另一理由", ",".join(value.text for value in also)
        yield "整改要求", finding.remedy or "消除所列情形"
        yield "整改期限", _term(finding.deadline)
        if finding.note:
            yield "说明", finding.note

    def _duties(self) -> tuple[Duty, ...]:
        every = [*(duty for finding in self.judgment.findings for duty in finding.duties), *self.judgment.duties]
        return tuple({duty.id: duty for duty in every}.values())

    def _unsettled(self) -> Iterator[Block]:
        """What nobody may take for settled."""
        judgment = self.judgment
        decided = [one for one in judgment.open if not one.manual]
        manual = [one for one in judgment.open if one.manual]
        told: list[tuple[str, list[str]]] = [
            (
                "事实不全,尚不能判定,须补充核实",
                [f"{o.citation}:{o.title}(还要查明:{'、'.join(q.label for q in o.questions)})" for o in decided],
            ),
            ("须由人认定", [f"{one.citation}:{one.title}" for one in manual]),
            ("当日有效而规则库没有收录,须核对原文", [gap.text for gap in judgment.gaps]),
            (
                "只有第二手文字的情形,须核对原文",
                [
                    f"{p.citation}:{p.title}({'可能成立' if p.outcome == 'holds' else '事实不全'})"
                    for p in judgment.possible
                ],
            ),
            ("与人工认定不一致的事实", [one.text for one in judgment.conflicts]),
            ("将要施行、会改变结论的规定", [one.text for one in judgment.upcoming]),
            (
                "与文字描述的情况最接近的条款,须人工核对",
                [f"“{one.other}”:{one.citation}:{one.title}" for one in judgment.nearest],
            ),
            ("没有报告、按条文通常情况认定的事实", [one.text for one in judgment.assumed]),
            ("没有用上的事实", [one.text for one in judgment.unused]),
            ("没有采用的输入", [f"{one.where}:{one.value}({one.problem})" for one in judgment.rejected]),
        ]
        if not judgment.conclusive:
            yield Text("结论不是最终的:下列事项查清以前,不能认为没有其他重大事故隐患。", "warning")
        if not any(entries for _, entries in told):
            yield Text("没有。")
        for title, entries in told:
            if entries:
                yield Heading(f"{title}({len(entries)}项)", 3)
                yield Items(tuple(entries))

    def _signs(self) -> Signs:
        return Signs(
            (
                ("检查人员", "、".join(self.inspectors)),
                ("被检查单位负责人", ""),
                ("审核人", ""),
                (f"签发机关(盖章){self.authority or ''}", ""),
            )
        )

    def _origin(self) -> str:
        judgment = self.judgment
        packs = "、".join(f"{pack.id} {pack.version}" for pack in judgment.rulebook.packs)
        policy = f";期限策略:{judgment.policy.name}" if judgment.policy else ""
        return (
            f"核对:规则包 {packs},指纹 {judgment.rulebook.fingerprint[:12]},"
            f"hazardrules {judgment.library_version}{policy}。引用条文以有权机关公布的文本为准。"
        )


def _term(deadline: Deadline | None) -> str:
    """A deadline; where no law fixes it, a line for the authority to fill in and the policy for reference."""
    if deadline is None:
        return f"{DAY}前(由签发机关确定)"
    if deadline.source == "policy":
        return f"{DAY}前(由签发机关确定;参考:{deadline.text})"
    return deadline.text


def _duty(duty: Duty) -> str:
    when = f",{duty.due_on.isoformat()}前" if duty.due_on else ""
    period = f";{duty.period}" if duty.period else ""
    unsure = ";日历未公布,暂定" if duty.provisional else ""
    return f"{duty.text}({duty.trigger}{when}{period}{unsure};{duty.citation})"


def make_notice(
    judgment: Judgment,
    *,
    unit: str | None = None,
    place: str | None = None,
    inspector: str | Sequence[str] | None = None,
    authority: str | None = None,
    number: str | None = None,
    book: RuleBook | None = None,
) -> Notice:
    """The draft of a notice; see ``Judgment.to_notice``."""
    problems: list[tuple[type[InputError], Problem]] = []

    def text(where: str, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value.strip() and storable(value):
            return value.strip()
        said = f"{where} 要是文字,不能空,不超过 {MAX_TEXT} 字"
        problems.append((FactValueError, Problem(where, clip(value), said, "不知道就不要给,通知书上会留出空格")))
        return None

    names = [inspector] if isinstance(inspector, str) or inspector is None else list(inspector)
    given = {"unit": unit, "place": place, "authority": authority, "number": number}
    texts = {where: text(where, value) for where, value in given.items()}
    inspectors = tuple(name for name in (text("inspector", one) for one in names) if name)
    if problems:
        raise_all(problems)
    used = book if book is not None else _book_of(judgment)
    industries = (used.industries.get(id_) for id_ in judgment.observation.industry)
    return Notice(
        judgment=judgment,
        unit=texts["unit"],
        place=texts["place"],
        inspectors=inspectors,
        authority=texts["authority"],
        number=texts["number"],
        industry_labels=tuple(
            one.label if one else id_ for one, id_ in zip(industries, judgment.observation.industry, strict=True)
        ),
        observed=tuple(_observed(judgment, used)),
    )


def _book_of(judgment: Judgment) -> RuleBook:
    try:
        return default_book(judgment.observation.region)
    except UnknownRegionError:
        return default_book()


def _observed(judgment: Judgment, book: RuleBook) -> Iterator[str]:
    """The given facts in words; one that the book doesn't know, or not with that value, as it was recorded."""
    for id_, value in judgment.observation.facts.items():
        fact = book.facts.get(id_)
        shown = "、".join(value) if isinstance(value, tuple) else str(value)
        if fact is not None:
            with suppress(ValueRefusedError):
                shown = fact.show(normalise(fact, value))
        yield f"{fact.label if fact else id_}:{shown}"
