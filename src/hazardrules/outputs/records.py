"""A judgment as rows of the database's tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from hazardrules.model import Deadline, Duty, Finding, Judgment, OpenRule
from hazardrules.outputs.rows import Row, iso

__all__ = ["content_digest", "judgment_row", "judgment_rows"]


def content_digest(judgment: Judgment) -> str:
    """The SHA-256 of a judgment's content: the same for judgments that are equal, however they were made."""
    plain = judgment.model_dump(mode="json")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def judgment_row(judgment: Judgment, unit: str | None) -> dict[str, Any]:
    """The row of the judgment itself, without its number."""
    observation = judgment.observation
    return {
        "sha256": content_digest(judgment),
        "unit": unit,
        "ref": observation.ref,
        "observed_on": observation.observed_on.isoformat(),
        "region": observation.region,
        "level": judgment.level.value,
        "conclusive": judgment.conclusive,
        "reported": observation.reported,
        "industry_assumed": judgment.industry_assumed,
        "reason": judgment.reason,
        **_deadline(judgment.deadline),
        "policy": judgment.policy.name if judgment.policy else None,
        "fingerprint": judgment.rulebook.fingerprint,
        "library_version": judgment.library_version,
        "json": judgment.model_dump_json(),
    }


def judgment_rows(judgment: Judgment, number: int, finding: int, open_rule: int) -> Iterator[Row]:
    """The rows that belong to a judgment.

    :param number: the judgment's own; ``finding`` and ``open_rule`` are the first free ones of those tables.
    """
    observation, mine = judgment.observation, {"judgment": number}
    for industry in dict.fromkeys(observation.industry):
        yield "judgment_industry", {**mine, "industry": industry}
    for fact, value in observation.facts.items():
        yield "judgment_fact", {**mine, "fact": fact, "value": _json(value)}
    for position, text in enumerate(observation.other):
        yield "judgment_other", {**mine, "position": position, "text": text}
    duties: list[tuple[int | None, Duty]] = []
    for position, one in enumerate(judgment.findings):
        yield from _finding(one, finding + position, {**mine, "position": position})
        duties += [(finding + position, duty) for duty in one.duties]
    duties += [(None, duty) for duty in judgment.duties]
    for position, (owner, duty) in enumerate(duties):
        what = {"finding": owner, "duty": duty.id, "kind": duty.kind, "actor": duty.actor, "due_on": iso(duty.due_on)}
        why = {"triggered_by": duty.trigger, "citation": duty.citation, "text": duty.text}
        yield "judgment_duty", {**mine, "position": position, **what, **why}
    for position, still in enumerate(judgment.open):
        yield from _open(still, open_rule + position, {**mine, "position": position})
    for position, gap in enumerate(judgment.gaps):
        row = {"document": gap.document, "title": gap.title, "text": gap.text}
        yield "gap", {**mine, "position": position, **row}


def _finding(finding: Finding, number: int, place: dict[str, Any]) -> Iterator[Row]:
    deadline = finding.deadline
    yield (
        "finding",
        {
            "id": number,
            **place,
            "rule": finding.rule,
            "document": finding.document,
            "level": finding.level.value,
            "decided_by": finding.by,
            "title": finding.title,
            "citation": finding.citation,
            "reason": finding.reason,
            "remedy": finding.remedy or None,
            **_deadline(deadline),
            "provisional": None if deadline is None else deadline.provisional,
        },
    )
    for alternative, facts in enumerate((finding.because, *finding.also_because)):
        for position, fact in enumerate(facts):
            where = {"finding": number, "alternative": alternative, "position": position}
            yield "finding_fact", {**where, "fact": fact.fact, "value": _json(fact.value), "text": fact.text}


def _open(one: OpenRule, number: int, place: dict[str, Any]) -> Iterator[Row]:
    rule = {"rule": one.rule, "document": one.document, "level": one.level.value, "manual": one.manual}
    words = {"title": one.title, "citation": one.citation, "inspect": one.inspect or None}
    yield "open_rule", {"id": number, **place, **rule, **words}
    for position, question in enumerate(one.questions):
        asked = {"fact": question.fact, "label": question.label, "allowed": question.allowed}
        yield "open_question", {"open_rule": number, "position": position, **asked}


def _deadline(deadline: Deadline | None) -> dict[str, Any]:
    if deadline is None:
        return {"due_on": None, "deadline_source": None, "deadline_text": None}
    source, text = deadline.source, deadline.text
    return {"due_on": deadline.due_on.isoformat(), "deadline_source": source, "deadline_text": text}


def _json(value: bool | float | str | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
