"""pressure.py: which steps are reached, what would trigger the next one, and what each hazard's record lacks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules import Programme, ProgrammeError, RuleBook, follow_up
from hazardrules.pack.programmes import TriggerSpec
from hazardrules.pressure import Pressure, Stage, Trigger
from programmes import FOUND, book_in, general, major

DUE = date(2026, 3, 12)
"""The last day of a major hazard that was found on ``FOUND``."""
AGAIN: list[dict[str, Any]] = [
    {"kind": "rectified", "on": "2026-03-04"},
    {"kind": "rechecked", "on": "2026-03-05", "passed": True},
    {"kind": "closed", "on": "2026-03-06"},
    {"kind": "reopened", "on": "2026-03-07"},
]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The small pack, read once."""
    return book_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def wide(book: RuleBook) -> Programme:
    """The programme with three steps and four stages."""
    return book.programme("wide")


def pressed(programme: Programme, day: str | date, *events: dict[str, Any], **more: Any) -> Pressure:
    """The pressure on a major hazard, by days, returns and re-checks alone."""
    return programme.escalation(follow_up(major(programme.book), day, events), **more)


@pytest.mark.parametrize(
    ("late", "current", "following"),
    [
        (0, None, "remind"),
        (1, "remind", "talk"),
        (14, "remind", "talk"),
        (15, "talk", "punish"),
        (29, "talk", "punish"),
        (30, "punish", None),
        (400, "punish", None),
    ],
)
def test_steps_by_days(wide: Programme, late: int, current: str | None, following: str | None) -> None:
    """Each step from its number of days on, the strongest counting, and then the one that comes next."""
    found = pressed(wide, DUE + timedelta(days=late))
    assert (found.current.id if found.current else None) == current
    assert (found.next.id if found.next else None) == following
    assert [step.id for step in found.steps] == ["remind", "talk", "punish"]


def test_what_is_told(wide: Programme) -> None:
    """The text says what was reached by what, what the next step takes, whose numbers these are, and: no law."""
    found = pressed(wide, "2026-03-14")
    assert found.current is not None
    assert found.current.because == ("逾期满 1 日(已 2 日)",)
    assert found.next_when == "逾期满 15 日(还差 13 日)或者再次出现满 1 次(还差 1 次)"
    assert found.defaults == ("talk", "punish")
    assert found.text == (
        "已到“通报提醒”(逾期满 1 日(已 2 日));下一步“约谈纠治”:逾期满 15 日(还差 13 日)或者再次出现满 1 次(还差 1 次);"
        "工作做法,不是法定依据;约谈纠治的数字是默认配置"
    )
    assert pressed(wide, FOUND).text.startswith("没有到加压的步骤;下一步“通报提醒”:逾期满 1 日(还差 1 日)")


@pytest.mark.parametrize(
    ("events", "current"),
    [
        (AGAIN, "talk"),
        (AGAIN[:3], None),
        ([{"kind": "rectified", "on": "2026-03-04"}, {"kind": "rechecked", "on": "2026-03-05", "passed": False}], None),
        (
            [
                {"kind": "rectified", "on": "2026-03-04"},
                {"kind": "rechecked", "on": "2026-03-05", "passed": False},
                {"kind": "rectified", "on": "2026-03-06"},
                {"kind": "rechecked", "on": "2026-03-07", "passed": False},
            ],
            "punish",
        ),
    ],
)
def test_steps_by_what_happened(wide: Programme, events: list[dict[str, Any]], current: str | None) -> None:
    """A hazard that came back, or re-checks that failed, reach a step without a day of delay."""
    found = pressed(wide, "2026-03-08", *events)
    assert (found.current.id if found.current else None) == current


@pytest.mark.parametrize(
    ("facts", "current"), [((), None), (["demo.height"], "punish"), (["demonic.height", "other.x"], None)]
)
def test_steps_by_domains(wide: Programme, facts: list[str], current: str | None) -> None:
    """A fact of a domain reaches the step that names it; the label of the domain says why."""
    found = pressed(wide, FOUND, facts=facts)
    assert (found.current.id if found.current else None) == current
    assert "涉及演示" in (found.current.because if found.current else found.steps[-1].lacking)


def test_replaced_triggers(wide: Programme) -> None:
    """The caller's numbers stand in place of the programme's, in any form, and are told as the caller's."""
    for trigger in ({"overdue_days": 5}, Trigger(overdue_days=5), TriggerSpec(overdue_days=5)):
        found = pressed(wide, DUE + timedelta(days=5), steps={"talk": trigger})
        assert found.current is not None
        assert (found.current.id, found.current.when_evidence) == ("talk", "caller")
        assert found.defaults == ("punish",)
        assert pressed(wide, DUE + timedelta(days=4), steps={"talk": trigger}).current == found.steps[0].model_copy(
            update={"because": ("逾期满 1 日(已 4 日)",)}
        )


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no step": ({"tlak": {"overdue_days": 1}}, ["没有步骤 'tlak'", "talk"]),
    "far from any step": ({"x": {"overdue_days": 1}}, ["可用:remind、talk、punish"]),
    "no mapping": ({"talk": 5}, ["要写成映射"]),
    "no trigger": ({"talk": {}}, ["至少写一个"]),
    "zero": ({"talk": {"overdue_days": 0}}, ["overdue_days 的值不对:0", "1 到 100000"]),
    "text": ({"talk": {"overdue_days": "5"}}, ["overdue_days 的值不对:'5'"]),
    "unknown key": ({"talk": {"overdue": 5}}, ["不认识的键 overdue", "overdue_days"]),
    "no domain": ({"talk": {"domains": ["domo"]}}, ["没有事实域 domo", "demo"]),
    "domains as text": ({"talk": {"domains": "demo"}}, ["domains 的值不对", "事实域的列表"]),
    "weaker than the one before": ({"punish": {"overdue_days": 3}}, ["逾期天数 3 小于前一步的 15", "从轻到重"]),
    "several": ({"tlak": {}, "talk": {"overdue_days": 0}}, ["tlak", "overdue_days 的值不对"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_triggers_that_cannot_be_used(wide: Programme, case: str) -> None:
    """Wrong triggers are refused, all at once, with what would be right."""
    steps, words = WRONG[case]
    with pytest.raises(ProgrammeError) as caught:
        pressed(wide, FOUND, steps=steps)
    assert all(word in str(caught.value) for word in words)


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from([None, 2, 5, 15, 29]))
def test_pressure_never_falls_with_time(book: RuleBook, first: int, more: int, talk: int | None) -> None:
    """While a hazard stays as it is, what is reached stays reached, and the strongest step only gets stronger."""
    programme = book.programme("wide")
    steps = None if talk is None else {"talk": {"overdue_days": talk}}
    earlier = pressed(programme, DUE + timedelta(days=first), steps=steps)
    later = pressed(programme, DUE + timedelta(days=first + more), steps=steps)
    assert {step.id for step in earlier.reached} <= {step.id for step in later.reached}
    order = [None, *(step.id for step in later.steps)]
    ids = [one.current.id if one.current else None for one in (earlier, later)]
    assert order.index(ids[0]) <= order.index(ids[1])


def staged(programme: Programme, day: str, *events: dict[str, Any]) -> Stage:
    (stage,) = programme.follow_up(major(programme.book), day, events).stages
    return stage


def kinds(needs: tuple[Any, ...]) -> list[str]:
    return [need.kind for need in needs]


STEPS: list[tuple[dict[str, Any], str, list[str], list[str]]] = [
    ({"kind": "notified", "on": "2026-03-03"}, "rectify", [], ["supervised"]),
    ({"kind": "supervised", "on": "2026-03-04"}, "supervise", [], ["rectified", "rechecked", "closed"]),
    ({"kind": "rectified", "on": "2026-03-05"}, "supervise", [], ["rechecked", "closed"]),
    ({"kind": "rechecked", "on": "2026-03-06", "passed": True}, "supervise", [], ["closed"]),
    ({"kind": "closed", "on": "2026-03-07"}, "close", [], []),
]


def test_stages_follow_the_events(wide: Programme) -> None:
    """查 改 督 销: each event takes the record on, and what the next stage still needs gets less."""
    first = staged(wide, FOUND)
    assert (first.stage, first.title, first.next, kinds(first.lacking)) == ("find", "查", "rectify", ["notified"])
    assert first.text == "查;进入“改”还要:送达责令整改的文书;到“销”还要:整改完成、复查、销号"
    events: list[dict[str, Any]] = []
    for event, stage, missing, lacking in STEPS:
        events.append(event)
        found = staged(wide, "2026-03-08", *events)
        assert (found.stage, kinds(found.missing), kinds(found.lacking)) == (stage, missing, lacking), event
    assert staged(wide, "2026-03-08", *events[:4]).needs_evidence == "read"
    assert kinds(staged(wide, "2026-03-08", events[0], events[2]).to_close) == ["rechecked", "closed"]
    done = staged(wide, "2026-03-08", *events)
    assert (done.text, done.to_close, done.next) == ("销", (), None)


def test_events_after_the_day_do_not_count(wide: Programme) -> None:
    """The stages of a day know nothing of what came later, and the order in which events are given is no matter."""
    events = [event for event, *_ in STEPS]
    assert staged(wide, "2026-03-03", *events) == staged(wide, "2026-03-03", events[0])
    assert staged(wide, "2026-03-08", *reversed(events)) == staged(wide, "2026-03-08", *events)


def test_what_was_left_out_is_missing(wide: Programme) -> None:
    """A hazard closed by law whose record lacks what the programme needs is told so; 督 that never was is no gap."""
    planned = staged(wide, "2026-03-08", {"kind": "planned", "on": "2026-03-03"})
    assert (planned.stage, kinds(planned.missing)) == ("rectify", ["notified"])
    (stage,) = wide.follow_up(
        general(wide.book),
        "2026-03-08",
        [{"kind": "rectified", "on": "2026-03-03"}, {"kind": "closed", "on": "2026-03-04"}],
    ).stages
    assert (stage.rule, stage.stage, kinds(stage.missing)) == (None, "close", ["notified", "rechecked"])
    assert stage.text == "销;记录里还没有:送达责令整改的文书、复查"


def test_a_failed_recheck_takes_the_rectification_back(wide: Programme) -> None:
    """After it, the record lacks the rectification again; a re-check that passes without one stands for it."""
    events = [event for event, *_ in STEPS[:3]]
    failed = staged(wide, "2026-03-08", *events, {"kind": "rechecked", "on": "2026-03-06", "passed": False})
    assert (failed.stage, kinds(failed.lacking)) == ("supervise", ["rectified", "rechecked", "closed"])
    passed = staged(wide, "2026-03-20", *events[:2], {"kind": "rechecked", "on": "2026-03-13", "passed": True})
    assert kinds(passed.lacking) == ["closed"]


def test_a_hazard_that_came_back_begins_again(wide: Programme) -> None:
    """After reopening, what was on record before doesn't count for closing."""
    found = staged(wide, "2026-03-08", *AGAIN)
    assert (found.state, found.stage, kinds(found.lacking)) == ("found", "find", ["notified"])


def test_each_hazard_has_its_stage(wide: Programme) -> None:
    """An event that names a criterion moves that hazard alone."""
    judgment = major(wide.book, height=60)
    event = {"kind": "notified", "on": "2026-03-03", "rules": ["demo-2026.2"]}
    stages = wide.follow_up(judgment, "2026-03-08", [event]).stages
    assert [(one.rule, one.stage) for one in stages] == [("demo-2026.1", "find"), ("demo-2026.2", "rectify")]
