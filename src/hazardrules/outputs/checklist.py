"""Checklists: what an inspector looks at, how, what makes it a major hazard, what puts it right, and by which law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

from hazardrules.errors import InputError, Problem
from hazardrules.lang.nodes import facts_read
from hazardrules.model import Duty, Frozen, Question, RuleBookInfo
from hazardrules.observation import today
from hazardrules.outputs.columns import Columns, choose_columns
from hazardrules.outputs.excel import page_sheet
from hazardrules.outputs.filled import is_filled_checklist, read_filled
from hazardrules.outputs.page import Block, Fields, Group, Heading, Items, Page, Table, Text
from hazardrules.outputs.paper import Paper
from hazardrules.outputs.picking import Picked, pick
from hazardrules.outputs.recordsheet import Clause, Section, record_sheet
from hazardrules.outputs.render import extra
from hazardrules.outputs.wording import day_text, deadline_term, duty_text, marks, method_text
from hazardrules.pack.content import Document, Rule
from hazardrules.pack.values import clip
from hazardrules.regions import NATION, region_label
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

__all__ = ["Checklist", "ChecklistPart", "ChecklistRow", "is_filled_checklist", "make_checklist", "read_filled"]

ISSUER: Final = "(标准发布机关)"
MOST_OBJECTS: Final = 100
BY_PERSON: Final = "(由人认定)"
SHARES: Final = {"content": 22, "method": 16, "problem": 26, "remedy": 16, "basis": 12, "department": 8}
"""The widths of the columns in percent, where all are there."""


class ChecklistRow(Frozen):
    """One criterion as an inspector takes it along.

    ``content`` is what to look at, ``method`` how, ``problem`` what makes it a hazard of its level, ``condition`` the
    same as an exact condition over what was observed ("" where a person decides) and ``brief`` that condition with the
    marks of ``content`` in place of labels, ``remedy`` what puts it right, ``deadline`` by when, ``basis`` the
    citation; ``facts`` are the ids of the facts that decide it.
    """

    rule: str
    document: str
    group: str
    content: str
    method: str
    problem: str
    condition: str
    brief: str
    remedy: str
    deadline: str
    basis: str
    department: str
    manual: bool
    facts: tuple[str, ...]

    def cell(self, column: str, *, brief: bool) -> str:
        """The text of a column of the paper; its lines stand below each other.

        :param brief: whether ``content`` stands beside it, so that its marks can be used.
        """
        exact = self.brief if brief else self.condition
        parts = {
            "problem": (self.problem, f"即:{exact}" if exact else ""),
            "remedy": (self.remedy, f"期限:{self.deadline}" if self.deadline else ""),
        }.get(column, (getattr(self, column),))
        return "\n".join(part for part in parts if part)


class ChecklistPart(Frozen):
    """The rows of one document. ``kind``: made for the industry, for every industry, or for reference only."""

    kind: Literal["own", "everywhere", "reference"]
    title: str
    window: str
    note: str
    rows: tuple[ChecklistRow, ...]


class Checklist(Paper):
    """A checklist by the law of a day.

    ``columns`` are pairs of a field of the rows and its heading; ``duties`` say what follows a finding; ``gaps``
    what is in force and not held here; ``questions`` are the facts that the rows rest on, in the order in which one
    walks.
    """

    title: str
    topic: str | None = None
    industry: tuple[str, ...]
    industry_labels: tuple[str, ...]
    region: str | None
    region_label: str | None
    on: date
    rulebook: RuleBookInfo
    columns: tuple[tuple[str, str], ...]
    parts: tuple[ChecklistPart, ...]
    duties: tuple[str, ...]
    gaps: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def rows(self) -> tuple[ChecklistRow, ...]:
        """All rows, in order."""
        return tuple(row for part in self.parts for row in part.rows)

    def page(self) -> Page:
        """The checklist as a paper."""
        blocks: list[Block] = [Fields((("单位", ""), ("检查人员", ""), ("检查日期", ""), ("编号", "")), short=True)]
        for part in self.parts:
            blocks.append(Heading(part.title))
            blocks.extend(Text(text, "note") for text in (part.window, part.note) if text)
            blocks.append(self._table(part))
        if self.gaps:
            blocks += [Heading("规则库没有收录、须由人核对原文的"), Items(self.gaps)]
        if self.duties:
            blocks += [Heading("发现重大事故隐患以后"), Items(self.duties, ordered=True)]
        wide = len(self.columns) > 3
        return Page(self.title, self._subtitle(), tuple(blocks), landscape=wide, points=8.5 if wide else 10)

    def _subtitle(self) -> str:
        counts = [f"{len(self.rows)}项"]
        manual = sum(row.manual for row in self.rows)
        if manual:
            counts.append(f"其中{manual}项由人认定")
        place = f"{self.region_label};" if self.region_label else ""
        mark = self.rulebook.fingerprint[:12]
        return f"{place}按{day_text(self.on)}有效的文件,{','.join(counts)};规则库指纹 {mark};以有权机关公布的文本为准"

    def _table(self, part: ChecklistPart) -> Table:
        share = {id_: SHARES[id_] for id_, _ in self.columns}
        total = sum(share.values())
        brief = "content" in share
        groups: list[Group] = []
        for row in part.rows:
            cells = tuple(row.cell(id_, brief=brief) for id_, _ in self.columns)
            if groups and groups[-1].title == row.group:
                groups[-1] = Group(row.group, (*groups[-1].rows, cells))
            else:
                groups.append(Group(row.group, (cells,)))
        head = tuple(heading for _, heading in self.columns)
        shares = tuple(round(100 * one / total) for one in share.values())
        return Table(f"{part.title}:{len(part.rows)}项", head, shares, tuple(groups))

    def to_excel(self, path: str | Path, *, objects: int = 3) -> None:
        """Write the checklist as an Excel workbook, with a second sheet to fill in that ``read_filled`` reads.

        :param objects: for how many objects the second sheet has columns, 1 to 100.
        :raises InputError: for a number of objects that is not allowed.
        :raises HazardRulesError: where openpyxl is not installed.
        """
        if isinstance(objects, bool) or not isinstance(objects, int) or not 1 <= objects <= MOST_OBJECTS:
            raise InputError(Problem("objects", clip(objects), f"对象的个数应是 1 到 {MOST_OBJECTS} 的整数"))
        with extra("excel"):
            from openpyxl import Workbook  # noqa: PLC0415  # optional

        book = Workbook()
        book.active.title = "检查表"
        page_sheet(book.active, self.page())
        head = {"@industry": "、".join(self.industry_labels), "@region": self.region_label or ""}
        record_sheet(book, tuple(self._sections()), head, objects)
        book.save(path)

    def _sections(self) -> Iterator[Section]:
        """What is asked, as one walks: a fact that several rows read stands where the first does."""
        asked = {question.fact: question for question in self.questions}
        for part in self.parts:
            for group in dict.fromkeys((row.document, row.group) for row in part.rows):
                entries: list[Question | Clause] = []
                for row in part.rows:
                    if (row.document, row.group) == group:
                        entries.extend(asked.pop(fact) for fact in row.facts if fact in asked)
                        if row.manual:
                            entries.append(Clause(row.rule, f"{row.problem}({row.basis})"))
                if entries:
                    yield Section(f"{part.title} {group[1]}", tuple(entries))


def make_checklist(
    book: RuleBook,
    industry: str | Iterable[str] | None = None,
    *,
    on: date | None = None,
    topic: str | None = None,
    words: Sequence[str] | None = None,
    without: Sequence[str] = (),
    rules: Sequence[str] | None = None,
    columns: Columns | None = None,
    departments: Mapping[str, Sequence[str]] | None = None,
) -> Checklist:
    """The checklist of an industry or a topic; see ``RuleBook.checklist``."""
    day = on or today()
    if topic is not None and words is None and rules is None:
        words = [topic]
    chosen = choose_columns(columns)
    picked = pick(book, industry, day, words=words, without=without, rules=rules)
    if not picked.rules:
        said = f"{day.isoformat()} 没有符合条件的判定情形"
        gaps = picked.gaps()
        raise InputError(Problem("checklist", topic or picked.label(), said, ";".join(gaps) or "换行业、日期或关键词"))
    making = _Making(picked, _by_id(book, departments or {}))
    parts = tuple(making.parts())
    return Checklist(
        title=f"{topic or picked.label() or '全部行业'}重大事故隐患检查表",
        topic=topic,
        industry=picked.industries,
        industry_labels=tuple(book.industries[id_].label for id_ in picked.industries),
        region=None if book.region == NATION else book.region,
        region_label=None if book.region == NATION else region_label(book.region, book.region_names),
        on=day,
        rulebook=book.info,
        columns=chosen,
        parts=parts,
        duties=tuple(_duties(picked)),
        gaps=picked.gaps() if words is None and rules is None else (),
        questions=tuple(
            book.question(id_) for id_ in dict.fromkeys(f for part in parts for r in part.rows for f in r.facts)
        ),
    )


def _by_id(book: RuleBook, departments: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The departments by industry or document id.

    :raises UnknownIndustryError: for a name that is neither.
    """
    found = {}
    for name, several in departments.items():
        listed = [several] if isinstance(several, str) else several
        ids = (name,) if name in book.documents or name == EVERY_INDUSTRY else book.industry_ids(name)
        found.update(dict.fromkeys(ids, "、".join(listed)))
    return found


def _duties(picked: Picked) -> Iterator[str]:
    """What follows a major hazard, each once; where it does so for some of the documents only, it says for which."""
    found: dict[str, Duty] = {}
    named: dict[str, list[str]] = {}
    documents = [one for everywhere in (False, True) for one in picked.documents(everywhere=everywhere)]
    for document, rules in documents:
        for duty in picked.duties(rule for rule in rules if rule.level == "major"):
            found.setdefault(duty.id, duty)
            named.setdefault(duty.id, []).append(document.name)
    for id_, duty in found.items():
        some = "" if len(named[id_]) == len(documents) else f"(限{'、'.join(named[id_])}所列情形)"
        yield duty_text(duty) + some


class _Making:
    """Turns picked criteria into parts and rows."""

    def __init__(self, picked: Picked, departments: Mapping[str, str]) -> None:
        self.picked, self.book, self.departments = picked, picked.book, departments
        self.kept: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def parts(self) -> Iterable[ChecklistPart]:
        """Those of the industry, then those of every industry, then what is known at second hand."""
        for kind, everywhere in (("own", False), ("everywhere", True)):
            for document, rules in self.picked.documents(everywhere=everywhere):
                yield ChecklistPart(
                    kind="everywhere" if everywhere else "own",
                    title=document.name + ("(各行业都适用)" if kind == "everywhere" else ""),
                    window=f"适用期间:{document.window}",
                    note=document.note,
                    rows=tuple(self._row(document, rule) for rule in _walked(rules)),
                )
        drafts = self.picked.drafts
        if drafts:
            yield ChecklistPart(
                kind="reference",
                title="参考(第二手文字)",
                window="",
                note="没有读到原文,只供参考,不能作为认定依据;核对原文以后才能引用。",
                rows=tuple(self._row(self.book.documents[rule.document], rule) for rule in _walked(drafts)),
            )

    def _row(self, document: Document, rule: Rule) -> ChecklistRow:
        facts = [self.book.facts[id_] for id_ in rule.reads]
        marked = marks(rule.reads)
        seen = "\n".join(marked.get(fact.id, "") + fact.label for fact in facts)
        ask = rule.inspect or method_text(facts)
        return ChecklistRow(
            rule=rule.id,
            document=document.id,
            group=rule.group,
            content=f"{rule.title}{BY_PERSON}" if rule.manual else seen,
            method=ask or "由检查人员对照条文认定",
            problem=rule.title + (BY_PERSON if rule.manual else ""),
            condition=self.picked.condition(rule),
            brief=self.picked.condition(rule, marked or dict.fromkeys(rule.reads, "该项")),
            remedy=rule.remedy or "消除所列情形",
            deadline=self._term(rule),
            basis=self.book.cite(rule),
            department=self._department(document, rule),
            manual=rule.manual,
            facts=() if rule.manual else facts_read(rule.whole),
        )

    def _term(self, rule: Rule) -> str:
        key = (rule.level, rule.document, rule.industries)
        if key not in self.kept:
            self.kept[key] = deadline_term(self.picked.deadline(rule))
        return self.kept[key]

    def _department(self, document: Document, rule: Rule) -> str:
        """The department named for the document, else for the industry or a wider one, else the issuer."""
        if document.id in self.departments:
            return self.departments[document.id]
        asked = [i for i in self.picked.industries if self.book.meets((i,), rule.industries)]
        if EVERY_INDUSTRY in rule.industries:
            asked = [EVERY_INDUSTRY]
        named = [self._of_industry(id_) for id_ in asked or rule.industries]
        listed = list(dict.fromkeys(one for one in named if one))
        return "、".join(listed) if listed else document.issuer + ISSUER

    def _of_industry(self, id_: str) -> str:
        """The department of an industry or of the nearest one that holds it."""
        line = [id_]
        for one in line:
            if one in self.departments:
                return self.departments[one]
            if one in self.book.industries:
                line.extend(self.book.industries[one].parents)
        return ""


def _walked(rules: Sequence[Rule]) -> list[Rule]:
    """Group by group, in the order in which the articles come to each."""
    order = {key: i for i, key in enumerate(dict.fromkeys((rule.document, rule.group) for rule in rules))}
    return sorted(rules, key=lambda rule: order[rule.document, rule.group])
