"""Packs made ready to be read fast: one file of plain data beside the YAML that it was made from.

``compiled.jsonl`` holds a line that says what it was made from, one for the pack as a whole, and then pieces: the ids
of its facts, their labels, the facts, and for each document what its rules are called and read, and the rules, a line
each. The pack as a whole tells how long each piece is, so that a piece is read when something of it is asked for.
It is data and nothing else: reading it runs no code of the pack. It counts only if it is whole (SHA-256 of its own
text), was made from the very files that lie there now (SHA-256 of each), by this version of the library, and on the
same parents; else the YAML is read. Examples stay in the YAML.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic_core import from_json

from hazardrules._version import __version__
from hazardrules.errors import PackError
from hazardrules.lang.nodes import Condition, Table
from hazardrules.pack import MAX_BYTES
from hazardrules.pack.codec import decode, decode_table, decode_value
from hazardrules.pack.content import (
    NO_RULES,
    Added,
    AlsoCited,
    Document,
    FactDef,
    Head,
    Industry,
    Pack,
    Rule,
    Rules,
    under,
)
from hazardrules.pack.policy import (
    Counting,
    DeadlineProvision,
    DutyProvision,
    Law,
    Policy,
    Recurring,
    Repeating,
)
from hazardrules.record import Record

__all__ = ["COMPILED", "Compiled", "Facts", "compiled_head", "read_compiled", "sources"]

COMPILED: Final = "compiled.jsonl"
"""The name of the file, in the pack's folder."""

FORMAT: Final = 4
CHUNK: Final = 16 * 1024
BLOCK: Final = 32
"""How many facts make a piece: a fact is read with its neighbours, which are mostly asked for with it."""

SEAL: Final = b'{"seal":"'
"""How the first line begins: the SHA-256 of the rest of the line comes next."""

R = TypeVar("R", bound=Record)

_parsed = partial(from_json, cache_strings="none")
"""JSON without a memory for strings, which costs more to set up than one pack's reading is worth."""


class Piece:
    """A piece of a compiled file: read when it is called."""

    __slots__ = ("_end", "_raw", "_start")

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self._raw, self._start, self._end = raw, start, end

    def __call__(self) -> bytes:
        return self._raw[self._start : self._end]


class Pieces:
    """The pieces of a compiled file, taken one after the other."""

    def __init__(self, raw: bytes, start: int) -> None:
        self._raw, self._at = raw, start

    def take(self, length: int) -> Piece:
        """The next piece."""
        start = self._at
        self._at = start + length + 1
        return Piece(self._raw, start, start + length)


class Facts(Mapping[str, FactDef]):
    """The facts of a pack, each made when it is first asked for."""

    __slots__ = ("_blocks", "_kept", "_labels", "_lines", "_origin", "_places")

    def __init__(self, ids: Sequence[str], labels: Piece, blocks: Sequence[Piece], origin: str) -> None:
        self._places = dict(zip(ids, range(len(ids)), strict=True))
        self._labels, self._blocks, self._origin = labels, blocks, origin
        self._lines: dict[int, list[bytes]] = {}
        self._kept: dict[str, FactDef] = {}

    @property
    def names(self) -> dict[str, str]:
        """Their folded labels by id."""
        return dict(zip(self._places, _words(self._labels()), strict=True))

    def __getitem__(self, id_: str) -> FactDef:
        fact = self._kept.get(id_)
        if fact is None:
            block, line = divmod(self._places[id_], BLOCK)
            lines = self._lines.get(block)
            if lines is None:
                lines = self._lines[block] = self._blocks[block]().split(b"\n")
            fact = self._kept[id_] = _fact(_parsed(lines[line]), self._origin)
        return fact

    def __reduce__(self) -> tuple[type[dict[str, FactDef]], tuple[dict[str, FactDef]]]:
        return dict, (dict(self),)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Compiled:
    """A compiled file that was found to be whole and fresh; ``pack()`` makes the pack, once its parents are there."""

    def __init__(self, folder: Path, header: Mapping[str, Any], raw: bytes, body: int) -> None:
        self._folder, self._header, self._raw = folder, header, raw
        self._start = raw.index(b"\n", body) + 1
        self._index = _parsed(raw[body : self._start])
        self.head = Head(**header["head"])

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
        index, origin, pieces = self._index, str(self._folder), Pieces(self._raw, self._start)
        ids, labels, *blocks = map(pieces.take, index["facts"])
        head = self.head
        return Pack(
            id=head.id,
            title=head.title,
            version=head.version,
            region=head.region,
            origin=origin,
            facts=Facts(_words(ids()), labels, blocks, origin),
            domains=index["domains"],
            industries=tuple([Industry(i[0], i[1], tuple(i[2]), tuple(i[3]), i[4]) for i in index["industries"]]),
            documents=tuple([_document(data, pieces, origin) for data in index["documents"]]),
            policy=_policy(index["policy"]),
            extends={id_: {key: Added(*one) for key, one in more.items()} for id_, more in index["extends"].items()},
            names=head.names,
            requires=head.requires,
            fingerprint=self._header["fingerprint"],
        )


def compiled_head(folder: Path) -> Head | None:
    """What ``pack.yaml`` of a folder says, from the compiled file beside it; None where that can't be trusted.

    Finding packs takes this much of each; the rest is read, and held to the files beside it, of those that are used.
    """
    try:
        with open(f"{folder}/{COMPILED}", "rb", buffering=0) as file:  # noqa: PTH123  # for each that can be found
            line = file.read(CHUNK)
            while b"\n" not in line and (more := file.read(CHUNK)):
                line += more
        header = _header(line.partition(b"\n")[0])
        with open(f"{folder}/pack.yaml", "rb", buffering=0) as file:  # noqa: PTH123
            fresh = header["pack"] == sha256(file.readall())
        if not fresh or header["library"] != __version__ or os.path.islink(f"{folder}/pack.yaml"):  # noqa: PTH114
            return None
        return Head(**header["head"])
    except (ValueError, KeyError, TypeError, OSError):
        return None


def _header(line: bytes) -> dict[str, Any]:
    """The first line of a compiled file.

    :raises ValueError: for one that is no such line, not of this form, or was damaged.
    """
    at = len(SEAL) + 64
    if not line.startswith(SEAL) or line[len(SEAL) : at] != sha256(memoryview(line)[at:]).encode():
        raise ValueError("not the first line of a compiled file")
    header: dict[str, Any] = _parsed(line)
    if header["compiled"] != FORMAT:
        raise ValueError("not of this form")
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
    body = raw.find(b"\n") + 1
    first = raw[: body - 1]
    try:
        said = _parsed(first)
        whole = said["body"] == sha256(memoryview(raw)[body:])
        if whole and said["library"] != __version__:
            return None, _refused(path, f"编译文件是 hazardrules {said['library']} 做的,这里是 {__version__}")
        header = _header(first)
        if whole and header["sources"] != sources(folder):
            return None, _refused(path, "编译文件与旁边的 YAML 不符:YAML 后来改过")
        if whole:
            return Compiled(folder, header, raw, body), None
    except (ValueError, KeyError, TypeError, OSError):
        pass
    return None, _refused(path, "编译文件残缺或者被改动")


def _refused(path: Path, problem: str) -> PackError:
    hint = f"没有用它,改读 YAML;重做:hazardrules build {path.parent}"
    return PackError("HR108", str(path), 0, 0, problem, hint)


def sha256(data: bytes | memoryview) -> str:
    """The SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sources(folder: Path) -> str:
    """The SHA-256 of the YAML files of a pack: of their names and contents.

    They are read into one place, which is used again: there are some hundred, before anything can be judged.

    :raises OSError: for one that can't be read, is a link, or is larger than a file of a pack may be.
    """
    found, place, root = hashlib.sha256(), bytearray(CHUNK), str(folder)
    for inner in ("", "documents", "facts"):
        try:
            with os.scandir(f"{root}/{inner}") as inside:
                entries = [one for one in inside if one.name.endswith(".yaml")]
        except FileNotFoundError:
            continue
        if any(not one.is_file(follow_symlinks=False) for one in entries):
            raise OSError("not a file of a pack")
        for name in sorted([one.name for one in entries]):
            length = 0
            file = os.open(f"{root}/{inner}/{name}", os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                while read := _read_into(place, file):
                    found.update(memoryview(place)[:read])
                    length += read
                    if read < CHUNK or length > MAX_BYTES:
                        break
            finally:
                os.close(file)
            if length > MAX_BYTES:
                raise OSError("not a file of a pack")
            found.update(f" {length} {inner}/{name}\n".encode())
    return found.hexdigest()


def _read_into(place: bytearray, file: int) -> int:
    """How many of the next bytes of a file there were room for."""
    if hasattr(os, "readv"):  # not on every system
        return os.readv(file, (place,))
    data = os.read(file, len(place))
    place[: len(data)] = data
    return len(data)


def _words(piece: bytes) -> list[str]:
    """A piece of words, by tabs."""
    text = piece.decode()
    return text.split("\t") if text else []


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _fact(data: list[Any], origin: str) -> FactDef:
    id_, domain, type_, label, unit, options, low, high, assume, note, file, line = data
    bounds = decode_value(low), decode_value(high), decode_value(assume)
    return FactDef(id_, domain, type_, label, unit, options, *bounds, note, f"{origin}/{file}", line)


class _Held:
    """The rules, or the elements, of a document, as far as they were asked for."""

    __slots__ = ("_document", "_gate", "_lines", "_named", "_names", "_origin", "_tables", "_texts")

    def __init__(
        self,
        document: str,
        names: Piece,
        texts: Piece,
        gate: Condition | None,
        tables: dict[str, Table],
        origin: str,
    ) -> None:
        self._document, self._names, self._texts = document, names, texts
        self._gate, self._tables, self._origin = gate, tables, origin
        self._named: tuple[list[str], list[list[str]]] | None = None
        self._lines: list[bytes] | None = None

    def named(self) -> tuple[list[str], list[list[str]]]:
        """Their ids, and the facts that each reads."""
        if self._named is None:
            words = _words(self._names())
            self._named = words[::2], [facts.split() for facts in words[1::2]]
        return self._named

    def make(self, index: int) -> Rule:
        """One of them."""
        ids, reads = self.named()
        if self._lines is None:
            self._lines = self._texts().split(b"\n")
        (*told, file, line) = _parsed(self._lines[index])
        ref, title, group, level, status, manual, industries, when, also, remedy, inspect, note, tightens = told
        condition = None if when is None else decode(when, self._tables)
        return Rule(
            id=ids[index],
            document=self._document,
            ref=ref,
            title=title,
            group=group,
            level=level,
            status=status,
            manual=manual,
            industries=tuple(industries),
            condition=condition,
            stands_under=under(self._gate, condition),
            reads=tuple(reads[index]),
            also_cited=tuple([AlsoCited(one, decode(extra, self._tables)) for one, extra in also]),
            remedy=remedy,
            inspect=inspect,
            note=note,
            tightens=tightens,
            file=f"{self._origin}/{file}",
            line=line,
        )


def _document(data: list[Any], pieces: Pieces, origin: str) -> Document:
    names, days, lists, (coverage, missing, source, note, gate_line, file), when, bands, held = data
    tables = {table.name: table for table in map(decode_table, bands)}
    gate = None if when is None else decode(when, tables)

    def rules(lengths: list[int] | None, gate: Condition | None) -> Rules:
        if lengths is None:
            return NO_RULES
        held = _Held(names[0], pieces.take(lengths[1]), pieces.take(lengths[2]), gate, tables, origin)
        return Rules(lengths[0], held.named, held.make)

    said = [*names, *map(_day, days), *map(tuple, lists), coverage, tuple(missing), source, note]
    said += [rules(held[0], gate), rules(held[1], None), tuple(tables.values()), gate, gate_line, f"{origin}/{file}"]
    return Document(*said)


_DATED: Final = frozenset({"issued", "effective", "expires"})


def _provisions(kind: type[R], every: Iterable[list[Any]]) -> tuple[R, ...]:
    """Records of a policy: days as dates, lists as tuples."""
    dated = [place for place, name in enumerate(kind.__match_args__) if name in _DATED]
    found = []
    for values in every:
        fields: list[Any] = [tuple(one) if type(one) is list else one for one in values]
        for place in dated:
            fields[place] = _day(values[place])
        found.append(kind(*fields))
    return tuple(found)


def _duties(every: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """With the days that come back, and the events that set a duty off by their number, as records."""
    for *most, recurs, repeats, extends in every:
        yield [*most, [Recurring(*one) for one in recurs], [Repeating(*one) for one in repeats], extends]


def _policy(data: list[Any]) -> Policy:
    name, counting, deadlines, duties, laws = data
    return Policy(
        name,
        _provisions(Counting, counting),
        _provisions(DeadlineProvision, deadlines),
        _provisions(DutyProvision, _duties(duties)),
        _provisions(Law, laws),
    )
