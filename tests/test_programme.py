"""programme.py: programmes of packs, whom they cover, what runs when, whose steps and stages count."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules import (
    EventError,
    InputError,
    Programme,
    ProgrammeError,
    RuleBook,
    UnknownIndustryError,
    UnknownProgrammeError,
    classify,
    follow_up,
)
from hazardrules.pack.programmes import read_programmes
from packs import write_pack
from programmes import FOUND, book_in, general, major

OTHER = """\
programmes:
- {id: wide, title: 另一个, starts: 2026-01-01, source: 另一方案}
- {id: own, title: 没有步骤, starts: 2026-01-01, source: 另一方案}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The small pack, read once."""
    return book_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def narrow(book: RuleBook) -> Programme:
    """The programme that carries out another."""
    return book.programme("narrow")


def test_programmes_of_the_national_pack() -> None:
    """The national programmes are there in the file's order, each with what its file says, made once."""
    book = RuleBook.load()
    national = next(pack for pack in book.packs if pack.id == "national")
    assert [one.spec for one in book.programmes] == list(read_programmes(Path(national.origin)))
    assert {(one.pack, one.region, one.parent) for one in book.programmes} == {("national", "CN", None)}
    assert book.programmes is book.programmes
    assert book.programme("three-year-2024").title.startswith("安全生产治本攻坚三年行动")


def test_a_pack_without_programmes_has_none(tmp_path: Path) -> None:
    """No file, no programmes, and the error for an id says so."""
    book = RuleBook.load(packs=[write_pack(tmp_path)])
    assert book.programmes == ()
    with pytest.raises(UnknownProgrammeError, match="可用:没有"):
        book.programme("any")


def test_programme_by_its_id(book: RuleBook, narrow: Programme) -> None:
    """A programme knows its pack, what it carries out, and names itself briefly."""
    assert [one.id for one in book.programmes] == ["wide", "narrow"]
    assert (narrow.title, narrow.pack, narrow.region, narrow.spec.source) == ("演示市行动", "demo", "CN", "演示市方案")
    assert narrow.parent is book.programme("wide")
    assert [one.id for one in narrow.line] == ["narrow", "wide"]
    assert repr(narrow) == "Programme('narrow', '演示市行动')"


@pytest.mark.parametrize(("id_", "words"), [("narow", "narrow"), ("xyz", "wide、narrow"), (3, "没有专项行动 3")])
def test_unknown_programme(book: RuleBook, id_: str, words: str) -> None:
    """An id that doesn't exist is refused with the nearest."""
    with pytest.raises(UnknownProgrammeError, match=words):
        book.programme(id_)


def test_the_same_id_in_two_packs(tmp_path: Path) -> None:
    """Where packs that were made apart from each other name a programme alike, the id doesn't pick one of them."""
    book_in(tmp_path / "a")
    facts = {"x": {"type": "boolean", "label": "别的"}}
    document = {"id": "other-2026", "coverage": "none", "missing": ["全文"]}
    files = {"programme.yaml": OTHER}
    write_pack(tmp_path / "b", id="other", domain="other", facts=facts, rules=[], document=document, files=files)
    book = RuleBook(tuple(RuleBook.load(packs=[tmp_path / name]).packs[0] for name in "ab"))
    assert [one.pack for one in book.programmes] == ["demo", "demo", "other", "other"]
    with pytest.raises(UnknownProgrammeError, match="demo、other"):
        book.programme("wide")
    assert book.programme("own").parent is None


def test_a_file_that_was_spoilt_after_loading(tmp_path: Path) -> None:
    """Programmes are read when they are asked for; a circle that came in meanwhile is an error and no endless loop."""
    book = book_in(tmp_path)
    path = tmp_path / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: 演示省行动", "title: 演示省行动\n  carries_out: narrow"), encoding="utf-8")
    with pytest.raises(ProgrammeError, match="绕成一圈:wide、narrow"):
        _ = book.programmes


@pytest.mark.parametrize(
    ("day", "runs"),
    [("2026-03-01", False), ("2026-03-02", True), ("2026-08-31", True), ("2026-09-01", False)],
)
def test_runs(narrow: Programme, day: str, runs: bool) -> None:
    """A programme runs from its first day to the day before ``ends``."""
    assert narrow.runs(date.fromisoformat(day)) is runs


def test_a_programme_without_an_end_goes_on(tmp_path: Path) -> None:
    """Without ``ends`` every day from the first is in it."""
    programme = book_in(tmp_path, OTHER).programme("own")
    assert not programme.runs(date(2025, 12, 31))
    assert programme.runs(date(2126, 1, 1))


@pytest.mark.parametrize(
    ("day", "phases"),
    [
        (None, ["self", "enforce", "undated"]),
        ("2026-03-02", ["self", "undated"]),
        ("2026-04-30", ["self", "undated"]),
        ("2026-05-01", ["enforce", "undated"]),
        ("2026-09-01", []),
    ],
)
def test_phases(narrow: Programme, day: str | None, phases: list[str]) -> None:
    """Of a day, only phases that dates don't rule out; none while the programme doesn't run."""
    on = None if day is None else date.fromisoformat(day)
    assert [one.id for one in narrow.phases(on)] == phases


def test_scope(narrow: Programme) -> None:
    """The scope is the programme's own, by kind, and on demand with that of what it carries out."""
    assert [one.id for one in narrow.scope()] == ["pits"]
    assert [one.id for one in narrow.scope(inherited=True)] == ["pits", "trades", "sites"]
    assert [one.id for one in narrow.scope("places", inherited=True)] == ["sites"]
    assert narrow.scope("places") == ()


@pytest.mark.parametrize(
    ("industry", "departments"),
    [
        ("pits", ("演示市住建局", "演示省住建厅")),
        ("基坑工程", ("演示市住建局", "演示省住建厅")),
        ("works", ("演示省住建厅",)),
        ("演示工程", ("演示省住建厅",)),
        ("shops", ()),
        ("剧本杀", ("演示省文旅厅",)),
    ],
)
def test_departments(narrow: Programme, industry: str, departments: tuple[str, ...]) -> None:
    """Own departments first, then those for wider industries and of what it carries out; places by their name."""
    assert narrow.departments(industry) == departments


def test_departments_of_what_is_unknown(narrow: Programme) -> None:
    """Neither an industry nor an item of the scope: an error with the nearest name."""
    with pytest.raises(UnknownIndustryError, match="演示工程"):
        narrow.departments("演示工")


def test_practices(narrow: Programme) -> None:
    """Practices by kind and by the means that do them."""
    assert [one.id for one in narrow.practices()] == ["list", "free", "steps"]
    assert [one.id for one in narrow.practices("tasks", by="summary")] == ["free"]
    assert narrow.practices("tasks", by="follow_up") == ()


def test_national_practices_rest_on_something() -> None:
    """Every means that a national practice names is there: calendars, steps, checklists, phases give something."""
    book = RuleBook.load()
    for programme in book.programmes:
        for practice in programme.practices():
            assert not {"calendar"} & set(practice.by) or programme.calendar(
                programme.spec.starts, programme.spec.starts + timedelta(days=366)
            )
            assert not {"phases"} & set(practice.by) or programme.phases()


def test_checklist(narrow: Programme) -> None:
    """A checklist of the programme it carries out: its words, columns, headings, and who is responsible."""
    made = narrow.checklist("guards", on=date(2026, 6, 1))
    assert (made.title, made.topic) == ("护栏检查表", "护栏")
    assert made.columns == (("content", "查什么"), ("method", "检查方式"), ("basis", "依据"))
    assert [row.rule for row in made.rows] == ["demo-2026.1"]
    works = narrow.checklist("works", on=date(2026, 6, 1))
    assert (works.title, works.industry) == ("工程检查表", ("works",))
    assert [row.rule for row in works.rows] == ["demo-2026.1", "demo-2026.2"]
    assert len(works.columns) == 6
    assert narrow.checklist("works", on=date(2026, 6, 1), industry="shops").industry == ("shops",)


def test_national_checklists_hold_their_words() -> None:
    """Each national checklist has criteria, and each of them speaks of one of its words."""
    book = RuleBook.load()
    programme = book.programme("action-2023")
    for spec in programme.checklists:
        rows = programme.checklist(spec.id, on=date(2026, 11, 20)).rows
        assert rows
        for row in rows:
            rule = book.rule(row.rule)
            text = "".join([rule.group, rule.title, *(book.facts[fact].label for fact in rule.reads)])
            assert any(word in text for word in spec.words)


def test_checklists_that_cannot_be_made(narrow: Programme) -> None:
    """An unknown id is refused with the nearest; a day on which nothing applies is told by the checklist itself."""
    with pytest.raises(ProgrammeError, match="guards"):
        narrow.checklist("guard")
    with pytest.raises(InputError, match="2020-01-01 没有符合条件的判定情形"):
        narrow.checklist("guards", on=date(2020, 1, 1))


def test_follow_up_is_that_of_the_library(book: RuleBook, narrow: Programme) -> None:
    """The state inside is what ``follow_up()`` says, with pressure by the inherited steps and inherited stages."""
    judgment = major(book)
    events: list[dict[str, Any]] = [
        {"kind": "rectified", "on": "2026-03-20"},
        {"kind": "notified", "on": "2026-03-03"},
    ]
    found = narrow.follow_up(judgment, "2026-03-30", events)
    assert found.follow_up == follow_up(judgment, "2026-03-30", events)
    assert found.programme == "narrow"
    assert found.pressure is not None
    assert (found.pressure.programme, found.pressure.as_of) == ("wide", date(2026, 3, 30))
    assert [one.stage for one in found.stages] == ["rectify"]
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_follow_up_raises_as_the_library(book: RuleBook, narrow: Programme) -> None:
    """Events that can't have happened are refused with the same error, iterators are read once."""
    events = [{"kind": "closed", "on": "2026-03-03"}, {"kind": "clsed", "on": "2026-03-03"}]
    with pytest.raises(EventError) as ours:
        narrow.follow_up(major(book), "2026-03-30", iter(events))
    with pytest.raises(EventError) as theirs:
        follow_up(major(book), "2026-03-30", events)
    assert str(ours.value) == str(theirs.value)


def test_a_programme_without_steps_and_stages(tmp_path: Path) -> None:
    """Without steps there is no pressure and asking for it is an error; without stages there are none."""
    book = book_in(tmp_path, OTHER)
    programme = book.programme("own")
    state = programme.follow_up(major(book), "2026-04-30")
    assert (state.pressure, state.stages) == (None, ())
    assert state.follow_up.overdue_days == 49
    with pytest.raises(ProgrammeError, match="没有逐步加压的步骤"):
        programme.escalation(state.follow_up)
    with pytest.raises(ProgrammeError, match="没有逐步加压的步骤"):
        programme.follow_up(major(book), "2026-04-30", steps={"talk": {"reopened": 1}})


def test_facts_that_trigger_are_those_of_open_hazards(book: RuleBook, narrow: Programme) -> None:
    """A step that a domain triggers is reached by the facts of a hazard that is not closed, and not by closed ones."""
    found = narrow.follow_up(major(book), FOUND).pressure
    assert found is not None
    assert found.current is not None
    assert (found.current.id, found.current.because) == ("punish", ("涉及演示",))
    events: list[dict[str, Any]] = [
        {"kind": "rectified", "on": "2026-03-05"},
        {"kind": "rechecked", "on": "2026-03-06", "passed": True},
        {"kind": "closed", "on": "2026-03-07"},
    ]
    closed = narrow.follow_up(major(book), "2026-03-08", events).pressure
    assert closed is not None
    assert (closed.current, closed.next, closed.reached) == (None, None, ())
    plain = narrow.follow_up(general(book), FOUND).pressure
    assert plain is not None
    assert plain.current is None


def test_nothing_found_nothing_pressed(book: RuleBook, narrow: Programme) -> None:
    """A clean inspection has no stages and no pressure, whatever the facts."""
    clean = classify({"demo.height": 1}, industry="works", observed_on=FOUND, reported=False, book=book)
    found = narrow.follow_up(clean, "2026-12-31")
    assert (found.follow_up.state, found.stages) == ("none", ())
    assert found.pressure is not None
    assert found.pressure.current is None


@given(days=st.integers(0, 700))
def test_calendar_of_a_line_is_that_of_its_parts(book: RuleBook, days: int) -> None:
    """With what it carries out, a calendar holds its own occasions and those of the other, and nothing else."""
    narrow, wide = book.programme("narrow"), book.programme("wide")
    start, end = date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days)
    both = [*narrow.calendar(start, end, inherited=False), *wide.calendar(start, end)]
    assert sorted(both, key=str) == sorted(narrow.calendar(start, end), key=str)
