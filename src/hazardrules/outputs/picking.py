"""Which criteria a paper is made of: those of an industry, of a topic in words, or named ones; and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from hazardrules.deadline import Case, choose_deadline, duties_for
from hazardrules.errors import InputError, Problem, UnknownRuleError, raise_all
from hazardrules.model import Deadline, Duty, Level
from hazardrules.nearest import fold
from hazardrules.outputs.wording import condition_text
from hazardrules.pack.content import Document, Rule
from hazardrules.pack.documents import element_name
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook
from hazardrules.setting import setting_of

__all__ = ["Picked", "pick"]


class Picked:
    """The criteria of a paper: a book, a day, the industries asked for, and the rules in the order of documents."""

    def __init__(self, book: RuleBook, industries: tuple[str, ...], on: date, rules: Sequence[Rule]) -> None:
        self.book, self.industries, self.on = book, industries, on
        self.rules = tuple(rules)
        self.setting = setting_of(book, industries, on)

    def documents(self, *, everywhere: bool) -> Iterator[tuple[Document, tuple[Rule, ...]]]:
        """The documents made for every industry or those that are not, each with its criteria that count."""
        for document in self.book.documents.values():
            rules = tuple(r for r in self.rules if r.document == document.id and r.status == "stable")
            if rules and (EVERY_INDUSTRY in document.industries) is everywhere:
                yield document, rules

    @property
    def drafts(self) -> tuple[Rule, ...]:
        """The criteria known at second hand."""
        return tuple(rule for rule in self.rules if rule.status != "stable")

    def label(self) -> str:
        """The industries in Chinese; empty where none was asked for."""
        return "、".join(self.book.industries[id_].label for id_ in self.industries)

    def case(self, rule: Rule) -> Case:
        """A hazard that meets the criterion, found on the day."""
        own = tuple(id_ for id_ in rule.industries if id_ in self.book.industries)
        return Case(Level(rule.level), rule.document, self.industries, own, self.on)

    def deadline(self, rule: Rule) -> Deadline | None:
        """By when what meets the criterion must be rectified."""
        return choose_deadline(self.book, self.book.policies, self.case(rule))

    def duties(self, rules: Iterable[Rule]) -> tuple[Duty, ...]:
        """What else must happen where one of the criteria is met; each duty once."""
        found: dict[str, Duty] = {}
        seen: set[tuple[str, str, tuple[str, ...]]] = set()
        for rule in rules:
            key = (rule.level, rule.document, rule.industries)
            if key not in seen:
                seen.add(key)
                found.update({d.id: d for d in duties_for(self.book, self.book.policies, self.case(rule))})
        return tuple(found.values())

    def condition(self, rule: Rule, named: Mapping[str, str] = MappingProxyType({})) -> str:
        """The condition of a criterion in words; empty for one that only a person can decide.

        :param named: short names that stand for the labels of some facts.
        """
        if rule.manual:
            return ""
        document = self.book.documents[rule.document]
        titles = {element_name(one.id, document.id): one.title for one in document.elements}
        return condition_text(rule.whole, self.book.facts, titles, named)

    def gaps(self) -> tuple[str, ...]:
        """What is in force and not held, and what another document works out."""
        found = [lacking.gap.text for lacking in self.setting.lacking]
        for document in self.setting.documents.values():
            names = [
                self.setting.documents[id_].name for id_ in document.elaborated_by if id_ in self.setting.documents
            ]
            manual = sum(rule.manual for rule in document.rules)
            if names and manual:
                found.append(f"{document.name}所列{manual}项由{'、'.join(names)}列明具体情形,不重复列出")
        return tuple(found)


def pick(
    book: RuleBook,
    industry: str | Iterable[str] | None,
    on: date,
    *,
    words: Sequence[str] | None = None,
    without: Sequence[str] = (),
    rules: Sequence[str] | None = None,
) -> Picked:
    """The criteria in force on a day.

    :param words: only those whose group, title or fact labels hold one of these; an entry with spaces holds where
        all its words do.
    :param without: phrases in which a word doesn't count (外包装, for 外包).
    :param rules: only those with these ids.
    :raises UnknownIndustryError: for an industry that is not known.
    :raises UnknownRuleError: for ids that are not known or not in force on the day, all of them at once.
    :raises InputError: where ``words`` holds no word.
    """
    industries = book.industry_ids(industry)
    found = [rule for rule in book.rules(industry=industries, on=on) if not _worked_out(book, rule, on)]
    if rules is not None:
        named = _named(book, rules, on)
        found = [rule for rule in book.rules(on=on) if rule.id in named]
    if words is not None:
        asked = [[fold(part) for part in entry.split()] for entry in words if entry.strip()]
        if not asked:
            raise InputError(Problem("words", "[]", "专题没有关键词", "如 ['动火', '受限空间 审批']"))
        hidden = [fold(phrase) for phrase in without]
        found = [rule for rule in found if _speaks(book, rule, asked, hidden)]
    return Picked(book, industries, on, found)


def _worked_out(book: RuleBook, rule: Rule, on: date) -> bool:
    """Whether a clause that a person decides is worked out by another document in force."""
    others = book.documents[rule.document].elaborated_by
    return rule.manual and any(id_ in book.documents and book.documents[id_].in_force(on) for id_ in others)


def _named(book: RuleBook, ids: Sequence[str], on: date) -> set[str]:
    problems: list[tuple[type[InputError], Problem]] = []
    found = set()
    for id_ in ids:
        try:
            document = book.documents[book.rule(id_).document]
        except UnknownRuleError as error:
            problems.extend((UnknownRuleError, problem) for problem in error.problems)
            continue
        if not document.in_force(on):
            said = f"{id_} 在 {on.isoformat()} 不适用:{document.name}{document.window}"
            problems.append((UnknownRuleError, Problem("rules", id_, said, "改用当日有效的文件")))
        found.add(id_)
    if problems:
        raise_all(problems)
    return found


def _speaks(book: RuleBook, rule: Rule, asked: Sequence[Sequence[str]], hidden: Sequence[str]) -> bool:
    text = fold("\n".join([rule.group, rule.title, *(book.facts[fact].label for fact in rule.reads)]))
    for phrase in hidden:
        text = text.replace(phrase, "\n")
    return any(all(word in text for word in entry) for entry in asked)
