"""The commands of those who run a programme: programmes and their calendars, ledgers summed up, units ranked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hazardrules.events import EVENT_LABELS
from hazardrules.figures import DIMENSIONS, FIGURES, Summary
from hazardrules.ledger import parse_entries, summary
from hazardrules.model import Judgment
from hazardrules.observation import today
from hazardrules.occasions import KIND_LABELS, Occasion
from hazardrules.pack.programmes import TriggerSpec
from hazardrules.pages import print_follow_up
from hazardrules.pressure import ProgrammeState
from hazardrules.programme import Programme
from hazardrules.ranking import Rank
from hazardrules.regions import region_label
from hazardrules.terminal import Packs, app, book_of, console, day_of, fail, text_of, told
from hazardrules.workdays import add_months

__all__ = ["app", "follow"]

PANEL: Final = "专项行动和台账"
"""The heading under which the program lists these commands."""
MARK: Final = "专项行动是工作做法,不是法定依据。"
DEFAULT: Final = "(默认配置)"
STATES: Final = {"found": "查", "rectifying": "改", "supervised": "督", "to_recheck": "待复查", "closed": "销"}

Region = Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@app.command("programme", rich_help_panel=PANEL)
def _programme(
    id_: Annotated[str | None, typer.Argument(metavar="[ID]", help="专项行动的标识;不写则列出全部")] = None,
    start: Annotated[str | None, typer.Option("--from", help="日历从哪一天起 YYYY-MM-DD;默认今天")] = None,
    end: Annotated[str | None, typer.Option("--to", help="日历到哪一天止,含这一天;默认一个月以后")] = None,
    ical: Annotated[Path | None, typer.Option("--ical", help="把日历写成 .ics 文件;不写起止的,写整个行动")] = None,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """专项行动:列出来,或者显示一个的范围、周期、加压、销号、做法和日历。工作做法,不是法定依据。"""
    with told():
        book = book_of(pack, region)
        if id_ is None:
            if start or end or ical:
                fail("日历要写明专项行动的标识", 2)
            _listed(book.programmes, as_json=as_json)
            return
        programme = book.programme(id_)
        first, last = _range(programme, start, end, whole=ical is not None)
        if ical is not None:
            _save(ical, lambda: ical.write_bytes(programme.to_ical(first, last).encode("utf-8")))
            return
        occasions = programme.calendar(first, last)
    if as_json:
        spec = programme.spec.model_dump(mode="json")
        rows = [one.model_dump(mode="json") for one in occasions]
        whole = {"pack": programme.pack, "region": programme.region, "programme": spec, "calendar": rows}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        _shown(console(), programme, occasions, first, last)


def _range(programme: Programme, start: str | None, end: str | None, *, whole: bool) -> tuple[date, date]:
    """The days of the calendar: from today for a month, or the whole programme, as far as nothing else is asked."""
    spec = programme.spec
    begins = spec.starts if whole else today()
    first = begins if start is None else day_of(start)
    if end is not None:
        return first, day_of(end)
    if whole:
        return first, spec.ends - timedelta(days=1) if spec.ends else add_months(max(first, today()), 12)
    return first, add_months(first, 1)


def _save(path: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        fail(f"{path}: 文件写不进去:{error.strerror}")
    console().print(str(path), markup=False, soft_wrap=True)


def _window(programme: Programme) -> str:
    spec = programme.spec
    last = f"{(spec.ends - timedelta(days=1)).isoformat()} 止" if spec.ends else "没有定终点"
    return f"{spec.starts.isoformat()} 起,{last}"


def _listed(programmes: Sequence[Programme], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"id": one.id, "title": one.title, "pack": one.pack, "region": one.region}
            | one.spec.model_dump(mode="json", include={"starts", "ends", "carries_out"})
            for one in programmes
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(show_lines=False)
    for column in ("标识", "名称", "地区", "起止", "今天", "落实"):
        table.add_column(column, overflow="fold", no_wrap=column == "标识")
    for one in programmes:
        state = "进行中" if one.runs(today()) else "不在进行"
        cells = (one.id, one.title, region_label(one.region), _window(one), state, one.parent.id if one.parent else "")
        table.add_row(*map(Text, cells))
    console().print(table)
    _say(console(), MARK)


def _say(out: Console, text: str, *, bold: bool = False) -> None:
    out.print(Text(text, style="bold" if bold else ""), soft_wrap=True)


def _shown(out: Console, programme: Programme, occasions: Iterable[Occasion], first: date, last: date) -> None:
    """A programme with all that its source says of it."""
    spec = programme.spec
    _say(out, f"{spec.title}({spec.id})", bold=True)
    for label, value in (
        ("起止", _window(programme)),
        ("地区", region_label(programme.region)),
        ("印发", "、".join(one for one in (spec.issuer, spec.number) if one)),
        ("落实", f"{programme.parent.title}({programme.parent.id})" if programme.parent else ""),
        ("来源", spec.source),
        ("说明", spec.note or ""),
    ):
        if value:
            _say(out, f"{label}:{value}")
    _say(out, MARK)
    for label, lines in _parts(programme):
        if lines:
            _say(out, label, bold=True)
            for line in lines:
                _say(out, f"  · {line}")
    _say(out, f"日历({first.isoformat()} 至 {last.isoformat()})", bold=True)
    rows = [
        f"{one.on.isoformat()} {one.title}({'、'.join(x for x in (KIND_LABELS[one.kind], one.actor) if x)})"
        + (DEFAULT if "policy" in (one.evidence, one.day) else "")
        for one in occasions
    ]
    for row in rows or ["没有"]:
        _say(out, f"  · {row}")


def _parts(programme: Programme) -> list[tuple[str, list[str]]]:
    spec = programme.spec

    def line(title: str, *more: str | None, default: bool = False) -> str:
        return f"{title}{''.join(f';{one}' for one in more if one)}{DEFAULT if default else ''}"

    return [
        (
            "范围",
            [
                line(
                    one.title + (f"({one.count}个)" if one.count else ""),
                    "、".join(one.items),
                    f"责任部门:{'、'.join(one.departments)}" if one.departments else None,
                    one.text,
                    default=one.evidence == "policy",
                )
                for one in spec.scope
            ],
        ),
        ("阶段", [line(o.title, _days(o.starts, o.ends), o.text, default=o.evidence == "policy") for o in spec.phases]),
        (
            "周期",
            [
                line(one.title, one.rule, one.actor, one.text, default="policy" in (one.evidence, one.day))
                for one in spec.cadence
            ],
        ),
        (
            "逐步加压",
            [
                line(
                    f"{number}. {one.title}",
                    _trigger(one.when, programme),
                    one.actor,
                    one.text,
                    default="policy" in (one.evidence, one.when_evidence),
                )
                for number, one in enumerate(spec.escalation, 1)
            ],
        ),
        (
            "查、改、督、销",
            [
                line(
                    f"{one.title}({STATES[one.state]})",
                    f"要有:{'、'.join(EVENT_LABELS[kind] for kind in one.needs)}" if one.needs else None,
                    one.text,
                    default="policy" in (one.evidence, one.needs_evidence),
                )
                for one in spec.closing
            ],
        ),
        (
            "打分",
            [
                line(
                    spec.scoring.title,
                    "、".join(f"{FIGURES[name][0]} {number}" for name, number in spec.scoring.weights.items()),
                    default="policy" in (spec.scoring.evidence, spec.scoring.weights_evidence),
                )
            ]
            if spec.scoring
            else [],
        ),
        ("检查表", [line(f"{one.title}({one.id})", one.text) for one in spec.checklists]),
        (
            "做法",
            [
                line(
                    one.title,
                    "、".join(one.items),
                    "、".join(f"{label} {number}" for label, number in one.numbers.items()),
                    one.text,
                    one.note,
                    default=one.evidence == "policy",
                )
                for one in spec.practices
            ],
        ),
    ]


def _days(starts: date | None, ends: date | None) -> str | None:
    first = f"{starts.isoformat()} 起" if starts else ""
    last = f"{(ends - timedelta(days=1)).isoformat()} 止" if ends else ""
    return ",".join(one for one in (first, last) if one) or None


def _trigger(when: TriggerSpec, programme: Programme) -> str:
    domains = programme.book.domains
    parts = [
        f"逾期满 {when.overdue_days} 日" if when.overdue_days else "",
        f"再次出现满 {when.reopened} 次" if when.reopened else "",
        f"复查不合格满 {when.failed_rechecks} 次" if when.failed_rechecks else "",
        f"涉及{'、'.join(domains.get(one, one) for one in when.domains)}" if when.domains else "",
    ]
    return "或者".join(part for part in parts if part)


@app.command("summary", rich_help_panel=PANEL)
def _summary(
    file: Annotated[str, typer.Argument(help='台账,每行一个 {"judgment": …, "unit": …, "events": […]};- 为标准输入')],
    as_of: Annotated[str | None, typer.Option("--as-of", help="到哪一天为止 YYYY-MM-DD;默认今天")] = None,
    by: Annotated[str, typer.Option("--by", help=f"按什么汇总,逗号分开:{'、'.join(DIMENSIONS)}")] = "unit",
    rank: Annotated[str | None, typer.Option("--rank", help="按这个专项行动的权重打分排队")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="写到文件:.xlsx、.csv 或 .md")] = None,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """台账汇总:查出、按期整改、逾期、再次出现、销号各多少;或者打分排队。"""
    day = today() if as_of is None else day_of(as_of)
    names = [name.strip() for name in by.split(",") if name.strip()]
    with told():
        book = book_of(pack, region)
        entries = parse_entries(text_of(file), file)
        if rank is not None:
            if len(names) != 1 or out is not None:
                fail("--rank 只按一项排队,输出到屏幕或者 --json", 2)
            _ranked(book.programme(rank).ranking(entries, day, by=names[0]), names[0], day, as_json=as_json)
            return
        made = summary(entries, day, by=names, book=book)
        if out is not None:
            _write(made, out)
            return
    if as_json:
        typer.echo(made.model_dump_json(indent=2))
        return
    table = Table(show_lines=False)
    for label in (*(DIMENSIONS[name] for name in made.by), *(label for label, _ in FIGURES.values())):
        table.add_column(label, overflow="fold")
    for texts, figures in made.lines():
        table.add_row(*map(Text, (*texts, *(str(getattr(figures, name)) for name in FIGURES))))
    console().print(table)
    _say(console(), made.heading)


def _write(made: Summary, out: Path) -> None:
    ways: dict[str, Callable[[], object]] = {
        ".xlsx": lambda: made.to_excel(out),
        ".csv": lambda: made.to_csv(out),
        ".md": lambda: out.write_text(made.to_markdown(), encoding="utf-8"),
    }
    way = ways.get(out.suffix.lower())
    if way is None:
        fail(f"{out}: 不认识的扩展名 {out.suffix or '(没有)'};可用:{'、'.join(ways)}", 2)
    _save(out, way)


def _ranked(ranks: Sequence[Rank], by: str, day: date, *, as_json: bool) -> None:
    if as_json:
        rows: list[Any] = [one.model_dump(mode="json") for one in ranks]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(show_lines=False)
    figures = list(ranks[0].weights) if ranks else []
    for label in ("名次", DIMENSIONS[by], "分数", *(FIGURES[name][0] for name in figures)):
        table.add_column(label, overflow="fold")
    for one in ranks:
        table.add_row(*map(Text, (str(one.place), one.label, str(one.points), *(str(one.parts[n]) for n in figures))))
    console().print(table)
    weights = "、".join(f"{FIGURES[name][0]} {ranks[0].weights[name]}" for name in figures)
    default = DEFAULT if ranks and ranks[0].weights_evidence == "policy" else ""
    _say(console(), f"按 {day.isoformat()} 的状态;每个隐患的分数:{weights or '没有记录'}{default}。{MARK}")


def follow(
    judgment: Judgment,
    as_of: str | date,
    events: Sequence[Any],
    programme_id: str,
    packs: Sequence[str] | None,
    *,
    as_json: bool,
) -> None:
    """What ``follow-up --programme`` prints: where the judgment stands, its step of pressure, and what is lacking."""
    with told():
        programme = book_of(packs, judgment.observation.region).programme(programme_id)
        found = programme.follow_up(judgment, as_of, events)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    print_follow_up(console(), found.follow_up)
    _print_state(console(), programme, found)


def _print_state(out: Console, programme: Programme, found: ProgrammeState) -> None:
    _say(out, f"\n{programme.title}({programme.id})", bold=True)
    if found.pressure is not None:
        _say(out, f"加压:{found.pressure.text}")
    for stage in found.stages:
        _say(out, f"  · {stage.rule or '一般隐患'}:{stage.text}")
    if found.pressure is None:
        _say(out, MARK)
