"""The rule book as rows of the database's tables, each row after those that it refers to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from hazardrules._version import __version__
from hazardrules.lang.nodes import Condition, Number, Value
from hazardrules.lang.text import number_text, to_text
from hazardrules.pack.content import Document, FactDef, Pack, Rule
from hazardrules.pack.policy import DeadlineProvision, DutyProvision, Law
from hazardrules.regions import region_label
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

__all__ = ["Row", "catalogue_rows", "iso"]

Row: TypeAlias = tuple[str, dict[str, Any]]
"""The name of a table, and the values of one row by column."""


def catalogue_rows(book: RuleBook) -> Iterator[Row]:
    """Every row of the catalogue, in the order of the book."""
    yield from _packs(book)
    yield from _industries(book)
    yield from _facts(book)
    for position, document in enumerate(book.documents.values()):
        yield from _document(book, document, position)
    for seq, rule in enumerate((rule for document in book.documents.values() for rule in document.rules), 1):
        yield from _rule(book, rule, seq)
    yield from _policies(book)


def _packs(book: RuleBook) -> Iterator[Row]:
    name = region_label(book.region, book.region_names)
    about = {"region": book.region, "region_name": name, "library_version": __version__}
    yield "book", {"fingerprint": book.fingerprint, **about}
    for position, pack in enumerate(book.packs):
        row = {"id": pack.id, "position": position, "title": pack.title, "version": pack.version}
        yield "pack", {**row, "region": pack.region, "fingerprint": pack.fingerprint}
    for pack in book.packs:
        for requires, version in sorted(pack.requires.items()):
            yield "pack_requirement", {"pack": pack.id, "requires": requires, "version": version.removeprefix(">=")}
    for code, place in sorted(book.region_names.items()):
        yield "place", {"code": code, "name": place}


def _industries(book: RuleBook) -> Iterator[Row]:
    for position, industry in enumerate(book.industries.values()):
        row = {"id": industry.id, "position": position, "label": industry.label}
        yield "industry", {**row, "gap": industry.gap or None}
    for industry in book.industries.values():
        for position, alias in enumerate(industry.aliases):
            yield "industry_alias", {"industry": industry.id, "position": position, "alias": alias}
        for parent in industry.parents:
            yield "industry_parent", {"industry": industry.id, "parent": parent}


def _facts(book: RuleBook) -> Iterator[Row]:
    for domain, label in book.domains.items():
        yield "domain", {"id": domain, "label": label}
    owners = {id_: pack for pack in book.packs for id_ in pack.facts}
    for position, fact in enumerate(book.facts.values()):
        owner = owners[fact.id]
        yield (
            "fact",
            {
                "id": fact.id,
                "position": position,
                "pack": owner.id,
                "domain": fact.domain,
                "type": fact.type,
                "label": fact.label,
                "unit": fact.unit,
                "minimum": _number(fact.min),
                "maximum": _number(fact.max),
                "assume": None if fact.assume is None else _json(fact.assume),
                "note": fact.note or None,
            },
        )
        yield from _options(book, fact, owner)


def _options(book: RuleBook, fact: FactDef, owner: Pack) -> Iterator[Row]:
    added = {value: (pack, one) for pack in book.packs for value, one in pack.extends.get(fact.id, {}).items()}
    for position, (value, label) in enumerate(fact.options.items()):
        pack, one = added.get(value, (owner, None))
        row = {"fact": fact.id, "value": value, "position": position, "label": label, "pack": pack.id}
        yield "fact_option", {**row, "counts_as": one.like if one else None}


def _document(book: RuleBook, document: Document, position: int) -> Iterator[Row]:
    owner = next(pack for pack in reversed(book.packs) if any(one.id == document.id for one in pack.documents))
    yield (
        "document",
        {
            "id": document.id,
            "position": position,
            "pack": owner.id,
            "title": document.title,
            "number": document.number,
            "name": document.name,
            "issuer": document.issuer,
            "rank": document.rank,
            "issued": iso(document.issued),
            "effective": iso(document.effective),
            "starts": iso(document.starts),
            "expires": iso(document.expires),
            "all_industries": EVERY_INDUSTRY in document.industries,
            "gate": _text(document.gate),
            "coverage": document.coverage,
            "source": document.source or None,
            "note": document.note or None,
        },
    )
    for industry in _listed(document.industries):
        yield "document_industry", {"document": document.id, "industry": industry}
    for number, citation in enumerate(document.missing):
        yield "document_missing", {"document": document.id, "position": number, "citation": citation}
    for relation in ("supersedes", "supplements", "elaborated_by"):
        for other in getattr(document, relation):
            yield "document_relation", {"document": document.id, "relation": relation, "other": other}
    for table in document.tables:
        for number, band in enumerate(table.rows):
            low = {"low": _number(band.low), "low_included": band.low_included}
            high = {"high": _number(band.high), "high_included": band.high_included}
            place = {"document": document.id, "name": table.name, "position": number}
            yield "lookup_band", {**place, **low, **high, "value": _number(band.value)}
    for number, element in enumerate(document.elements):
        words = {"ref": element.ref, "title": element.title, "note": element.note or None}
        place = {"id": element.id, "document": document.id, "position": number}
        yield "element", {**place, **words, "condition": _text(element.condition)}


def _rule(book: RuleBook, rule: Rule, seq: int) -> Iterator[Row]:
    yield (
        "rule",
        {
            "seq": seq,
            "id": rule.id,
            "document": rule.document,
            "ref": rule.ref,
            "citation": book.cite(rule),
            "group_name": rule.group or None,
            "title": rule.title,
            "level": rule.level,
            "status": rule.status,
            "manual": rule.manual,
            "all_industries": EVERY_INDUSTRY in rule.industries,
            "condition": _text(rule.condition),
            "tightens": rule.tightens or None,
            "remedy": rule.remedy or None,
            "inspect": rule.inspect or None,
            "note": rule.note or None,
        },
    )
    for industry in _listed(rule.industries):
        yield "rule_industry", {"rule": rule.id, "industry": industry}
    for position, fact in enumerate(book.asks(rule)):
        yield "rule_fact", {"rule": rule.id, "fact": fact, "position": position, "in_gate": fact not in rule.reads}
    for position, also in enumerate(rule.also_cited):
        place = {"rule": rule.id, "position": position}
        yield "rule_also_cited", {**place, "ref": also.ref, "condition": to_text(also.condition)}


def _policies(book: RuleBook) -> Iterator[Row]:
    for pack in book.packs:
        for way in pack.policy.counting:
            row = {"pack": pack.id, "id": way.id, "rest_day": way.end, "effective": iso(way.effective)}
            yield "counting", {**row, "citation": way.citation, "evidence": way.evidence, "text": way.text}
    laws = [(pack.id, one) for pack in book.packs for one in pack.policy.laws]
    for seq, (owner, law) in enumerate(laws, 1):
        yield from _law(seq, owner, law)
    deadlines = [(pack.id, one) for pack in book.packs for one in pack.policy.deadlines]
    for seq, (owner, deadline) in enumerate(deadlines, 1):
        row = _provision(seq, owner, deadline)
        counted = {"days": deadline.days, "day_kind": deadline.day_kind}
        yield "deadline_provision", {**row, **counted, "source": deadline.source}
        yield from _meant_for("deadline", seq, deadline)
    duties = [(pack.id, one) for pack in book.packs for one in pack.policy.duties]
    for seq, (owner, duty) in enumerate(duties, 1):
        yield from _duty(seq, owner, duty)


def _law(seq: int, owner: str, law: Law) -> Iterator[Row]:
    called = {"title": law.title, "number": law.number, "name": law.name, "rank": law.rank}
    days = {"issued": iso(law.issued), "effective": iso(law.effective), "expires": iso(law.expires)}
    known = {"status": law.status, "coverage": law.coverage, "source": law.source, "note": law.note}
    yield "law", {"seq": seq, "pack": owner, "id": law.id, **called, **days, **known}
    for position, missing in enumerate(law.missing):
        yield "law_missing", {"law": seq, "position": position, "missing": missing}
    for industry in dict.fromkeys(law.industries):
        yield "law_industry", {"law": seq, "industry": industry}


def _duty(seq: int, owner: str, duty: DutyProvision) -> Iterator[Row]:
    row = _provision(seq, owner, duty)
    who = {"kind": duty.kind, "actor": duty.actor, "triggered_by": duty.trigger}
    when = {"period": duty.period, "days": duty.days, "day_kind": duty.day_kind, "extends": duty.extends}
    yield "duty_provision", {**row, **who, **when}
    yield from _meant_for("duty", seq, duty)
    for position, event in enumerate(duty.starts):
        yield "duty_start", {"provision": seq, "position": position, "event": event}
    for position, day in enumerate(duty.recurs):
        place = {"provision": seq, "position": position}
        yield "duty_recurrence", {**place, "every": day.every, "month": day.month, "day": day.day}
    for position, one in enumerate(duty.repeats):
        place = {"provision": seq, "position": position}
        many = {"event": one.event, "times": one.times, "within_time": one.within, "unit": one.unit}
        yield "duty_repetition", {**place, **many}


def _provision(seq: int, pack: str, one: DeadlineProvision | DutyProvision) -> dict[str, Any]:
    """What deadlines and duties have in common."""
    return {
        "seq": seq,
        "pack": pack,
        "id": one.id,
        "level": one.level,
        "counting": one.counting,
        "effective": iso(one.effective),
        "expires": iso(one.expires),
        "citation": one.citation,
        "evidence": one.evidence,
        "text": one.text,
    }


def _meant_for(part: str, seq: int, one: DeadlineProvision | DutyProvision) -> Iterator[Row]:
    for industry in dict.fromkeys(one.industries):
        yield f"{part}_industry", {"provision": seq, "industry": industry}
    for document in dict.fromkeys(one.documents):
        yield f"{part}_document", {"provision": seq, "document": document}


def _listed(industries: Sequence[str]) -> list[str]:
    return [industry for industry in dict.fromkeys(industries) if industry != EVERY_INDUSTRY]


def _text(condition: Condition | None) -> str | None:
    return None if condition is None else to_text(condition)


def iso(day: date | None) -> str | None:
    """A day as the database holds it: YYYY-MM-DD."""
    return None if day is None else day.isoformat()


def _number(value: Number | None) -> int | str | None:
    """A number as SQLite takes it: a decimal by its digits."""
    return number_text(value) if isinstance(value, Decimal) else value


def _json(value: Value) -> str:
    plain = sorted(value) if isinstance(value, frozenset) else iso(value) if isinstance(value, date) else value
    if isinstance(plain, Decimal):
        return number_text(plain)
    return json.dumps(plain, ensure_ascii=False)
