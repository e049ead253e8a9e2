"""running.py: the commands programme, summary and follow-up --programme."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from hazardrules import Entry, RuleBook
from hazardrules.cli import app
from hazardrules.ledger import summary
from programmes import book_in, general, major

MARK = "专项行动是工作做法,不是法定依据。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small pack."""
    path = tmp_path_factory.mktemp("pack")
    book_in(path)
    return path


@pytest.fixture(scope="module")
def book(folder: Path) -> RuleBook:
    """The book of the small pack."""
    return RuleBook.load(packs=[folder])


@pytest.fixture
def ledger(tmp_path: Path, book: RuleBook) -> Path:
    """Two records, one of them rectified."""
    done: Any = [{"kind": "rectified", "on": "2026-03-10"}]
    entries = [Entry(judgment=major(book), unit="甲厂", events=done), Entry(judgment=general(book), unit="=乙厂")]
    path = tmp_path / "台账.jsonl"
    path.write_text("\n".join(entry.model_dump_json() for entry in entries), encoding="utf-8")
    return path


def run(*words: str | Path, pack: Path | None = None, code: int = 0) -> Any:
    """Run a command, with the small pack if it is named, and see how it ends."""
    given = [*map(str, words), *(["--pack", str(pack)] if pack else [])]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == code, result.output
    return result


def test_list_of_programmes(folder: Path) -> None:
    """All programmes with their windows, marked as practice."""
    text = run("programme", pack=folder).output
    assert all(word in text for word in ("narrow", "演示市行动", "2026-03-02 起,2026-08-31 止", MARK))
    rows = json.loads(run("programme", "--json", pack=folder).output)
    assert [(one["id"], one["carries_out"], one["ends"]) for one in rows] == [
        ("wide", None, "2028-01-01"),
        ("narrow", "wide", "2026-09-01"),
    ]


def test_a_programme_is_shown_whole(folder: Path) -> None:
    """Window, scope, steps, stages, points, practices and the calendar of the days asked for, defaults told."""
    text = run("programme", "narrow", "--from", "2026-04-24", "--to", "2026-04-30", pack=folder).output
    for line in (
        "落实:演示省行动(wide)",
        MARK,
        "专题;基坑;责任部门:演示市住建局",
        "自查;2026-04-30 止",
        "执法;2026-05-01 起,2026-08-31 止",
        "周调度;FREQ=WEEKLY;BYDAY=FR;专班(默认配置)",
        "三十项任务;任务 2、类 6",
        "日历(2026-04-24 至 2026-04-30)",
        "2026-04-24 周调度(调度、专班)(默认配置)",
        "2026-04-30 自查:最后一天(阶段结束)",
        "2026-04-30 月分析(分析、专班)(默认配置)",
    ):
        assert line in text, line
    text = run("programme", "wide", "--from", "2030-01-01", "--to", "2030-01-02", pack=folder).output
    for line in (
        "1. 通报提醒;逾期满 1 日",
        "2. 约谈纠治;逾期满 15 日或者再次出现满 1 次;安委办(默认配置)",
        "3. 联合惩戒;逾期满 30 日或者复查不合格满 2 次或者涉及演示(默认配置)",
        "改(改);要有:送达责令整改的文书(默认配置)",
        "打分排队;查出 1、重大 2、按期整改 3、逾期未改 -3、再次出现 -2(默认配置)",
        "护栏(guards)",
        "  · 没有",
    ):
        assert line in text, line


def test_a_programme_as_json(folder: Path, book: RuleBook) -> None:
    """The whole file's content, and the calendar."""
    words = ("programme", "narrow", "--from", "2026-04-24", "--to", "2026-04-30", "--json")
    given = json.loads(run(*words, pack=folder).output)
    narrow = book.programme("narrow")
    assert given["programme"] == narrow.spec.model_dump(mode="json")
    expected = [one.model_dump(mode="json") for one in narrow.calendar("2026-04-24", "2026-04-30")]
    assert given["calendar"] == expected


def test_a_calendar_file(folder: Path, book: RuleBook, tmp_path: Path) -> None:
    """Without days, the whole of the programme goes into the file; with days, those."""
    path = tmp_path / "a.ics"
    assert str(path) in run("programme", "narrow", "--ical", path, pack=folder).output.replace("\n", "")
    assert path.read_bytes().decode() == book.programme("narrow").to_ical("2026-03-02", "2026-08-31")
    run("programme", "narrow", "--ical", path, "--from", "2026-04-01", "--to", "2026-04-30", pack=folder)
    assert Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0].decoded("dtstart") == date(2026, 4, 3)
    assert "写不进去" in run("programme", "narrow", "--ical", tmp_path / "no" / "a.ics", pack=folder, code=1).output


def test_a_programme_without_an_end_has_a_year(tmp_path: Path) -> None:
    """Where a programme goes on, the file holds a year from today."""
    text = "programmes:\n- id: on\n  title: 演示\n  starts: 2026-01-01\n  source: 甲\n  cadence:\n"
    book_in(tmp_path, f"{text}  - {{id: daily, title: 日报, kind: report, rule: FREQ=DAILY}}\n")
    path = tmp_path / "a.ics"
    run("programme", "on", "--ical", path, pack=tmp_path)
    event: Any = Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0]
    until = event["rrule"]["UNTIL"][0]
    assert event.decoded("dtstart") == date(2026, 1, 1)
    assert until - date(2026, 1, 1) >= timedelta(days=365)


def test_a_month_from_today_is_the_default(folder: Path) -> None:
    """Without days, a programme is shown with the calendar of a month."""
    assert "日历(" in run("programme", "narrow", pack=folder).output


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("programme", "narow"), 1, "最接近的是 narrow"),
        (("programme", "--from", "2026-01-01"), 2, "写明专项行动的标识"),
        (("programme", "narrow", "--from", "2026-13-01"), 2, "日期"),
        (("programme", "narrow", "--from", "2026-03-02", "--to", "2026-03-01"), 1, "早于开始"),
    ],
)
def test_wrong_usage_of_programme(folder: Path, words: tuple[str, ...], code: int, told: str) -> None:
    """Unknown ids and wrong days end with a message."""
    assert told in run(*words, pack=folder, code=code).output


def test_summary(folder: Path, book: RuleBook, ledger: Path) -> None:
    """A table with the total on the screen; as JSON, what ``summary()`` gives."""
    text = run("summary", ledger, "--as-of", "2026-04-01", "--by", "unit, industry", pack=folder).output
    assert all(word in text for word in ("甲厂", "演示工程", "合计", "按期整改", "按 2026-04-01 的状态,2 条检查记录"))
    given = json.loads(run("summary", ledger, "--as-of", "2026-04-01", "--json", pack=folder).output)
    entries = [Entry.model_validate_json(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    assert given == summary(entries, "2026-04-01", book=book).model_dump(mode="json")


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".md"])
def test_summary_to_a_file(folder: Path, ledger: Path, tmp_path: Path, suffix: str) -> None:
    """The form follows the name of the file."""
    path = tmp_path / f"a{suffix}"
    run("summary", ledger, "-o", path, pack=folder)
    content = path.read_bytes()
    assert content.startswith(b"PK") if suffix == ".xlsx" else "合计" in content.decode()


def test_summary_from_standard_input(folder: Path, ledger: Path) -> None:
    """``-`` reads the standard input."""
    words = ["summary", "-", "--as-of", "2026-04-01", "--json", "--pack", str(folder)]
    result = CliRunner().invoke(app, words, input=ledger.read_text(encoding="utf-8"))
    assert json.loads(result.output)["total"]["found"] == 2


def test_ranking(folder: Path, book: RuleBook, ledger: Path) -> None:
    """Places and points by the programme's weights, which are told, on the screen and as JSON."""
    text = run("summary", ledger, "--as-of", "2026-04-01", "--rank", "narrow", pack=folder).output
    assert all(word in text for word in ("名次", "甲厂", "逾期未改 -3", "(默认配置)", MARK))
    rows = json.loads(run("summary", ledger, "--as-of", "2026-04-01", "--rank", "wide", "--json", pack=folder).output)
    assert [(one["place"], one["label"], one["points"]) for one in rows] == [(1, "甲厂", 6), (2, "=乙厂", -2)]


def test_ranking_of_nothing(folder: Path, tmp_path: Path) -> None:
    """An empty ledger ranks nobody and says so."""
    path = tmp_path / "空.jsonl"
    path.write_text("", encoding="utf-8")
    assert "没有记录" in run("summary", path, "--rank", "wide", pack=folder).output


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--by", "units"), 1, "不能按 'units' 汇总"),
        (("--by", ","), 1, "至少写一个"),
        (("-o", "a.txt"), 2, "可用:.xlsx、.csv、.md"),
        (("--rank", "x"), 1, "没有专项行动"),
        (("--rank", "wide", "--by", "unit,industry"), 2, "只按一项"),
        (("--as-of", "昨天"), 2, "日期"),
    ],
)
def test_wrong_usage_of_summary(folder: Path, ledger: Path, words: tuple[str, ...], code: int, told: str) -> None:
    """What can't be asked ends with a message."""
    assert told in run("summary", ledger, *words, pack=folder, code=code).output


def test_summary_of_a_wrong_file(folder: Path, tmp_path: Path) -> None:
    """Every wrong line is told."""
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n[]\n", encoding="utf-8")
    text = run("summary", path, pack=folder, code=1).output
    assert all(word in text for word in ("第1行", "缺少 judgment", "第2行", "要写成映射"))
    assert "读不出来" in run("summary", tmp_path / "no.jsonl", pack=folder, code=1).output


def test_follow_up_with_a_programme(folder: Path, book: RuleBook, tmp_path: Path) -> None:
    """The step reached, the next one, and what each hazard's record lacks, after what ``follow-up`` says anyway."""
    path = tmp_path / "结论.json"
    path.write_text(major(book).model_dump_json(), encoding="utf-8")
    words = ("follow-up", path, "--as-of", "2026-03-20", "--programme", "narrow")
    text = run(*words, pack=folder).output
    plain = run("follow-up", path, "--as-of", "2026-03-20").output
    assert text.startswith(plain)
    assert "加压:已到“联合惩戒”(涉及演示)" in text
    assert "demo-2026.1:查;进入“改”还要:送达责令整改的文书" in text
    given = json.loads(run(*words, "--json", pack=folder).output)
    assert given == book.programme("narrow").follow_up(major(book), "2026-03-20").model_dump(mode="json")
    assert "最接近的是 narrow" in run(*words[:-1], "narow", pack=folder, code=1).output


def test_follow_up_with_a_programme_without_steps(book: RuleBook, tmp_path: Path) -> None:
    """Where the programme has no steps, it still says that it is practice."""
    path = tmp_path / "结论.json"
    path.write_text(major(book).model_dump_json(), encoding="utf-8")
    text = run("follow-up", path, "--as-of", "2026-03-20", "--programme", "three-year-2024").output
    assert text.rstrip().endswith(MARK)
