"""What the rule book holds and what it lacks, industry by industry and document by document."""

from __future__ import annotations

from datetime import date

from hazardrules.markdown import table
from hazardrules.model import Frozen
from hazardrules.pack.content import Document
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

__all__ = ["HeldDocument", "HeldIndustry", "coverage_page", "held_documents", "held_industries"]

COVERAGE = {"full": "全部", "partial": "部分", "none": "只登记"}


class HeldDocument(Frozen):
    """A document: its window, the industries that it is for, how many criteria are held, and what is missing.

    ``clauses`` counts the criteria that facts decide, ``manual`` those that only a person can, ``draft`` those known at
    second hand.
    """

    document: str
    name: str
    window: str
    in_force: bool
    industries: tuple[str, ...]
    coverage: str
    clauses: int
    manual: int
    draft: int
    missing: tuple[str, ...]


class HeldIndustry(Frozen):
    """An industry with the names that it is known by and the documents in force for it."""

    industry: str
    label: str
    aliases: tuple[str, ...]
    documents: tuple[str, ...]


def held_documents(book: RuleBook, on: date) -> list[HeldDocument]:
    """Every document of the book, those in force on the day first."""
    rows = []
    for document in book.documents.values():
        kinds = [(rule.manual, rule.status == "draft") for rule in document.rules]
        rows.append(
            HeldDocument(
                document=document.id,
                name=document.name,
                window=document.window,
                in_force=document.in_force(on),
                industries=_labels(book, document),
                coverage=COVERAGE[document.coverage],
                clauses=kinds.count((False, False)),
                manual=sum(manual for manual, _ in kinds),
                draft=sum(draft and not manual for manual, draft in kinds),
                missing=document.missing,
            )
        )
    return sorted(rows, key=lambda row: not row.in_force)


def _labels(book: RuleBook, document: Document) -> tuple[str, ...]:
    if EVERY_INDUSTRY in document.industries:
        return ("所有行业",)
    return tuple(book.industries[id_].label for id_ in document.industries)


def held_industries(book: RuleBook, on: date) -> list[HeldIndustry]:
    """Every industry of the book with its documents in force on the day; those for every industry are left out."""
    rows = []
    for id_, industry in book.industries.items():
        there = [d for d in book.documents.values() if d.in_force(on) and EVERY_INDUSTRY not in d.industries]
        names = tuple(d.id for d in there if book.meets((id_,), d.industries))
        rows.append(HeldIndustry(industry=id_, label=industry.label, aliases=industry.aliases, documents=names))
    return rows


def coverage_page(book: RuleBook, on: date) -> str:
    """The page ``docs/coverage.md``: both tables, in Chinese."""
    documents, industries = held_documents(book, on), held_industries(book, on)
    held = sum(row.clauses for row in documents)
    counts = f"{len(documents)} 个文件,{held} 条由事实判定的情形,{sum(row.manual for row in documents)} 条由人认定,"
    counts += f"{sum(row.draft for row in documents)} 条只有第二手文字(不影响级别)。"
    lines = [
        "# 收录了什么,还缺什么",
        "",
        f"本页由 `hazardrules coverage --markdown` 生成,按 {on.isoformat()} 有效的文件列出。{counts}",
        "",
        "“部分”“只登记”的文件有效时,判定结论会报告缺口,不会把没有收录的当作没有规定。",
        "",
        "## 文件",
        "",
        *table(
            ("文件", "适用期间", "行业", "收录", "情形", "由人认定", "第二手", "没有收录"),
            [
                (
                    row.name if row.in_force else f"{row.name}(不在有效期)",
                    row.window,
                    "、".join(row.industries),
                    row.coverage,
                    str(row.clauses),
                    str(row.manual),
                    str(row.draft),
                    ";".join(row.missing),
                )
                for row in documents
            ],
        ),
        "",
        "## 行业",
        "",
        "下面是本行业自己的文件。适用于所有行业的(消防)没有重复列出。",
        "",
        *table(
            ("行业", "也叫", "有效的文件"),
            [(row.label, "、".join(row.aliases), "、".join(row.documents) or "没有") for row in industries],
        ),
    ]
    return "\n".join(lines) + "\n"
