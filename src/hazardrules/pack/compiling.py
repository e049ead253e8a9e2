"""Making the compiled file of a pack: see ``compiled``, which reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from hazardrules._version import __version__
from hazardrules.nearest import fold
from hazardrules.pack.codec import encode, encode_table, encode_value
from hazardrules.pack.compiled import BLOCK, FORMAT, SEAL, sha256, sources
from hazardrules.pack.content import Document, FactDef, Head, Pack, Rule
from hazardrules.record import Record

__all__ = ["compile_pack"]


def compile_pack(pack: Pack, folder: Path, head: Head, parents: Sequence[Pack]) -> bytes:
    """What the compiled file of a pack holds that was read from ``folder`` without a problem."""
    facts = [to_json(_encode_fact(fact, folder)) for fact in pack.facts.values()]
    own = [
        "\t".join(pack.facts).encode(),
        "\t".join(fold(fact.label) for fact in pack.facts.values()).encode(),
        *(b"\n".join(facts[at : at + BLOCK]) for at in range(0, len(facts), BLOCK)),
    ]
    documents = [_encode_document(document, folder) for document in pack.documents]
    index = {
        "domains": dict(pack.domains),
        "industries": [[i.id, i.label, i.aliases, i.parents, i.gap] for i in pack.industries],
        "documents": [data for data, _ in documents],
        "policy": _plain(pack.policy),
        "extends": {id_: {k: [a.label, a.like] for k, a in more.items()} for id_, more in pack.extends.items()},
        "facts": [len(piece) for piece in own],
    }
    body = b"\n".join([to_json(index), *own, *(piece for _, pieces in documents for piece in pieces)])
    header = {
        "compiled": FORMAT,
        "library": __version__,
        "fingerprint": pack.fingerprint,
        "parents": {one.id: one.fingerprint for one in parents},
        "sources": sources(folder),
        "head": _head(head),
        "pack": sha256((folder / "pack.yaml").read_bytes()),
        "body": sha256(body),
    }
    rest = b'",' + to_json(header)[1:]
    return SEAL + sha256(rest).encode() + rest + b"\n" + body


def _head(head: Head) -> dict[str, Any]:
    """What ``pack.yaml`` says, by its fields."""
    return {
        "id": head.id,
        "title": head.title,
        "version": head.version,
        "region": head.region,
        "names": dict(head.names),
        "requires": dict(head.requires),
        "library": head.library,
    }


def _plain(value: Any) -> Any:
    """Records as lists of their fields, in order."""
    if isinstance(value, Record):
        return [_plain(getattr(value, name)) for name in value.__match_args__]
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _inside(file: str, folder: Path) -> str:
    """Where in its pack a thing lies."""
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file


def _encode_fact(fact: FactDef, folder: Path) -> list[Any]:
    bounds = [encode_value(fact.min), encode_value(fact.max), encode_value(fact.assume)]
    named = [fact.id, fact.domain, fact.type, fact.label, fact.unit, dict(fact.options)]
    return [*named, *bounds, fact.note, _inside(fact.file, folder), fact.line]


def _encode_rule(rule: Rule, folder: Path) -> list[Any]:
    return [
        rule.ref,
        rule.title,
        rule.group,
        rule.level,
        rule.status,
        rule.manual,
        rule.industries,
        None if rule.condition is None else encode(rule.condition),
        [[also.ref, encode(also.condition)] for also in rule.also_cited],
        rule.remedy,
        rule.inspect,
        rule.note,
        rule.tightens,
        _inside(rule.file, folder),
        rule.line,
    ]


def _encode_document(document: Document, folder: Path) -> tuple[list[Any], list[bytes]]:
    """What is told of a document, and its pieces: the names of its rules and the rules, the same of its elements."""
    parts: list[Sequence[Rule]] = [part for part in (document.rules, document.elements) if part]
    pieces = []
    for part in parts:
        pieces.append("\t".join(word for rule in part for word in (rule.id, " ".join(rule.reads))).encode())
        pieces.append(b"\n".join(to_json(_encode_rule(rule, folder)) for rule in part))
    lengths, inside = map(len, pieces), _inside(document.file, folder)
    data = [
        [document.id, document.title, document.number, document.issuer, document.rank],
        [document.issued, document.effective, document.expires],
        [document.supersedes, document.supplements, document.elaborated_by, document.industries],
        [document.coverage, document.missing, document.source, document.note, document.gate_line, inside],
        None if document.gate is None else encode(document.gate),
        [encode_table(table) for table in document.tables],
        [[len(part), next(lengths), next(lengths)] if part else None for part in (document.rules, document.elements)],
    ]
    return data, pieces
