"""Cards (提示卡/明白纸): one page for a firm, with what counts as a major hazard and what to do when there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor
from typing import Final

from hazardrules.model import Duty, Frozen, RuleBookInfo
from hazardrules.observation import today
from hazardrules.outputs.page import Block, Fields, Heading, Items, Page, Panel, Panels, Text
from hazardrules.outputs.paper import Paper
from hazardrules.outputs.picking import Picked, pick
from hazardrules.outputs.wording import day_text, deadline_term
from hazardrules.pack.content import Document, Rule
from hazardrules.regions import NATION, region_label
from hazardrules.rulebook import RuleBook

__all__ = ["Card", "CardGroup", "make_card"]

CHANNELS: Final = ("本单位安全负责人、电话", "报告部门、电话", "举报电话", "应急救援电话")
"""What a firm or its authority writes on the card."""
FIRM_DUTIES: Final = ("stop_work", "evacuate", "plan", "report", "notify_staff")
"""The kinds of duties that a card tells, most urgent first."""
AUTHORITIES: Final = ("部门", "机构", "政府", "监管", "监察")
"""Words by which the actor of a duty is told to be no firm."""
WIDTH: Final = 190.0
HEIGHT: Final = 277.0
"""What A4 leaves inside the margins, in millimetres."""
MM: Final = 0.353
"""A point in millimetres."""
SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0)
"""The sizes of print for the list, in points; the largest in which all fits is taken."""
BODY: Final = 8.5
"""The size of the rest of the card, in points."""


class CardGroup(Frozen):
    """Criteria under the heading that they have in their document: the titles told, and how many are not."""

    title: str
    situations: tuple[str, ...]
    left_out: int = 0


class Card(Paper):
    """A card by the law of a day.

    ``standards`` are the documents that apply, with their windows and numbers of criteria; ``groups`` what is told of
    them, in ``columns`` and a print of ``points``; ``left_out`` counts the criteria that are not told and stand in the
    checklist only; ``duties`` are those of the firm, and ``further_duties`` counts the others.
    """

    title: str
    industry: tuple[str, ...]
    industry_labels: tuple[str, ...]
    region: str | None
    region_label: str | None
    on: date
    rulebook: RuleBookInfo
    standards: tuple[str, ...]
    groups: tuple[CardGroup, ...]
    columns: int
    points: float
    left_out: int
    deadlines: tuple[str, ...]
    duties: tuple[str, ...]
    further_duties: int
    gaps: tuple[str, ...]

    def page(self) -> Page:
        """The card as a paper."""
        told = sum(len(group.situations) for group in self.groups)
        rest = f",另有{self.left_out}条见检查表" if self.left_out else ""
        panels = tuple(Panel(_heading(group.title, group.left_out), group.situations) for group in self.groups)
        more = (
            (f"另有{self.further_duties}项后续义务(监管部门的和特定情形的)见检查表。",) if self.further_duties else ()
        )
        blocks: list[Block] = [
            Heading("适用的标准"),
            Items((*self.standards, *self.gaps)),
            Heading(f"有下列情形之一的,是重大事故隐患({told}条{rest})"),
            Panels(panels, self.columns, self.points),
            Heading("发现以后怎么办"),
            Items((*(f"整改期限:{term}" for term in self.deadlines), *self.duties, *more)),
            Heading("向谁报告"),
            Fields(tuple((name, "") for name in CHANNELS), short=True),
            Text(
                f"按{day_text(self.on)}有效的文件;情形是条文的要点,认定以有权机关公布的文本为准。"
                f"规则库指纹 {self.rulebook.fingerprint[:12]}",
                "note",
            ),
        ]
        return Page(self.title, self.region_label or "", tuple(blocks), points=BODY, card=True)


def _heading(title: str, left_out: int) -> str:
    return f"{title}(另有{left_out}条)" if left_out else title


def make_card(book: RuleBook, industry: str | Iterable[str], *, on: date | None = None) -> Card:
    """The card of an industry; see ``RuleBook.card``."""
    picked = pick(book, industry, on or today())
    own, everywhere = (list(picked.documents(everywhere=one)) for one in (False, True))
    told = own or everywhere
    majors = [rule for _, rules in told for rule in rules if rule.level == "major"]
    all_majors = [rule for rule in picked.rules if rule.status == "stable" and rule.level == "major"]
    duties = _of_firm(picked.duties(majors))
    terms = tuple(dict.fromkeys(filter(None, (deadline_term(picked.deadline(rule)) for rule in majors))))
    standards = tuple(_standard(document, rules) for document, rules in (*own, *everywhere))
    drafts = len(picked.drafts)
    if drafts:
        standards = (*standards, f"另有{drafts}条只有第二手文字,只供参考,见检查表")
    gaps = _gaps(picked)
    room = HEIGHT - _height_of_rest((*standards, *gaps), (*terms, *(d.text for d in duties)))
    groups, columns, points = _fitted(_grouped(told), room)
    return Card(
        title=f"{picked.label()}重大事故隐患提示卡",
        industry=picked.industries,
        industry_labels=tuple(book.industries[id_].label for id_ in picked.industries),
        region=None if book.region == NATION else book.region,
        region_label=None if book.region == NATION else region_label(book.region, book.region_names),
        on=picked.on,
        rulebook=book.info,
        standards=standards or ("规则库没有当日有效的判定情形",),
        groups=groups,
        columns=columns,
        points=points,
        left_out=len(all_majors) - sum(len(group.situations) for group in groups),
        deadlines=terms,
        duties=tuple(duty.text for duty in duties),
        further_duties=len(picked.duties(all_majors)) - len(duties),
        gaps=gaps,
    )


def _standard(document: Document, rules: Sequence[Rule]) -> str:
    everywhere = ",各行业都适用" if "*" in document.industries else ""
    return f"{document.name}:{document.window}{everywhere},{len(rules)}条"


def _gaps(picked: Picked) -> tuple[str, ...]:
    """The documents in force whose text is not wholly held, in short."""
    found = []
    for lacking in picked.setting.lacking:
        document = picked.book.documents.get(lacking.gap.document or "")
        name = document.name if document else lacking.gap.text
        found.append(f"{name}当日有效,本卡没有收录或者没有全部收录,核对原文" if document else name)
    return tuple(found)


def _of_firm(duties: Sequence[Duty]) -> tuple[Duty, ...]:
    """The duties that a firm must know: its own, and that it may be told to stop."""
    own = [
        duty
        for duty in duties
        if duty.kind in FIRM_DUTIES
        and duty.extends is None
        and (duty.kind == "stop_work" or not any(word in duty.actor for word in AUTHORITIES))
    ]
    return tuple(sorted(own, key=lambda duty: FIRM_DUTIES.index(duty.kind)))


def _grouped(told: Sequence[tuple[Document, Sequence[Rule]]]) -> list[tuple[str, list[str]]]:
    """The titles of major criteria by document and group, in the order of the articles."""
    found: dict[tuple[str, str], list[str]] = {}
    for document, rules in told:
        for rule in rules:
            if rule.level == "major":
                title = rule.title + ("(由人认定)" if rule.manual else "")
                found.setdefault((document.id, rule.group), []).append(title)
    return [(group or "其他", titles) for (_, group), titles in found.items()]


def _ems(text: str) -> float:
    """How wide a text is, in the width of a Chinese character."""
    return sum(0.33 if c in ",.:;()'| " else 0.6 if ord(c) < 0x2000 else 1.0 for c in text)


def _lines(text: str, ems: float) -> int:
    return max(1, ceil((_ems(text) + 0.7) / ems))  # a line never ends with a character that may not end one


def _height_of_rest(standards: Sequence[str], duties: Sequence[str]) -> float:
    """The height of everything but the list, in millimetres."""
    line = BODY * MM * 1.3 + 0.3
    told = sum(_lines(text, WIDTH / (BODY * MM) - 2) for text in (*standards, *duties))
    return 8 + 4 * 6.3 + line * (told + 1) + 2 * 5.6 + 4


def _fitted(groups: Sequence[tuple[str, list[str]]], room: float) -> tuple[tuple[CardGroup, ...], int, float]:
    """The groups as far as they fit, with the number of columns and the size of print."""
    for points in SIZES:
        columns = 2 if points > 7 else 3
        space = _Space(points, columns, room)
        if sum(space.group(title, items) for title, items in groups) <= space.lines:
            return tuple(CardGroup(title=title, situations=tuple(items)) for title, items in groups), columns, points
    points = SIZES[-1]
    space = _Space(points, 2, room)
    shown = [0] * len(groups)
    used = sum(space.group(_heading(title, len(items)), []) for title, items in groups)
    while True:
        before = used
        for index, (_, items) in enumerate(groups):
            if shown[index] < len(items):
                more = _lines(items[shown[index]], space.ems)
                if used + more <= space.lines:
                    used, shown[index] = used + more, shown[index] + 1
        if used == before:
            break
    fitted = tuple(
        CardGroup(title=title, situations=tuple(items[:count]), left_out=len(items) - count)
        for (title, items), count in zip(groups, shown, strict=True)
    )
    return fitted, 2, points


class _Space:
    """How many lines, and how wide, a list in columns has."""

    def __init__(self, points: float, columns: int, room: float) -> None:
        em = points * MM
        gap = 1.4 * em
        self.ems = ((WIDTH - gap * (columns - 1)) / columns) / em - 1.5
        self.lines = columns * floor(0.97 * room / (em * 1.3) - 1.5)  # columns that don't end on the same line

    def group(self, title: str, items: Sequence[str]) -> float:
        """The lines of a group with its heading."""
        return 1.6 + _lines(title, self.ems) - 1 + sum(_lines(item, self.ems) for item in items) + 0.3
