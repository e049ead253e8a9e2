"""One document file: its window, tables, elements and rules with their expressions and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Condition, Row, Table, Value, facts_read
from hazardrules.lang.parse import Parser, Scope
from hazardrules.lang.scope import UnreadableError
from hazardrules.lang.tokens import ExpressionError, tokenize
from hazardrules.nearest import nearest_hint
from hazardrules.pack.content import AlsoCited, Document, Example, FactDef, Rule, Rules, under
from hazardrules.pack.reader import Trail, YamlFile
from hazardrules.pack.schema import DocumentFile, RuleSpec, TableSpec
from hazardrules.pack.values import ValueRefusedError, normalise, parse_day

__all__ = ["build_document", "element_name"]


def element_name(rule_id: str, document_id: str) -> str:
    """How an element is called in expressions: ``fire-2017.7.1.1`` is ``e7_1_1``."""
    return "e" + re.sub(r"[^A-Za-z0-9]", "_", rule_id.removeprefix(document_id + "."))


def build_document(
    file: YamlFile,
    shaped: DocumentFile,
    scope: Scope,
    vocabulary: Mapping[str, FactDef],
    industries: Mapping[str, frozenset[str]],
) -> Document:
    """The document that a shape-checked file states; what is wrong with it is noted on the file.

    :param scope: the facts that expressions may read.
    :param vocabulary: every fact by id, for the values in examples.
    :param industries: each known industry with itself and all that are wider; empty where they could not be read.
    """
    return _Builder(file, shaped, scope, vocabulary, industries).build()


@dataclass(slots=True)
class _Builder:
    file: YamlFile
    shaped: DocumentFile
    scope: Scope
    vocabulary: Mapping[str, FactDef]
    industries: Mapping[str, frozenset[str]]

    def build(self) -> Document:
        head = self.shaped.document
        self._check_head()
        tables = {name: self._table(name, spec) for name, spec in self.shaped.tables.items()}
        elements: dict[str, Condition] = {}
        scope = replace(self.scope, tables=tables, elements=elements)  # filled on the way: earlier ones only
        gate = self._expression(("document", "gate"), Parser(replace(self.scope, tables=tables))) if head.gate else None
        seen: set[str] = set()
        built_elements = []
        for index, spec in enumerate(self.shaped.elements):
            rule = self._rule(("elements", index), spec, Parser(scope), None, seen)
            built_elements.append(rule)
            if spec.tightens:
                self.file.error("HR203", ("elements", index, "tightens"), "要素没有 tightens", "写在用它的规则上")
            name = element_name(rule.id, head.id)
            if name in elements:
                self.file.error("HR401", ("elements", index, "id"), f"要素 {rule.id} 与前面的同名:element.{name}")
            if rule.condition is not None:
                elements[name] = rule.condition
        parser = Parser(scope)
        rules = [self._rule(("rules", index), spec, parser, gate, seen) for index, spec in enumerate(self.shaped.rules)]
        return Document(
            id=head.id,
            title=head.title,
            number=head.number,
            issuer=head.issuer,
            rank=head.rank,
            issued=head.issued,
            effective=head.effective,
            expires=head.expires,
            supersedes=head.supersedes,
            supplements=head.supplements,
            elaborated_by=head.elaborated_by,
            industries=head.industries,
            coverage=head.coverage,
            missing=head.missing,
            source=head.source or "",
            note=head.note or "",
            rules=Rules.of(rules),
            elements=Rules.of(built_elements),
            tables=tuple(tables.values()),
            gate=gate,
            gate_line=self.file.place(("document", "gate"))[0],
            file=self.file.name,
        )

    def _check_head(self) -> None:
        head, file = self.shaped.document, self.file
        starts = head.effective or head.issued
        if starts < head.issued:
            file.error("HR403", ("document", "effective"), f"effective {starts} 早于 issued {head.issued}")
        if head.expires is not None and head.expires <= starts:
            hint = "expires 是不再适用的第一天"
            file.error("HR403", ("document", "expires"), f"expires {head.expires} 不晚于开始适用的 {starts}", hint)
        if head.coverage == "full" and head.missing:
            file.error(
                "HR404", ("document", "missing"), "coverage 是 full,却列了 missing", "改为 partial,或清空 missing"
            )
        if head.coverage != "full" and not head.missing:
            problem = f"coverage 是 {head.coverage},却没有写明 missing"
            file.error("HR404", ("document", "coverage"), problem, "列出没有收录的条款")
        if head.coverage == "none" and self.shaped.rules:
            file.error("HR404", ("document", "coverage"), "coverage 是 none,却有规则", "改为 partial")
        self._check_industries(("document", "industries"), head.industries)

    def _check_narrower(self, trail: Trail, spec: RuleSpec) -> None:
        """A rule's industries lie within its document's, or around them."""
        listed = set(self.shaped.document.industries)
        for index, name in enumerate(spec.industries):
            if self.industries and name in self.industries and "*" not in listed:
                related = self.industries[name] | {i for i in listed if name in self.industries.get(i, ())}
                if not related & listed:
                    problem = f"行业 {name} 不在本文件的行业之内"
                    self.file.error("HR402", (*trail, "industries", index), problem, f"文件的行业:{'、'.join(listed)}")

    def _check_industries(self, trail: Trail, names: tuple[str, ...]) -> None:
        for index, name in enumerate(names):
            if self.industries and name != "*" and name not in self.industries:
                hint = nearest_hint(name, self.industries) or "行业在 industries.yaml 里登记"
                self.file.error("HR402", (*trail, index), f"没有行业 {name}", hint)

    def _table(self, name: str, spec: TableSpec) -> Table:
        rows: list[Row] = []
        for index, one in enumerate(spec.rows):
            low, high = (one.gt if one.ge is None else one.ge), (one.lt if one.le is None else one.le)
            row = Row(low, one.ge is not None, high, one.le is not None, one.value)
            trail: Trail = ("tables", name, "rows", index)
            if low is not None and high is not None and (low > high or (low == high and not row.holds(low))):
                self.file.error("HR406", trail, f"表 {name} 的这一档是空的")
            for other in rows:
                if _overlap(row, other):
                    self.file.error("HR406", trail, f"表 {name} 的这一档与前面的重叠", "边界值只能属于一档")
                    break
            rows.append(row)
        return Table(name, tuple(rows))

    def _rule(self, trail: Trail, spec: RuleSpec, parser: Parser, gate: Condition | None, seen: set[str]) -> Rule:
        document = self.shaped.document
        if not spec.id.startswith(document.id + "."):
            problem = f"规则标识 {spec.id} 不以 {document.id}. 开头"
            self.file.error("HR405", (*trail, "id"), problem, "规则标识 = 文件标识 + 点号 + 条款号")
        if spec.id in seen:
            self.file.error("HR401", (*trail, "id"), f"规则标识 {spec.id} 重复")
        seen.add(spec.id)
        self._check_industries((*trail, "industries"), spec.industries)
        self._check_narrower(trail, spec)
        condition = self._expression((*trail, "when"), parser) if spec.when is not None else None
        cited = []
        for index, also in enumerate(spec.also_ref):
            extra = self._expression((*trail, "also_ref", index, "when"), parser)
            if extra is not None:
                cited.append(AlsoCited(also.ref, extra))
        return Rule(
            id=spec.id,
            document=document.id,
            ref=spec.ref,
            title=spec.title,
            group=spec.group or "",
            level=spec.level,
            status=spec.status,
            manual=spec.manual,
            industries=spec.industries or document.industries,
            condition=condition,
            stands_under=under(gate, condition),
            reads=facts_read(condition) if condition is not None else (),
            also_cited=tuple(cited),
            examples=tuple(self._examples(trail, spec)),
            remedy=spec.remedy or "",
            inspect=spec.inspect or "",
            note=spec.note or "",
            tightens=spec.tightens or "",
            file=self.file.name,
            line=self.file.place(trail)[0],
        )

    def _expression(self, trail: Trail, parser: Parser) -> Condition | None:
        text = self.file.value(trail)
        try:
            comments = [token for token in tokenize(text) if token.kind == "comment"]
            if comments and self.file.folded(trail):
                problem = "折叠的多行文字里不能有注释:它后面的内容都不算数"
                self.file.error("HR307", trail, problem, "改用 | 或把说明写进 note", offset=comments[0].offset)
                return None
            return parser.parse(text)
        except UnreadableError:
            return None
        except ExpressionError as error:
            for issue in error.issues:
                self.file.error(issue.code, trail, issue.problem, issue.hint, offset=issue.offset)
            return None

    def _examples(self, trail: Trail, spec: RuleSpec) -> list[Example]:
        built = []
        for kind in ("hit", "miss", "open"):
            for index, raw in enumerate(getattr(spec, kind)):
                here: Trail = (*trail, kind, index)
                facts: dict[str, Value] = {}
                for name, value in raw.items():
                    if name == "observed_on":
                        self._observed(facts, here, value)
                        continue
                    fact = self.vocabulary.get(name)
                    if name.partition(".")[0] in self.scope.unreadable:
                        continue
                    if fact is None:
                        hint = nearest_hint(name, self.vocabulary)
                        self.file.error("HR602", (*here, name), f"没有事实 {name}", hint, key=True)
                        continue
                    try:
                        facts[name] = normalise(fact, value)
                    except ValueRefusedError as refused:
                        self.file.error("HR602", (*here, name), f"{name}:{refused.problem}", refused.hint)
                built.append(Example(kind, facts, self.file.place(here)[0]))
        return built

    def _observed(self, facts: dict[str, Value], trail: Trail, value: object) -> None:
        """The day on which the example was observed, for expressions that count from it."""
        try:
            facts[OBSERVED_ON] = parse_day(value)
        except ValueRefusedError as refused:
            self.file.error("HR602", (*trail, "observed_on"), f"observed_on:{refused.problem}", refused.hint)


def _overlap(a: Row, b: Row) -> bool:
    """Whether two bands share a point."""

    def apart(lower: Row, upper: Row) -> bool:
        if lower.high is None or upper.low is None:
            return False
        return lower.high < upper.low or (lower.high == upper.low and not (lower.high_included and upper.low_included))

    return not (apart(a, b) or apart(b, a))
