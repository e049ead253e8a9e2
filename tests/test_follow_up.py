"""A judgment over time: states, delays, extensions, duties, and events that can't have happened."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import Event, EventError, FollowUp, Judgment, RuleBook, classify, follow_up
from hazardrules.events import EVENT_LABELS
from hazardrules.following import STATE_LABELS
from hazardrules.pack.discovery import national_folder
from packs import write_pack

FOUND = "2026-11-20"
DUST = {"dust.storeys": 3, "dust.structure": "brick"}
TWO = {"dust.tunnel_duct": True, "personnel.special_operation_qualified": False}
ORDER = {"kind": "notified", "on": "2026-11-21", "due_on": "2026-12-01", "instrument": "某责改〔2026〕1号"}


def major() -> Judgment:
    """One major finding, due on 2026-12-20 by the default policy."""
    return classify(DUST, industry="机械", observed_on=FOUND, ref="R-1")


def at(day: str, *events: dict[str, Any], judgment: Judgment | None = None) -> FollowUp:
    return follow_up(judgment or major(), day, events)


def step(kind: str, on: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "on": on, **more}


PASSED = {"passed": True}
WHOLE = [
    step("notified", "2026-11-21"),
    step("planned", "2026-11-25"),
    step("supervised", "2026-11-30"),
    step("rectified", "2026-12-10"),
    step("rechecked", "2026-12-15", **PASSED),
    step("closed", "2026-12-16"),
]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-11-20", "found"),
        ("2026-11-21", "rectifying"),
        ("2026-11-30", "supervised"),
        ("2026-12-10", "to_recheck"),
        ("2026-12-15", "to_recheck"),
        ("2026-12-16", "closed"),
        ("2027-06-01", "closed"),
    ],
)
def test_states_follow_the_events(day: str, state: str) -> None:
    """查 改 督 销, each from the day of its event; what is later doesn't count."""
    found = at(day, *WHOLE)
    assert (found.state, found.ref) == (state, "R-1")
    assert found.later == sum(event["on"] > day for event in WHOLE)
    assert found.text.startswith(STATE_LABELS[state])


@pytest.mark.parametrize(
    ("day", "events", "late"),
    [
        ("2026-12-20", [], 0),
        ("2026-12-21", [], 1),
        ("2027-01-20", [], 31),
        ("2027-01-20", [step("rectified", "2026-12-20")], 0),
        ("2027-01-20", [step("rectified", "2026-12-22")], 2),
        ("2027-01-20", [ORDER], 50),
        ("2026-12-25", [step("rectified", "2026-12-10"), step("rechecked", "2026-12-12", passed=False)], 5),
        (
            "2027-01-20",
            [step("extended", "2026-12-18", due_on="2027-01-10", instrument="延1号", ground="供货延迟")],
            10,
        ),
    ],
)
def test_overdue_days_run_until_rectified(day: str, events: list[dict[str, Any]], late: int) -> None:
    """Days past the last day count until the hazard is rectified; a failed re-check goes on with them."""
    found = at(day, *events)
    assert found.overdue_days == found.hazards[0].overdue_days == late
    assert ("逾期" in found.text) is (late > 0)


def test_next_is_the_earliest_of_what_is_open() -> None:
    """What must be done next is the open duty or the rectification with the earliest day, then what has none."""
    found = at("2026-11-20")
    assert found.next is not None
    assert (found.next.kind, found.next.due_on) == ("rectify", date(2026, 12, 20))
    assert "下一项:2026-12-20前" in found.text
    done = at("2026-12-16", *WHOLE)
    assert done.next is not None
    assert done.next.due_on is None
    assert done.next.kind != "rectify"


def test_duties_are_done_by_their_events() -> None:
    """A plan fulfils the duty to plan, and a named duty only itself."""
    (hazard,) = at("2026-12-01", step("planned", "2026-11-25")).hazards
    done = {one.id: one.done_on for one in hazard.obligations}
    assert done["major-plan"] == date(2026, 11, 25)
    assert done["major-report"] is done["law-double-report"] is None
    (hazard,) = at("2026-12-01", step("reported", "2026-11-25", duties=["major-report"])).hazards
    done = {one.id: one.done_on for one in hazard.obligations}
    assert (done["major-report"], done["law-double-report"]) == (date(2026, 11, 25), None)


def test_what_was_not_set_off_stands_by() -> None:
    """A duty that an event outside the record sets off is listed apart, with its trigger."""
    (hazard,) = at("2026-12-01").hazards
    standing = {duty.id for duty in hazard.standing}
    assert {"repeated-penalty", "daily-penalty", "law-stop-work"} <= standing
    assert standing.isdisjoint(one.id for one in hazard.obligations)


@pytest.mark.parametrize(
    ("days", "off"),
    [
        (["2026-12-01", "2027-02-01", "2027-05-30"], True),  # 180 days: 30 31 28 31 30 30
        (["2026-12-01", "2027-02-01", "2027-05-31"], False),
        (["2026-12-01", "2027-05-01", "2027-09-01", "2027-12-01"], True),  # a year to the day
        (["2026-12-01", "2027-06-01", "2027-09-01", "2027-12-02"], False),
    ],
)
def test_penalties_add_up_as_the_law_counts_them(days: list[str], *, off: bool) -> None:
    """Three within 180 days or four within a year set the closure off, on the day of the last."""
    found = at("2028-06-01", *(step("penalised", day) for day in days))
    closure = {one.id: one.set_off_on for one in found.hazards[0].obligations}.get("repeated-penalty")
    assert closure == (date.fromisoformat(days[-1]) if off else None)


@pytest.mark.parametrize(("second", "off"), [("2027-02-28", True), ("2027-03-01", False)])
def test_months_are_calendar_months(tmp_path: Path, second: str, *, off: bool) -> None:
    """Three months from 30 November end on 28 February (民法典第二百零二条)."""
    demo = write_pack(tmp_path)
    book = RuleBook.load(packs=[national_folder(), demo])
    facts = {"demo.height": 3, "demo.guard": "absent"}
    judgment = classify(facts, industry="煤矿", observed_on=FOUND, book=book)
    found = at("2027-06-01", step("found_producing", "2026-11-30"), step("found_producing", second), judgment=judgment)
    assert ("coal-repeated" in {one.id for one in found.hazards[0].obligations}) is off


def test_several_findings_go_their_own_ways() -> None:
    """An event may concern one criterion; the whole is as far as the one that is least far."""
    judgment = classify(TWO, industry="机械", observed_on=FOUND)
    first, second = (finding.rule for finding in judgment.findings)
    events = [
        step("rectified", "2026-11-25", rules=[first]),
        step("rechecked", "2026-11-27", rules=[first], **PASSED),
        step("closed", "2026-11-28", rules=[first]),
    ]
    found = at("2026-12-25", *events, judgment=judgment)
    assert {hazard.rule: hazard.state for hazard in found.hazards} == {first: "closed", second: "found"}
    assert (found.state, found.overdue_days) == ("found", 5)


def test_a_hazard_that_comes_back_is_counted_anew() -> None:
    """Reopened, it has the days of its deadline again from that day, and its number of returns."""
    found = at("2027-03-01", *WHOLE, step("reopened", "2027-02-01"))
    (hazard,) = found.hazards
    assert (hazard.state, hazard.reopened, hazard.due_on) == ("found", 1, date(2027, 3, 3))
    assert hazard.closed_on is None
    assert "再次出现 1 次" in found.text
    ordered = step("reopened", "2027-02-01", due_on="2027-02-10", instrument="某责改〔2027〕3号")
    (hazard,) = at("2027-03-01", *WHOLE, ordered).hazards
    assert (hazard.due_on, hazard.overdue_days) == (date(2027, 2, 10), 19)
    assert "某责改〔2027〕3号" in hazard.due_text


def test_a_stopped_place_resumes_after_it_was_checked() -> None:
    """Stopped until resumed; a major hazard is first rectified and accepted."""
    stopped = [step("stopped", "2026-11-20"), step("rectified", "2026-12-01")]
    assert at("2026-12-01", *stopped).hazards[0].stopped
    accepted = [*stopped, step("applied", "2026-12-02"), step("accepted", "2026-12-05", **PASSED)]
    assert not at("2026-12-06", *accepted, step("resumed", "2026-12-06")).hazards[0].stopped


def test_general_hazards_are_closed_without_a_recheck() -> None:
    """A hazard in no criterion is followed as well, with its own duties; at once means that day."""
    judgment = classify(other=["三个螺栓松动"], industry="机械", observed_on=FOUND)
    found = at("2026-11-22", judgment=judgment)
    assert (found.hazards[0].rule, found.overdue_days) == (None, 2)
    assert {one.id for one in found.hazards[0].obligations} == {"rectify", "law-notify-staff", "governance-statistics"}
    done = at("2026-11-22", step("rectified", "2026-11-20"), step("closed", "2026-11-20"), judgment=judgment)
    assert (done.state, done.overdue_days) == ("closed", 0)


def test_statistics_come_back_until_closed() -> None:
    """The statutory returns fall due quarter by quarter, from the quarter after the discovery."""
    days = []
    for day in ("2026-11-20", "2027-01-15", "2027-01-16", "2027-02-01", "2027-04-16"):
        obligations = {one.id: one for one in at(day).hazards[0].obligations}
        days.append(str(obligations["governance-statistics"].due_on))
    assert days == ["2027-01-15", "2027-01-15", "2027-01-31", "2027-04-15", "2027-07-15"]
    assert "governance-statistics" not in {one.id for one in at("2027-01-01", *WHOLE).hazards[0].obligations}


def test_no_hazard_has_nothing_to_follow() -> None:
    """Without a hazard there is no state and nothing next."""
    found = follow_up(classify(observed_on=FOUND, reported=False), "2027-01-01")
    assert (found.state, found.next, found.hazards, found.text) == ("none", None, (), "没有隐患")


EXTENSION = {"due_on": "2027-01-10", "instrument": "延1号", "ground": "供货延迟"}
WRONG: dict[str, tuple[list[Any], str]] = {
    "before it was found": ([step("planned", "2026-11-19")], "早于检查日期 2026-11-20"),
    "closed, not rectified": ([step("closed", "2026-11-25")], "整改还没有完成"),
    "closed, not re-checked": ([step("rectified", "2026-11-25"), step("closed", "2026-11-26")], "复查或者验收合格"),
    "re-checked too early": ([step("rechecked", "2026-11-25", **PASSED)], "期限也没有届满"),
    "re-check without result": ([step("rectified", "2026-11-25"), step("rechecked", "2026-11-26")], "缺少 passed"),
    "rectified twice": ([step("rectified", "2026-11-25"), step("rectified", "2026-11-26")], "已经记了整改完成"),
    "after closing": ([*WHOLE, step("planned", "2026-12-20")], "已经销号,再次出现的先记 reopened"),
    "reopened, not closed": ([step("reopened", "2026-11-25")], "还没有销号"),
    "reopened to the past": (
        [*WHOLE, step("reopened", "2027-01-01", due_on="2026-12-31", instrument="x")],
        "早于再次出现",
    ),
    "extended without ground": ([step("extended", "2026-12-01", due_on="2027-01-10")], "缺少 instrument、ground"),
    "extended to an earlier day": (
        [step("extended", "2026-12-01", **EXTENSION | {"due_on": "2026-12-20"})],
        "不晚于原来的 2026-12-20",
    ),
    "extended after rectified": (
        [step("rectified", "2026-12-01"), step("extended", "2026-12-02", **EXTENSION)],
        "已经整改完成",
    ),
    "supervised twice": ([step("supervised", "2026-12-01"), step("supervised", "2026-12-02")], "已经挂牌督办"),
    "ordered without instrument": ([step("notified", "2026-12-01", due_on="2026-12-05")], "要一起写"),
    "ordered to the past": ([ORDER | {"due_on": "2026-11-20"}], "早于送达"),
    "applied, not stopped": ([step("applied", "2026-12-01")], "没有停产停业"),
    "accepted, not stopped": ([step("accepted", "2026-12-01", **PASSED)], "没有停产停业"),
    "accepted, not rectified": (
        [step("stopped", "2026-12-01"), step("accepted", "2026-12-02", **PASSED)],
        "整改还没有完成",
    ),
    "acceptance without result": ([step("stopped", "2026-12-01"), step("accepted", "2026-12-02")], "缺少 passed"),
    "resumed, not stopped": ([step("resumed", "2026-12-01")], "谈不上恢复"),
    "resumed, not accepted": ([step("stopped", "2026-12-01"), step("resumed", "2026-12-02")], "经审查同意"),
    "unknown criterion": ([step("planned", "2026-12-01", rules=["gongmao-2023.11.2"])], "gongmao-2023.11.1"),
    "unknown duty": ([step("planned", "2026-12-01", duties=["major-plans"])], "major-plan"),
    "unknown kind": ([step("rectify", "2026-12-01")], "rectified"),
    "unknown key": ([step("planned", "2026-12-01", remark="x")], "不认识的键 remark"),
    "no kind": ([{"on": "2026-12-01"}], "缺少 kind"),
    "no date": ([step("planned", "2026-02-30")], "events[1].on"),
    "no mapping": (["planned"], "事件要写成映射"),
    "a wrong flag": ([step("rechecked", "2026-12-21", passed="maybe")], "passed 的值不对"),
}


@pytest.mark.parametrize("case", WRONG)
def test_impossible_events_are_refused_by_name(case: str) -> None:
    """What can't have happened, or is no event, is told with its place, its name and the reason."""
    events, words = WRONG[case]
    with pytest.raises(EventError) as caught:
        follow_up(major(), "2027-06-01", events)
    (problem,) = caught.value.problems
    assert problem.where.startswith("events[")
    assert words in str(problem)


def test_all_wrong_events_are_told_at_once() -> None:
    """Several impossible events are all in one error."""
    with pytest.raises(EventError) as caught:
        at("2027-06-01", step("closed", "2026-11-25"), step("resumed", "2026-11-26"), step("applied", "2026-11-27"))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(("day", "words"), [("2026-11-19", "早于检查日期"), ("2026-13-01", "as_of"), (None, "as_of")])
def test_the_day_that_is_asked_for_is_checked(day: Any, words: str) -> None:
    """A day before the discovery, or none, is refused."""
    with pytest.raises(EventError, match=words):
        follow_up(major(), day)


def test_events_may_come_in_any_order_and_as_models() -> None:
    """They are put in the order of their days; models and mappings are alike."""
    models = [Event.model_validate(event) for event in WHOLE]
    assert follow_up(major(), "2026-12-31", reversed(models)) == at("2026-12-31", *WHOLE)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Judgment, list[Event]]:
    """A judgment and events that can have happened, walked one by one."""
    judgment = draw(st.sampled_from([major(), classify(TWO, industry="机械", observed_on=FOUND)]))
    rules = [finding.rule for finding in judgment.findings]
    day, events = date(2026, 11, 20), list[Event]()
    for _ in range(draw(st.integers(0, 12))):
        day += timedelta(days=draw(st.integers(0, 20)))
        event = Event(
            kind=draw(st.sampled_from(sorted(EVENT_LABELS))),
            on=day,
            rules=tuple(draw(st.lists(st.sampled_from(rules), max_size=1))),
            due_on=day + timedelta(days=draw(st.integers(0, 60))) if draw(st.booleans()) else None,
            instrument="某号",
            ground="某因",
            passed=draw(st.booleans()),
        )
        try:
            follow_up(judgment, "2030-01-01", [*events, event])
        except EventError:
            continue
        events.append(event)
    return judgment, events


@settings(max_examples=80, deadline=None)
@given(histories(), st.integers(0, 250))
def test_a_prefix_never_contradicts_the_whole(history: tuple[Judgment, list[Event]], days: int) -> None:
    """The state of a day is the same whether or not what came later is known, and survives JSON."""
    judgment, events = history
    day = date(2026, 11, 20) + timedelta(days=days)
    whole = follow_up(judgment, day, events)
    prefix = follow_up(judgment, day, [event for event in events if event.on <= day])
    assert whole.model_copy(update={"later": 0}) == prefix
    assert FollowUp.model_validate_json(whole.model_dump_json()) == whole
    assert follow_up(Judgment.model_validate_json(judgment.model_dump_json()), day, events) == whole


@settings(max_examples=80, deadline=None)
@given(histories())
def test_nothing_gets_less_late_by_waiting(history: tuple[Judgment, list[Event]]) -> None:
    """With the same events, a later day never finds fewer days of delay or fewer duties done."""
    judgment, events = history
    last = max((event.on for event in events), default=date(2026, 11, 20))
    sooner, later = (follow_up(judgment, last + timedelta(days=n), events) for n in (0, 40))
    assert later.state == sooner.state
    assert later.overdue_days >= sooner.overdue_days
    for one, other in zip(sooner.hazards, later.hazards, strict=True):
        assert one.due_on == other.due_on
        done = {duty.id for duty in one.obligations if duty.done_on}
        assert done <= {duty.id for duty in other.obligations if duty.done_on}


def test_every_kind_of_event_has_a_label() -> None:
    """The kinds that can be written and those that have a Chinese name are the same."""
    for kind in EVENT_LABELS:
        assert Event.model_validate({"kind": kind, "on": FOUND}).kind == kind
