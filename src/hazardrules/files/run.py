"""``classify_file()``: a file in, a file with the judgments out, whatever its length; interrupted runs go on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from hazardrules._version import __version__
from hazardrules.files.columns import Plan
from hazardrules.files.excel import Checklist, Excel, filled_checklist
from hazardrules.files.faults import file_error
from hazardrules.files.judging import Judge, Options
from hazardrules.files.progress import Checkpoint, Identity, identity_of
from hazardrules.files.sheets import Books
from hazardrules.files.sources import Chunk, Csv, JsonLines, Parquet, Source
from hazardrules.files.targets import Growing, Rejects, target_of
from hazardrules.model import Level
from hazardrules.nearest import nearest_hint
from hazardrules.observation import today
from hazardrules.pack.canonical import digest
from hazardrules.pack.values import parse_day
from hazardrules.rulebook import RuleBook

__all__ = ["CHUNK", "FORMATS", "Progress", "Summary", "classify_file", "format_of"]

CHUNK: Final = 50_000
"""How many rows are held at a time."""
EVERY: Final = 2.0
"""Seconds between two records of how far a run has come."""
FORMATS: Final = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
"""The formats by the suffixes of their files."""
_FINISHING: Final = "finishing"


class Progress(NamedTuple):
    """How far a run is: rows judged, and how much of the input was read, in bytes or rows."""

    rows: int
    done: int
    total: int


class Summary(NamedTuple):
    """What a run found.

    ``levels`` counts rows by level; ``refused`` rows were not judged, which ``rejects`` tells (None where there are
    none). ``resumed`` rows had been judged by an earlier run; ``cut`` texts were too long for a cell of Excel.
    """

    rows: int
    levels: dict[str, int]
    refused: int
    target: Path
    rejects: Path | None
    resumed: int
    cut: int


def format_of(path: Path, said: str | None = None) -> str:
    """The format of a file, as it was said or by its suffix.

    :raises FileError: for any other.
    """
    known = sorted(set(FORMATS.values()))
    if said is not None:
        if said in known:
            return said
        hint = nearest_hint(said, known) or f"可用:{'、'.join(known)}"
        raise file_error("--format", said, f"不认识的格式 {said[:40]}", hint)
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        hint = "旧的 Excel 格式,另存为 .xlsx" if path.suffix.lower() == ".xls" else f"可用:{'、'.join(FORMATS)}"
        raise file_error(str(path), path.suffix, f"看不出格式:后缀是 {path.suffix or '空的'}", hint)
    return found


def classify_file(
    source: str | Path,
    target: str | Path,
    *,
    industry: str | Iterable[str] | None = None,
    observed_on: str | date | None = None,
    region: str | None = None,
    reported: bool = True,
    packs: Sequence[str | Path] | None = None,
    book: RuleBook | None = None,
    policy: str | Path | None = None,
    explain: bool = False,
    kind: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    keep: Iterable[str] = (),
    rejects: str | Path | None = None,
    restart: bool = False,
    on_chunk: Callable[[Progress], object] | None = None,
    chunk: int = CHUNK,
    every: float = EVERY,
) -> Summary:
    """Judge a file of observations, a row each, in bounded memory.

    Every row of the input is a row of the output, in the same order and with the same columns, to which level,
    conclusive, rules, due_on, open and problem are added: what ``classify()`` says of it. A row that ``classify()``
    would refuse, or that can't be read, is not judged: it has a problem and no level, and the file of rejects tells
    each cell and why. A run that was interrupted goes on when it is called again with the same arguments, and ends
    with the same bytes.

    :param source: CSV, JSON Lines, Parquet or Excel.
    :param target: any of them, by its suffix; it must not exist yet.
    :param industry: for rows that name none; so are ``observed_on``, ``region`` and ``reported``.
    :param packs: exactly the rule packs to use; else those that are found for the region of each row.
    :param book: one rule book for all rows, in place of ``packs``.
    :param policy: a policy file that replaces the default deadlines.
    :param explain: add the column reason.
    :param kind: the format of the source where its suffix doesn't tell it.
    :param encoding: of a text, where it is not to be found out: utf-8, utf-8-sig, gb18030.
    :param sheet: of a workbook with several.
    :param keep: columns that are no facts and are only copied; ``*`` for all that are not known.
    :param rejects: where refused cells and rows are told; default: the target's name with ``.rejects.csv``.
    :param restart: forget an interrupted run, and replace what is there.
    :param on_chunk: called after each chunk.
    :param chunk: how many rows are held at a time.
    :param every: seconds between two records of how far the run has come.
    :raises FileError: for files that can't be read, written, or gone on with.
    :raises InputError: for industry, region, date or policy that are wrong.
    :raises PackErrors: for packs that can't be used.
    """
    run = _Run(Path(source), Path(target), rejects, chunk)
    try:
        books = Books(book, packs, region)
        options = Options(
            books.base.industry_ids(industry),
            books.region,
            None if observed_on is None else _day(observed_on),
            reported,
            Options.policy_of(policy),
            explain,
        )
        run.read_input(kind, encoding, sheet, books, tuple(keep))
        run.open_output(options, restart=restart)
        run.judge(on_chunk, every)
        return run.finish()
    except OSError as error:
        name = str(error.filename or run.target)
        raise file_error(name, "", f"文件读写不了:{error.strerror or error}") from error
    finally:
        run.close()


def _day(given: str | date) -> date:
    try:
        return parse_day(given)
    except ValueError as error:
        raise file_error("observed_on", given, str(error)) from None


class _Run:
    """One call."""

    def __init__(self, source: Path, target: Path, rejects: str | Path | None, chunk: int) -> None:
        self.source, self.target, self.size = source, target, chunk
        self.rejects = Path(rejects) if rejects else target.with_name(target.name + ".rejects.csv")
        self.kind = format_of(target)
        self.part = target.with_name(target.name + ".part")
        self.rejects_part = self.rejects.with_name(self.rejects.name + ".part")
        self.files: list[Growing] = []
        if not source.is_file():
            raise file_error(str(source), "", "没有这个文件" if not source.exists() else "不是文件")
        paths = [path.resolve() for path in (source, target, self.rejects)]
        if len(set(paths)) < len(paths):
            raise file_error(str(target), "", "输入、输出、拒收文件不能是同一个文件")

    def read_input(
        self, kind: str | None, encoding: str | None, sheet: str | None, books: Books, keep: tuple[str, ...]
    ) -> None:
        """Open the source and find out what its columns mean."""
        form = format_of(self.source, kind)
        for name, value, forms in (("--encoding", encoding, ("csv", "jsonl")), ("--sheet", sheet, ("xlsx",))):
            if value is not None and form not in forms:
                raise file_error(name, value, f"{name} 只用于 {'、'.join(forms)},{self.source} 是 {form}")
        self.identity: Identity = identity_of(self.source)
        self.books, self.keep, self.form = books, keep, form
        self.input = self._source(form, encoding, sheet)
        self.plan: Plan | None = None
        if not isinstance(self.input, JsonLines | Checklist):
            self.plan = Plan(self.input.columns or (), books.base, keep, str(self.source))
        self.extra = {"格式": form, "编码": self.input.encoding, "--sheet": sheet}

    def _source(self, form: str, encoding: str | None, sheet: str | None) -> Source:
        if form == "csv":
            return Csv(self.source, encoding)
        if form == "jsonl":
            return JsonLines(self.source, encoding, tabular=self.kind != "jsonl")
        if form == "parquet":
            return Parquet(self.source)
        filled = filled_checklist(self.source, self.books.named)
        return Excel(self.source, sheet) if filled is None else Checklist(filled)

    def open_output(self, options: Options, *, restart: bool) -> None:
        """Go on with what an earlier run has recorded, or begin."""
        said = {
            "--industry": list(options.industry),
            "--region": options.region,
            "--on": options.observed_on and options.observed_on.isoformat(),
            "--reported": options.reported,
            "--policy": options.policy and digest(options.policy),
            "--explain": options.explain,
            "--keep": list(self.keep),
            "拒收文件": str(self.rejects),
            "每块行数": self.size,
        }
        identity = {
            **self.identity,
            **self.extra,
            **said,
            "规则库": self.books.base.fingerprint,
            "本库版本": __version__,
        }
        self.checkpoint = Checkpoint(self.target.with_name(self.target.name + ".checkpoint"), identity)
        if restart:
            for path in (self.checkpoint.path, self.part, self.rejects_part):
                path.unlink(missing_ok=True)
        self.checkpoint.read()
        state = self.checkpoint.state
        there = [path for path in (self.target, self.rejects) if path.exists()]
        if there and not state and not restart:
            names = "、".join(map(str, there))
            raise file_error(str(self.target), "", f"{names} 已经有了", "换一个名字;要重做并覆盖用 --restart")
        for code, fingerprint in state.get("books", {}).items():
            now = self.books.of(code or None).fingerprint
            self.checkpoint.check({f"{code or '全国'}规则库": fingerprint}, {f"{code or '全国'}规则库": now})
        day = options.observed_on or parse_day(state.get("today", today().isoformat()))
        self.judging = Judge(self.books, options._replace(observed_on=day), self.plan, self.keep)
        self.counts = Counter[str](state.get("counts", {}))
        self.resumed = self.counts["rows"]
        self.state = {"today": day.isoformat(), **state}
        encoding = self.input.encoding if self.form == "csv" else None
        made = target_of(
            self.kind, self.input.columns, encoding=encoding, schema=self.input.schema, explain=options.explain
        )
        self.format = made
        if state.get("stage") != _FINISHING:
            self.out = self._growing(self.part, state.get("written", 0))
            self.refused = Rejects(self._growing(self.rejects_part, state.get("rejected", 0)))
            if not state:
                self.out.write(made.head())
                self._record()

    def _growing(self, path: Path, size: int) -> Growing:
        try:
            found = Growing(path, size)
        except OSError as error:
            if not size:
                raise
            raise file_error(str(path), "", f"不能接着做,中间文件不完整:{error}", "要从头做用 --restart") from None
        self.files.append(found)
        return found

    def judge(self, on_chunk: Callable[[Progress], object] | None, every: float) -> None:
        """Judge what is left."""
        if self.state.get("stage") == _FINISHING:
            return
        recorded = time.monotonic()
        for chunk in self.input.chunks(self.size, self.state.get("place")):
            self._chunk(chunk)
            self.state["place"] = chunk.place
            if time.monotonic() - recorded >= every:
                self._record()
                recorded = time.monotonic()
            if on_chunk is not None:
                on_chunk(Progress(self.counts["rows"], chunk.done, self.input.total))
        now = identity_of(self.source)
        if any(now[name] != self.identity[name] for name in now):
            raise file_error(str(self.source), "", "判定过程中输入文件被改动", "用 --restart 从头做")
        self.state["stage"] = _FINISHING
        self._record()

    def _chunk(self, chunk: Chunk) -> None:
        verdicts, problems = [], []
        for row, (verdict, faults) in zip(chunk.rows, self.judging.judged(chunk.rows), strict=True):
            self.counts[verdict.level or "refused"] += 1
            if faults:
                self.refused.write(row, faults)
            verdicts.append(verdict)
            problems.append(";".join(map(str, faults)) if faults else "")
        self.counts["rows"] += len(chunk.rows)
        self.out.write(self.format.chunk(chunk, verdicts, problems))

    def _record(self) -> None:
        for file in self.files:
            file.settle()
        sizes = {"written": self.out.size, "rejected": self.refused.file.size}
        self.state = {**self.state, **sizes, "counts": dict(self.counts), "books": self.books.fingerprints()}
        self.checkpoint.write(self.state)

    def finish(self) -> Summary:
        """Make the output of what has grown; may be done again where it was interrupted."""
        self.close()
        counts, cut = self.counts, self.state.get("cut", 0)
        if not counts["refused"]:
            self.rejects_part.unlink(missing_ok=True)
            self.rejects.unlink(missing_ok=True)
        elif self.rejects_part.exists():
            self.rejects_part.replace(self.rejects)
        if self.part.exists():
            made = self.part
            if self.format.joined:
                made = self.target.with_name(self.target.name + ".new")
                cut = self.format.join(self.part, made)
            made.replace(self.target)
            self.part.unlink(missing_ok=True)
        self.checkpoint.remove()
        levels = {level.value: counts[level.value] for level in Level}
        told = self.rejects if counts["refused"] else None
        return Summary(counts["rows"], levels, counts["refused"], self.target, told, self.resumed, cut)

    def close(self) -> None:
        """Close what is open."""
        for file in self.files:
            file.close()
        self.files = []
