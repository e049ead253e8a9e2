"""Packs made ready to be read fast: one file of plain data beside the YAML that it was made from.

``compiled.jsonl`` holds a line that says what it was made from, one for the pack as a whole, the names of its facts,
what each rule is called and reads, and then a line a fact and a line a rule, which are read when they are asked for.
It is data and nothing else: reading it runs no code of the pack. It counts only if it is whole (SHA-256 of its own
text), was made from the very files that lie there now (SHA-256 of each), by this version of the library, and on the
same parents; else the YAML is read. Examples stay in the YAML.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from hazardrules._version import __version__
from hazardrules.errors import PackError
from hazardrules.lang.nodes import Condition
from hazardrules.nearest import fold
from hazardrules.pack.codec import decode, decode_table, decode_value, encode, encode_table, encode_value
from hazardrules.pack.content import Added, AlsoCited, Document, FactDef, Head, Industry, Pack, Rule, Rules, under
from hazardrules.pack.limits import MAX_BYTES
from hazardrules.pack.policy import Policy, make_policy
from hazardrules.record import Record

__all__ = ["COMPILED", "Compiled", "Facts", "compile_pack", "compiled_head", "read_compiled", "sources"]

COMPILED: Final = "compiled.jsonl"
"""The name of the file, in the pack's folder."""

FORMAT: Final = 3
CHUNK: Final = 64 * 1024
FACTS, RULES, BODY = 1, 2, 3
"""After the pack as a whole: the names of facts, those of rules; from ``BODY`` on, each fact and each rule."""


class Facts(Mapping[str, FactDef]):
    """The facts of a pack, each made when it is first asked for; ``names`` are their folded labels by id."""

    __slots__ = ("_kept", "_lines", "_origin", "names")

    def __init__(self, names: Mapping[str, str], lines: Sequence[bytes], origin: str) -> None:
        self.names, self._lines, self._origin = names, dict(zip(names, lines, strict=True)), origin
        self._kept: dict[str, FactDef] = {}

    def __getitem__(self, id_: str) -> FactDef:
        fact = self._kept.get(id_)
        if fact is None:
            fact = self._kept[id_] = _fact(json.loads(self._lines[id_]), self._origin)
        return fact

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Compiled:
    """A compiled file that was found to be whole and fresh; ``pack()`` makes the pack, once its parents are there."""

    def __init__(self, folder: Path, header: Mapping[str, Any], lines: Sequence[bytes]) -> None:
        self._folder, self._header, self._lines = folder, header, lines
        self._index = json.loads(lines[0])
        self.head = Head(**header["head"])

    def _words(self, line: int) -> list[str]:
        """A line of words, by tabs."""
        text = self._lines[line].decode()
        return text.split("\t") if text else []

    def fits(self, parents: Sequence[Pack]) -> bool:
        """Whether it was made on these parents."""
        there = {pack.id: pack.fingerprint for pack in parents}
        made_on: Mapping[str, str] = self._header["parents"]
        return all(there.get(id_) == fingerprint for id_, fingerprint in made_on.items())

    def misfit(self) -> PackError:
        """The problem of one that was made on other parents."""
        return _refused(self._folder / COMPILED, "编译文件是按另一个版本的上级规则包做的")

    def pack(self) -> Pack:
        """The pack, without its examples."""
        index, origin = self._index, str(self._folder)
        names, rules = self._words(FACTS), self._words(RULES)
        count = len(names) // 2
        documents, at, rule = [], BODY + count, 0
        for data in index["documents"]:
            held = data["rules"] + data["elements"]
            mine = rules[2 * rule : 2 * (rule + held)]
            documents.append(_document(data, mine[::2], mine[1::2], self._lines[at : at + held], origin))
            rule, at = rule + held, at + held
        head = self.head
        return Pack(
            id=head.id,
            title=head.title,
            version=head.version,
            region=head.region,
            origin=origin,
            facts=Facts(dict(zip(names[::2], names[1::2], strict=True)), self._lines[BODY : BODY + count], origin),
            domains=index["domains"],
            industries=tuple(Industry(i[0], i[1], tuple(i[2]), tuple(i[3]), i[4]) for i in index["industries"]),
            documents=tuple(documents),
            policy=_policy(index["policy"]),
            extends={id_: {key: Added(*one) for key, one in more.items()} for id_, more in index["extends"].items()},
            names=head.names,
            requires=head.requires,
            fingerprint=self._header["fingerprint"],
        )


def compile_pack(pack: Pack, folder: Path, head: Head, parents: Sequence[Pack]) -> str:
    """The text of the compiled file of a pack that was read from ``folder`` without a problem."""
    every = [rule for document in pack.documents for rule in (*document.rules, *document.elements)]
    names = "\t".join(word for fact in pack.facts.values() for word in (fact.id, fold(fact.label)))
    called = "\t".join(word for rule in every for word in (rule.id, " ".join(rule.reads)))
    index = {
        "domains": dict(pack.domains),
        "industries": [[i.id, i.label, i.aliases, i.parents, i.gap] for i in pack.industries],
        "documents": [_encode_document(document, folder) for document in pack.documents],
        "policy": pack.policy,
        "extends": {id_: {k: [a.label, a.like] for k, a in more.items()} for id_, more in pack.extends.items()},
    }
    facts = (_dump(_encode_fact(fact, folder)) for fact in pack.facts.values())
    body = "\n".join([_dump(index), names, called, *facts, *(_dump(_encode_rule(rule, folder)) for rule in every)])
    made_on = {one.id: one.fingerprint for one in parents}
    header = {
        "compiled": FORMAT,
        "library": __version__,
        "fingerprint": pack.fingerprint,
        "parents": made_on,
        "sources": sources(folder),
        "head": head,
        "pack": _sha256((folder / "pack.yaml").read_bytes()),
        "body": _sha256(body.encode()),
    }
    sealed = header | {"seal": _sha256(_dump(header).encode())}
    return f"{_dump(sealed)}\n{body}"


def compiled_head(folder: Path) -> Head | None:
    """What ``pack.yaml`` of a folder says, from the compiled file beside it; None where that can't be trusted.

    Finding packs takes this much of each; the rest is read, and held to the files beside it, of those that are used.
    """
    try:
        with open(f"{folder}/{COMPILED}", "rb") as file:  # noqa: PTH123  # one for each pack that can be found
            header = _header(file.readline())
        source = folder / "pack.yaml"
        fresh = header["library"] == __version__ and not source.is_symlink()
        return Head(**header["head"]) if fresh and header["pack"] == _sha256(source.read_bytes()) else None
    except (ValueError, KeyError, TypeError, OSError):
        return None


def _header(line: bytes) -> dict[str, Any]:
    """The first line of a compiled file.

    :raises ValueError: for one that is no such line, not of this form, or was damaged.
    """
    header: dict[str, Any] = json.loads(line)
    seal = header.pop("seal", "") if isinstance(header, dict) else ""
    if not seal or header.get("compiled") != FORMAT or seal != _sha256(_dump(header).encode()):
        raise ValueError("not the header of a compiled file")
    return header


def read_compiled(folder: Path) -> tuple[Compiled | None, PackError | None]:
    """The compiled file of a pack folder: None where there is none, or where it can't be trusted, with the reason."""
    path = folder / COMPILED
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, _refused(path, f"编译文件读不出来:{error.strerror}")
    first, *lines = raw.split(b"\n")
    try:
        said = json.loads(first)
        whole = said["body"] == _sha256(memoryview(raw)[len(first) + 1 :])
        if whole and said["library"] != __version__:
            return None, _refused(path, f"编译文件是 hazardrules {said['library']} 做的,这里是 {__version__}")
        header = _header(first)
        if whole and header["sources"] != sources(folder):
            return None, _refused(path, "编译文件与旁边的 YAML 不符:YAML 后来改过")
        if whole:
            return Compiled(folder, header, lines), None
    except (ValueError, KeyError, TypeError, OSError):
        pass
    return None, _refused(path, "编译文件残缺或者被改动")


def _refused(path: Path, problem: str) -> PackError:
    hint = f"没有用它,改读 YAML;重做:hazardrules build {path.parent}"
    return PackError("HR108", str(path), 0, 0, problem, hint)


def _sha256(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()


def sources(folder: Path) -> str:
    """The SHA-256 of the YAML files of a pack: of their names and contents.

    :raises OSError: for one that can't be read, is a link, or is larger than a file of a pack may be.
    """
    found = hashlib.sha256()
    for inner in ("", "documents", "facts"):
        try:
            with os.scandir(folder / inner) as inside:
                entries = [one for one in inside if one.name.endswith(".yaml")]
            if any(not one.is_file(follow_symlinks=False) for one in entries):
                raise OSError("not a file of a pack")
            names = sorted(one.name for one in entries)
        except FileNotFoundError:
            continue
        for name in names:
            data = _contents(f"{folder}/{inner}/{name}")
            found.update(f"{inner}/{name} {len(data)}\n".encode())
            found.update(data)
    return found.hexdigest()


def _contents(path: str) -> bytes:
    """What a file holds, read with as few calls as can be: there are a hundred, before anything can be judged.

    :raises OSError: for one that can't be read or is larger than a file of a pack may be.
    """
    file, data = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), b""
    try:
        while part := os.read(file, CHUNK):
            data += part
            if len(part) < CHUNK or len(data) > MAX_BYTES:
                break
    finally:
        os.close(file)
    if len(data) > MAX_BYTES:
        raise OSError("not a file of a pack")
    return data


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Record):
        return {name: getattr(value, name) for name in value.__match_args__}
    raise TypeError(f"not plain: {value!r}")


def _inside(file: str, folder: Path) -> str:
    """Where in its pack a thing lies."""
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file


def _encode_fact(fact: FactDef, folder: Path) -> list[Any]:
    bounds = [encode_value(fact.min), encode_value(fact.max), encode_value(fact.assume)]
    named = [fact.id, fact.domain, fact.type, fact.label, fact.unit, dict(fact.options)]
    return [*named, *bounds, fact.note, _inside(fact.file, folder), fact.line]


def _fact(data: list[Any], origin: str) -> FactDef:
    id_, domain, type_, label, unit, options, low, high, assume, note, file, line = data
    bounds = decode_value(low), decode_value(high), decode_value(assume)
    return FactDef(id_, domain, type_, label, unit, options, *bounds, note, f"{origin}/{file}", line)


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


_DATES: Final = ("issued", "effective", "expires")
_LISTS: Final = ("supersedes", "supplements", "elaborated_by", "industries", "missing")
_PLAIN: Final = ("id", "title", "number", "issuer", "rank", "coverage", "source", "note", "gate_line")


def _encode_document(document: Document, folder: Path) -> dict[str, Any]:
    data = {name: getattr(document, name) for name in (*_PLAIN, *_DATES, *_LISTS)}
    return data | {
        "file": _inside(document.file, folder),
        "gate": None if document.gate is None else encode(document.gate),
        "tables": [encode_table(table) for table in document.tables],
        "rules": len(document.rules),
        "elements": len(document.elements),
    }


def _document(
    data: Mapping[str, Any], ids: Sequence[str], reads: Sequence[str], lines: Sequence[bytes], origin: str
) -> Document:
    tables = {table.name: table for table in map(decode_table, data["tables"])}
    gate = None if data["gate"] is None else decode(data["gate"], tables)

    def rules(part: slice, gate: Condition | None) -> Rules:
        mine, facts, texts = ids[part], reads[part], lines[part]

        def make(index: int) -> Rule:
            read = facts[index].split()
            return _rule(mine[index], read, data["id"], json.loads(texts[index]), gate, tables, origin)

        return Rules(mine, facts, make)

    count = data["rules"]
    head: dict[str, Any] = {name: data[name] for name in _PLAIN}
    head |= {name: None if data[name] is None else date.fromisoformat(data[name]) for name in _DATES}
    head |= {name: tuple(data[name]) for name in _LISTS}
    return Document(
        **head,
        rules=rules(slice(count), gate),
        elements=rules(slice(count, None), None),
        tables=tuple(tables.values()),
        gate=gate,
        file=f"{origin}/{data['file']}",
    )


def _rule(
    id_: str,
    reads: Sequence[str],
    document: str,
    data: list[Any],
    gate: Condition | None,
    tables: dict[str, Any],
    origin: str,
) -> Rule:
    ref, title, group, level, status, manual, industries, when, also, remedy, inspect, note, tightens, file, line = data
    condition = None if when is None else decode(when, tables)
    return Rule(
        id=id_,
        document=document,
        ref=ref,
        title=title,
        group=group,
        level=level,
        status=status,
        manual=manual,
        industries=tuple(industries),
        condition=condition,
        stands_under=under(gate, condition),
        reads=tuple(reads),
        also_cited=tuple(AlsoCited(one, decode(extra, tables)) for one, extra in also),
        remedy=remedy,
        inspect=inspect,
        note=note,
        tightens=tightens,
        file=f"{origin}/{file}",
        line=line,
    )


def _policy(data: Mapping[str, Any]) -> Policy:
    return make_policy(data["name"], *(map(_days, data[part]) for part in ("counting", "deadlines", "duties", "laws")))


def _days(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a provision: days as dates, lists as tuples."""
    return {
        key: date.fromisoformat(value)
        if key in ("issued", "effective", "expires") and value is not None
        else tuple(value)
        if isinstance(value, list)
        else value
        for key, value in data.items()
    }
